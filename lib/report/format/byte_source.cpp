#include "report/format/byte_source.hpp"

#include <array>

namespace sekisho::report::format {

std::expected<std::string, std::string> read_all(const ByteSource& source, std::size_t limit) {
  std::string text;
  std::array<char, 32'768> buffer{};
  for (;;) {
    const auto count = source(buffer);
    if (!count) {
      return std::unexpected(count.error());
    }
    if (*count == 0) {
      return text;
    }
    if (text.size() + *count > limit) {
      return std::unexpected("larger than " + std::to_string(limit) + " octets");
    }
    text.append(buffer.data(), *count);
  }
}

}  // namespace sekisho::report::format
