// Asks every server of the zone, so that a change that has arrived at some of them shows.
#pragma once

#include "domain_check/examination.hpp"

namespace sekisho::domain_check {

/// Servers of a zone, and addresses of each family of a server, that are asked.
inline constexpr std::size_t max_name_servers = 13;

/// Options::open_server must be set.
void check_name_servers(Examination& examination);

}  // namespace sekisho::domain_check
