// The options that mean the same in several of the old programs.
#pragma once

#include "migrate/conversion.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sekisho::migrate {

/// Those of OpenDKIM, OpenDMARC and OpenARC, which have one ancestor.
[[nodiscard]] std::span<const Row> milter_rows();

void convert_socket(const Statement& statement, Conversion& conversion);
void convert_umask(const Statement& statement, Conversion& conversion);
void convert_user(const Statement& statement, Conversion& conversion);
void convert_authserv_id(const Statement& statement, Conversion& conversion);
void convert_syslog(const Statement& statement, Conversion& conversion);
void convert_dns_timeout(const Statement& statement, Conversion& conversion);
void convert_maximum_headers(const Statement& statement, Conversion& conversion);
void convert_required_headers(const Statement& statement, Conversion& conversion);

/// The hosts of a data set; odd ones are noted as lost.
[[nodiscard]] std::optional<Hosts> hosts_of(const Statement& statement, Conversion& conversion);
/// Makes a [[rule]] that lets mail of these hosts in where `results`, an option of rules, has one
/// of these `words`; networks and names each have a rule.
void accept_hosts(const Hosts& hosts, const std::string& results,
                  const std::vector<std::string>& words, const Statement& statement,
                  Conversion& conversion);
/// The same for clients as rule.client takes them.
void accept_clients(const std::vector<std::string>& clients, const std::string& results,
                    const std::vector<std::string>& words, const Statement& statement,
                    Conversion& conversion);

/// As TOML has them.
[[nodiscard]] std::string quoted(const std::string& text);
[[nodiscard]] std::string quoted(const std::vector<std::string>& texts);
[[nodiscard]] std::string seconds(std::uint64_t count);

}  // namespace sekisho::migrate
