// Whatever a policy server sends, it is a policy within its limits or refused.
#include "mta_sts/policy.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace sekisho::mta_sts;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto policy = parse_policy(text);
  if (!policy) {
    return 0;
  }
  const bool is_within =
      policy->max_age <= greatest_max_age && policy->patterns.size() <= max_patterns;
  for (const auto& pattern : policy->patterns) {
    static_cast<void>(allows(*policy, pattern));
  }
  return is_within && (policy->mode == Mode::none || !policy->patterns.empty()) ? 0 : 1;
}
