// Lines of the spill file: what is read can be written, and then reads the same.
#include "report/recorder/spill.hpp"

#include "report/store/codec.hpp"
#include "text_of.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

using namespace sekisho;

namespace {

template <typename Part>
void require_same(const Part& part) {
  const auto again =
      report::recorder::read_spilled_line(report::recorder::write_spilled_line("batch", part));
  const Part* read = again ? std::get_if<Part>(&again->part) : nullptr;
  fuzz::require(read != nullptr && again->batch == "batch" && *read == part);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  static_cast<void>(report::recorder::read_spilled_line(text));
  // The checksum is in the way of the rest.
  if (const auto observation = report::store::read_observation(text)) {
    require_same(*observation);
  }
  if (const auto tally = report::store::read_tally(text)) {
    require_same(*tally);
  }
  return 0;
}
