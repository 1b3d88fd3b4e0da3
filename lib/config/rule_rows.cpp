// Section [[rule]]. The rows are of the entry that was begun last.
#include "config/option_row.hpp"
#include "policy/rule.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace sekisho::config {

template <>
struct Words<dmarc::OverrideType> {
  static constexpr std::array<Word<dmarc::OverrideType>, 4> all{
      {{"local_policy", dmarc::OverrideType::local_policy},
       {"trusted_forwarder", dmarc::OverrideType::trusted_forwarder},
       {"mailing_list", dmarc::OverrideType::mailing_list},
       {"other", dmarc::OverrideType::other}}};
};
template <>
struct Words<policy::Preflight> {
  static constexpr std::array<Word<policy::Preflight>, 4> all{
      {{"", policy::Preflight::as_configured},
       {"off", policy::Preflight::off},
       {"note", policy::Preflight::note},
       {"refuse", policy::Preflight::refuse}}};
};
template <>
struct Words<policy::Action> {
  static constexpr std::array<Word<policy::Action>, 5> all{{{"accept", policy::Action::accept},
                                                            {"hold", policy::Action::quarantine},
                                                            {"tempfail", policy::Action::tempfail},
                                                            {"reject", policy::Action::reject},
                                                            {"discard", policy::Action::discard}}};
};

/// One that has no default.
template <typename E>
struct Codec<std::optional<E>> {
  static std::string type() { return Codec<E>::type(); }
  [[nodiscard]] static std::expected<std::optional<E>, Mismatch> read(const Value& value) {
    auto read = Codec<E>::read(value);
    if (!read) {
      return std::unexpected(std::move(read).error());
    }
    return std::optional<E>(*read);
  }
  static std::string write(const std::optional<E>& value) {
    return value ? Codec<E>::write(*value) : R"("")";
  }
};

template <typename Set>
struct Codec<policy::Condition<Set>> {
  using Strings = Codec<std::vector<std::string>>;
  static std::string type() { return Strings::type(); }
  [[nodiscard]] static std::expected<policy::Condition<Set>, Mismatch> read(const Value& value) {
    auto entries = Strings::read(value);
    if (!entries) {
      return std::unexpected(std::move(entries).error());
    }
    if (entries->empty()) {
      return std::unexpected(Mismatch{"is an empty list", "entries, or no such line"});
    }
    auto condition = policy::Condition<Set>::parse(*std::move(entries));
    if (!condition) {
      return std::unexpected(Mismatch{"has " + quote(condition.error()),
                                      std::string(Set::expected) + R"(, or "file:PATH")"});
    }
    return *std::move(condition);
  }
  static std::string write(const policy::Condition<Set>& condition) {
    return Strings::write(condition.entries);
  }
};

template <>
struct Codec<std::optional<tls::Requirement>> {
  static std::string type() { return Codec<std::string>::type(); }
  [[nodiscard]] static std::expected<std::optional<tls::Requirement>, Mismatch> read(
      const Value& value) {
    const auto text = Codec<std::string>::read(value);
    if (!text) {
      return std::unexpected(text.error());
    }
    auto requirement = tls::Requirement::parse(*text);
    if (!requirement) {
      return std::unexpected(Mismatch{describe(value), tls::Requirement::expected});
    }
    return requirement;
  }
  static std::string write(const std::optional<tls::Requirement>& requirement) {
    return Codec<std::string>::write(requirement ? requirement->text() : "");
  }
};

namespace {

using Strings = std::vector<std::string>;
using Results = std::array<std::string_view, 8>;

constexpr Results spf_results{"none",     "neutral",   "pass",     "fail",
                              "softfail", "temperror", "permerror"};
constexpr Results dkim_results{"none",    "pass",      "fail",     "policy",
                               "neutral", "temperror", "permerror"};
constexpr Results dmarc_results{"none", "pass", "fail", "temperror", "permerror"};
constexpr Results arc_results{"none", "pass", "fail"};
constexpr Results iprev_results{"pass", "fail", "temperror", "permerror"};

Check<Strings> results_of(const Results& results) {
  return [&results](const Strings& words) -> std::optional<std::string> {
    const bool known = std::ranges::all_of(words, [&](const std::string& word) {
      return !word.empty() && std::ranges::find(results, word) != results.end();
    });
    if (known && !words.empty()) {
      return std::nullopt;
    }
    std::string list;
    for (const std::string_view word : results) {
      if (!word.empty()) {
        list += (list.empty() ? "" : ", ") + quote(word);
      }
    }
    return "a list of " + list;
  };
}

std::optional<std::string> check_words(const std::string& text) {
  constexpr std::size_t longest = 200;
  const bool printable =
      std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F && c != '"'; });
  if (printable && text.size() <= longest) {
    return std::nullopt;
  }
  return "at most 200 printable characters of US-ASCII, without quotes";
}

constexpr auto latest = [](auto& options) -> auto& { return options.policy.rules.back(); };

void add_conditions(std::vector<Option>& table) {
  table.push_back(row(
      "rule.client", [](auto& o) -> auto& { return latest(o).client; }, "Networks of the client."));
  table.push_back(row(
      "rule.client_name", [](auto& o) -> auto& { return latest(o).client_name; },
      "Names of the client, if iprev passes."));
  table.push_back(row(
      "rule.helo", [](auto& o) -> auto& { return latest(o).helo; },
      "Names that the client gives in HELO."));
  table.push_back(row(
      "rule.sender", [](auto& o) -> auto& { return latest(o).sender; },
      "Envelope senders or their domains; <> is the null sender."));
  table.push_back(row(
      "rule.recipient", [](auto& o) -> auto& { return latest(o).recipient; },
      "Envelope recipients or their domains."));
  table.push_back(row(
      "rule.author", [](auto& o) -> auto& { return latest(o).author; },
      "Authors: addresses or domains in From."));
  table.push_back(row(
      "rule.login", [](auto& o) -> auto& { return latest(o).login; }, "Logins of clients (SASL)."));
  table.push_back(row(
      "rule.tls", [](auto& o) -> auto& { return latest(o).tls; },
      "TLS of the connection, for clients that come over the network."));
  table.push_back(row(
      "rule.certificate", [](auto& o) -> auto& { return latest(o).certificate; },
      "Common names of the client's certificate, if the MTA verified it."));
  table.push_back(row(
      "rule.list_id", [](auto& o) -> auto& { return latest(o).list_id; },
      "Mailing lists, by List-Id."));
  table.push_back(row(
      "rule.arc_sealer", [](auto& o) -> auto& { return latest(o).arc_sealer; },
      "Domains of the sealers of an ARC chain that passes; all must match."));
}

void add_results(std::vector<Option>& table) {
  table.push_back(row(
      "rule.spf", [](auto& o) -> auto& { return latest(o).spf; }, "SPF results for the sender.",
      results_of(spf_results)));
  table.push_back(row(
      "rule.dkim", [](auto& o) -> auto& { return latest(o).dkim; },
      "DKIM results of any signature, whatever its domain.", results_of(dkim_results)));
  table.push_back(row(
      "rule.dmarc", [](auto& o) -> auto& { return latest(o).dmarc; }, "DMARC results.",
      results_of(dmarc_results)));
  table.push_back(row(
      "rule.arc", [](auto& o) -> auto& { return latest(o).arc; }, "ARC results.",
      results_of(arc_results)));
  table.push_back(row(
      "rule.iprev", [](auto& o) -> auto& { return latest(o).iprev; }, "Results of iprev.",
      results_of(iprev_results)));
}

}  // namespace

void add_rule_rows(std::vector<Option>& table) {
  table.push_back(row(
      "rule.name", [](auto& o) -> auto& { return latest(o).name; }, "Name of the rule in the log.",
      Check<std::string>(check_words)));
  add_conditions(table);
  add_results(table);
  table.push_back(row(
      "rule.action", [](auto& o) -> auto& { return latest(o).action; }, "Action for the message."));
  table.push_back(row(
      "rule.reason", [](auto& o) -> auto& { return latest(o).reason; },
      "Reason for the log, the reply and the report.", Check<std::string>(check_words)));
  table.push_back(row(
      "rule.report", [](auto& o) -> auto& { return latest(o).report; },
      "Override reason in DMARC reports if the rule accepts a failure."));
  table.push_back(row(
      "rule.preflight", [](auto& o) -> auto& { return latest(o).preflight; },
      "Preflight of submissions that match; empty: as section [preflight] says."));
  table.push_back(row(
      "rule.dry_run", [](auto& o) -> auto& { return latest(o).dry_run; },
      "Log what the rule would do, and continue with the next rule."));
}

}  // namespace sekisho::config
