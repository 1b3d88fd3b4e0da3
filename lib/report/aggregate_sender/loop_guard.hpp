// No report about reports: two hosts that report each other's would go on for ever.
#pragma once

#include "report/aggregate_sender/options.hpp"

#include <span>
#include <string>

namespace sekisho::report::aggregate_sender {

/// Whether a message goes to none but options.email and options.own_addresses: where others'
/// reports and answers to ours arrive. Such a message is neither counted nor reported as a failure.
/// Recipients are without angle brackets.
[[nodiscard]] bool is_feedback_to_us(std::span<const std::string> recipients,
                                     const SendOptions& options);

}  // namespace sekisho::report::aggregate_sender
