// OpenDMARC's HistoryFile: what is read is an observation that the spill file holds as well.
#include "report/store/history.hpp"

#include "report/store/codec.hpp"
#include "text_of.hpp"

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

using namespace sekisho;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream file{std::string(fuzz::text_of(data, size))};
  std::uint64_t read = 0;
  const auto counts =
      report::store::read_history(file, [&](const report::store::Observation& observation) {
        ++read;
        fuzz::require(report::store::read_observation(
                          report::store::write_observation(observation)) == observation);
      });
  fuzz::require(counts.read == read);
  return 0;
}
