// Files that a subcommand makes, and never writes over.
#pragma once

#include "tools/cli/refusal.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace sekisho::tools {

/// Makes a file that was not there. Nobody sees half of it for long: what cannot be finished is
/// taken away.
[[nodiscard]] std::expected<void, Refusal> write_new_file(const std::string& path,
                                                          std::string_view text, mode_t mode);

/// A folder that is held open: whoever may rename what lies above it cannot lead root elsewhere.
class OpenFolder {
 public:
  /// Opens a folder, which is no symbolic link. One that is not there is made for its owner alone,
  /// with those above it; where root makes it, it belongs to the owner of the folder that it is in.
  [[nodiscard]] static std::expected<OpenFolder, Refusal> open(const std::string& path);
  OpenFolder(OpenFolder&& other) noexcept;
  OpenFolder& operator=(OpenFolder&& other) noexcept;
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;
  ~OpenFolder();

  /// As write_new_file(). Where root makes the file, it belongs to the owner of the folder.
  [[nodiscard]] std::expected<void, Refusal> write_new_file(const std::string& name,
                                                            std::string_view text,
                                                            mode_t mode) const;

 private:
  OpenFolder(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

  int descriptor_;
  std::string path_;
};

}  // namespace sekisho::tools
