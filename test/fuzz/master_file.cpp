// Whatever a master file holds, it is read or refused, and the resolver over it gives an answer.
#include "dns/zone_file.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace sekisho::dns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto zone = ZoneFile::parse(text, "fuzz.zone");
  if (!zone) {
    return zone.error().message.starts_with("fuzz.zone:") ? 0 : 1;
  }
  for (const RecordType type :
       {RecordType::a, RecordType::aaaa, RecordType::mx, RecordType::txt, RecordType::ptr}) {
    static_cast<void>((*zone)->lookup({"a.b.example.org", type}, {}).get());
  }
  return 0;
}
