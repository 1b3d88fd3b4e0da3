// DNSSEC validation of our own, by libunbound, to explain what is wrong with a chain of trust.
#pragma once

#include "dns/stub_resolver.hpp"
#include "domain_check/dnssec.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::tools {

/// The key of the root, as Debian's package dns-root-data has it.
inline constexpr const char* root_anchor = "/usr/share/dns/root.key";

/// Asks `servers`, which must be recursive ones that pass on signatures. The error says why there
/// is no validator: no file of trust anchors, or a build without libunbound.
[[nodiscard]] std::expected<std::shared_ptr<domain_check::Validator>, std::string> open_validator(
    const std::vector<dns::Server>& servers, const std::string& anchor_file);

}  // namespace sekisho::tools
