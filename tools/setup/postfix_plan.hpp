// The part of the plan that is about Postfix.
#pragma once

#include "tools/setup/facts.hpp"
#include "tools/setup/plan.hpp"

#include <string>
#include <vector>

namespace sekisho::tools::setup {

/// Where the daemon should listen for this Postfix, as the option `socket`: in a folder of the
/// queue, which a chrooted smtpd sees as well.
[[nodiscard]] std::string socket_for(const PostfixFacts& postfix);

/// The names under which this Postfix may know the daemon now: those of the socket in force.
[[nodiscard]] std::vector<std::string> names_of_socket(const std::string& socket,
                                                       const PostfixFacts& postfix);

/// The milters, the settings that go with them, submission, and the reload. `socket` is where the
/// daemon will listen, `ours` the names that Postfix has for it so far.
[[nodiscard]] std::vector<Step> plan_postfix(const PostfixFacts& postfix, const std::string& socket,
                                             const std::vector<std::string>& ours,
                                             const config::Options& options,
                                             const Choices& choices);

}  // namespace sekisho::tools::setup
