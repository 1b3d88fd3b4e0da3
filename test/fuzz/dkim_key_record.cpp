// Key records, with the keys in them.
#include "dkim/key_record.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t max_bits = 8192;
  const auto record = sekisho::dkim::parse_key_record(
      std::string_view(reinterpret_cast<const char*>(data), size), max_bits);
  if (record && record->key.bits() > max_bits) {
    std::abort();
  }
  if (!record && record.error().reason.empty()) {
    std::abort();
  }
  return 0;
}
