// OpenDMARC's HistoryFile: what that program saw, so that a change to Sekisho loses no day.
#pragma once

#include "report/store/observation.hpp"

#include <cstdint>
#include <functional>
#include <istream>

namespace sekisho::report::store {

/// How many messages of a file were what.
struct HistoryCounts {
  std::uint64_t read = 0;
  std::uint64_t unreported = 0;  ///< Nobody asked for a report, or the message will come again.
  std::uint64_t unreadable = 0;

  bool operator==(const HistoryCounts&) const = default;
};

/// Reads the lines `KEY VALUE...` of such a file; `job` begins a message. Keys that are not known
/// are ignored, lines are of 4096 octets at most. Its numbers are those of OpenDMARC's public
/// headers (dmarc.h, opendmarc-ar.h).
[[nodiscard]] HistoryCounts read_history(std::istream& file,
                                         const std::function<void(Observation)>& on_observation);

}  // namespace sekisho::report::store
