#include "tools/why/examination.hpp"

#include "arc/set.hpp"
#include "arc/signatures.hpp"
#include "dkim/verifier.hpp"
#include "dns/zone_file.hpp"
#include "mail/ascii.hpp"
#include "mail/author.hpp"
#include "mail/message_reader.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/now_option.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <utility>
#include <vector>

namespace sekisho::tools {

namespace {

namespace diagnosis = dkim_diagnosis;

constexpr std::size_t max_body = std::size_t{100} * 1024 * 1024;
constexpr std::size_t max_signatures = 20;  // that are examined
constexpr std::size_t max_witnesses = 60;
constexpr std::size_t max_other_selectors = 30;

// Selectors that are in common use, tried where the published key did not make the signature.
constexpr std::string_view usual_selectors[] = {"default", "dkim",      "mail",      "s1",
                                                "s2",      "selector1", "selector2", "k1",
                                                "k2",      "google",    "key1",      "key2"};

std::expected<diagnosis::Message, Refusal> read(const std::string& path) {
  auto file = MessageFile::open(path);
  if (!file) {
    return std::unexpected(file.error());
  }
  diagnosis::Message message;
  bool is_too_large = false;
  const mail::ReadReport report = file->read(
      {}, [&](mail::HeaderSection header) { message.header = std::move(header); },
      [&](std::string_view chunk) {
        is_too_large = is_too_large || message.body.size() + chunk.size() > max_body;
        message.body.append(is_too_large ? "" : chunk);
      });
  if (is_too_large || report.over_limit) {
    return std::unexpected(Refusal{exit_failure, is_too_large ? "the body is larger than 100 MB"
                                                              : "the header section is too large"});
  }
  return message;
}

std::expected<std::chrono::nanoseconds, Refusal> read_effort(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const double seconds = unit == "ms" ? number / 1'000 : number;
  if (error != std::errc() || (unit != "ms" && unit != "s" && !unit.empty()) ||
      !(seconds > 0 && seconds <= 3'600)) {  // NaN is neither
    return std::unexpected(
        Refusal{exit_usage, "--effort " + text + ": not a time up to 3600s, such as 500ms or 10s"});
  }
  return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

// Everything about one message that comes from the DNS.
class Names {
 public:
  explicit Names(std::shared_ptr<dns::Resolver> resolver)
      : lookups_(patient_lookups(std::move(resolver))),
        records_(std::make_shared<dkim::KeyRecordCache>(dkim::VerifyOptions().max_rsa_bits)) {}

  [[nodiscard]] dkim::KeyFetches fetches() const { return {lookups_, records_}; }

  dkim::FetchedKeys keys(const dkim::Signature& signature) {
    if (!signature.domain || signature.selector.empty()) {
      return std::unexpected(dkim::failure_of(dkim::Fault::key_lookup_failed, "no name"));
    }
    return keys(signature.selector, *signature.domain);
  }

  dkim::FetchedKeys keys(const std::string& selector, const mail::Domain& domain) {
    dkim::KeyFetches fetch = fetches();
    return fetch.keys(fetch.request(selector, domain));
  }

 private:
  dns::Lookups lookups_;
  std::shared_ptr<dkim::KeyRecordCache> records_;
};

std::vector<dkim::Result> verify(const diagnosis::Message& message, const Names& names,
                                 std::chrono::sys_seconds now) {
  const mail::Author author = mail::find_author(message.header);
  const auto domain = author.domains.empty() ? std::nullopt : std::optional(author.domains.front());
  dkim::BodyHashes hashes;
  dkim::Verifier verifier(names.fetches(), message.header, domain, {}, now, hashes);
  hashes.update(message.body);
  hashes.finish();
  return verifier.finish(hashes);
}

std::vector<std::string> other_selectors(const dkim::Signature& signature,
                                         const diagnosis::Message& message,
                                         const std::vector<std::string>& in_zone) {
  std::vector<std::string> selectors = in_zone;
  for (const mail::HeaderField* field : mail::fields_named(message.header, "DKIM-Signature")) {
    const auto other = dkim::parse_signature(field->value, 1'000).signature;
    if (other.domain == signature.domain && !other.selector.empty()) {
      selectors.push_back(other.selector);
    }
  }
  if (in_zone.empty()) {
    selectors.insert(selectors.end(), std::begin(usual_selectors), std::end(usual_selectors));
  }
  std::erase(selectors, signature.selector);
  std::ranges::sort(selectors);
  selectors.erase(std::ranges::unique(selectors).begin(), selectors.end());
  selectors.resize(std::min(selectors.size(), max_other_selectors));
  return selectors;
}

// Asked for only if the published key did not make the signature.
bool may_have_other_key(const diagnosis::SignatureView& view) {
  using enum dkim::Fault;
  const dkim::Fault fault = view.result.fault;
  return fault == no_key || fault == key_revoked || fault == signature_mismatch ||
         fault == body_hash_mismatch || fault == key_type_differs_from_signature;
}

bool is_chosen(const WhyArguments& arguments, const diagnosis::SignatureView& view) {
  const auto wanted = mail::Domain::parse(arguments.domain);
  return (arguments.signature == 0 || arguments.signature == view.index) &&
         (arguments.domain.empty() || (wanted && view.parsed.signature.domain == wanted));
}

class Loader {
 public:
  Loader(const WhyArguments& arguments, const diagnosis::Message& message,
         std::shared_ptr<dns::Resolver> resolver)
      : arguments_(arguments),
        message_(message),
        zone_(std::dynamic_pointer_cast<dns::ZoneFile>(resolver)),
        names_(std::move(resolver)) {}

  std::vector<diagnosis::SignatureView> signatures() {
    const auto results = verify(message_, names_, present_time(arguments_.now));
    const auto fields = mail::fields_named(message_.header, "DKIM-Signature");
    std::vector<diagnosis::SignatureView> views;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      diagnosis::SignatureView view{.index = i + 1,
                                    .field = fields[i],
                                    .parsed = dkim::parse_signature(fields[i]->value, 1'000),
                                    .result = results[i],
                                    .keys = std::unexpected(dkim::failure_of(dkim::Fault::none)),
                                    .other_keys = {}};
      if (is_chosen(arguments_, view)) {
        if (views.size() < max_signatures) {
          add_keys(view);
        }
        views.push_back(std::move(view));
      }
    }
    return views;
  }

  std::vector<diagnosis::Witness> witnesses() {
    std::vector<diagnosis::Witness> list;
    add_witnesses("DKIM-Signature", diagnosis::WitnessKind::dkim, list);
    add_witnesses("X-Google-DKIM-Signature", diagnosis::WitnessKind::google, list);
    const arc::Sets sets = arc::collect_sets(message_.header, arc::max_instance);
    for (std::size_t i = 0; i < sets.by_instance.size() && list.size() < max_witnesses; ++i) {
      add_set(sets.by_instance[i], i + 1, list);
    }
    return list;
  }

 private:
  void add_keys(diagnosis::SignatureView& view) {
    const dkim::Signature& signature = view.parsed.signature;
    view.keys = names_.keys(signature);
    if (!signature.domain || !may_have_other_key(view)) {
      return;
    }
    const auto selectors =
        other_selectors(signature, message_, selectors_in_zone(*signature.domain));
    for (const std::string& selector : selectors) {
      const auto keys = names_.keys(selector, *signature.domain);
      for (std::size_t i = 0; keys && i < keys->size(); ++i) {
        view.other_keys.push_back({selector, (*keys)[i]});
      }
    }
  }

  [[nodiscard]] std::vector<std::string> selectors_in_zone(const mail::Domain& domain) const {
    const std::string end = "._domainkey." + domain.text();
    std::vector<std::string> selectors;
    for (const std::string& name : zone_ ? zone_->names() : std::vector<std::string>()) {
      if (name.ends_with(end)) {
        selectors.push_back(name.substr(0, name.size() - end.size()));
      }
    }
    return selectors;
  }

  void add_witnesses(std::string_view name, diagnosis::WitnessKind kind,
                     std::vector<diagnosis::Witness>& list) {
    const auto fields = mail::fields_named(message_.header, name);
    for (std::size_t i = 0; i < std::min(fields.size(), max_signatures); ++i) {
      diagnosis::Witness witness{.kind = kind,
                                 .instance = i + 1,
                                 .host = "",
                                 .field = fields[i],
                                 .parsed = dkim::parse_signature(fields[i]->value, 1'000),
                                 .keys = std::unexpected(dkim::failure_of(dkim::Fault::none))};
      const auto& domain = witness.parsed.signature.domain;
      witness.host = domain ? domain->text() : "";
      witness.keys = names_.keys(witness.parsed.signature);
      list.push_back(std::move(witness));
    }
  }

  void add_set(const arc::Set& set, std::size_t instance, std::vector<diagnosis::Witness>& list) {
    if (set.signature == nullptr) {
      return;
    }
    diagnosis::Witness witness{.kind = diagnosis::WitnessKind::arc,
                               .instance = instance,
                               .host = "",
                               .field = set.signature,
                               .parsed = arc::parse_message_signature(set.signature->value, 1'000),
                               .keys = std::unexpected(dkim::failure_of(dkim::Fault::none))};
    witness.host = host_of(set, witness.parsed.signature);
    witness.keys = names_.keys(witness.parsed.signature);
    list.push_back(std::move(witness));
  }

  // The authserv-id of ARC-Authentication-Results, if it is a name; otherwise d=.
  static std::string host_of(const arc::Set& set, const dkim::Signature& signature) {
    const auto leading =
        set.results == nullptr ? std::nullopt : arc::find_leading_instance(set.results->value);
    const std::string_view rest =
        leading ? mail::trimmed<mail::is_folding_white_space>(leading->rest) : "";
    const auto host = mail::Domain::parse(rest.substr(0, rest.find_first_of("; \t\r\n")));
    return host ? host->text() : signature.domain ? signature.domain->text() : "";
  }

  const WhyArguments& arguments_;
  const diagnosis::Message& message_;
  std::shared_ptr<dns::ZoneFile> zone_;
  Names names_;
};

std::chrono::nanoseconds steady_time() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace

std::expected<diagnosis::Account, Refusal> examine(const WhyArguments& arguments) {
  const auto effort = read_effort(arguments.effort);
  if (!effort) {
    return std::unexpected(effort.error());
  }
  auto resolver = open_resolver(arguments.dns);
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  const auto message = read(arguments.message);
  if (!message) {
    return std::unexpected(message.error());
  }
  std::optional<diagnosis::Message> original;
  if (!arguments.original.empty()) {
    auto sent = read(arguments.original);
    if (!sent) {
      return std::unexpected(sent.error());
    }
    original = *std::move(sent);
  }
  Loader loader(arguments, *message, *std::move(resolver));
  const auto signatures = loader.signatures();
  if (signatures.empty()) {
    return std::unexpected(Refusal{exit_failure, "the message has no such DKIM-Signature"});
  }
  const double seconds = std::chrono::duration<double>(*effort).count();
  const auto hashes = static_cast<std::size_t>(
      static_cast<double>(diagnosis::Budget::default_hashes) * std::max(seconds, 1.0));
  diagnosis::Budget budget(hashes, *effort, steady_time);
  return diagnosis::give_account(*message, signatures, loader.witnesses(), budget,
                                 original ? &*original : nullptr);
}

}  // namespace sekisho::tools
