// The URIs of rua= and ruf=, down to an address that stands in SMTP commands and header fields.
#include "fuzz/text_of.hpp"
#include "report/recipients/destination.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho;
  const auto destination = report::recipients::parse_destination(fuzz::text_of(data, size));
  fuzz::require(!destination || report::recipients::is_plain_address(destination->address));
  return 0;
}
