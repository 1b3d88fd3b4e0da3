// The parser of SPF records. What it accepts keeps its promises; its errors can be printed.
#include "spf/record.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace sekisho;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

void check_directive(const spf::Directive& directive) {
  require(is_visible(directive.text));
  require(directive.prefix4 <= 32 && directive.prefix6 <= 128);
  const std::string_view target = directive.domain_spec.text;
  require(target.empty() || spf::check_domain_spec(target).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = "v=spf1 " + std::string(reinterpret_cast<const char*>(data), size);
  require(spf::is_spf_record(text));
  const auto record = spf::parse_record(text);
  if (!record) {
    require(is_visible(spf::printable(record.error().term)));
    require(!spf::format_record_error(record.error()).empty());
    return 0;
  }
  std::ranges::for_each(record->directives, check_directive);
  require(!record->redirect || spf::check_domain_spec(record->redirect->text).has_value());
  require(!record->explanation || spf::check_domain_spec(record->explanation->text).has_value());
  return 0;
}
