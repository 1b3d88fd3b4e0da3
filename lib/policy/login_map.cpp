#include "policy/login_map.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <span>
#include <vector>

namespace sekisho::policy {

namespace {

constexpr std::string_view separators = " \t\r,";
constexpr std::size_t max_file_octets = std::size_t{64} * 1024 * 1024;

// The words before the one that begins a comment.
std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t at = line.find_first_not_of(separators);
  while (at != std::string_view::npos && line[at] != '#') {
    const std::size_t end = std::min(line.find_first_of(separators, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(separators, end);
  }
  return words;
}

std::string at_line(const std::string& path, std::size_t line, const std::string& what) {
  return path + ":" + std::to_string(line) + ": " + what;
}

}  // namespace

std::expected<void, std::string> LoginMap::add_line(std::string_view line) {
  if (line.size() > max_line_octets) {
    return std::unexpected("line too long");
  }
  const std::vector<std::string_view> words = split(line);
  if (words.empty()) {
    return {};
  }
  if (words.size() == 1) {
    return std::unexpected("a login without authors");
  }
  const auto [entry, is_new] = authors_.try_emplace(std::string(words.front()));
  if (!is_new) {
    return std::unexpected("a login that has a line already");
  }
  for (const std::string_view word : std::span(words).subspan(1)) {
    if (word == "<>" || !entry->second.add(word)) {  // the null sender is no author
      return std::unexpected("\"" + std::string(word) + "\" is no author; expected " +
                             "user@example.org, example.org, .example.org or *");
    }
  }
  return {};
}

std::expected<LoginMap, std::string> LoginMap::parse(std::string_view text,
                                                     const std::string& shown_path) {
  LoginMap map;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (number > max_lines) {
      return std::unexpected(at_line(shown_path, number, "too many lines"));
    }
    if (const auto added = map.add_line(text.substr(0, end)); !added) {
      return std::unexpected(at_line(shown_path, number, added.error()));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return map;
}

std::expected<LoginMap, std::string> LoginMap::load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) {
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  if (!file) {
    return std::unexpected(path + ": cannot be read: " + std::strerror(errno));
  }
  if (text.size() > max_file_octets) {
    return std::unexpected(path + ": is larger than 64 MiB");
  }
  return parse(text, path);
}

bool LoginMap::allows(const std::string& login, const mail::Mailbox& author) const {
  auto entry = authors_.find(login);
  if (entry == authors_.end()) {
    entry = authors_.find("*");
  }
  return entry != authors_.end() && author.domain &&
         entry->second.covers(author.local_part, author.domain);
}

}  // namespace sekisho::policy
