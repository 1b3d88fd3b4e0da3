// From findings and results to the facts that receivers' rules speak of.
#pragma once

#include "preflight/facts.hpp"
#include "preflight/route.hpp"
#include "preflight/route_checks.hpp"

#include <vector>

namespace sekisho::preflight {

[[nodiscard]] Facts find_facts(const std::vector<Finding>& findings, const RouteResult& route,
                               const RouteContext& context);

}  // namespace sekisho::preflight
