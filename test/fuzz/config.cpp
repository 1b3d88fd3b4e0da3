// Any bytes as a configuration: refused with reasons, or read.
#include "config/load.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto options = sekisho::config::parse(text, "fuzz");
  if (!options && options.error().empty()) {
    std::abort();  // a refusal has a reason
  }
  return 0;
}
