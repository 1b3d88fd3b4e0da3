// Aggregate reports; what was read of one is written in both forms, and read again.
#include "report/format/aggregate_reader.hpp"
#include "report/format/aggregate_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::report::format;
  const std::string text(data, data + size);
  std::vector<AggregateRecord> records;
  const auto reading = read_aggregate(
      source_of(text), {}, [&](AggregateRecord record) { records.push_back(std::move(record)); });
  if (!reading) {
    return 0;
  }
  for (const Form form : {Form::rfc9990, Form::rfc7489}) {
    AggregateHeader header = reading->header;
    header.form = form;
    std::string written;
    AggregateWriter writer(header, [&](std::string_view piece) { written += piece; });
    for (const AggregateRecord& record : records) {
      writer.record(record);
    }
    writer.finish();
    std::size_t place = 0;
    const auto again = read_aggregate(source_of(written), {}, [&](const AggregateRecord& record) {
      if (record.count != records.at(place).count ||
          record.header_from != records.at(place).header_from) {
        std::abort();
      }
      ++place;
    });
    if (!again || place != records.size() || again->header.form != form ||
        again->header.metadata.report_id != header.metadata.report_id) {
      std::abort();
    }
  }
  return 0;
}
