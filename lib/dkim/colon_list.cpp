#include "dkim/colon_list.hpp"

#include "mail/ascii.hpp"

#include <algorithm>

namespace sekisho::dkim {

namespace {

constexpr std::size_t max_words = 100;

}  // namespace

std::vector<std::string_view> split_colon_list(std::string_view value, std::size_t limit) {
  std::vector<std::string_view> members;
  while (members.size() <= limit) {
    const std::size_t colon = value.find(':');
    members.push_back(mail::trimmed<mail::is_folding_white_space>(value.substr(0, colon)));
    if (colon == std::string_view::npos) {
      break;
    }
    value.remove_prefix(colon + 1);
  }
  return members;
}

bool colon_list_contains(std::string_view value, std::string_view word) {
  return std::ranges::any_of(split_colon_list(value, max_words), [word](std::string_view member) {
    return mail::equals_ignoring_case(member, word);
  });
}

}  // namespace sekisho::dkim
