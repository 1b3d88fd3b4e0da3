// The ARC sets of a message (RFC 8617 §4.2): which field belongs to which instance.
#pragma once

#include "mail/header_field.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::arc {

/// The highest instance there may be (RFC 8617 §4.2.1).
inline constexpr std::size_t max_instance = 50;

/// One instance's fields; null: missing. Refers to the header that was collected from.
struct Set {
  const mail::HeaderField* results = nullptr;    ///< ARC-Authentication-Results
  const mail::HeaderField* signature = nullptr;  ///< ARC-Message-Signature
  const mail::HeaderField* seal = nullptr;       ///< ARC-Seal
};

struct Sets {
  std::vector<Set> by_instance;  ///< From instance 1 to the highest that occurs.
  bool is_empty = true;          ///< The message has no ARC field at all.
  std::string fault;  ///< What makes it no chain, for people (RFC 8617 §5.2 steps 1, 3A and 3B);
                      ///< empty: each set is whole and none is missing.
};

/// Collects all ARC fields. More sets than `max_sets` are a fault.
[[nodiscard]] Sets collect_sets(const mail::HeaderSection& header, std::size_t max_sets);

/// position = 1*2DIGIT, from 1 to 50 (RFC 8617 §3.9).
[[nodiscard]] std::optional<std::size_t> parse_position(std::string_view text);

/// The instance at the beginning of an ARC-Authentication-Results field: `i=1;`, with CFWS (RFC
/// 8617 §4.1.1).
[[nodiscard]] std::optional<std::size_t> find_results_instance(std::string_view value);

}  // namespace sekisho::arc
