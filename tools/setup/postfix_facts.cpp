#include "tools/setup/postfix_facts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::tools::setup {

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) {
    return {};
  }
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

// `name = value`
std::map<std::string, std::string> settings_of(const std::string& text) {
  std::map<std::string, std::string> settings;
  for (const std::string& line : lines_of(text)) {
    const std::size_t equals = line.find(" =");
    if (equals != std::string::npos) {
      settings[line.substr(0, equals)] = trimmed(std::string_view(line).substr(equals + 2));
    }
  }
  return settings;
}

// service type private unprivileged chroot wakeup processes command
std::vector<Service> services_of(const std::string& master) {
  constexpr std::size_t chroot = 4;
  constexpr std::size_t command = 7;
  std::vector<Service> services;
  for (const std::string& line : lines_of(master)) {
    std::istringstream stream(line);
    std::vector<std::string> columns;
    for (std::string column; columns.size() <= command && stream >> column;) {
      columns.push_back(column);
    }
    if (columns.size() > command && columns[1] == "inet" && columns[command] == "smtpd") {
      services.push_back({columns[0] + "/inet", columns[chroot] == "y", {}});
    }
  }
  return services;
}

// `submission/inet/smtpd_sasl_auth_enable = yes`, as `postconf -P` prints it.
void add_parameters(std::vector<Service>& services, const std::string& text) {
  for (const auto& [name, value] : settings_of(text)) {
    for (Service& service : services) {
      if (name.starts_with(service.name + "/")) {
        service.parameters[name.substr(service.name.size() + 1)] = value;
      }
    }
  }
}

}  // namespace

Words postfix_command(const std::string& program, const std::string& folder, bool is_usual) {
  return is_usual ? Words{program} : Words{program, "-c", folder};
}

std::expected<PostfixFacts, std::string> gather_postfix(const CommandRunner& run,
                                                        const std::string& folder) {
  const auto ask = [&](const std::string& program, const Words& arguments) {
    Words command = postfix_command(program, folder, folder.empty());
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run(command);
  };
  const CommandResult values =
      ask("postconf",
          {"-x", "config_directory", "mail_version", "myhostname", "mydomain", "queue_directory",
           "smtpd_milters", "non_smtpd_milters", "milter_default_action", "milter_protocol",
           "smtpd_proxy_filter", "receive_override_options", "smtpd_forbid_bare_newline",
           "smtp_bind_address", "smtp_bind_address6", "inet_interfaces"});
  if (!values.succeeded()) {
    return std::unexpected(values.status == CommandResult::not_started ? ""
                                                                       : trimmed(values.errors));
  }
  const std::string services = ask("postconf", {"-M"}).output;
  PostfixFacts facts;
  facts.values = settings_of(values.output);
  facts.folder = facts.values["config_directory"];
  facts.is_usual = folder.empty();
  facts.version = facts.values["mail_version"];
  facts.parameters = settings_of(ask("postconf", {"-n"}).output);
  facts.services = services_of(services);
  add_parameters(facts.services, ask("postconf", {"-P"}).output);
  facts.wiring = parse_postfix(values.output, services, ask("postconf", {"-Px"}).output);
  facts.is_running = ask("postfix", {"status"}).succeeded();
  return facts;
}

bool is_submission(const Service& service) {
  constexpr std::array<std::string_view, 5> names{"submission", "submissions", "smtps", "587",
                                                  "465"};
  const std::string name = service.name.substr(0, service.name.rfind('/'));
  const std::string port = name.substr(name.rfind(':') + 1);
  return std::ranges::find(names, port) != names.end();
}

}  // namespace sekisho::tools::setup
