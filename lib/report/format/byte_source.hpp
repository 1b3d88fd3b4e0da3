// A source of octets of a report: memory, a file, a member of an archive.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace sekisho::report::format {

/// Fills the begin of the buffer and returns the number of octets; 0 at the end. After an error,
/// which is for people, nothing more is read.
using ByteSource = std::function<std::expected<std::size_t, std::string>(std::span<char>)>;

/// Returns a source that reads `text`, which must outlive it.
[[nodiscard]] inline ByteSource source_of(std::string_view text) {
  return [text](std::span<char> buffer) mutable -> std::expected<std::size_t, std::string> {
    const std::size_t count = text.copy(buffer.data(), buffer.size());
    text.remove_prefix(count);
    return count;
  };
}

/// Reads all octets into memory. More than `limit` octets are an error.
[[nodiscard]] std::expected<std::string, std::string> read_all(const ByteSource& source,
                                                               std::size_t limit);

}  // namespace sekisho::report::format
