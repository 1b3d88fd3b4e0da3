#include "tools/setup/postfix_plan.hpp"

#include "config/socket.hpp"
#include "tools/config/milter_names.hpp"
#include "tools/setup/milter_list.hpp"
#include "tools/setup/postfix_facts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <string_view>
#include <utility>

namespace sekisho::tools::setup {

namespace {

constexpr std::string_view mark = "milter_macro_daemon_name";

std::string value_of(const std::map<std::string, std::string>& settings, std::string_view name) {
  const auto found = settings.find(std::string(name));
  return found == settings.end() ? "" : found->second;
}

bool has(const std::map<std::string, std::string>& settings, std::string_view name) {
  return settings.contains(std::string(name));
}

// A list that refers to smtpd_milters follows it.
void plan_list(const PostfixFacts& postfix, const std::string& parameter, const std::string& wanted,
               const std::vector<std::string>& ours, std::vector<Change>& changes) {
  const std::string written = value_of(postfix.parameters, parameter);
  const bool follows = parameter != "smtpd_milters" &&
                       (written.contains("$smtpd_milters") || written.contains("${smtpd_milters"));
  if (follows || has_milter(value_of(postfix.values, parameter), wanted)) {
    return;
  }
  changes.emplace_back(SetParameter{parameter, add_milter(written, wanted, ours)});
}

// Where mail from other hosts comes in.
bool receives_mail(const Service& service) {
  return service.name == "smtp/inet" || service.name == "25/inet";
}

// Services with a list of their own, but for those that ask no milter on purpose.
void plan_service_lists(const PostfixFacts& postfix, const std::string& wanted,
                        const std::vector<std::string>& ours, std::vector<Change>& changes) {
  for (const Service& service : postfix.services) {
    const std::string list = value_of(service.parameters, "smtpd_milters");
    if (list.empty() || list.contains("$smtpd_milters") || has_milter(list, wanted)) {
      continue;
    }
    const bool is_ours =
        std::ranges::any_of(ours, [&](const auto& name) { return has_milter(list, name); });
    if (is_ours || is_submission(service) || receives_mail(service)) {
      changes.emplace_back(
          SetServiceParameter{service.name, "smtpd_milters", add_milter(list, wanted, ours)});
    }
  }
}

Step plan_milters(const PostfixFacts& postfix, const std::string& wanted,
                  const std::vector<std::string>& ours) {
  Step step{Topic::mail_server, StepState::done, "Postfix asks Sekisho at " + wanted, {}};
  plan_list(postfix, "smtpd_milters", wanted, ours, step.changes);
  plan_list(postfix, "non_smtpd_milters", wanted, ours, step.changes);
  plan_service_lists(postfix, wanted, ours, step.changes);
  if (!step.changes.empty()) {
    step.state = StepState::missing;
    step.text = "have Postfix ask Sekisho at " + wanted;
  }
  return step;
}

// smtpd_forbid_bare_newline=normalize came with these releases, and as the default with 3.9.
bool can_normalize(const std::string& version) {
  struct Release {
    int series;
    int patch;
  };
  constexpr std::array<Release, 4> first{{{5, 24}, {6, 14}, {7, 10}, {8, 5}}};
  Release release{};
  const char* const end = version.data() + version.size();
  if (!version.starts_with("3.")) {
    return false;
  }
  const auto [dot, error] = std::from_chars(version.data() + 2, end, release.series);
  if (error != std::errc{} || dot == end ||
      std::from_chars(dot + 1, end, release.patch).ec != std::errc{}) {
    return false;
  }
  return std::ranges::any_of(first, [&](const Release& one) {
    return one.series == release.series && release.patch >= one.patch;
  });
}

// What is useful with any milter. Values of the postmaster stay.
Step plan_strictness(const PostfixFacts& postfix) {
  Step step{Topic::mail_server, StepState::done, "Postfix refuses NUL and bare line feeds", {}};
  if (!has(postfix.parameters, "message_reject_characters")) {
    step.changes.emplace_back(SetParameter{"message_reject_characters", "\\0"});
  }
  if (!has(postfix.parameters, "smtpd_forbid_bare_newline") && can_normalize(postfix.version)) {
    step.changes.emplace_back(SetParameter{"smtpd_forbid_bare_newline", "normalize"});
  }
  if (!step.changes.empty()) {
    step.state = StepState::missing;
    step.text = "refuse NUL, which hides text from milters, and bare line feeds (SMTP smuggling)";
  }
  return step;
}

std::optional<Step> doubt_default_action(const PostfixFacts& postfix) {
  const std::string action = value_of(postfix.values, "milter_default_action");
  if (action.empty() || action == "tempfail") {
    return std::nullopt;
  }
  return Step{Topic::mail_server,
              StepState::conflict,
              "milter_default_action is " + action + ": if Sekisho does not answer, mail " +
                  (action == "accept" ? "passes unchecked and unsigned" : "is treated so, too") +
                  "; with tempfail, the sender tries again",
              {}};
}

std::optional<Step> doubt_protocol(const PostfixFacts& postfix) {
  const std::string protocol = value_of(postfix.values, "milter_protocol");
  if (protocol.empty() || protocol == "6") {
    return std::nullopt;
  }
  return Step{Topic::mail_server,
              StepState::conflict,
              "milter_protocol is " + protocol +
                  ": remove it (postconf -X milter_protocol), since only protocol 6 passes the "
                  "header unchanged",
              {}};
}

std::string shown_name(const Service& service) {
  return service.name.substr(0, service.name.rfind('/'));
}

std::optional<Step> doubt_submission(const Service& service) {
  const auto milters = service.parameters.find("smtpd_milters");
  const bool asks_none =
      (milters != service.parameters.end() && milters->second.empty()) ||
      value_of(service.parameters, "receive_override_options").contains("no_milters");
  if (!asks_none) {
    return std::nullopt;
  }
  return Step{Topic::submission,
              StepState::conflict,
              shown_name(service) + " asks no milter: mail that users send there is not signed",
              {}};
}

Step plan_mark(const Service& service, const config::Options& options) {
  const std::string name = value_of(service.parameters, mark);
  const std::vector<std::string>& daemons = options.signing.origin.daemons;
  if (std::ranges::find(daemons, name) != daemons.end()) {
    return {Topic::submission,
            StepState::done,
            "mail at " + shown_name(service) + " counts as that of your users",
            {}};
  }
  if (!name.empty()) {
    return {Topic::submission,
            StepState::conflict,
            shown_name(service) + " has " + std::string(mark) + "=" + name +
                ": add this name to signing.daemons, or set ORIGINATING",
            {}};
  }
  return {Topic::submission,
          StepState::missing,
          "mark mail at " + shown_name(service) + " as that of your users",
          {SetServiceParameter{service.name, std::string(mark), "ORIGINATING"}}};
}

// The commented service of Debian's master.cf, with the mark.
Step plan_new_submission(const PostfixFacts& postfix) {
  const bool is_chrooted = std::ranges::any_of(postfix.services, &Service::is_chrooted);
  return {Topic::submission,
          StepState::missing,
          "offer submission (port 587), over TLS and for users who log in",
          {AddService{"submission/inet",
                      std::string("submission inet n - ") + (is_chrooted ? "y" : "n") +
                          " - - smtpd -o syslog_name=postfix/submission"
                          " -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes"
                          " -o smtpd_tls_auth_only=yes"
                          " -o smtpd_relay_restrictions=permit_sasl_authenticated,reject"
                          " -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject"
                          " -o milter_macro_daemon_name=ORIGINATING"}}};
}

std::vector<Step> plan_submission(const PostfixFacts& postfix, const config::Options& options,
                                  const Choices& choices) {
  std::vector<Step> steps;
  for (const Service& service : postfix.services) {
    if (!is_submission(service)) {
      continue;
    }
    if (auto doubt = doubt_submission(service)) {
      steps.push_back(*std::move(doubt));
      continue;
    }
    steps.push_back(plan_mark(service, options));
  }
  if (steps.empty() && choices.submission) {
    steps.push_back(plan_new_submission(postfix));
  } else if (steps.empty()) {
    steps.push_back({Topic::submission,
                     StepState::done,
                     "Postfix offers no submission service; --submission adds one",
                     {}});
  }
  return steps;
}

}  // namespace

std::string socket_for(const PostfixFacts& postfix) {
  return "unix:" + postfix.wiring.queue_directory + "/sekisho/sekisho.sock";
}

std::vector<std::string> names_of_socket(const std::string& socket, const PostfixFacts& postfix) {
  const auto parsed = config::parse_socket(socket);
  return parsed ? names_in_postfix(*parsed, postfix.wiring) : std::vector<std::string>{};
}

std::vector<Step> plan_postfix(const PostfixFacts& postfix, const std::string& socket,
                               const std::vector<std::string>& ours, const config::Options& options,
                               const Choices& choices) {
  const std::vector<std::string> names = names_of_socket(socket, postfix);
  if (names.empty()) {
    return {
        {Topic::mail_server, StepState::conflict, "Postfix cannot reach Sekisho at " + socket, {}}};
  }
  std::vector<Step> steps{plan_milters(postfix, names.front(), ours), plan_strictness(postfix)};
  for (auto& doubt : {doubt_default_action(postfix), doubt_protocol(postfix)}) {
    if (doubt) {
      steps.push_back(*doubt);
    }
  }
  std::ranges::move(plan_submission(postfix, options, choices), std::back_inserter(steps));
  const bool changes = std::ranges::any_of(steps, [](const Step& s) { return !s.changes.empty(); });
  if (changes && postfix.is_running) {
    Words reload = postfix_command("postfix", postfix.folder, postfix.is_usual);
    reload.emplace_back("reload");
    steps.push_back({Topic::mail_server,
                     StepState::missing,
                     "have Postfix read this",
                     {RunProgram{std::move(reload)}}});
  }
  return steps;
}

}  // namespace sekisho::tools::setup
