// How long an address that refuses reports is left alone.
#pragma once

#include <chrono>
#include <cstdint>

namespace sekisho::report::aggregate_sender {

inline constexpr std::chrono::days longest_back_off{32};

/// From one day, doubled with each refusal, to the longest: an address that is dead costs a mail a
/// month, and one that lives again is found.
[[nodiscard]] std::chrono::sys_seconds next_try(std::chrono::sys_seconds now,
                                                std::uint32_t failures_before);

}  // namespace sekisho::report::aggregate_sender
