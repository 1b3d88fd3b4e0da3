// The OpenSPF project's suite for RFC 7208, by both ways that answers come: at once and later.
#include "mail/ascii.hpp"
#include "spf/check_host.hpp"
#include "spf/openspf_suite.hpp"
#include "support/fake_resolver.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::spf {
namespace {

using test::SuiteCase;
using test::SuiteResolver;
using test::SuiteScenario;

constexpr std::size_t suite_cases = 203;

void check_case(const SuiteScenario& scenario, const SuiteCase& suite_case,
                SuiteResolver::Manner manner) {
  const Result result = test::judge(scenario, suite_case, manner, Engine::sekisho);
  INFO(scenario.description << ": " << suite_case.name);
  INFO("code " << format_result_code(result.code) << ", reason " << result.reason);
  CHECK(suite_case.results.contains(std::string(format_result_code(result.code))));
  CHECK(!result.reason.empty());
  if (suite_case.explanation) {
    // One case prints the nibbles of an IPv6 address in upper case, RFC 7208 §7.4 in lower case.
    CHECK(mail::to_lower(result.explanation) == mail::to_lower(*suite_case.explanation));
  }
}

TEST_CASE("the OpenSPF suite for RFC 7208", "[spf]") {
  const auto path = test::suite_path();
  if (!path) {
    test::skip_suite();
    return;
  }
  std::size_t cases = 0;
  for (const SuiteScenario& scenario : test::load_suite(*path)) {
    for (const SuiteCase& suite_case : scenario.cases) {
      check_case(scenario, suite_case, SuiteResolver::Manner::at_once);
      check_case(scenario, suite_case, SuiteResolver::Manner::from_thread);
      ++cases;
    }
  }
  CHECK(cases == suite_cases);
}

}  // namespace
}  // namespace sekisho::spf
