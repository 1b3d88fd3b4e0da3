// What a configuration that the daemon would take may still have wrong, seen from its host. Pure
// functions; each doubt is a line for people that says what to do.
#pragma once

#include "config/options.hpp"
#include "dns/answer.hpp"
#include "tools/config/host.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::tools {

/// The authserv-id is no full host name, or neither the mail server's name nor a domain above it.
[[nodiscard]] std::optional<std::string> doubt_name(const config::Options& options,
                                                    const Host& host);

/// Postfix cannot be asked for its settings, so that no other doubt looks at them.
[[nodiscard]] std::optional<std::string> doubt_postfix(const Host& host);

/// Files of the daemon (files_of_daemon()) that its user cannot read as far as their permissions
/// tell, and what to do about each.
[[nodiscard]] std::vector<std::string> doubt_files(const std::vector<std::string>& files,
                                                   const Host& host);

/// A socket that none of Postfix's services names, that it cannot see from its chroot, or may not
/// connect to, be it there already or not; a port that is open on every address.
[[nodiscard]] std::vector<std::string> doubt_socket(const config::Options& options,
                                                    const Host& host);

/// [signing] is set, or the role is outbound, and there is no key.
[[nodiscard]] std::optional<std::string> doubt_signing(const config::Options& options);

/// The log goes to a syslog that is not there.
[[nodiscard]] std::optional<std::string> doubt_log(const config::Options& options,
                                                   const Host& host);

/// The name whose TXT records doubt_resolver() looks at: it has some, and they are signed.
inline constexpr const char* probed_name = "ietf.org";
/// A resolver that strips TXT records or the AD bit (RFC 4035 §3.2.3). `answer` is for TXT of
/// `probed_name`, from a resolver that is trusted with the bit.
[[nodiscard]] std::vector<std::string> doubt_resolver(const dns::Answer& answer,
                                                      bool wants_authentic);

/// All of these but doubt_files() and doubt_resolver(), and those of wiring_doubts.hpp.
[[nodiscard]] std::vector<std::string> find_doubts_on(const config::Options& options,
                                                      const Host& host);

}  // namespace sekisho::tools
