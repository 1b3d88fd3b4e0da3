// Reads the HistoryFile of OpenDMARC, so that a migration to Sekisho loses no day.
#pragma once

#include "report/store/observation.hpp"

#include <cstdint>
#include <functional>
#include <istream>

namespace sekisho::report::store {

/// Counts of messages in a file.
struct HistoryCounts {
  std::uint64_t read = 0;
  std::uint64_t unreported = 0;  ///< No report was requested, or the message will be offered again.
  std::uint64_t unreadable = 0;

  bool operator==(const HistoryCounts&) const = default;
};

/// Reads the lines `KEY VALUE...` of such a file; `job` begins a message. Unknown keys are ignored;
/// lines are limited to 4096 octets. The numbers are those of OpenDMARC's public headers (dmarc.h,
/// opendmarc-ar.h).
[[nodiscard]] HistoryCounts read_history(std::istream& file,
                                         const std::function<void(Observation)>& on_observation);

}  // namespace sekisho::report::store
