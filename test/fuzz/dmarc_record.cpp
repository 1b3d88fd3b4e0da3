// The DMARC record parser, over any bytes.
#include "dmarc/record.hpp"
#include "dmarc/report_uri.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using sekisho::dmarc::parse_record;
using sekisho::dmarc::Policy;
using sekisho::dmarc::Specification;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto specification : {Specification::rfc9989, Specification::rfc7489}) {
    const auto record = parse_record(text, specification);
    if (!record) {
      continue;
    }
    // What never may hold: a record that asks for more than none without a valid p=.
    if (!record->usable && (record->policy != Policy::none || record->subdomain_policy ||
                            record->nonexistent_policy || !record->aggregate_uris.empty())) {
      std::abort();
    }
    for (const auto* uris : {&record->aggregate_uris, &record->failure_uris}) {
      for (const auto& uri : *uris) {
        if (!sekisho::dmarc::is_report_uri(uri)) {
          std::abort();
        }
      }
    }
    if (record->percent > 100) {
      std::abort();
    }
  }
  return 0;
}
