// The text of a file that may hold a private key.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace sekisho::keys {

/// Wiped when it goes.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::vector<char> text) : text_(std::move(text)) {}
  SecretText(SecretText&&) noexcept = default;
  SecretText& operator=(SecretText&& other) noexcept {
    std::swap(text_, other.text_);
    return *this;
  }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText();

  [[nodiscard]] std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  std::vector<char> text_;
};

struct FileText {
  SecretText text;
  bool is_private = false;  ///< None but its owner may read or write the file.
};

/// What a file is, without its text.
struct FileLook {
  bool is_regular = false;
  bool is_private = false;  ///< As of FileText.
  uid_t owner = 0;
  std::string version;  ///< Another one where the file was written or replaced.
};

/// Nullopt: it is not there, or not for us to read.
[[nodiscard]] std::optional<FileLook> look_at_file(const std::string& path);

/// Reads a regular file of at most `max_octets`. The error says what is wrong, not which file.
[[nodiscard]] std::expected<FileText, std::string> read_text_file(const std::string& path,
                                                                  std::size_t max_octets);

}  // namespace sekisho::keys
