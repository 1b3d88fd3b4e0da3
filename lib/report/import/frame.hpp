// Encodes values that the reading process sends to its parent, as frames with length and kind.
#pragma once

#include "report/format/aggregate_reader.hpp"
#include "report/format/feedback_report.hpp"
#include "report/format/tls_report.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::report::import {

enum class FrameKind : std::uint8_t {
  file,        ///< The file with this number begins.
  message,     ///< The message with this number in a mailbox begins.
  record,      ///< A record of the current aggregate report.
  aggregate,   ///< Name and reading; the preceding records belong to it.
  refused,     ///< Name and problem; the preceding records are invalid.
  tls,         ///< Name and reading.
  feedback,    ///< The report.
  other_mail,  ///< Its name.
  problem,     ///< Name and problem.
  done,        ///< All files were read.
};

struct Frame {
  FrameKind kind = FrameKind::done;
  std::uint64_t number = 0;
  std::string name;
  std::string problem;
  format::AggregateRecord record;
  format::AggregateReading aggregate;
  format::TlsReading tls;
  format::FeedbackReport feedback;
};

/// Appends the members of a frame that its kind has.
void append_frame(std::string& octets, const Frame& frame);

/// Reads frames from octets that arrive in pieces. The sender may have been taken over: anything
/// that append_frame() does not write ends the reading.
class FrameReader {
 public:
  /// Limit of one frame. A TLS report is the largest.
  static constexpr std::size_t max_octets = std::size_t{64} << 20U;

  void add(std::string_view octets);
  /// Returns the next complete frame; nullopt if more octets are needed, or if is_broken().
  [[nodiscard]] std::optional<Frame> next();
  [[nodiscard]] bool is_broken() const { return is_broken_; }

 private:
  std::string octets_;
  std::size_t place_ = 0;
  bool is_broken_ = false;
};

}  // namespace sekisho::report::import
