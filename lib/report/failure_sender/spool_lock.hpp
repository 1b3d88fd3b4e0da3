// A lock of the spool: two runs at a time would send each report twice.
#pragma once

#include <expected>
#include <optional>
#include <string>

namespace sekisho::report::failure_sender {

/// Held by this process while the object lives; released with the process, however it ends.
class SpoolLock {
 public:
  /// Returns nullopt if another process has the lock. The error names the folder.
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
