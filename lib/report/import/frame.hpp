// Values on their way from the reading process to the one that asked: frames of octets, each with
// its length and its kind.
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
  file,        ///< A file of that number is begun.
  message,     ///< What comes now is of the message of that number in a mailbox.
  record,      ///< Of the aggregate report that is being read.
  aggregate,   ///< Name and reading: the records since the last such frame are its own.
  refused,     ///< Name and problem: the records since then are of no report.
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

/// Appends the members that `frame.kind` has.
void append_frame(std::string& octets, const Frame& frame);

/// Frames out of octets that come in pieces. Whoever sends them may be broken: what is not as
/// append_frame() writes it ends the reading.
class FrameReader {
 public:
  /// Of one frame. A TLS report is the largest.
  static constexpr std::size_t max_octets = std::size_t{64} << 20U;

  void add(std::string_view octets);
  /// The next whole frame; nullopt where more is needed, or is_broken().
  [[nodiscard]] std::optional<Frame> next();
  [[nodiscard]] bool is_broken() const { return is_broken_; }

 private:
  std::string octets_;
  std::size_t place_ = 0;
  bool is_broken_ = false;
};

}  // namespace sekisho::report::import
