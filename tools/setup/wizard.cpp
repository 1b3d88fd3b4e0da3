#include "tools/setup/wizard.hpp"

#include "tools/setup/apply.hpp"
#include "tools/setup/notes.hpp"
#include "tools/setup/plan_text.hpp"
#include "tools/setup/postfix_facts.hpp"
#include "tools/setup/questions.hpp"
#include "tools/setup/test_message.hpp"

#include <algorithm>
#include <expected>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>

#include <unistd.h>

namespace sekisho::tools::setup {

namespace {

bool in_colour() {
  return isatty(STDOUT_FILENO) != 0;
}

std::string joined(const std::vector<mail::Domain>& domains) {
  std::string text;
  for (const mail::Domain& domain : domains) {
    text += (text.empty() ? "" : " ") + domain.text();
  }
  return text;
}

std::expected<std::vector<mail::Domain>, Refusal> ask_domains(const std::string& suggestion) {
  std::istringstream words(ask("Domains whose mail this host sends", suggestion));
  std::vector<std::string> names;
  for (std::string word; words >> word;) {
    names.push_back(word);
  }
  return parse_domains(names);
}

// Without --domain, those that have keys already; a person is asked.
std::expected<std::vector<mail::Domain>, Refusal> find_domains(const Arguments& arguments,
                                                               const Facts& facts,
                                                               std::vector<mail::Domain> named) {
  if (!named.empty()) {
    return named;
  }
  std::vector<mail::Domain> configured = configured_domains(facts.configuration.options);
  if (!arguments.yes) {
    return ask_domains(configured.empty() ? facts.mail_domain : joined(configured));
  }
  if (configured.empty()) {
    return std::unexpected(Refusal{exit_usage, "--yes needs --domain, since no key is set up yet"});
  }
  return configured;
}

bool offers_submission(const Facts& facts) {
  return !facts.postfix || std::ranges::any_of(facts.postfix->services, is_submission);
}

bool wants_dmarc(const Facts& facts) {
  return std::ranges::any_of(
      facts.domains, [](const DomainFacts& domain) { return domain.dmarc.records.empty(); });
}

void ask_about_reports(const Facts& facts, RecordChoices& choices) {
  if (choices.report_address.empty()) {
    choices.report_address =
        ask("Address for DMARC reports", "postmaster@" + facts.domains.front().domain.text());
  }
  if (!choices.tls_reporting) {
    choices.tls_reporting = confirm("Show a record for TLS reports as well?", false);
  }
}

Choices find_choices(const Arguments& arguments, const Facts& facts) {
  Choices choices = choices_of(arguments);
  if (arguments.yes) {
    return choices;
  }
  if (wants_dmarc(facts)) {
    ask_about_reports(facts, choices.records);
  }
  if (!choices.submission && !offers_submission(facts)) {
    choices.submission = confirm("Offer submission (port 587) for users who log in?", false);
  }
  return choices;
}

bool has_changes(const Plan& plan, bool of_mail_server) {
  return std::ranges::any_of(plan.steps, [&](const Step& step) {
    return std::ranges::any_of(step.changes, [&](const Change& change) {
      return is_of_mail_server(change) == of_mail_server;
    });
  });
}

// Changes of conflicts are not made: the postmaster decides first.
std::expected<void, Refusal> carry_out(const Plan& plan, bool of_mail_server, Applier& applier) {
  for (const Step& step : plan.steps) {
    for (const Change& change : step.changes) {
      if (step.state != StepState::missing || is_of_mail_server(change) != of_mail_server) {
        continue;
      }
      if (auto done = applier.apply(change); !done) {
        return done;
      }
    }
  }
  return {};
}

bool may(const Arguments& arguments, const std::string& question) {
  return arguments.yes || confirm(question);
}

// The daemon first: the mail server must not ask one that is not there.
std::expected<void, Refusal> carry_out(const Arguments& arguments, const View& view,
                                       const Facts& facts, const Plan& plan) {
  const std::string path = notes_file(arguments.config);
  auto notes = load_notes(path);
  if (!notes) {
    return std::unexpected(notes.error());
  }
  Applier applier(facts, view.sources.run, *notes, path);
  if (has_changes(plan, false)) {
    if (!may(arguments, "Make the keys and the configuration?")) {
      return {};
    }
    if (auto done = carry_out(plan, false, applier); !done) {
      return done;
    }
  }
  if (has_changes(plan, true) && may(arguments, "Change the mail server as shown?")) {
    return carry_out(plan, true, applier);
  }
  return {};
}

// A daemon that found a key unpublished looks again later; a reload has it look now.
void have_keys_looked_up(const View& view, const Facts& facts, const Plan& plan) {
  const bool is_published = std::ranges::any_of(plan.records, [](const PlannedRecords& one) {
    return std::ranges::any_of(one.records, [](const Record& record) {
      return record.kind == RecordKind::dkim && record.state == RecordState::published;
    });
  });
  if (is_published && facts.daemon == DaemonState::running) {
    static_cast<void>(view.sources.run({"systemctl", "reload", "sekishod"}));
  }
}

int send_test(const Arguments& arguments, const View& view, const Facts& facts, const Plan& plan) {
  const bool is_wanted =
      !arguments.no_test && facts.mail_server != MailServer::none && !facts.domains.empty();
  if (!is_wanted || (!arguments.yes && !confirm("Send a test message?"))) {
    return exit_success;
  }
  have_keys_looked_up(view, facts, plan);
  const TestMessage message{
      .sender = "postmaster@" + facts.domains.front().domain.text(),
      .recipient = arguments.test_to.empty() ? "root@" + facts.host_name : arguments.test_to,
      .smarthost = smarthost_of(facts),
      .log = arguments.log};
  const TestOutcome outcome = send_test_message(message, view.sources.run);
  std::cout << '\n' << format_outcome(message, outcome);
  return outcome.is_accepted ? exit_success : exit_failure;
}

void print_what_is_missing(const Plan& plan, const Facts& facts) {
  const std::string missing = format_steps(plan, facts, in_colour(), false);
  std::cout << (missing.empty() ? "\nNothing is missing.\n" : "\nStill missing:\n" + missing);
  if (facts.configuration.options.policy.dry_run) {
    std::cout
        << "\nNothing is refused yet (policy.dry_run). After some days, see what would have "
           "been:\n  journalctl -u sekishod --grep would=\nThen run: sekisho setup --enforce\n";
  }
}

int finish(const Arguments& arguments, const View& view, const std::vector<mail::Domain>& domains,
           const Choices& choices) {
  const Facts facts = look(view, domains);
  const Plan plan = make_plan(facts, choices);
  if (const std::string records = format_all_records(plan); !records.empty()) {
    std::cout << '\n' << records;
  }
  const int status = send_test(arguments, view, facts, plan);
  print_what_is_missing(plan, facts);
  return status;
}

}  // namespace

int set_up(const Arguments& arguments, const View& view, std::vector<mail::Domain> named) {
  Facts facts = look(view, {});
  if (!facts.configuration.problem.empty()) {
    return complain("setup", {exit_failure, facts.configuration.problem});
  }
  std::cout << format_facts(facts) << '\n';
  const auto domains = find_domains(arguments, facts, std::move(named));
  if (!domains) {
    return complain("setup", domains.error());
  }
  gather_domains(facts, *domains, view.sources);
  const Choices choices = find_choices(arguments, facts);
  const Plan plan = make_plan(facts, choices);
  std::cout << format_steps(plan, facts, in_colour());
  if (const auto done = carry_out(arguments, view, facts, plan); !done) {
    const int status = complain("setup", done.error());
    std::cerr << "What was done so far is noted; sekisho setup --undo takes it back.\n";
    return status;
  }
  return finish(arguments, view, *domains, choices);
}

}  // namespace sekisho::tools::setup
