#include "dmarc/discovery.hpp"
#include "report/analysis/advice.hpp"
#include "report/format/identity.hpp"
#include "report/store/received.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/cli/progress.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"
#include "tools/report/advice_text.hpp"
#include "tools/report/files.hpp"
#include "tools/report/since.hpp"
#include "tools/report/store.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

/// As far as the rule looks, and some more.
constexpr std::chrono::days default_window{60};

struct Arguments {
  StoreArguments store;
  DnsArguments dns;
  std::optional<std::int64_t> now;
  std::string domain;
  std::string since;
  std::optional<std::string> record;
  std::vector<std::string> not_ours;
  std::string format = "text";
  std::vector<std::string> files;
};

/// Reports of files, each once, as evidence.
class EvidenceSink final : public report::import::ReportSink {
 public:
  EvidenceSink(report::analysis::Evidence& evidence, std::chrono::sys_seconds since)
      : evidence_(evidence), since_(since) {}

  void begin_file(std::size_t number, std::size_t all) override {
    if (progress_.is_due()) {
      progress_.show(fmt::format("reading file {} of {}", number, all));
    }
  }
  void add(report::format::AggregateRecord record) override { records_.add(std::move(record)); }
  void end_aggregate(const std::string& name,
                     const report::format::AggregateReading& reading) override {
    const report::store::ReceivedRecords records = std::exchange(records_, {});
    const report::format::AggregateHeader& header = reading.header;
    if (reading.is_cut) {
      add_problem(name, cut_report);
    }
    if (!header.metadata.period) {
      add_problem(name, "left out: it has no dates that can be read");
      return;
    }
    const bool is_old = header.metadata.period->end <= since_;
    if (is_old || !known_.insert(report::format::identity_of(header).key()).second) {
      return;
    }
    if (records.has_too_many()) {
      add_problem(name, "too many different records; not all are counted");
    }
    records.each(
        [&](const report::format::AggregateRecord& record) { evidence_.add(header, record); });
  }
  void drop_records() override { records_ = {}; }
  void add(const std::string& /*name*/, const report::format::TlsReading& /*reading*/) override {}
  void add(const report::format::FeedbackReport& /*report*/) override {}
  void add_other_mail(const std::string& /*name*/) override {}
  void add_problem(const std::string& name, const std::string& text) override {
    progress_.clear();
    complain_of_file("report advise", name, text);
    has_problems_ = true;
  }

  [[nodiscard]] bool has_problems() const { return has_problems_; }

 private:
  report::analysis::Evidence& evidence_;
  std::chrono::sys_seconds since_;
  report::store::ReceivedRecords records_;
  Progress progress_;
  std::set<std::string> known_;
  bool has_problems_ = false;
};

std::expected<std::chrono::sys_seconds, Refusal> since_of(const Arguments& arguments) {
  return parse_since(arguments.since, arguments.files.empty()
                                          ? present_time(arguments.now) - default_window
                                          : std::chrono::sys_seconds());
}

// The record of the domain itself.
std::expected<std::optional<std::string>, Refusal> published_record(const Arguments& arguments,
                                                                    const mail::Domain& domain) {
  if (arguments.record) {
    return arguments.record->empty() ? std::nullopt : arguments.record;
  }
  const auto resolver = open_resolver(arguments.dns);
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  auto walking = dmarc::walk(patient_lookups(*resolver), {domain}, dmarc::Specification::rfc9989);
  const dmarc::Walk walk = walking.get();
  if (walk.failure) {
    return std::unexpected(Refusal{exit_no_answer, "the DNS does not answer for the record of " +
                                                       domain.text() + "; --record gives it"});
  }
  return walk.records.empty() ? std::nullopt : std::optional(walk.records.front().record.text);
}

std::expected<void, Refusal> gather_stored(const Arguments& arguments, const mail::Domain& domain,
                                           std::chrono::sys_seconds since,
                                           report::analysis::Evidence& evidence) {
  auto store = open_store(arguments.store, Absence::refuse);
  if (!store) {
    return std::unexpected(store.error());
  }
  const auto read = report::store::ReceivedReports(*store).read(
      domain.text(), since,
      [&](const report::format::AggregateHeader& header,
          const report::format::AggregateRecord& record) { evidence.add(header, record); });
  if (!read) {
    return std::unexpected(Refusal{exit_failure, read.error().text});
  }
  return {};
}

std::set<std::string> names_of(const std::vector<std::string>& names) {
  std::set<std::string> known;
  for (const std::string& name : names) {
    const auto address = dns::IpAddress::parse(name);
    const auto domain = mail::Domain::parse(name);
    known.insert(address ? address->text() : domain ? domain->text() : name);
  }
  return known;
}

std::expected<bool, Refusal> advise(const Arguments& arguments) {
  const auto domain = mail::Domain::parse(arguments.domain);
  if (!domain) {
    return std::unexpected(Refusal{exit_usage, arguments.domain + ": not a domain"});
  }
  const auto since = since_of(arguments);
  if (!since) {
    return std::unexpected(since.error());
  }
  const auto record = published_record(arguments, *domain);
  if (!record) {
    return std::unexpected(record.error());
  }
  report::analysis::Evidence evidence(*domain);
  bool is_whole = true;
  if (arguments.files.empty()) {
    if (const auto gathered = gather_stored(arguments, *domain, *since, evidence); !gathered) {
      return std::unexpected(gathered.error());
    }
  } else {
    EvidenceSink sink(evidence, *since);
    report::import::read_reports(arguments.files, {}, sink);
    is_whole = !sink.has_problems();
  }
  const report::analysis::DomainEvidence concluded =
      evidence.conclude(names_of(arguments.not_ours));
  const report::analysis::Advice advice = report::analysis::advise(concluded, *record);
  std::cout << (arguments.format == "json" ? format_advice_json(concluded, advice)
                                           : format_advice_text(concluded, advice));
  return is_whole;
}

int run(const Arguments& arguments) {
  const auto done = advise(arguments);
  if (!done) {
    return complain("report advise", done.error());
  }
  return *done ? exit_success : exit_failure;
}

}  // namespace

void add_report_advise(Command& report) {
  Command advise = report.command(
      "advise", "Tell if a domain can publish a stricter policy, and what to do first");
  Arguments& arguments = advise.runs(run);
  add_store_options(advise, arguments.store);
  add_dns_options(advise, arguments.dns);
  add_now_option(advise, arguments.now);
  advise.option("--since DATE", arguments.since, "First day (UTC) of the reports to use");
  advise.option("--record TEXT", arguments.record,
                "Use this DMARC record instead of the published one");
  advise.option("--not-ours NAME", arguments.not_ours,
                "An address or domain that does not send for the domain");
  advise.choice("--format", arguments.format, {"text", "json"}, "Output format");
  advise.argument("DOMAIN", arguments.domain, "The domain in From").required();
  advise.argument("FILE", arguments.files, "Reports, as for `read`; default: those in the store");
}

}  // namespace sekisho::tools
