// What can be wrong with an ARC chain (RFC 8617 §5.2).
#pragma once

#include "dkim/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::arc {

enum class Fault : std::uint8_t {
  none,
  invalid_instance,    ///< A field without `i=1` to `i=50`.
  too_many_sets,       ///< More than the limit.
  duplicate_field,     ///< A set has two fields of one kind.
  missing_field,       ///< A set lacks a field.
  marked_failed,       ///< cv=fail in the last seal: an earlier handler found the chain broken.
  wrong_chain_status,  ///< cv= is not what its instance requires.
  message_signature,   ///< The last ARC-Message-Signature does not pass.
  seal,                ///< An ARC-Seal does not pass.
  failed_on_arrival,   ///< As an earlier Authentication-Results field of this host says.
};

/// Why there is no chain, or none that passes.
struct Failure {
  Fault fault = Fault::none;
  dkim::Fault signature = dkim::Fault::none;  ///< For `message_signature` and `seal`: why.
  std::string reason;                         ///< For people.

  bool operator==(const Failure&) const = default;
};

/// What a text about a fault names.
struct FaultDetail {
  std::size_t number = 0;  ///< The instance; for `too_many_sets` the limit.
  std::string_view text;   ///< The name of the field, the expected cv=, the fault of the signature.
};

/// One line for people: "set 2 has no ARC-Seal".
[[nodiscard]] std::string describe_fault(Fault fault, const FaultDetail& detail = {});

/// A failure with its text.
[[nodiscard]] Failure failure_of(Fault fault, const FaultDetail& detail = {});
/// The same for `message_signature` and `seal` of this instance.
[[nodiscard]] Failure failure_of(Fault fault, std::size_t instance, const dkim::Failure& signature);

}  // namespace sekisho::arc
