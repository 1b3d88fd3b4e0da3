// Selectors that a message names.
#pragma once

#include "mail/domain.hpp"
#include "mail/header_field.hpp"
#include "tools/cli/refusal.hpp"

#include <expected>
#include <string>
#include <vector>

namespace sekisho::tools {

struct NamedSelector {
  mail::Domain domain;
  std::string selector;
};

/// From the DKIM-Signature, ARC-Message-Signature and ARC-Seal fields; at most 100.
[[nodiscard]] std::vector<NamedSelector> selectors_of_header(const mail::HeaderSection& header);

/// Those of the message in a file.
[[nodiscard]] std::expected<std::vector<NamedSelector>, Refusal> selectors_of_message(
    const std::string& path);

/// Returns true for labels of letters, digits, hyphens and underscores, joined by dots.
[[nodiscard]] bool is_selector(const std::string& text);

}  // namespace sekisho::tools
