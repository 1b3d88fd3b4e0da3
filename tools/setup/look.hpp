// The first part of every run of setup: from the command line to facts and a plan.
#pragma once

#include "tools/cli/refusal.hpp"
#include "tools/setup/arguments.hpp"
#include "tools/setup/facts.hpp"
#include "tools/setup/gather.hpp"
#include "tools/setup/plan.hpp"

#include <expected>
#include <vector>

namespace sekisho::tools::setup {

/// How and where this run looks.
struct View {
  Sources sources;
  Places places;
};

[[nodiscard]] std::expected<View, Refusal> open_view(const Arguments& arguments);

/// Looks at the host, reading the configuration again, and at these domains.
[[nodiscard]] Facts look(const View& view, const std::vector<mail::Domain>& domains);

[[nodiscard]] std::expected<std::vector<mail::Domain>, Refusal> parse_domains(
    const std::vector<std::string>& names);

/// Returns the domains that the configuration has keys for, without patterns.
[[nodiscard]] std::vector<mail::Domain> configured_domains(const config::Options& options);

[[nodiscard]] Choices choices_of(const Arguments& arguments);

}  // namespace sekisho::tools::setup
