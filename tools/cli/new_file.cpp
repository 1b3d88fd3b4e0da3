#include "tools/cli/new_file.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

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

// 0, or an error of errno.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return fsync(file) == 0 ? 0 : errno;
}

// Only root can give files away; for others there is nothing to do.
int give_to_owner_of(int folder, int descriptor) {
  struct stat status{};
  if (geteuid() != 0) {
    return 0;
  }
  const bool given =
      fstat(folder, &status) == 0 && fchown(descriptor, status.st_uid, status.st_gid) == 0;
  return given ? 0 : errno;
}

enum class Owner : std::uint8_t { maker, of_folder };

// `name` is below the folder, `path` is for messages.
std::expected<void, Refusal> write_new_file_at(int folder, const std::string& name,
                                               const std::string& path, std::string_view text,
                                               mode_t mode, Owner owner) {
  const int file =
      openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (file < 0) {
    return refuse(path, errno);
  }
  int error = owner == Owner::of_folder ? give_to_owner_of(folder, file) : 0;
  error = error == 0 ? write_all(file, text) : error;
  if (close(file) != 0 && error == 0) {
    error = errno;
  }
  if (error != 0) {
    static_cast<void>(unlinkat(folder, name.c_str(), 0));
    return refuse(path, error);
  }
  return {};
}

// -1: it cannot be opened.
int open_folder_at(int parent, const std::string& name, int flags) {
  return openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
}

}  // namespace

std::expected<void, Refusal> write_new_file(const std::string& path, std::string_view text,
                                            mode_t mode) {
  return write_new_file_at(AT_FDCWD, path, path, text, mode, Owner::maker);
}

std::expected<OpenFolder, Refusal> OpenFolder::open(const std::string& path) {
  const std::filesystem::path whole(path);
  const std::string above = whole.has_parent_path() ? whole.parent_path().string() : ".";
  const std::string name = whole.filename().string();
  std::error_code error;
  std::filesystem::create_directories(above, error);
  const OpenFolder parent(open_folder_at(AT_FDCWD, above, 0), above);
  if (parent.descriptor_ < 0) {
    return refuse(above, errno);
  }
  const bool is_made = mkdirat(parent.descriptor_, name.c_str(), S_IRWXU) == 0;
  if (!is_made && errno != EEXIST) {
    return refuse(path, errno);
  }
  OpenFolder folder(open_folder_at(parent.descriptor_, name, O_NOFOLLOW), path);
  if (folder.descriptor_ < 0) {
    return refuse(path, errno);
  }
  if (const int failed = is_made ? give_to_owner_of(parent.descriptor_, folder.descriptor_) : 0) {
    return refuse(path, failed);
  }
  return folder;
}

OpenFolder::OpenFolder(OpenFolder&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

OpenFolder& OpenFolder::operator=(OpenFolder&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

OpenFolder::~OpenFolder() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

std::expected<void, Refusal> OpenFolder::write_new_file(const std::string& name,
                                                        std::string_view text, mode_t mode) const {
  return write_new_file_at(descriptor_, name, path_ + "/" + name, text, mode, Owner::of_folder);
}

}  // namespace sekisho::tools
