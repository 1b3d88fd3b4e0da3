#include "tools/config/doubts.hpp"

#include "config/socket.hpp"
#include "mail/ascii.hpp"
#include "tools/config/milter_names.hpp"
#include "tools/config/wiring_doubts.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

std::optional<std::string> doubt_milters(const std::vector<std::string>& names,
                                         const Postfix& postfix) {
  if (std::ranges::any_of(milters_of(postfix),
                          [&](const auto& each) { return names_one_of(each, names); })) {
    return std::nullopt;
  }
  return "Postfix does not ask Sekisho: smtpd_milters should have " + names.front();
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

// The socket as the daemon will make it (listener of sekishod); nullopt: nobody can tell.
std::optional<FileState> state_to_come(const std::string& path, const config::Options& options,
                                       const Host& host) {
  constexpr mode_t set_group_id = S_ISGID;
  const auto mode = config::parse_permissions(options.socket_mode);
  const auto folder = host.files(path.substr(0, path.rfind('/')));
  if (!mode || !folder || !host.daemon || host.daemon->groups.empty()) {
    return std::nullopt;
  }
  FileState state{host.daemon->user, host.daemon->groups.front(), static_cast<mode_t>(*mode)};
  if (!options.socket_group.empty()) {
    const auto group = host.group_of(options.socket_group);
    if (!group) {
      return std::nullopt;
    }
    state.group = *group;
  } else if ((folder->mode & set_group_id) != 0) {
    state.group = folder->group;
  }
  return options.socket_owner.empty() ? std::optional(state) : std::nullopt;
}

std::optional<std::string> doubt_mode(const std::string& path, const config::Options& options,
                                      const Host& host) {
  if (host.files(path)) {
    return std::nullopt;  // and obstacle() has looked at it
  }
  const auto state = state_to_come(path, options, host);
  if (!state || may(*host.mail_server, *state, Access::write)) {
    return std::nullopt;
  }
  return "socket: " + host.mail_server->name + " may not connect to " + path +
         ", which will have the mode " + options.socket_mode +
         " and not its group; see socket_group and socket_mode in sekisho.toml(5)";
}

std::vector<std::string> doubt_unix_socket(const config::UnixSocket& socket,
                                           const config::Options& options, const Host& host) {
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
  } else if (auto doubt = doubt_mode(socket.path, options, host)) {
    doubts.push_back(*std::move(doubt));
  }
  return doubts;
}

// A mode with which nobody but the daemon itself can connect, whatever the host.
std::optional<std::string> doubt_lonely_mode(const config::Options& options) {
  constexpr std::uint32_t write_of_others = 0022;
  const auto mode = config::parse_permissions(options.socket_mode);
  if (!mode || (*mode & write_of_others) != 0 || !options.socket_owner.empty()) {
    return std::nullopt;
  }
  return "socket_mode is " + options.socket_mode +
         ": nobody but the owner of the socket may write to it, and so connect; the default is "
         "0660";
}

bool is_everywhere(const config::InetSocket& socket) {
  const std::string text = socket.address.text();
  return text == "0.0.0.0" || text == "::";
}

}  // namespace

std::optional<std::string> doubt_name(const config::Options& options, const Host& host) {
  if (!options.authserv_id.contains('.')) {
    return "authserv_id is " + options.authserv_id +
           ", which is no full host name: other hosts may have the same one, and what they write "
           "would pass for yours; set authserv_id to the name of your mail server";
  }
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

std::optional<std::string> doubt_postfix(const Host& host) {
  if (host.postfix_problem.empty()) {
    return std::nullopt;
  }
  return "Postfix: its settings cannot be read, and were not checked: " + host.postfix_problem;
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
  std::vector<std::string> doubts;
  const auto* const inet = std::get_if<config::InetSocket>(&*socket);
  if (inet != nullptr && is_everywhere(*inet)) {
    doubts.push_back("socket: " + options.socket +
                     " listens on every address of the host: whoever reaches the port can have "
                     "mail signed; name one address, such as 127.0.0.1, or let a firewall admit "
                     "the mail server alone");
  }
  if (unix_socket != nullptr) {
    if (auto doubt = doubt_lonely_mode(options)) {
      doubts.push_back(*std::move(doubt));
      return doubts;
    }
  }
  if (!host.postfix) {
    return doubts;
  }
  if (unix_socket != nullptr) {
    std::ranges::move(doubt_unix_socket(*unix_socket, options, host), std::back_inserter(doubts));
  } else if (inet != nullptr) {
    if (auto doubt = doubt_milters(names_in_postfix(*socket, *host.postfix), *host.postfix)) {
      doubts.push_back(*std::move(doubt));
    }
  }
  return doubts;
}

std::optional<std::string> doubt_signing(const config::Options& options) {
  const checkpoint::SigningOptions& signing = options.signing;
  const checkpoint::SigningOptions usual;
  const bool asks_for_it = !signing.login_map.empty() || signing.keys.multiple_signatures ||
                           signing.origin.daemons != usual.origin.daemons ||
                           signing.origin.internal_networks != usual.origin.internal_networks ||
                           signing.require_published != usual.require_published ||
                           signing.signature != usual.signature;
  if (signs(options)) {
    return std::nullopt;
  }
  if (options.policy.role == policy::Role::outbound) {
    return "role is outbound, and there is no key: nothing is signed; add [[sign]], or key_table "
           "and "
           "signing_table";
  }
  if (!asks_for_it) {
    return std::nullopt;
  }
  return "[signing] says how mail is signed, and there is no key: nothing is signed; add [[sign]], "
         "or key_table and signing_table";
}

std::optional<std::string> doubt_log(const config::Options& options, const Host& host) {
  constexpr const char* socket_of_syslog = "/dev/log";
  if (options.log_target != config::LogTarget::syslog || host.files(socket_of_syslog)) {
    return std::nullopt;
  }
  return "log_target is syslog, and this host has no /dev/log: the log goes to standard error "
         "instead; in a container, leave log_target at stderr";
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

std::vector<std::string> find_doubts_on(const config::Options& options, const Host& host) {
  std::vector<std::string> doubts;
  for (auto& doubt : {doubt_name(options, host), doubt_postfix(host), doubt_log(options, host),
                      doubt_signing(options)}) {
    if (doubt) {
      doubts.push_back(*doubt);
    }
  }
  for (const auto& find : {doubt_socket, doubt_opendkim, doubt_proxy_filter, doubt_submission}) {
    std::ranges::move(find(options, host), std::back_inserter(doubts));
  }
  return doubts;
}

}  // namespace sekisho::tools
