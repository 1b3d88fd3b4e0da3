#include "report/format/xml_name.hpp"

#include <algorithm>

namespace sekisho::report::format {

std::string_view local_name(std::string_view name) {
  return name.substr(name.rfind(':') + 1);  // npos + 1 is 0: all of it
}

bool is_qualified_name(std::string_view name) {
  const std::string_view local = local_name(name);
  const std::size_t colons = static_cast<std::size_t>(std::ranges::count(name, ':'));
  return colons <= 1 && !local.empty() && is_name_start(local[0]) &&
         std::ranges::none_of(name, mail::is_eight_bit);
}

std::string safe_name(std::string name) {
  if (!is_qualified_name(name)) {
    std::ranges::replace_if(name, [](char c) { return c == ':' || mail::is_eight_bit(c); }, '_');
  }
  return name;
}

bool declares_name_space(std::string_view name) {
  constexpr std::string_view with_prefix = "xmlns:";
  if (name == "xmlns") {
    return true;
  }
  // Those that begin with xml are reserved.
  return name.starts_with(with_prefix) && is_qualified_name(name) &&
         std::ranges::all_of(name, is_name_character) &&
         !mail::to_lower(name.substr(with_prefix.size())).starts_with("xml");
}

}  // namespace sekisho::report::format
