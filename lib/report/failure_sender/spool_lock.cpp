#include "report/failure_sender/spool_lock.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace sekisho::report::failure_sender {

std::expected<std::optional<SpoolLock>, std::string> SpoolLock::take(const std::string& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return std::unexpected(folder + ": " + std::generic_category().message(errno));
  }
  SpoolLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return std::nullopt;
  }
  return lock;
}

SpoolLock::SpoolLock(SpoolLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

SpoolLock& SpoolLock::operator=(SpoolLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

SpoolLock::~SpoolLock() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

}  // namespace sekisho::report::failure_sender
