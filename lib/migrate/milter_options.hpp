// What the three milters have in common: the options that mean the same in each of them.
#pragma once

#include "migrate/conversion.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::migrate {

void convert_socket(const Statement& statement, Conversion& conversion);
void convert_umask(const Statement& statement, Conversion& conversion);
void convert_user(const Statement& statement, Conversion& conversion);
void convert_authserv_id(const Statement& statement, Conversion& conversion);
void convert_syslog(const Statement& statement, Conversion& conversion);
void convert_dns_timeout(const Statement& statement, Conversion& conversion);
void convert_maximum_headers(const Statement& statement, Conversion& conversion);
/// Clients that the program leaves alone: a [[rule]] that accepts what they send.
void convert_ignored_hosts(const Statement& statement, Conversion& conversion);
/// Where they stand, they are looked at by the converter of another option.
void convert_with_another(const Statement& statement, Conversion& conversion);

/// The hosts of a data set; odd ones are noted as lost.
[[nodiscard]] std::optional<Hosts> hosts_of(const Statement& statement, Conversion& conversion);
/// A [[rule]] for these hosts: networks and names each have one. `more` are its other lines.
void accept_hosts(const Hosts& hosts, const Statement& statement, Conversion& conversion,
                  const std::vector<Line>& more);

/// As TOML has them.
[[nodiscard]] std::string quoted(const std::string& text);
[[nodiscard]] std::string quoted(const std::vector<std::string>& texts);
[[nodiscard]] std::string seconds(std::uint64_t count);

}  // namespace sekisho::migrate
