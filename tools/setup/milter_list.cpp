#include "tools/setup/milter_list.hpp"

#include <algorithm>
#include <cstddef>

namespace sekisho::tools::setup {

namespace {

constexpr std::string_view separators = ", \t\r\n{}";

// Where the name stands as a whole word; npos: nowhere.
std::size_t find_milter(std::string_view list, std::string_view name) {
  std::size_t begin = name.empty() ? std::string_view::npos : list.find(name);
  while (begin != std::string_view::npos) {
    const std::size_t end = begin + name.size();
    const bool begins = begin == 0 || separators.contains(list[begin - 1]);
    const bool ends = end == list.size() || separators.contains(list[end]);
    if (begins && ends) {
      return begin;
    }
    begin = list.find(name, begin + 1);
  }
  return begin;
}

struct Span {
  std::size_t begin;
  std::size_t end;
};

// The name with the braces around it and its settings, if it has any.
Span entry_around(std::string_view list, std::size_t name) {
  const std::size_t open = list.rfind('{', name);
  const std::size_t closed = list.rfind('}', name);
  const bool in_braces =
      open != std::string_view::npos && (closed == std::string_view::npos || closed < open);
  if (in_braces) {
    const std::size_t end = list.find('}', name);
    return {open, end == std::string_view::npos ? list.size() : end + 1};
  }
  return {name, std::min(list.find_first_of(separators, name), list.size())};
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view around = ", \t\r\n";
  const std::size_t begin = text.find_first_not_of(around);
  if (begin == std::string_view::npos) {
    return {};
  }
  return std::string(text.substr(begin, text.find_last_not_of(around) - begin + 1));
}

}  // namespace

bool has_milter(std::string_view list, std::string_view name) {
  return find_milter(list, name) != std::string_view::npos;
}

std::string add_milter(const std::string& list, const std::string& wanted,
                       const std::vector<std::string>& ours) {
  if (has_milter(list, wanted)) {
    return list;
  }
  for (const std::string& name : ours) {
    if (const std::size_t place = find_milter(list, name); place != std::string::npos) {
      std::string replaced = list;
      return replaced.replace(place, name.size(), wanted);
    }
  }
  const std::string rest = trimmed(list);
  return rest.empty() ? wanted : wanted + ", " + rest;
}

std::string remove_milters(const std::string& list, const std::vector<std::string>& ours) {
  std::string left = list;
  for (const std::string& name : ours) {
    for (std::size_t place = find_milter(left, name); place != std::string::npos;
         place = find_milter(left, name)) {
      const Span entry = entry_around(left, place);
      const std::string before = trimmed(std::string_view(left).substr(0, entry.begin));
      const std::string after = trimmed(std::string_view(left).substr(entry.end));
      left = before;
      left += before.empty() || after.empty() ? after : ", " + after;
    }
  }
  return left;
}

}  // namespace sekisho::tools::setup
