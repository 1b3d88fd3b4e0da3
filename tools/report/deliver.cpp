#include "report/failure_sender/failure_sender.hpp"
#include "report/failure_sender/spool_lock.hpp"
#include "report/mailer/smtp_mailer.hpp"
#include "report/recipients/destination.hpp"
#include "tools/cli/configuration.hpp"
#include "tools/cli/dns_options.hpp"
#include "tools/cli/now_option.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  std::string config{default_configuration};
  DnsArguments dns;
  std::optional<std::int64_t> now;
  bool dry_run = false;
};

/// What a run has done, line by line and in sum.
class Diary {
 public:
  explicit Diary(bool is_dry) : is_dry_(is_dry) {}

  void note(const report::failure_sender::FailureEvent& event) {
    ++counts_[event.status];
    std::cout << fmt::format(
        "{}{}{}: {}{}\n", event.policy_domain, event.policy_domain.empty() ? event.name : "",
        event.to.empty() ? "" : " to " + event.to,
        is_dry_ && event.status == report::failure_sender::FailureSendStatus::waiting
            ? ""
            : std::string(report::failure_sender::format_failure_send_status(event.status)) + ": ",
        event.reason);
  }

  /// Whether what could be done was done: what strangers refuse is no failure of ours.
  [[nodiscard]] bool is_well() const {
    return !counts_.contains(report::failure_sender::FailureSendStatus::broken);
  }

 private:
  bool is_dry_;
  std::map<report::failure_sender::FailureSendStatus, std::size_t> counts_;
};

std::expected<report::failure_sender::FailureSenderOptions, Refusal> settings_from(
    const Arguments& arguments, const report::aggregate_sender::SendOptions& options) {
  if (!report::recipients::is_plain_address(options.email)) {
    return std::unexpected(
        Refusal{exit_failure, arguments.config + ": report.email: missing: reports need a sender"});
  }
  report::failure_sender::FailureSenderOptions settings;
  settings.author = {.name = options.org_name, .address = options.email};
  settings.sender = options.sender;
  return settings;
}

std::expected<bool, Refusal> deliver(const Arguments& arguments) {
  const auto options = load_configuration(arguments.config);
  if (!options) {
    return std::unexpected(options.error());
  }
  const auto settings = settings_from(arguments, options->report);
  if (!settings) {
    return std::unexpected(settings.error());
  }
  const std::string& folder = options->failure.spool;
  if (!std::filesystem::exists(folder)) {
    return true;  // the daemon makes it with the first report
  }
  const auto lock = report::failure_sender::SpoolLock::take(folder);
  if (!lock) {
    return std::unexpected(Refusal{exit_failure, lock.error()});
  }
  if (!lock->has_value()) {
    std::cout << folder << ": another run is at it\n";
    return true;
  }
  const auto resolver = open_resolver(arguments.dns, options->dns);
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  Diary diary(arguments.dry_run);
  report::mailer::SmtpMailer smtp(options->report.smtp);
  report::mailer::DryRunMailer dry_run;
  const report::failure_sender::FailureSenderServices services{
      .find_recipients =
          [&](const mail::Domain& policy_domain, std::span<const std::string> uris) {
            return report::recipients::find_recipients(
                patient_lookups(*resolver), options->dmarc, policy_domain, uris,
                report::recipients::AddressTag::ruf, nullptr);
          },
      .mailer = arguments.dry_run ? static_cast<report::mailer::Mailer&>(dry_run) : smtp,
      .on_event = [&](const report::failure_sender::FailureEvent& event) { diary.note(event); }};
  const auto done = report::failure_sender::send_failure_reports(
      report::failure::Spool(folder), *settings, services, present_time(arguments.now));
  if (!done) {
    return std::unexpected(Refusal{exit_failure, done.error()});
  }
  return diary.is_well();
}

int run(const Arguments& arguments) {
  const auto done = deliver(arguments);
  if (!done) {
    return complain("report deliver", done.error());
  }
  return *done ? exit_success : exit_failure;
}

}  // namespace

void add_report_deliver(Command& report) {
  Command deliver =
      report.command("deliver", "Send the failure reports that the daemon has written");
  Arguments& arguments = deliver.runs(run);
  deliver.option("--config FILE", arguments.config, "Configuration of the daemon").shows_default();
  add_dns_options(deliver, arguments.dns);
  add_now_option(deliver, arguments.now);
  deliver.flag("--dry-run", arguments.dry_run, "Print what would be sent, but do not send it");
}

}  // namespace sekisho::tools
