#include "authres/authentication_results.hpp"
#include "authres/describe.hpp"
#include "checkpoint/services.hpp"
#include "checkpoint/session.hpp"
#include "mail/message_reader.hpp"
#include "policy/envelope.hpp"
#include "tools/check/check_session.hpp"
#include "tools/check/report.hpp"
#include "tools/cli/refusal.hpp"
#include "tools/cli/subcommands.hpp"

#include <cstddef>
#include <expected>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace sekisho::tools {

namespace {

struct Arguments {
  SessionArguments session;
  std::vector<std::string> recipients;
  std::string format = "text";
  std::string message;
};

// Fields travel with CRLF at their folds; people and their tools read lines that end in LF.
std::string shown_value(std::string value) {
  value.erase(0, value.find_first_not_of(' '));
  std::erase(value, '\r');
  return value;
}

CheckReport check_envelope(const checkpoint::Services& services, checkpoint::Session& session) {
  CheckReport report;
  report.findings = session.end_of_envelope().value();
  report.authentication_results =
      shown_value(format(authres::describe(report.findings, {}, services.options.authserv_id,
                                           {.extended = services.options.header_extended}),
                         {.comments = services.options.header_comments}));
  return report;
}

CheckReport check_message(const checkpoint::Services& services, checkpoint::Session& session,
                          std::istream& input) {
  const auto on_header = [&](mail::HeaderSection header) {
    for (mail::HeaderField& field : header) {
      session.header(std::move(field));
    }
    session.end_of_header();
  };
  const checkpoint::Limits& limits = services.options.limits;
  // One field more than the limit lets the transaction see that there were too many.
  const mail::ReadReport read = mail::read_message(
      input, {.header_octets = limits.header_octets + 1, .header_fields = limits.header_fields + 1},
      on_header, [&](std::string_view chunk) { session.body(chunk); });

  CheckReport report;
  checkpoint::Verdict verdict = session.end_of_message("").value();
  report.findings = std::move(verdict.findings);
  report.disposition = std::move(verdict.disposition);
  report.lookups = std::move(verdict.lookups);
  report.authentication_results = shown_value(std::move(verdict.insertions.front().value));
  if (read.header_cut) {
    report.notes.emplace_back(
        "a line that is no header field ended the header section; it and what follows is body");
  }
  if (read.over_limit) {
    report.notes.emplace_back("the header section is larger than the limit");
  }
  return report;
}

/// What RCPT is answered.
struct Answers {
  /// Where it accepts nobody, so that no message is sent.
  std::optional<policy::Disposition> refusal;
  std::vector<std::string> notes;  ///< Whom it refuses where it accepts others.
};

CheckReport told_before(Answers answers, CheckReport report) {
  if (answers.refusal) {
    if (report.disposition) {  // Authentication-Results has them, too
      answers.refusal->overrides = report.disposition->overrides;
    }
    report.disposition = std::move(answers.refusal);
    report.notes.emplace_back("refused at RCPT, before the message is sent");
  }
  report.notes.insert(report.notes.begin(), answers.notes.begin(), answers.notes.end());
  return report;
}

Answers say_recipients(const checkpoint::Services& services, checkpoint::Session& session,
                       std::vector<std::string> recipients) {
  if (recipients.empty() && policy::refuses_envelopes(services.options.policy)) {
    recipients.emplace_back();  // somebody whom no rule names
  }
  Answers answers;
  for (const std::string& recipient : recipients) {
    if (auto verdict = session.recipient(recipient)) {
      answers.refusal = std::move(verdict->disposition);
      answers.notes.push_back("RCPT TO:<" + recipient + "> is refused: " + answers.refusal->reason);
    }
  }
  if (answers.notes.size() < recipients.size()) {
    answers.refusal.reset();
  } else {
    answers.notes.clear();
  }
  return answers;
}

std::expected<CheckReport, Refusal> read_and_check(const Arguments& arguments) {
  if (arguments.session.ip.empty() && arguments.message.empty()) {
    return std::unexpected(Refusal{exit_usage, "nothing to check: give --ip, a MESSAGE, or both"});
  }
  auto opened = open_check_session(arguments.session);
  if (!opened) {
    return std::unexpected(opened.error());
  }
  auto& [services, session] = *opened;
  Answers answers = say_recipients(*services, session, arguments.recipients);
  if (arguments.message.empty()) {
    CheckReport report = check_envelope(*services, session);
    report.notes = std::move(answers.notes);
    report.disposition = std::move(answers.refusal);
    return report;
  }
  if (arguments.message == "-") {
    return told_before(std::move(answers), check_message(*services, session, std::cin));
  }
  std::ifstream file(arguments.message, std::ios::binary);
  if (!file) {
    return std::unexpected(
        Refusal{exit_failure, arguments.message + ": cannot be opened: " + last_reason()});
  }
  CheckReport report = told_before(std::move(answers), check_message(*services, session, file));
  if (file.bad()) {
    const bool is_folder = std::filesystem::is_directory(arguments.message);
    return std::unexpected(
        Refusal{exit_failure, arguments.message + ": cannot be read" +
                                  (is_folder ? ": it is a folder" : ": " + last_reason())});
  }
  return report;
}

int run(const Arguments& arguments) {
  const auto report = read_and_check(arguments);
  if (!report) {
    return complain("check", report.error());
  }
  std::cout << (arguments.session.explain && arguments.format == "text"
                    ? format_explanation(*report)
                    : "");
  std::cout << (arguments.format == "json" ? format_json(*report)
                                           : format_text(*report, isatty(STDOUT_FILENO) != 0));
  return std::cout.flush() ? exit_success
                           : complain("check", {exit_failure, "the output cannot be written"});
}

}  // namespace

void add_check(Command& sekisho) {
  Command check = sekisho.command(
      "check", "Check a message, or a client and sender alone, as the milter would");
  Arguments& arguments = check.runs(run);
  add_session_options(check, arguments.session);
  check.option("--rcpt ADDR", arguments.recipients, "Envelope recipient; may be repeated");
  check.flag("--explain", arguments.session.explain,
             "First print each step to the disposition, and each lookup");
  check.choice("--format", arguments.format, {"text", "json"}, "Output format");
  check.argument(
      "MESSAGE", arguments.message,
      "File with a message, or - for standard input; without it, check SPF and iprev only");
}

}  // namespace sekisho::tools
