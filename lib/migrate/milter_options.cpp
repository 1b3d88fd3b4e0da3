#include "migrate/milter_options.hpp"

#include "config/value.hpp"
#include "mail/ascii.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace sekisho::migrate {

namespace {

constexpr std::string_view chroot = "/var/spool/postfix/";

// The address as Sekisho takes it: with one, and without brackets.
std::string inet_socket(std::string_view kind, std::string_view rest) {
  const std::size_t at = std::min(rest.find('@'), rest.size());
  std::string_view host = rest.substr(std::min(at + 1, rest.size()));
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  if (host.empty()) {
    host = kind == "inet6" ? "::" : "0.0.0.0";
  }
  return std::string(kind) + ":" + std::string(rest.substr(0, at)) + "@" + std::string(host);
}

// The path of a unix socket; nullopt: it is another one.
std::optional<std::string_view> unix_path(std::string_view socket) {
  const std::size_t colon = socket.find(':');
  const std::string_view kind = socket.substr(0, colon);
  if (socket.starts_with('/')) {
    return socket;
  }
  const bool is_unix = colon != std::string_view::npos && (kind == "local" || kind == "unix");
  return is_unix ? std::optional(socket.substr(colon + 1)) : std::nullopt;
}

// What UMask leaves of the permissions to read and write.
void set_mode(const Statement& umask, Conversion& conversion) {
  constexpr unsigned read_and_write = 0666;
  constexpr unsigned for_the_group = 0060;
  const auto mask = number_of(umask, conversion);
  if (!mask) {
    return;
  }
  const unsigned bits = read_and_write & ~static_cast<unsigned>(*mask);
  std::array<char, 8> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%04o", bits));
  const std::string mode = text.data();
  conversion.draft().set("socket_mode", quoted(mode), umask);
  if ((bits & for_the_group) != for_the_group) {
    conversion.draft().note(NoteKind::by_hand, umask,
                            "socket_mode " + mode +
                                " lets nobody connect but the daemon's own user: whoever connects "
                                "has to write to the socket; the default, 0660, lets the group");
  }
}

// The folders of the old milters belong to them, and some go when they go. Below its queue Postfix
// finds a socket whether or not its smtpd is chrooted, and the folder there has its group.
void move_unix_socket(std::string_view path, const Statement& statement, Conversion& conversion) {
  const bool is_below = conversion.surroundings().has_postfix || path.starts_with(chroot);
  const std::string socket =
      is_below ? "unix:/var/spool/postfix/sekisho/sekisho.sock" : "unix:/run/sekisho/sekisho.sock";
  conversion.draft().set("socket", quoted(socket), statement);
  conversion.draft().note(
      NoteKind::by_hand, statement,
      "the socket moves to a folder of Sekisho's own; tell the MTA: " +
          (is_below ? "in Postfix smtpd_milters = unix:sekisho/sekisho.sock"
                    : socket + ", whose user has to be in the group of the socket"));
  if (const Statement* const umask = conversion.find("UMask")) {
    set_mode(*umask, conversion);
  }
}

constexpr std::string_view restarts = "the service manager restarts the daemon where it fails";

constexpr Row rows[] = {
    {"AuthservID", Fate::converted, "authserv_id", convert_authserv_id},
    {"AutoRestart", Fate::needless, restarts},
    {"AutoRestartCount", Fate::needless, restarts},
    {"AutoRestartRate", Fate::needless, restarts},
    {"Background", Fate::needless, "the service manager looks after the process"},
    {"BaseDirectory", Fate::needless, "paths are written in full"},
    {"ChangeRootDirectory", Fate::needless, "the unit of systemd confines the daemon"},
    {"EnableCoredumps", Fate::needless, "core dumps are the service manager's to allow"},
    {"Include", Fate::needless, "it was followed"},
    {"MilterDebug", Fate::needless, "libmilter is not debugged from the configuration"},
    {"PidFile", Fate::needless, "the service manager knows the process"},
    {"Socket", Fate::converted, "socket", convert_socket},
    {"SoftwareHeader", Fate::never, "no field names the software"},
    {"Syslog", Fate::converted, "log_target", convert_syslog},
    {"SyslogFacility", Fate::lost, "the facility is mail", nullptr, "mail"},
    {"TemporaryDirectory", Fate::needless, "there are no temporary files"},
    {"UMask", Fate::converted, "socket_mode", convert_umask},
};

}  // namespace

std::span<const Row> milter_rows() {
  return rows;
}

std::string quoted(const std::string& text) {
  return config::quote(text);
}

std::string quoted(const std::vector<std::string>& texts) {
  return config::Codec<std::vector<std::string>>::write(texts);
}

std::string seconds(std::uint64_t count) {
  return config::quote(std::to_string(count) + "s");
}

void convert_socket(const Statement& statement, Conversion& conversion) {
  Draft& draft = conversion.draft();
  if (draft.has("socket")) {
    draft.note(NoteKind::needless, statement, "one socket serves it all");
    return;
  }
  const std::string_view value = statement.value;
  const std::size_t colon = value.find(':');
  if (const auto path = unix_path(value)) {
    move_unix_socket(*path, statement, conversion);
  } else if (colon == std::string_view::npos) {
    draft.fail(statement, "neither local:PATH nor inet:PORT@HOST nor inet6:PORT@HOST");
  } else {
    const std::string socket = inet_socket(value.substr(0, colon), value.substr(colon + 1));
    draft.set("socket", quoted(socket), statement);
  }
}

void convert_umask(const Statement& statement, Conversion& conversion) {
  if (number_of(statement, conversion) && !unix_path(conversion.value_of("Socket", ""))) {
    conversion.draft().note(NoteKind::needless, statement, "it is about sockets with a path");
  }
}

void convert_user(const Statement& statement, Conversion& conversion) {
  conversion.draft().note(NoteKind::needless, statement,
                          "the unit of systemd starts sekishod as a user of its own, sekisho");
}

void convert_authserv_id(const Statement& statement, Conversion& conversion) {
  if (mail::equals_ignoring_case(statement.value, "HOSTNAME")) {
    conversion.draft().note(NoteKind::needless, statement,
                            "the name of the machine is the default of authserv_id");
    return;
  }
  conversion.draft().set("authserv_id", quoted(statement.value), statement);
}

void convert_syslog(const Statement& statement, Conversion& conversion) {
  const auto is_on = boolean_of(statement, conversion);
  if (!is_on) {
    return;
  }
  if (!*is_on) {
    conversion.draft().note(NoteKind::needless, statement, "the default of log_target is stderr");
    return;
  }
  if (!conversion.surroundings().has_syslog) {
    conversion.draft().note(
        NoteKind::by_hand, statement,
        "this host has no /dev/log, as in a container: log_target stays stderr, "
        "which the service manager or the container's runtime keeps");
    return;
  }
  conversion.draft().set("log_target", quoted(std::string("syslog")), statement);
}

void convert_dns_timeout(const Statement& statement, Conversion& conversion) {
  const auto timeout = number_of(statement, conversion);
  if (timeout) {
    conversion.draft().set("dns.timeout", seconds(*timeout), statement);
  }
}

void convert_maximum_headers(const Statement& statement, Conversion& conversion) {
  const auto octets = number_of(statement, conversion);
  if (!octets) {
    return;
  }
  if (*octets == 0) {
    conversion.draft().note(NoteKind::lost, statement, "a header always has a limit");
    return;
  }
  conversion.draft().set("limits.header_octets", std::to_string(*octets), statement);
}

void convert_required_headers(const Statement& statement, Conversion& conversion) {
  const auto is_on = boolean_of(statement, conversion);
  if (!is_on || !*is_on) {
    return;
  }
  for (const char* option : {"policy.multiple_from", "policy.no_from", "policy.unparsable_from"}) {
    conversion.draft().set(option, quoted(std::string("reject")), statement);
  }
  conversion.draft().note(NoteKind::lost, statement, "of the fields only From is counted");
}

std::optional<Hosts> hosts_of(const Statement& statement, Conversion& conversion) {
  const auto set = conversion.data_set(statement);
  if (!set) {
    return std::nullopt;
  }
  Hosts hosts = sort_hosts(*set);
  for (const Hosts::Odd& odd : hosts.odd) {
    const Statement origin{statement.name, odd.member.text, odd.member.place};
    conversion.draft().note(NoteKind::lost, origin, odd.member.text + ": " + odd.reason);
  }
  return hosts;
}

namespace {

void accept_where(const std::string& condition, const std::vector<std::string>& entries,
                  const std::string& results, const std::vector<std::string>& words,
                  const Statement& statement, Conversion& conversion) {
  if (entries.empty()) {
    return;
  }
  const std::vector<std::string> origin{format_origin(statement)};
  conversion.draft().add({"rule",
                          {{"name", quoted(statement.name), origin},
                           {condition, quoted(entries), origin},
                           {results, quoted(words), origin},
                           {"action", quoted(std::string("accept")), origin}}},
                         statement);
}

}  // namespace

void accept_clients(const std::vector<std::string>& clients, const std::string& results,
                    const std::vector<std::string>& words, const Statement& statement,
                    Conversion& conversion) {
  accept_where("client", clients, results, words, statement, conversion);
}

void accept_hosts(const Hosts& hosts, const std::string& results,
                  const std::vector<std::string>& words, const Statement& statement,
                  Conversion& conversion) {
  std::vector<std::string> networks;
  networks.reserve(hosts.networks.size());
  for (const dns::Network& network : hosts.networks) {
    networks.push_back(network.text());
  }
  accept_where("client", networks, results, words, statement, conversion);
  accept_where("client_name", hosts.names, results, words, statement, conversion);
}

}  // namespace sekisho::migrate
