// Where the octets of a report come from: memory, a file, a member of an archive.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace sekisho::report::format {

/// Fills the front of the buffer and returns how much of it; 0 at the end. An error says, for
/// people, what is wrong with the source; nothing more is read then.
using ByteSource = std::function<std::expected<std::size_t, std::string>(std::span<char>)>;

/// `text` outlives the source.
[[nodiscard]] inline ByteSource source_of(std::string_view text) {
  return [text](std::span<char> buffer) mutable -> std::expected<std::size_t, std::string> {
    const std::size_t count = text.copy(buffer.data(), buffer.size());
    text.remove_prefix(count);
    return count;
  };
}

/// All of it in memory. More than `limit` octets are an error.
[[nodiscard]] std::expected<std::string, std::string> read_all(const ByteSource& source,
                                                               std::size_t limit);

}  // namespace sekisho::report::format
