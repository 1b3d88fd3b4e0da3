#include "report/aggregate_sender/options.hpp"

#include "mail/ascii.hpp"

#include <algorithm>

namespace sekisho::report::aggregate_sender {

namespace {

bool is_ours(const std::string& recipient, const SendOptions& options) {
  const auto matches = [&](const std::string& address) {
    return mail::equals_ignoring_case(recipient, address);
  };
  return matches(options.email) || std::ranges::any_of(options.own_addresses, matches);
}

}  // namespace

bool is_feedback_to_us(std::span<const std::string> recipients, const SendOptions& options) {
  return !recipients.empty() && std::ranges::all_of(recipients, [&](const std::string& recipient) {
    return is_ours(recipient, options);
  });
}

}  // namespace sekisho::report::aggregate_sender
