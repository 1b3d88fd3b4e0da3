// The names of the sources in reports, confirmed there and back (iprev, RFC 8601 §3).
#pragma once

#include "dns/resolver.hpp"
#include "tools/cli/progress.hpp"
#include "tools/report/read_report.hpp"

#include <cstddef>
#include <memory>

namespace sekisho::tools {

/// Sources of all domains together whose names are asked for; those that matter less have none.
inline constexpr std::size_t max_source_names = 1'000;

/// Names up to `per_domain` sources of each domain (0: all), those that matter most first. When the
/// DNS answers none of many questions, it gives up; false says so.
[[nodiscard]] bool name_sources(Feedback& feedback, std::size_t per_domain,
                                const std::shared_ptr<dns::Resolver>& resolver, Progress& progress);

}  // namespace sekisho::tools
