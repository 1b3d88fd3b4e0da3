#include "tools/cli/subcommands.hpp"
#include "tools/setup/arguments.hpp"
#include "tools/setup/json.hpp"
#include "tools/setup/look.hpp"
#include "tools/setup/plan_text.hpp"
#include "tools/setup/questions.hpp"
#include "tools/setup/undo.hpp"
#include "tools/setup/wizard.hpp"

#include <iostream>
#include <optional>
#include <utility>

#include <unistd.h>

namespace sekisho::tools {

namespace {

using setup::Arguments;

// Without --domain, those that the configuration signs for; without these, the mail server's own.
std::vector<mail::Domain> domains_to_show(const std::vector<mail::Domain>& named,
                                          const setup::Facts& facts) {
  if (!named.empty()) {
    return named;
  }
  std::vector<mail::Domain> domains = setup::configured_domains(facts.configuration.options);
  if (const auto own = mail::Domain::parse(facts.mail_domain); domains.empty() && own) {
    domains.push_back(*own);
  }
  return domains;
}

int show(const Arguments& arguments, const setup::View& view,
         const std::vector<mail::Domain>& named) {
  setup::Facts facts = setup::look(view, {});
  setup::gather_domains(facts, domains_to_show(named, facts), view.sources);
  const setup::Plan plan = setup::make_plan(facts, setup::choices_of(arguments));
  if (arguments.format == "json") {
    std::cout << setup::format_json(plan, facts);
    return exit_success;
  }
  std::cout << setup::format_facts(facts) << '\n'
            << setup::format_steps(plan, facts, isatty(STDOUT_FILENO) != 0);
  if (const std::string records = setup::format_all_records(plan); !records.empty()) {
    std::cout << '\n' << records;
  }
  std::cout << "\nNothing was changed (--dry-run).\n";
  return exit_success;
}

std::optional<Refusal> refuse(const Arguments& arguments) {
  if (arguments.undo && arguments.release) {
    return Refusal{exit_usage, "--undo and --release exclude each other"};
  }
  if (arguments.dry_run) {
    return std::nullopt;
  }
  if (arguments.format == "json") {
    return Refusal{exit_usage, "--format json needs --dry-run"};
  }
  if (geteuid() != 0) {
    return Refusal{exit_failure, "only root can do this; --dry-run shows what would be done"};
  }
  if (!arguments.yes && !arguments.undo && !arguments.release && !setup::has_terminal()) {
    return Refusal{exit_usage,
                   "there is no terminal to ask on: give --yes (with --domain), or --dry-run"};
  }
  return std::nullopt;
}

int run(const Arguments& arguments) {
  if (const auto refusal = refuse(arguments)) {
    return complain("setup", *refusal);
  }
  const auto domains = setup::parse_domains(arguments.domains);
  if (!domains) {
    return complain("setup", domains.error());
  }
  const auto view = setup::open_view(arguments);
  if (!view) {
    return complain("setup", view.error());
  }
  if (arguments.undo) {
    return setup::undo(arguments, *view);
  }
  if (arguments.release) {
    return setup::release(arguments, *view);
  }
  return arguments.dry_run ? show(arguments, *view, *domains)
                           : setup::set_up(arguments, *view, *domains);
}

void add_action_options(Command& command, Arguments& arguments) {
  command.flag("--yes", arguments.yes, "Do all of it without asking");
  command.flag("--dry-run", arguments.dry_run, "Show what would be done, and change nothing");
  command.flag("--undo", arguments.undo, "Take back what setup has done");
  command.flag("--release", arguments.release,
               "Have the mail server no longer ask Sekisho, before a removal");
}

void add_test_options(Command& command, Arguments& arguments) {
  command.flag("--no-test", arguments.no_test, "Send no test message");
  command.option("--test-to ADDRESS", arguments.test_to,
                 "Recipient of the test message; default: root of this host");
  command.option("--log FILE", arguments.log,
                 "Log of the daemon, to look for the test message; default: the journal");
}

void add_place_options(Command& command, Arguments& arguments) {
  command.option("--config FILE", arguments.config, "Configuration file").shows_default();
  command.option("--dir DIR", arguments.key_folder, "Folder of the keys").shows_default();
  command.option("--postfix-dir DIR", arguments.postfix_folder,
                 "Folder of main.cf; default: that of postconf(1)");
}

}  // namespace

void add_setup(Command& sekisho) {
  Command setup = sekisho.command("setup", "Set up Sekisho on this host");
  Arguments& arguments = setup.runs(run);
  setup.option("--domain NAME", arguments.domains,
               "Domain whose mail is to be signed; may be repeated");
  add_action_options(setup, arguments);
  setup.option("--authserv-id NAME", arguments.authserv_id,
               "Name in the results; default: the name of the mail server");
  setup.option("--address IP", arguments.addresses,
               "Address from which this host sends mail; may be repeated");
  setup.option("--report-address ADDRESS", arguments.report_address,
               "Where reports are to go; default: postmaster of the domain");
  setup.flag("--tls-rpt", arguments.tls_reporting, "Also show a record for TLS reports");
  setup.flag("--submission", arguments.submission,
             "Offer submission (port 587) if no service does");
  setup.flag("--enforce", arguments.enforce, "Refuse mail at once, without policy.dry_run");
  add_test_options(setup, arguments);
  add_place_options(setup, arguments);
  add_dns_options(setup, arguments.dns);
  setup.choice("--format", arguments.format, {"text", "json"}, "Output format");
}

}  // namespace sekisho::tools
