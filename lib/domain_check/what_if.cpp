#include "domain_check/what_if.hpp"

#include "dkim/key_record.hpp"
#include "dmarc/evaluate.hpp"
#include "domain_check/dkim.hpp"
#include "domain_check/examination.hpp"
#include "domain_check/forger.hpp"
#include "spf/check_host.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sekisho::domain_check {

namespace {

constexpr unsigned middle_draw = 49;  // pct= applies to most messages if it does to this one

struct Fate {
  bool is_known = true;
  bool passes_spf = false;
  bool passes_dmarc = false;
  ForgeryOutcome outcome = ForgeryOutcome::unknown;
};

using Sources = std::map<dns::IpAddress, std::uint64_t>;

class Comparison {
 public:
  Comparison(const dns::Lookups& now, const dns::Lookups& laid, mail::Domain domain,
             std::shared_ptr<const dmarc::Options> options)
      : now_(now), laid_(laid), domain_(std::move(domain)), options_(std::move(options)) {}

  void add(const ReportedMail& mail, std::uint64_t messages) {
    const Fate before = evaluate(now_, mail, mail.signatures);
    const Fate after = evaluate(laid_, mail, still_passing(mail));
    if (!before.is_known || !after.is_known) {
      unknown_ += messages;
      return;
    }
    const auto note = [&](MailChange change) {
      changed_[static_cast<std::size_t>(change)][mail.source] += messages;
    };
    if (before.passes_spf != after.passes_spf) {
      note(after.passes_spf ? MailChange::spf_gained : MailChange::spf_lost);
    }
    if (before.passes_dmarc != after.passes_dmarc) {
      note(after.passes_dmarc ? MailChange::dmarc_gained : MailChange::dmarc_lost);
    }
    if (before.outcome != after.outcome) {
      note(change_to(after.outcome));
    }
  }

  void add_unknown(std::uint64_t messages) { unknown_ += messages; }

  [[nodiscard]] std::uint64_t unknown() const { return unknown_; }

  [[nodiscard]] std::vector<ChangedMail> changes() const {
    std::vector<ChangedMail> list;
    for (std::size_t i = 0; i < changed_.size(); ++i) {
      if (changed_[i].empty()) {
        continue;
      }
      ChangedMail& changed = list.emplace_back(static_cast<MailChange>(i));
      changed.sources.assign(changed_[i].begin(), changed_[i].end());
      std::ranges::stable_sort(changed.sources, std::ranges::greater{},
                               &std::pair<dns::IpAddress, std::uint64_t>::second);
      for (const auto& [source, messages] : changed.sources) {
        changed.messages += messages;
      }
    }
    return list;
  }

 private:
  static MailChange change_to(ForgeryOutcome outcome) {
    switch (outcome) {
      case ForgeryOutcome::delivered:
      case ForgeryOutcome::unknown:  // not compared
        return MailChange::delivered;
      case ForgeryOutcome::quarantined:
        return MailChange::quarantined;
      case ForgeryOutcome::refused:
        return MailChange::refused;
    }
    std::unreachable();
  }

  // SPF of domains of others neither changes nor is aligned.
  [[nodiscard]] spf::Result spf_of(const dns::Lookups& lookups, const ReportedMail& mail) const {
    if (!mail.mail_from || !mail.mail_from->is_within(domain_)) {
      return {};
    }
    spf::Request request;
    request.client = mail.source;
    request.helo = "unknown.invalid";
    request.sender = "postmaster@" + mail.mail_from->text();
    return spf::check_mail_from(lookups, request, {}).get();
  }

  [[nodiscard]] Fate evaluate(const dns::Lookups& lookups, const ReportedMail& mail,
                              const std::vector<PassedSignature>& signatures) const {
    std::vector<dkim::Result> passed;
    for (const PassedSignature& signature : signatures) {
      dkim::Result& result = passed.emplace_back();
      result.code = dkim::ResultCode::pass;
      result.domain = signature.domain;
      result.selector = signature.selector;
    }
    mail::Author author;
    author.status = mail::AuthorStatus::single_domain;
    author.domains.push_back(mail.author);
    const spf::Result spf = spf_of(lookups, mail);
    dmarc::Evaluation evaluation(lookups, options_);
    const dmarc::Result result = evaluation.finish(author, spf, passed, middle_draw);
    return {.is_known = spf.code != spf::ResultCode::temperror &&
                        result.code != dmarc::ResultCode::temperror,
            .passes_spf = spf.code == spf::ResultCode::pass,
            .passes_dmarc = result.code == dmarc::ResultCode::pass,
            .outcome = outcome_of(result)};
  }

  static std::string record_of(const dns::Lookups& lookups, const std::string& name) {
    const auto texts = texts_of(lookups.lookup(name, dns::RecordType::txt).get());
    return texts.size() == 1 ? texts.front() : std::string();
  }

  [[nodiscard]] bool still_passes(const PassedSignature& signature) const {
    if (signature.selector.empty() || !signature.domain.is_within(domain_)) {
      return true;
    }
    const std::string name = signature.selector + "._domainkey." + signature.domain.text();
    const std::string laid = record_of(laid_, name);
    const std::string now = record_of(now_, name);
    constexpr std::size_t any_size = 16'384;
    return laid == now || (dkim::parse_key_record(laid, any_size) && key_of(laid) == key_of(now));
  }

  [[nodiscard]] std::vector<PassedSignature> still_passing(const ReportedMail& mail) const {
    std::vector<PassedSignature> signatures = mail.signatures;
    std::erase_if(signatures,
                  [&](const PassedSignature& signature) { return !still_passes(signature); });
    return signatures;
  }

  const dns::Lookups& now_;
  const dns::Lookups& laid_;
  mail::Domain domain_;
  std::shared_ptr<const dmarc::Options> options_;
  std::array<Sources, mail_change_count> changed_;
  std::uint64_t unknown_ = 0;
};

using Kind = std::pair<const ReportedMail, std::uint64_t>;

std::vector<const Kind*> largest_first(const MailTally& tally) {
  std::vector<const Kind*> kinds;
  for (const Kind& kind : tally.kinds()) {
    kinds.push_back(&kind);
  }
  std::ranges::stable_sort(kinds, std::ranges::greater{},
                           [](const Kind* kind) { return kind->second; });
  return kinds;
}

}  // namespace

void MailTally::add(const ReportedMail& mail, std::uint64_t messages) {
  messages_ += messages;
  if (kinds_.size() < max_kinds || kinds_.contains(mail)) {
    kinds_[mail] += messages;
  }
}

std::string_view format_mail_change(MailChange change) {
  constexpr std::array<std::string_view, mail_change_count> words{
      "spf_lost",  "spf_gained",  "dmarc_lost", "dmarc_gained",
      "delivered", "quarantined", "refused"};
  return words[static_cast<std::size_t>(change)];
}

std::string_view describe_mail_change(MailChange change) {
  constexpr std::array<std::string_view, mail_change_count> words{
      "would no longer pass SPF", "would pass SPF",     "would no longer pass DMARC",
      "would pass DMARC",         "would be delivered", "would be quarantined",
      "would be refused"};
  return words[static_cast<std::size_t>(change)];
}

MailEffect effect_on_mail(const dns::Lookups& now, const dns::Lookups& laid,
                          const mail::Domain& domain, const MailTally& tally,
                          std::chrono::days window,
                          std::shared_ptr<const dmarc::PublicSuffixes> suffixes) {
  auto options = std::make_shared<dmarc::Options>();
  options->suffixes = std::move(suffixes);
  Comparison comparison(now, laid, domain, options);
  std::uint64_t counted = 0;
  std::size_t evaluated = 0;
  for (const Kind* kind : largest_first(tally)) {
    if (++evaluated > max_evaluated_kinds) {
      break;
    }
    comparison.add(kind->first, kind->second);
    counted += kind->second;
  }
  comparison.add_unknown(tally.messages() - counted);
  return {window, tally.messages(), comparison.unknown(), comparison.changes()};
}

}  // namespace sekisho::domain_check
