#include "tools/setup/plan.hpp"

#include "config/socket.hpp"
#include "tools/setup/doubts_of_host.hpp"
#include "tools/setup/drop_ins.hpp"
#include "tools/setup/key_plan.hpp"
#include "tools/setup/milter_list.hpp"
#include "tools/setup/postfix_plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <sys/stat.h>

namespace sekisho::tools::setup {

namespace {

constexpr std::string_view usual_port = "inet:8891@127.0.0.1";
// The unit of systemd may write into this queue alone.
constexpr std::string_view usual_queue = "/var/spool/postfix";

bool is_unix(const std::string& socket) {
  const auto parsed = config::parse_socket(socket);
  return parsed && std::holds_alternative<config::UnixSocket>(*parsed);
}

// A unix socket that Postfix reaches stays. A port would let every user of the host have mail
// signed.
std::string wanted_socket(const Facts& facts) {
  const std::string& now = facts.configuration.options.socket;
  if (!facts.postfix) {
    return now.empty() ? std::string(usual_port) : now;
  }
  if (is_unix(now) && !names_of_socket(now, *facts.postfix).empty()) {
    return now;
  }
  const bool is_shut_out = facts.daemon != DaemonState::unmanaged &&
                           facts.postfix->wiring.queue_directory != usual_queue;
  return is_shut_out ? std::string(usual_port) : socket_for(*facts.postfix);
}

bool is_in_use(const Facts& facts) {
  if (!facts.postfix) {
    return facts.sendmail && facts.sendmail->names_sekisho;
  }
  const auto found = facts.postfix->values.find("smtpd_milters");
  return found != facts.postfix->values.end() &&
         std::ranges::any_of(facts.own_names,
                             [&](const auto& name) { return has_milter(found->second, name); });
}

// A name of the host, or a domain above it, stays.
std::string wanted_name(const Facts& facts, const Choices& choices) {
  const std::string& now = facts.configuration.options.authserv_id;
  if (!choices.authserv_id.empty()) {
    return choices.authserv_id;
  }
  const bool fits =
      now.contains('.') && (facts.host_name == now || facts.host_name.ends_with("." + now));
  return fits ? now : facts.host_name;
}

bool wanted_dry_run(const Facts& facts, const Choices& choices) {
  if (choices.enforce) {
    return false;
  }
  return facts.configuration.options.policy.dry_run || !is_in_use(facts);
}

HostOptions in_force(const config::Options& options) {
  return {options.socket, options.authserv_id, options.policy.dry_run};
}

std::string describe(const HostOptions& options) {
  return "socket " + options.socket + ", authserv_id " + options.authserv_id +
         (options.dry_run ? ", policy.dry_run" : "");
}

Step plan_configuration(const Facts& facts, const HostOptions& wanted) {
  const ConfigurationFacts& configuration = facts.configuration;
  if (!wanted.authserv_id.contains('.')) {
    return {Topic::configuration,
            StepState::conflict,
            "the name of this host is " + wanted.authserv_id +
                ", which is not a full host name: set myhostname of Postfix, or give --authserv-id",
            {}};
  }
  if (wanted == in_force(configuration.options)) {
    return {Topic::configuration, StepState::done, describe(wanted), {}};
  }
  const std::string file = main_drop_in(configuration.drop_ins);
  const std::string text = format_host_options(wanted);
  const auto before = configuration.written.find(file);
  if (before != configuration.written.end() && before->second == text) {
    return {Topic::configuration,
            StepState::conflict,
            file + " is overridden by another file: see sekisho config show",
            {}};
  }
  return {Topic::configuration, StepState::missing, describe(wanted), {WriteFile{file, text}}};
}

std::string daemon_user(const config::Options& options) {
  return options.user.empty() ? "sekisho" : options.user;
}

// As contrib/systemd/sekisho.tmpfiles has it.
void add_socket_folder(const Facts& facts, const HostOptions& wanted, Step& step) {
  constexpr mode_t for_group_of_folder = S_ISGID | S_IRWXU | S_IRGRP | S_IXGRP;
  if (step.state == StepState::conflict || !facts.postfix || facts.has_socket_folder ||
      wanted.socket != socket_for(*facts.postfix)) {
    return;
  }
  step.state = StepState::missing;
  step.changes.insert(
      step.changes.begin(),
      MakeFolder{facts.postfix->wiring.queue_directory + "/sekisho",
                 daemon_user(facts.configuration.options), "postfix", for_group_of_folder});
}

bool changes_any(const std::vector<Step>& steps) {
  return std::ranges::any_of(steps, [](const Step& step) { return !step.changes.empty(); });
}

// A restart, since a reload fails if the socket or the user has changed since the start, be it by
// another hand.
Step plan_daemon(const Facts& facts, bool is_changed) {
  switch (facts.daemon) {
    case DaemonState::running:
      if (!is_changed) {
        return {Topic::daemon, StepState::done, "sekishod is running", {}};
      }
      return {Topic::daemon,
              StepState::missing,
              "have sekishod read this",
              {RunProgram{{"systemctl", "restart", "sekishod"}}}};
    case DaemonState::stopped:
      return {Topic::daemon,
              StepState::missing,
              "start sekishod",
              {RunProgram{{"systemctl", "enable", "--now", "sekishod"}}}};
    case DaemonState::unmanaged:
      return {Topic::daemon,
              is_changed ? StepState::missing : StepState::done,
              is_changed ? "start sekishod again: no systemd unit does it here"
                         : "sekishod is started by you: no systemd unit does it here",
              {}};
  }
  std::unreachable();
}

Step plan_sendmail(const SendmailFacts& sendmail) {
  if (sendmail.names_sekisho) {
    return {Topic::mail_server, StepState::done, "Sendmail asks Sekisho (sendmail.mc)", {}};
  }
  return {Topic::mail_server,
          StepState::missing,
          "add these lines to /etc/mail/sendmail.mc, above the MAILER lines:\n"
          "INPUT_MAIL_FILTER(`sekisho', `S=inet:8891@127.0.0.1, F=T')dnl\n"
          "DAEMON_OPTIONS(`Name=ORIGINATING, Family=inet, Port=submission, M=Ea')dnl\n"
          "then run: make -C /etc/mail && systemctl restart sendmail",
          {}};
}

std::vector<Step> plan_mail_server(const Facts& facts, const HostOptions& wanted,
                                   const Choices& choices) {
  if (facts.postfix) {
    return plan_postfix(*facts.postfix, wanted.socket, facts.own_names, facts.configuration.options,
                        choices);
  }
  if (facts.sendmail) {
    return {plan_sendmail(*facts.sendmail)};
  }
  if (!facts.postfix_problem.empty()) {
    return {{Topic::mail_server, StepState::conflict, facts.postfix_problem, {}}};
  }
  return {{Topic::mail_server,
           StepState::conflict,
           "neither Postfix nor Sendmail is on this host: install one, and run setup again",
           {}}};
}

void add(std::vector<Step>& steps, std::vector<Step> more) {
  std::ranges::move(more, std::back_inserter(steps));
}

}  // namespace

Plan make_plan(const Facts& facts, const Choices& choices) {
  Plan plan;
  if (!facts.configuration.problem.empty()) {
    plan.steps.push_back(
        {Topic::configuration, StepState::conflict, facts.configuration.problem, {}});
    return plan;
  }
  const HostOptions wanted{wanted_socket(facts), wanted_name(facts, choices),
                           wanted_dry_run(facts, choices)};
  for (const DomainFacts& domain : facts.domains) {
    add(plan.steps, plan_keys(domain, facts));
  }
  Step configuration = plan_configuration(facts, wanted);
  add_socket_folder(facts, wanted, configuration);
  const bool is_clear = configuration.state != StepState::conflict;
  plan.steps.push_back(std::move(configuration));
  plan.steps.push_back(plan_daemon(facts, changes_any(plan.steps)));
  if (is_clear) {  // otherwise the mail server would ask a socket that is not there
    add(plan.steps, plan_mail_server(facts, wanted, choices));
  }
  add(plan.steps, doubts_about_others(facts));
  for (const DomainFacts& domain : facts.domains) {
    DomainFacts signing = domain;
    signing.keys = signing_keys(domain);
    plan.records.push_back({domain.domain.text(), records_for(signing, facts, choices.records)});
    add(plan.steps, steps_of_records(plan.records.back()));
  }
  add(plan.steps, doubts_about_names(facts));
  plan.steps.push_back(doubt_resolver_of(facts));
  return plan;
}

std::string_view format_topic(Topic topic) {
  switch (topic) {
    case Topic::configuration:
      return "configuration";
    case Topic::keys:
      return "keys";
    case Topic::daemon:
      return "daemon";
    case Topic::mail_server:
      return "mail server";
    case Topic::submission:
      return "submission";
    case Topic::other_milters:
      return "other milters";
    case Topic::dns:
      return "DNS records";
    case Topic::resolver:
      return "resolver";
    case Topic::host_name:
      return "host name";
  }
  std::unreachable();
}

std::string_view format_step_state(const Step& step) {
  switch (step.state) {
    case StepState::done:
      return "done";
    case StepState::missing:
      return step.changes.empty() ? "by hand" : "to do";
    case StepState::conflict:
      return "conflict";
  }
  std::unreachable();
}

}  // namespace sekisho::tools::setup
