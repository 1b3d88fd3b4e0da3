// TLS reports.
#include "report/format/tls_report.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::report::format;
  const std::string text(data, data + size);
  static_cast<void>(read_tls_reports(source_of(text), {}));
  static_cast<void>(parse_date_time(text));
  return 0;
}
