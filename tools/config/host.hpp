// What of a host a configuration has to fit: its mail servers, its users, its files.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace sekisho::tools {

/// One smtpd of master.cf, with what it has in place of main.cf.
struct SmtpdService {
  std::string name;                                 ///< "smtp", "127.0.0.1:10025"
  std::optional<std::string> proxy_filter;          ///< smtpd_proxy_filter
  std::optional<std::string> overrides;             ///< receive_override_options
  std::optional<std::vector<std::string>> milters;  ///< smtpd_milters
  std::optional<std::string> daemon_name;           ///< milter_macro_daemon_name
  /// It takes XFORWARD, or mail from loopback alone: what a content filter hands back.
  bool is_for_filter = false;
};

struct Postfix {
  std::string host_name;        ///< myhostname
  std::string queue_directory;  ///< Which chrooted services see as the root.
  std::vector<std::string> smtpd_milters;
  /// What services of master.cf have in its place.
  std::vector<std::vector<std::string>> service_milters;
  bool is_smtpd_chrooted = false;
  std::string proxy_filter;  ///< smtpd_proxy_filter
  std::string daemon_name;   ///< milter_macro_daemon_name
  std::string receive_override_options;
  std::vector<SmtpdService> smtpd_services;
};

struct OpenDkim {
  std::string mode = "sv";  ///< opendkim.conf(5), with its default.
  std::string socket;
};

/// Who may do what is decided by these.
struct Person {
  std::string name;
  uid_t user = 0;
  std::vector<gid_t> groups;
};

struct FileState {
  uid_t owner = 0;
  gid_t group = 0;
  mode_t mode = 0;
};
/// Nullopt: there is none.
using Files = std::function<std::optional<FileState>(const std::string& path)>;

struct Host {
  std::optional<Postfix> postfix;
  std::string
      postfix_problem;  ///< Why postconf(1) failed; empty: it did not, or there is no main.cf.
  std::optional<OpenDkim> opendkim;   ///< None where it is out of use, too.
  std::optional<Person> mail_server;  ///< Postfix's user.
  std::optional<Person> daemon;       ///< Whom sekishod runs as, where that can be told.
  Files files;
  std::function<std::optional<gid_t>(const std::string& name)> group_of;
  std::function<std::optional<Person>(const std::string& name)> person_of;
};

/// What `postconf`, `postconf -M` and `postconf -P` print.
[[nodiscard]] Postfix parse_postfix(std::string_view settings, std::string_view services,
                                    std::string_view service_settings);

/// The settings of an opendkim.conf that matter here.
[[nodiscard]] OpenDkim parse_opendkim(std::string_view text);

/// Whether a service neither runs nor will at the next boot: what `systemctl is-active` prints, and
/// then `systemctl is-enabled`. Without systemd nobody knows, and it may run.
[[nodiscard]] bool is_out_of_use(std::string_view states);

/// Returns the owner, the group and the mode of a file of this host; follows symbolic links.
[[nodiscard]] std::optional<FileState> find_file(const std::string& path);

/// Looks at this host. `user` is the option; where it is empty, and there is a user sekisho, that
/// one is meant.
[[nodiscard]] Host look_at_host(const std::string& user);

}  // namespace sekisho::tools
