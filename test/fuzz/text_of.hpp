// What every fuzz target begins and ends with: its octets as text, and an abort where a promise
// does not hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace sekisho::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the octets are text here
  return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

}  // namespace sekisho::fuzz
