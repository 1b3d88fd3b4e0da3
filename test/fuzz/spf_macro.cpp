// Macro-strings: the first line is the local part of the sender, the rest is expanded.
#include "spf/macro.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace sekisho;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// Only a last label that is too long itself leaves a name too long.
void check_name(std::string_view name) {
  constexpr std::size_t max_name_octets = 253;
  require(name.size() <= max_name_octets ||
          name.substr(name.size() - max_name_octets).find('.') == std::string_view::npos);
  static_cast<void>(spf::is_askable(name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view text = input.substr(std::min(line + 1, input.size()));
  spf::MacroValues values;
  values.local_part = input.substr(0, std::min<std::size_t>(line, 1'024));
  values.sender_domain = "sender.example";
  values.domain = "domain.example";
  values.client = *dns::IpAddress::parse("2001:db8::1");
  values.helo = "helo.example";
  values.receiver = "mx.example";
  if (spf::check_domain_spec(text)) {
    check_name(spf::expand_name(text, values));
  }
  if (spf::check_macro_string(text, spf::MacroScope::explanation)) {
    const auto explanation = spf::expand_explanation(text, values);
    require(!explanation || explanation->size() <= spf::max_explanation_octets);
    require(!explanation ||
            std::ranges::all_of(*explanation, [](char c) { return c >= ' ' && c <= '~'; }));
  }
  return 0;
}
