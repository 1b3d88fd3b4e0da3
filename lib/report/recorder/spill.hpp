// Batches of observations that wait in a file for a store that is away.
#pragma once

#include "report/store/observation.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::recorder {

/// What is counted at once: see Store::add().
struct Batch {
  std::string name;
  std::vector<store::Observation> observations;
};

/// How many messages that is.
[[nodiscard]] std::uint64_t messages_in(const std::vector<store::Observation>& observations);

/// One observation of a batch on a line of the file: the checksum (CRC-32) of all that follows it,
/// the name of the batch, and write_observation()'s text, with blanks between.
struct SpilledLine {
  std::string batch;
  store::Observation observation;
};
/// Without the line's end.
[[nodiscard]] std::string write_spilled_line(std::string_view batch,
                                             const store::Observation& observation);
/// Nullopt: torn, or not such a line.
[[nodiscard]] std::optional<SpilledLine> read_spilled_line(std::string_view line);

/// A file of such lines. What a process writes is in it even when that process is killed at once;
/// where it was killed while it wrote, the line at the end is torn, and ignored.
class Spill {
 public:
  /// Makes the file where there is none. One process has it at a time: for another it is an error,
  /// for people.
  [[nodiscard]] static std::expected<Spill, std::string> open(const std::string& path,
                                                              std::size_t limit);
  ~Spill();
  Spill(Spill&& other) noexcept;
  Spill& operator=(Spill&&) = delete;

  [[nodiscard]] bool is_empty() const { return size_ == 0; }
  /// Adds the batch as far as there is room below the limit and on the disk. Gives the number of
  /// messages for which there was none.
  [[nodiscard]] std::uint64_t append(const Batch& batch);

  /// The batch that follows the one that was given last; nullopt: that was the last one.
  [[nodiscard]] std::optional<Batch> next();
  /// To be called after the batch that next() gave could not be counted: it comes again.
  void go_back();
  /// Forgets everything, after next() gave nullopt.
  void clear();
  /// Lines that were ignored since the file was empty.
  [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }

 private:
  Spill(int descriptor, std::size_t limit, std::size_t size);

  [[nodiscard]] std::optional<std::string> read_line(std::size_t& offset) const;

  int descriptor_;
  std::size_t limit_;
  std::size_t size_;
  std::size_t offset_ = 0;  ///< Of the next batch.
  std::size_t before_ = 0;  ///< Of the last one.
  std::uint64_t unreadable_ = 0;
  std::uint64_t unreadable_before_ = 0;  ///< As before_.
};

}  // namespace sekisho::report::recorder
