// The ARC sets of a message (RFC 8617 §4.2): which field belongs to which instance.
#pragma once

#include "arc/fault.hpp"
#include "arc/instance.hpp"
#include "mail/header_field.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace sekisho::arc {

/// One instance's fields; null: missing. Refers to the header that was collected from.
struct Set {
  const mail::HeaderField* results = nullptr;    ///< ARC-Authentication-Results
  const mail::HeaderField* signature = nullptr;  ///< ARC-Message-Signature
  const mail::HeaderField* seal = nullptr;       ///< ARC-Seal
};

struct Sets {
  std::vector<Set> by_instance;  ///< From instance 1 to the highest that occurs.
  bool is_empty = true;          ///< The message has no ARC field at all.
  /// Why they are no chain (RFC 8617 §5.2 steps 1, 3A and 3B). Nullopt: each set is complete and
  /// none is missing.
  std::optional<Failure> failure;
};

/// Collects all ARC fields. More sets than `max_sets` are a failure.
[[nodiscard]] Sets collect_sets(const mail::HeaderSection& header, std::size_t max_sets);

}  // namespace sekisho::arc
