// Lines of the spill file: what is read can be written, and then reads the same.
#include "report/recorder/spill.hpp"

#include "report/store/codec.hpp"
#include "text_of.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace sekisho;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  static_cast<void>(report::recorder::read_spilled_line(text));
  // The checksum is in the way of the rest.
  const auto observation = report::store::read_observation(text);
  if (!observation) {
    return 0;
  }
  const auto again = report::recorder::read_spilled_line(
      report::recorder::write_spilled_line("batch", *observation));
  fuzz::require(again && again->batch == "batch" && again->observation == *observation);
  return 0;
}
