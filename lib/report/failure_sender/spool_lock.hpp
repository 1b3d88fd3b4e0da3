// One deliverer of a spool at a time: two would send every report twice.
#pragma once

#include <expected>
#include <optional>
#include <string>

namespace sekisho::report::failure_sender {

/// Held for as long as the object lives, by this process alone; gone with it, however it ends.
class SpoolLock {
 public:
  /// Nullopt: somebody else has it. The error names the folder.
  [[nodiscard]] static std::expected<std::optional<SpoolLock>, std::string> take(
      const std::string& folder);
  SpoolLock(SpoolLock&& other) noexcept;
  SpoolLock& operator=(SpoolLock&& other) noexcept;
  SpoolLock(const SpoolLock&) = delete;
  SpoolLock& operator=(const SpoolLock&) = delete;
  ~SpoolLock();

 private:
  explicit SpoolLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace sekisho::report::failure_sender
