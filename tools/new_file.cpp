#include "tools/new_file.hpp"

#include <cerrno>
#include <cstddef>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::tools {

namespace {

std::unexpected<Refusal> refuse(const std::string& path, int error) {
  if (error == EEXIST) {
    return std::unexpected(Refusal{
        exit_failure, path + ": is there already, and stays: move it away, or name another"});
  }
  return std::unexpected(
      Refusal{exit_failure, path + ": " + std::system_category().message(error)});
}

}  // namespace

std::expected<void, Refusal> write_new_file(const std::string& path, std::string_view text,
                                            mode_t mode) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (file < 0) {
    return refuse(path, errno);
  }
  int error = 0;
  while (!text.empty() && error == 0) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error == 0 && fsync(file) != 0) {
    error = errno;
  }
  if (close(file) != 0 && error == 0) {
    error = errno;
  }
  if (error != 0) {
    static_cast<void>(unlink(path.c_str()));
    return refuse(path, error);
  }
  return {};
}

}  // namespace sekisho::tools
