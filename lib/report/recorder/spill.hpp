// A file in which batches of observations wait until the store answers again.
#pragma once

#include "report/store/observation.hpp"
#include "report/store/tallies.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sekisho::report::recorder {

/// What is written together: see Store::add().
struct Batch {
  std::string name;
  std::vector<store::Observation> observations;
  std::vector<store::Tally> tallies;
};

/// Returns the number of messages.
[[nodiscard]] std::uint64_t messages_in(const std::vector<store::Observation>& observations);

/// One part of a batch as a line of the file: the checksum (CRC-32) of the rest of the line, the
/// name of the batch, and the text of write_observation() or write_tally(), separated by blanks.
struct SpilledLine {
  std::string batch;
  std::variant<store::Observation, store::Tally> part;
};
/// Return the line without its line end.
[[nodiscard]] std::string write_spilled_line(std::string_view batch,
                                             const store::Observation& observation);
[[nodiscard]] std::string write_spilled_line(std::string_view batch, const store::Tally& tally);
/// Returns nullopt if the line is incomplete or not valid.
[[nodiscard]] std::optional<SpilledLine> read_spilled_line(std::string_view line);

/// A file of such lines. What a process has written stays in the file even if the process is
/// killed; an incomplete last line is ignored.
class Spill {
 public:
  /// Opens the file, or creates it. Only one process can have it open: for another this is an
  /// error. The error is for people.
  [[nodiscard]] static std::expected<Spill, std::string> open(const std::string& path,
                                                              std::size_t limit);
  ~Spill();
  Spill(Spill&& other) noexcept;
  Spill& operator=(Spill&&) = delete;

  [[nodiscard]] bool is_empty() const { return size_ == 0; }
  /// Appends the batch as far as the limit and the disk have room. Returns the number of messages
  /// whose observations did not fit.
  [[nodiscard]] std::uint64_t append(const Batch& batch);

  /// Returns the next batch; nullopt after the last one.
  [[nodiscard]] std::optional<Batch> next();
  /// Makes next() return the last batch again, since it could not be written.
  void go_back();
  /// Deletes all batches, after next() returned nullopt.
  void clear();
  /// Returns the number of lines ignored since the file was empty.
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
  std::uint64_t unreadable_before_ = 0;  ///< Value at before_.
};

}  // namespace sekisho::report::recorder
