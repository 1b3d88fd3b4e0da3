#include "policy/condition.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace sekisho::policy {

namespace {

constexpr std::size_t max_lines = 1'000'000;
constexpr std::size_t max_line_octets = 1'024;
constexpr std::size_t max_shown_octets = 80;

// What stands before `#`, which begins a comment at the start of a line or behind a blank.
std::string_view without_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != line.npos; at = line.find('#', at + 1)) {
    if (at == 0 || mail::is_blank(line[at - 1])) {
      return line.substr(0, at);
    }
  }
  return line;
}

}  // namespace

bool NetworkSet::add(std::string_view network) {
  const auto parsed = dns::Network::parse(network);
  if (parsed) {
    networks_.push_back(*parsed);
  }
  return parsed.has_value();
}

bool NetworkSet::contains(const dns::IpAddress& address) const {
  return std::ranges::any_of(networks_,
                             [&](const dns::Network& each) { return each.contains(address); });
}

bool WordSet::add(std::string_view word) {
  words_.emplace(word);
  return !word.empty();
}

bool WordSet::contains(const std::string& word) const {
  return words_.contains(word) || (!word.empty() && words_.contains("*"));
}

std::expected<void, std::string> read_list_file(const std::string& path,
                                                const std::function<bool(std::string_view)>& add) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  std::size_t number = 0;
  while (file && std::getline(file, line)) {
    const std::string place = path + ":" + std::to_string(++number);
    const std::string_view entry =
        mail::trimmed<mail::is_folding_white_space>(without_comment(line));
    if (entry.empty()) {
      continue;
    }
    if (number > max_lines) {
      return std::unexpected(place + ": too many lines");
    }
    if (entry.size() > max_line_octets || !add(entry)) {
      return std::unexpected(place + ": is \"" + std::string(entry.substr(0, max_shown_octets)) +
                             '"');
    }
  }
  if (!file.is_open() || file.bad()) {
    return std::unexpected(path + ": cannot be read: " + std::strerror(errno));
  }
  return {};
}

}  // namespace sekisho::policy
