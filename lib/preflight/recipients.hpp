// The recipients of a message, by their domains.
#pragma once

#include "mail/domain.hpp"

#include <span>
#include <string>
#include <vector>

namespace sekisho::preflight {

/// Returns the domain of each path that has one, as often as it occurs.
[[nodiscard]] std::vector<mail::Domain> recipient_domains(std::span<const std::string> recipients);

}  // namespace sekisho::preflight
