// Frames of a reading process that may be broken; what is read of one is written as it was.
#include "report/import/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::report::format;
  using namespace sekisho::report::import;
  const std::string octets(data, data + size);
  FrameReader reader;
  reader.add(octets);
  while (const auto frame = reader.next()) {
    std::string first;
    append_frame(first, *frame);
    FrameReader again;
    again.add(first);
    const auto same = again.next();
    std::string second;
    if (same) {
      append_frame(second, *same);
    }
    if (first != second) {
      std::abort();
    }
  }
  return 0;
}
