#include "tools/setup/plan_text.hpp"

#include "tools/setup/changes.hpp"
#include "tools/setup/other_milters.hpp"
#include "tools/setup/postfix_facts.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace sekisho::tools::setup {

namespace {

constexpr std::size_t label_width = 14;

std::string line(std::string_view label, std::string_view text) {
  return fmt::format("{:<{}}{}\n", label, label_width, text);
}

void add(std::string& list, std::string_view item) {
  list.append(list.empty() ? "" : ", ").append(item);
}

std::string format_mail_server(const Facts& facts) {
  switch (facts.mail_server) {
    case MailServer::postfix:
      return "Postfix " + facts.postfix->version + ", " + facts.host_name +
             (facts.postfix->wiring.is_smtpd_chrooted
                  ? ", chrooted to " + facts.postfix->wiring.queue_directory
                  : "") +
             (facts.postfix->is_running ? "" : ", not running");
    case MailServer::sendmail:
      return "Sendmail " + facts.sendmail->version + ", " + facts.host_name;
    case MailServer::none:
    case MailServer::other:
      return facts.postfix_problem.empty() ? "none was found" : "Postfix, whose postconf fails";
  }
  std::unreachable();
}

std::string format_submission(const PostfixFacts& postfix) {
  std::string names;
  for (const Service& service : postfix.services) {
    if (is_submission(service)) {
      add(names, service.name.substr(0, service.name.rfind('/')));
    }
  }
  return names.empty() ? "not offered" : names;
}

std::string format_others(const std::vector<OtherMilter>& others) {
  std::string text;
  for (const OtherMilter& other : others) {
    add(text, std::string(format_other_program(other.program)) +
                  (other.name.empty() ? " (not asked)" : " at " + other.name));
  }
  return text.empty() ? "none" : text;
}

std::string format_address(const AddressFacts& address) {
  const std::string text = address.address.text();
  if (!address.is_public) {
    return text + ", not public";
  }
  return address.name.code == iprev::ResultCode::pass ? text + ", " + address.name.name
                                                      : text + ", " + address.name.reason;
}

std::string_view format_validation(Validation validation) {
  switch (validation) {
    case Validation::validates:
      return "validates";
    case Validation::does_not_validate:
      return "does not validate";
    case Validation::no_answer:
      return "does not answer";
  }
  std::unreachable();
}

std::string format_resolver(const ResolverFacts& resolver) {
  std::string servers;
  for (const std::string& server : resolver.servers) {
    add(servers, server);
  }
  return servers + ", " + std::string(format_validation(resolver.validation));
}

std::string_view format_daemon(DaemonState state) {
  switch (state) {
    case DaemonState::running:
      return "running";
    case DaemonState::stopped:
      return "not running";
    case DaemonState::unmanaged:
      return "no unit of systemd";
  }
  std::unreachable();
}

std::string format_keys(const DomainFacts& domain) {
  std::string names;
  for (const KeyFacts& key : domain.keys) {
    add(names, key.key->selector + (key.is_configured ? "" : " (not in the configuration)"));
  }
  return names.empty() ? "no keys" : "keys " + names;
}

std::string_view colour_of(const Step& step) {
  switch (step.state) {
    case StepState::done:
      return "\x1b[32m";
    case StepState::missing:
      return "\x1b[33m";
    case StepState::conflict:
      return "\x1b[31m";
  }
  std::unreachable();
}

// Lines after the first begin below it.
std::string hanging(const std::string& text, std::size_t indent) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    shown += text[i];
    const bool ends_line = text[i] == '\n' && i + 1 < text.size() && text[i + 1] != '\n';
    shown.append(ends_line ? indent : 0, ' ');
  }
  return shown;
}

std::string format_step(const Step& step, const Facts& facts, bool in_colour) {
  constexpr std::size_t state_width = 10;
  constexpr std::size_t indent = state_width + label_width + 1;
  std::string text = fmt::format("{}{:<{}}{}{:<{}} {}\n", in_colour ? colour_of(step) : "",
                                 format_step_state(step), state_width, in_colour ? "\x1b[0m" : "",
                                 format_topic(step.topic), label_width, hanging(step.text, indent));
  if (step.state != StepState::missing) {
    return text;
  }
  for (const Change& change : step.changes) {
    text +=
        std::string(indent + 2, ' ') + hanging(describe_change(change, facts), indent + 2) + "\n";
  }
  return text;
}

}  // namespace

std::string format_facts(const Facts& facts) {
  std::string text = line("mail server", format_mail_server(facts));
  if (facts.postfix) {
    text += line("submission", format_submission(*facts.postfix));
    text += line("other milters", format_others(facts.others));
  }
  for (const AddressFacts& address : facts.addresses) {
    text += line("address", format_address(address));
  }
  text += line("resolver", format_resolver(facts.resolver));
  text += line("sekishod", format_daemon(facts.daemon));
  for (const DomainFacts& domain : facts.domains) {
    text += line("domain", domain.domain.text() + ", " + format_keys(domain));
  }
  return text;
}

std::string format_steps(const Plan& plan, const Facts& facts, bool in_colour, bool done_too) {
  std::string text;
  for (const Step& step : plan.steps) {
    if (done_too || step.state != StepState::done) {
      text += format_step(step, facts, in_colour);
    }
  }
  return text;
}

std::string format_all_records(const Plan& plan) {
  std::string text;
  for (const PlannedRecords& one : plan.records) {
    const std::string records = format_records(one.domain, one.records);
    text += (text.empty() || records.empty() ? "" : "\n") + records;
  }
  return text;
}

}  // namespace sekisho::tools::setup
