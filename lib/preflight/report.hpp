// What preflight found.
#pragma once

#include "mail/domain.hpp"
#include "preflight/finding.hpp"
#include "preflight/kind.hpp"
#include "preflight/receivers.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sekisho::preflight {

/// What an author's organizational domain sent to a receiver in the last day, without this message.
struct Volume {
  std::string author;
  std::string receiver;
  std::uint64_t messages = 0;
  std::size_t limit = 0;  ///< From here on the author is a bulk sender.
};

struct Report {
  Kind kind = Kind::personal;
  std::optional<mail::Domain> author;
  /// As judged; empty: the null sender; nullopt: neither the envelope nor the author tells.
  std::optional<std::string> sender;
  std::vector<Finding> findings;  ///< Errors first, each level in the order of the message.
  std::vector<ReceiverVerdict> replies;
  std::vector<Volume> volumes;  ///< Where they are counted, for receivers that have a limit.
  std::string rules_date;
  std::string unsubscribe_uri;        ///< For one click; "": there is none.
  bool has_temporary_errors = false;  ///< The DNS did not answer for something.
};

[[nodiscard]] bool has_level(const Report& report, Level least);

}  // namespace sekisho::preflight
