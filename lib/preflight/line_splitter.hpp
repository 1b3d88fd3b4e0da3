// The lines of a message, octet for octet, from chunks of any size (RFC 5322 §2.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::preflight {

enum class LineEnd : std::uint8_t { none, lf, crlf };

/// One line. `text` lives as long as the call that it is given to.
struct Line {
  std::string_view text;   ///< Without its end, cut at LineSplitter's limit.
  std::size_t length = 0;  ///< Octets without its end, however many.
  std::size_t number = 1;
  std::size_t offset = 0;  ///< Of its first octet.
  LineEnd end = LineEnd::none;
  bool has_eight_bit = false;  ///< In any octet, beyond `text` too.
};

/// Where an octet that must not occur was found first.
struct Spot {
  std::size_t line = 0;
  std::size_t offset = 0;
};

/// Ends a line at each LF. Keeps at most `limit` octets of one. Not thread-safe.
class LineSplitter {
 public:
  using Sink = std::function<void(const Line&)>;

  explicit LineSplitter(std::size_t limit) : limit_(limit) {}

  /// For the line under way and those that follow.
  void set_limit(std::size_t limit) { limit_ = limit; }

  void add(std::string_view chunk, const Sink& sink);
  /// Gives the last line if it has no end.
  void finish(const Sink& sink);

  [[nodiscard]] const std::optional<Spot>& bare_cr() const { return bare_cr_; }
  [[nodiscard]] const std::optional<Spot>& nul() const { return nul_; }
  /// The first LF without CR, of a message in which CRLF ends lines, too.
  [[nodiscard]] const std::optional<Spot>& mixed_end() const { return mixed_end_; }
  [[nodiscard]] std::size_t octets() const { return octets_; }

 private:
  void keep(std::string_view part);
  void scan(std::string_view part);
  void end_line(LineEnd end, const Sink& sink);

  std::size_t limit_;
  std::string text_;
  std::size_t length_ = 0;
  bool has_eight_bit_ = false;
  bool ends_in_cr_ = false;  ///< The line so far; that CR is not in `text_`.
  std::size_t number_ = 1;
  std::size_t line_offset_ = 0;
  std::size_t octets_ = 0;
  std::optional<LineEnd> first_end_;
  std::optional<Spot> first_lf_;
  std::optional<Spot> bare_cr_;
  std::optional<Spot> nul_;
  std::optional<Spot> mixed_end_;
};

}  // namespace sekisho::preflight
