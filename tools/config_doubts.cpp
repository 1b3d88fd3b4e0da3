#include "tools/config_doubts.hpp"

#include "config/socket.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <ranges>
#include <string_view>
#include <utility>
#include <variant>

#include <sys/stat.h>

namespace sekisho::tools {

namespace {

enum class Access : mode_t { execute = 1, write = 2, read = 4 };

bool may(const Person& person, const FileState& file, Access access) {
  constexpr unsigned owner_shift = 6;
  constexpr unsigned group_shift = 3;
  const auto bit = static_cast<mode_t>(access);
  if (person.user == 0) {
    return true;
  }
  if (person.user == file.owner) {
    return ((file.mode >> owner_shift) & bit) != 0;
  }
  if (std::ranges::find(person.groups, file.group) != person.groups.end()) {
    return ((file.mode >> group_shift) & bit) != 0;
  }
  return (file.mode & bit) != 0;
}

/// The first part of the path that keeps this person from the file; empty: none, or what is not
/// there.
std::string obstacle(const Person& person, const std::string& path, Access access,
                     const Files& files) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    const auto state = files(folder);
    if (!state) {
      return {};
    }
    if (!may(person, *state, Access::execute)) {
      return folder;
    }
  }
  const auto state = files(path);
  return !state || may(person, *state, access) ? "" : path;
}

bool signs(const config::Options& options) {
  const keys::Options& keys = options.signing.keys;
  return !keys.entries.empty() || !keys.key_table.empty() || !keys.signing_table.empty();
}

/// As smtpd_milters has it: seen from the queue folder where it lies below.
std::vector<std::string> names_in_postfix(const config::UnixSocket& socket,
                                          const Postfix& postfix) {
  const std::string below = postfix.queue_directory + "/";
  std::vector<std::string> paths;
  if (socket.path.starts_with(below)) {
    paths.push_back(socket.path.substr(below.size()));
    paths.push_back("/" + paths.back());
  }
  if (!postfix.is_smtpd_chrooted) {
    paths.push_back(socket.path);
  }
  std::vector<std::string> names;
  for (const std::string& path : paths) {
    names.push_back("unix:" + path);
    names.push_back("local:" + path);
  }
  return names;
}

/// The milters of smtpd_milters and of the services, with those that have none.
std::vector<std::vector<std::string>> milters_of(const Postfix& postfix) {
  std::vector<std::vector<std::string>> milters = postfix.service_milters;
  milters.push_back(postfix.smtpd_milters);
  return milters;
}

/// A socket that listens at every address has each name that ends in its port.
std::vector<std::string> names_in_postfix(const config::InetSocket& socket,
                                          const Postfix& postfix) {
  const std::string port = ":" + std::to_string(socket.port);
  const std::string text = socket.address.text();
  if (text == "0.0.0.0" || text == "::") {
    std::vector<std::string> names{"inet:127.0.0.1" + port};
    for (const std::string& milter : milters_of(postfix) | std::views::join) {
      if (milter.starts_with("inet") && milter.ends_with(port)) {
        names.push_back(milter);
      }
    }
    return names;
  }
  if (socket.address.is_v6()) {
    return {"inet:[" + text + "]" + port, "inet6:[" + text + "]" + port};
  }
  std::vector<std::string> names{"inet:" + text + port};
  if (text == "127.0.0.1") {
    names.push_back("inet:localhost" + port);
  }
  return names;
}

bool names_one_of(const std::vector<std::string>& milters, const std::vector<std::string>& names) {
  return std::ranges::any_of(milters, [&](const std::string& milter) {
    return std::ranges::find(names, milter) != names.end();
  });
}

std::optional<std::string> doubt_milters(const std::vector<std::string>& names,
                                         const Postfix& postfix) {
  if (std::ranges::any_of(milters_of(postfix),
                          [&](const auto& each) { return names_one_of(each, names); })) {
    return std::nullopt;
  }
  return "Postfix does not ask Sekisho: smtpd_milters should have " + names.front();
}

/// As opendkim.conf(5) has it: a path may stand alone, and without a host it is every address.
std::expected<config::Socket, std::string> socket_of(const OpenDkim& opendkim) {
  const std::string& text = opendkim.socket;
  if (text.starts_with('/')) {
    return config::parse_socket("unix:" + text);
  }
  if (!text.contains('@') && text.starts_with("inet")) {
    return config::parse_socket(text + (text.starts_with("inet6") ? "@::" : "@0.0.0.0"));
  }
  return config::parse_socket(text);
}

/// Where its socket cannot be told, any milter beside another is taken for it.
bool asks_opendkim(const Postfix& postfix, const OpenDkim& opendkim) {
  const auto milters = milters_of(postfix);
  const auto socket = socket_of(opendkim);
  if (!socket || std::holds_alternative<config::InheritedSocket>(*socket)) {
    return std::ranges::any_of(milters, [](const auto& each) { return each.size() > 1; });
  }
  const auto* const unix_socket = std::get_if<config::UnixSocket>(&*socket);
  const std::vector<std::string> names =
      unix_socket != nullptr ? names_in_postfix(*unix_socket, postfix)
                             : names_in_postfix(std::get<config::InetSocket>(*socket), postfix);
  return std::ranges::any_of(milters, [&](const auto& each) { return names_one_of(each, names); });
}

/// Whether the daemon can make its socket, where it is not root who does.
std::optional<std::string> doubt_folder(const std::string& path, const Host& host) {
  const std::string folder = path.substr(0, path.rfind('/'));
  if (folder.empty() || folder.starts_with("/run/")) {
    return std::nullopt;  // systemd makes it for the time that the daemon runs
  }
  if (!host.files(folder)) {
    return "socket: there is no folder " + folder;
  }
  const std::string place = obstacle(*host.daemon, folder, Access::write, host.files);
  if (place.empty()) {
    return std::nullopt;
  }
  return "socket: " + host.daemon->name + " cannot make it in " + folder + ", for " + place +
         " keeps it out; /var/spool/postfix/sekisho is made for it";
}

/// A folder of the system's is not to change hands for one file.
std::string way_in(const std::string& name, const std::string& folder, const Files& files) {
  const auto state = files(folder);
  return state && state->owner == 0 ? "move the file to where " + name + " may go"
                                    : "chown -R " + name + " " + folder;
}

std::vector<std::string> doubt_unix_socket(const config::UnixSocket& socket, const Host& host) {
  const Postfix& postfix = *host.postfix;
  const std::vector<std::string> names = names_in_postfix(socket, postfix);
  if (names.empty()) {
    return {"socket: Postfix's smtpd is chrooted to " + postfix.queue_directory +
            " and cannot see " + socket.path + "; put it into a folder below"};
  }
  std::vector<std::string> doubts;
  if (auto doubt = doubt_milters(names, postfix)) {
    doubts.push_back(*std::move(doubt));
  }
  if (!host.mail_server) {
    return doubts;
  }
  const std::string place = obstacle(*host.mail_server, socket.path, Access::write, host.files);
  if (!place.empty()) {
    doubts.push_back("socket: " + host.mail_server->name + " may not connect, for " + place +
                     " keeps it out; see socket_group in sekisho.toml(5)");
  }
  return doubts;
}

}  // namespace

std::optional<std::string> doubt_name(const config::Options& options, const Host& host) {
  if (!host.postfix || host.postfix->host_name.empty()) {
    return std::nullopt;
  }
  const std::string ours = mail::to_lower(options.authserv_id);
  const std::string theirs = mail::to_lower(host.postfix->host_name);
  if (ours == theirs || theirs.ends_with("." + ours)) {
    return std::nullopt;
  }
  return "authserv_id is " + options.authserv_id + ", and Postfix calls itself " +
         host.postfix->host_name + ": who reads the results looks for that name";
}

std::optional<std::string> doubt_user(const config::Options& options, const Host& host) {
  if (options.user.empty() || host.daemon) {
    return std::nullopt;
  }
  return "user: there is no user " + options.user;
}

std::vector<std::string> doubt_files(const std::vector<std::string>& files, const Host& host) {
  std::vector<std::string> doubts;
  if (!host.daemon) {
    return doubts;
  }
  const std::string& name = host.daemon->name;
  for (const std::string& file : files) {
    const std::string place = obstacle(*host.daemon, file, Access::read, host.files);
    if (place == file) {
      doubts.push_back(file + ": " + name + " cannot read it; chown " + name + " " + file);
    } else if (!place.empty()) {
      doubts.push_back(file + ": " + name + " cannot read it, for " + place + " keeps it out; " +
                       way_in(name, place, host.files));
    }
  }
  return doubts;
}

std::vector<std::string> doubt_socket(const config::Options& options, const Host& host) {
  const auto socket = config::parse_socket(options.socket);
  if (!socket) {
    return {};
  }
  const auto* const unix_socket = std::get_if<config::UnixSocket>(&*socket);
  if (unix_socket != nullptr && host.daemon && options.user.empty()) {
    if (auto doubt = doubt_folder(unix_socket->path, host)) {
      return {*std::move(doubt)};
    }
  }
  if (!host.postfix) {
    return {};
  }
  if (unix_socket != nullptr) {
    return doubt_unix_socket(*unix_socket, host);
  }
  if (const auto* inet = std::get_if<config::InetSocket>(&*socket)) {
    auto doubt = doubt_milters(names_in_postfix(*inet, *host.postfix), *host.postfix);
    return doubt ? std::vector{*std::move(doubt)} : std::vector<std::string>{};
  }
  return {};
}

std::vector<std::string> doubt_opendkim(const config::Options& options, const Host& host) {
  std::vector<std::string> doubts;
  if (!host.opendkim) {
    return doubts;
  }
  if (const auto theirs = socket_of(*host.opendkim);
      theirs && theirs == config::parse_socket(options.socket)) {
    doubts.push_back("socket: OpenDKIM has the same, " + options.socket +
                     ": stop and disable it first");
  }
  if (host.postfix && signs(options) && host.opendkim->mode.contains('s') &&
      asks_opendkim(*host.postfix, *host.opendkim)) {
    doubts.push_back("two milters sign: /etc/opendkim.conf has Mode " + host.opendkim->mode +
                     ", and Postfix asks OpenDKIM, too; take it out of smtpd_milters, or say Mode "
                     "v");
  }
  return doubts;
}

std::vector<std::string> doubt_resolver(const dns::Answer& answer, bool wants_authentic) {
  const std::string name = probed_name;
  if (dns::is_temporary(answer.status)) {
    return {"dns: no answer for TXT of " + name + ": " +
            std::string(dns::format_status(answer.status))};
  }
  if (answer.status != dns::Status::found) {
    return {"dns: " + name +
            " has TXT records, and the resolver gives none: without them, nothing " +
            "can be checked"};
  }
  if (wants_authentic && !answer.authentic) {
    return {"dns.trust_ad: the resolver does not say that " + name +
            " is secured: it does not validate, or something strips the AD bit"};
  }
  return {};
}

std::vector<std::string> find_doubts_on(const config::Options& options,
                                        const std::vector<std::string>& files, const Host& host) {
  std::vector<std::string> doubts;
  if (auto doubt = doubt_name(options, host)) {
    doubts.push_back(*std::move(doubt));
  }
  if (auto doubt = doubt_user(options, host)) {
    doubts.push_back(*std::move(doubt));
  }
  std::ranges::move(doubt_files(files, host), std::back_inserter(doubts));
  for (const auto& find : {doubt_socket, doubt_opendkim}) {
    std::ranges::move(find(options, host), std::back_inserter(doubts));
  }
  return doubts;
}

}  // namespace sekisho::tools
