#include "tools/domain/stored_mail.hpp"

#include "report/analysis/advice.hpp"
#include "report/store/received.hpp"
#include "tools/domain/selectors.hpp"
#include "tools/report/store.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::tools {

namespace {

using report::format::AggregateHeader;
using report::format::AggregateRecord;
using report::format::AuthResult;

constexpr std::chrono::days longest_use{3'650};
constexpr std::size_t max_selectors = 50;

struct Use {
  std::chrono::sys_seconds first;
  std::chrono::sys_seconds last;
};

std::optional<mail::Domain> mail_from_of(const AggregateRecord& record) {
  const auto spf = std::ranges::find(record.spf, report::format::SpfScope::mfrom,
                                     &report::format::SpfAuthResult::scope);
  return mail::Domain::parse(spf == record.spf.end() ? record.envelope_from : spf->domain);
}

std::optional<domain_check::ReportedMail> mail_of(const AggregateRecord& record) {
  const auto author = mail::Domain::parse(record.header_from);
  if (!author) {
    return std::nullopt;
  }
  domain_check::ReportedMail mail{record.source, *author, mail_from_of(record), {}};
  for (const report::format::DkimAuthResult& result : record.dkim) {
    const auto signer = mail::Domain::parse(result.domain);
    if (signer && result.result == AuthResult::pass) {
      mail.signatures.push_back(
          {*signer, is_selector(result.selector) ? result.selector : std::string()});
    }
  }
  return mail;
}

class Gathering {
 public:
  Gathering(const mail::Domain& domain, std::chrono::sys_seconds now)
      : domain_(domain), now_(now), evidence_(domain) {}

  void add(const AggregateHeader& header, const AggregateRecord& record) {
    if (!header.metadata.period) {
      return;
    }
    add_selectors(record, *header.metadata.period);
    if (header.metadata.period->end > now_ - policy_window) {
      evidence_.add(header, record);
    }
    const auto mail = mail_of(record);
    if (mail && header.metadata.period->end > now_ - mail_window) {
      mail_.add(*mail, record.count);
    }
  }

  StoredMail conclude() && {
    StoredMail stored{{}, std::move(mail_), evidence_.conclude()};
    for (const auto& [selector, use] : uses_) {
      if (use.last > now_ - selector_window && stored.selectors.size() < max_selectors) {
        stored.selectors.emplace(selector, use.first);
      }
    }
    return stored;
  }

 private:
  void add_selectors(const AggregateRecord& record, const report::format::Period& period) {
    for (const report::format::DkimAuthResult& result : record.dkim) {
      const bool is_ours = mail::Domain::parse(result.domain) == domain_;
      const bool has_place = uses_.size() < 10 * max_selectors || uses_.contains(result.selector);
      if (is_ours && has_place && result.result == AuthResult::pass &&
          is_selector(result.selector)) {
        Use& use = uses_.try_emplace(result.selector, period.begin, period.end).first->second;
        use.first = std::min(use.first, period.begin);
        use.last = std::max(use.last, period.end);
      }
    }
  }

  const mail::Domain& domain_;
  std::chrono::sys_seconds now_;
  std::map<std::string, Use> uses_;
  report::analysis::Evidence evidence_;
  domain_check::MailTally mail_;
};

// The record of the domain itself.
std::optional<std::string> own_record(const domain_check::Report& report) {
  const bool is_own = report.dmarc && report.dmarc->found_at == report.domain;
  return is_own && report.dmarc->record ? std::optional(report.dmarc->record->text) : std::nullopt;
}

}  // namespace

std::optional<StoredMail> read_stored_mail(const config::Options& options,
                                           const mail::Domain& domain,
                                           std::chrono::sys_seconds now) {
  constexpr std::string_view subcommand = "domain check";
  if (options.feedback.store.empty()) {
    return std::nullopt;
  }
  auto store = open_store(StoreArguments{}, options, Absence::refuse);
  if (!store) {
    static_cast<void>(complain(subcommand, store.error()));
    return std::nullopt;
  }
  Gathering gathering(domain, now);
  report::store::ReceivedReports reports(*store);
  const auto read = reports.read(domain.text(), now - longest_use,
                                 [&](const AggregateHeader& header, const AggregateRecord& record) {
                                   gathering.add(header, record);
                                 });
  if (!read) {
    static_cast<void>(complain(subcommand, {exit_failure, read.error().text}));
    return std::nullopt;
  }
  return std::move(gathering).conclude();
}

void judge_policy(domain_check::Report& report, const report::analysis::DomainEvidence& evidence) {
  const auto text = own_record(report);
  if (!text || report.dmarc->record->policy != dmarc::Policy::none ||
      report.dmarc->record->aggregate_uris.empty()) {
    return;
  }
  const report::analysis::Advice advice = report::analysis::advise(evidence, text);
  const std::string name = "_dmarc." + report.domain.text();
  if (advice.step != report::analysis::AdviceStep::advance) {
    report.outcomes.good(domain_check::Check::dmarc_policy, name);
    return;
  }
  report.outcomes
      .bad(domain_check::Check::dmarc_policy, name,
           "p=none, and in reports of " + std::to_string(evidence.days.size()) + " days " +
               std::to_string(evidence.total.pass) + " of " +
               std::to_string(evidence.total.messages) + " messages pass")
      .publish = domain_check::txt_line(name, advice.record);
}

}  // namespace sekisho::tools
