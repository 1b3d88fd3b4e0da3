#include "tools/setup/files.hpp"

#include "tools/cli/new_file.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sekisho::tools::setup {

namespace {

using EntryText = std::array<char, 65'536>;

std::unexpected<Refusal> refuse(const std::string& path, int error) {
  return std::unexpected(
      Refusal{exit_failure, path + ": " + std::system_category().message(error)});
}

std::expected<void, Refusal> make_folder_above(const std::string& path) {
  const std::filesystem::path above = std::filesystem::path(path).parent_path();
  std::error_code error;
  std::filesystem::create_directories(above, error);
  if (error) {
    return refuse(above.string(), error.value());
  }
  return {};
}

// Gives a file what the one that it replaces has; 0, or an error of errno.
int pass_on(const struct stat& before, const std::string& path) {
  constexpr mode_t permissions = S_ISUID | S_ISGID | S_ISVTX | S_IRWXU | S_IRWXG | S_IRWXO;
  const bool done = chown(path.c_str(), before.st_uid, before.st_gid) == 0 &&
                    chmod(path.c_str(), before.st_mode & permissions) == 0;
  return done ? 0 : errno;
}

std::optional<uid_t> user_number(const std::string& name) {
  EntryText text{};
  passwd entry{};
  passwd* found = nullptr;
  getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
  return found == nullptr ? std::nullopt : std::optional(entry.pw_uid);
}

std::optional<gid_t> group_number(const std::string& name) {
  EntryText text{};
  group entry{};
  group* found = nullptr;
  getgrnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
  return found == nullptr ? std::nullopt : std::optional(entry.gr_gid);
}

}  // namespace

std::optional<std::string> read_file(const std::string& path) {
  constexpr std::size_t most = 16'777'216;
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || size > most || !file) {
    return std::nullopt;
  }
  std::string text(size, '\0');
  file.read(text.data(), static_cast<std::streamsize>(size));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::expected<void, Refusal> replace_file(const std::string& path, std::string_view text,
                                          mode_t mode) {
  if (auto made = make_folder_above(path); !made) {
    return made;
  }
  const std::string draft = path + ".setup-new";
  struct stat before{};
  const bool is_there = stat(path.c_str(), &before) == 0;
  unlink(draft.c_str());
  if (auto written = write_new_file(draft, text, mode); !written) {
    return written;
  }
  const int error = is_there ? pass_on(before, draft) : chmod(draft.c_str(), mode);
  if (error != 0 || rename(draft.c_str(), path.c_str()) != 0) {
    const int reason = error > 0 ? error : errno;
    unlink(draft.c_str());
    return refuse(path, reason);
  }
  return {};
}

std::expected<void, Refusal> remove_file(const std::string& path) {
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return refuse(path, errno);
  }
  return {};
}

std::expected<void, Refusal> make_folder(const std::string& path, const std::string& owner,
                                         const std::string& group, mode_t mode) {
  const auto user = user_number(owner);
  const auto members = group_number(group);
  if (!user || !members) {
    return std::unexpected(Refusal{
        exit_failure, path + ": there is no " + (user ? "group " + group : "user " + owner)});
  }
  if (mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return refuse(path, errno);
  }
  if (lchown(path.c_str(), *user, *members) != 0 || chmod(path.c_str(), mode) != 0) {
    return refuse(path, errno);
  }
  return {};
}

}  // namespace sekisho::tools::setup
