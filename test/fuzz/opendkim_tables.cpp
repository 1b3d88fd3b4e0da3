// A KeyTable and a SigningTable of OpenDKIM: the octets are both, as files and as a list.
#include "fuzz/text_of.hpp"
#include "keys/signing_table.hpp"

using namespace sekisho;
using fuzz::require;

namespace {

void check_entries(keys::TableKind kind, const keys::TableLines& table) {
  for (const keys::TableLine& line : table.lines) {
    require(!line.key.empty() && !line.value.empty() && line.number > 0);
    require(line.key.size() + line.value.size() <= keys::max_table_line_octets);
    if (const auto entry = keys::parse_key_table_entry(line.value)) {
      require(keys::is_selector(entry->selector));
    }
    if (const auto entry = keys::parse_signing_table_entry(kind, line)) {
      require(!entry->key_name.empty());
      require(entry->pattern.has_value() == (kind == keys::TableKind::patterns));
      if (entry->pattern) {
        static_cast<void>(entry->pattern->matches("alice@a.example.org"));
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  for (const keys::TableLines& table :
       {keys::parse_table_file(text), keys::parse_table_list(text)}) {
    check_entries(keys::TableKind::exact, table);
    check_entries(keys::TableKind::patterns, table);
  }
  return 0;
}
