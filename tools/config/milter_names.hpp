// Under which names Postfix asks a milter.
#pragma once

#include "config/socket.hpp"
#include "tools/config/host.hpp"

#include <string>
#include <vector>

namespace sekisho::tools {

/// The names of a socket as smtpd_milters has them, the usual one first; none where Postfix cannot
/// reach it, or where it has none.
[[nodiscard]] std::vector<std::string> names_in_postfix(const config::Socket& socket,
                                                        const Postfix& postfix);

/// The milters of smtpd_milters and of the services that have their own.
[[nodiscard]] std::vector<std::vector<std::string>> milters_of(const Postfix& postfix);

[[nodiscard]] bool names_one_of(const std::vector<std::string>& milters,
                                const std::vector<std::string>& names);

}  // namespace sekisho::tools
