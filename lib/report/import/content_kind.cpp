#include "report/import/content_kind.hpp"

#include <algorithm>
#include <string>

namespace sekisho::report::import {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view white_space = " \t\r\n";

// RFC 5322 §2.2: printable characters but the colon, then a colon; blanks before it are obsolete.
bool begins_with_header_field(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon == text.npos) {
    return false;
  }
  std::string_view name = text.substr(0, colon);
  name = name.substr(0, name.find_last_not_of(" \t") + 1);
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_archive(std::string_view beginning) {
  constexpr std::size_t tar_magic = 257;  // POSIX ustar, and GNU tar
  return beginning.starts_with("\x1f\x8b") || beginning.starts_with("PK\x03\x04") ||
         beginning.starts_with("PK\x05\x06") ||
         (beginning.size() > tar_magic && beginning.substr(tar_magic).starts_with("ustar"));
}

std::string_view without_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(white_space), text.size()));
}

// An object, or a list of objects: a line of text may well begin with a bracket.
bool is_json(std::string_view text) {
  const bool is_list = text.starts_with('[');
  return (is_list ? without_blanks(text.substr(1)) : text).starts_with('{');
}

bool contains_tls_key(std::string_view text) {
  constexpr std::string_view keys[] = {"\"organization-name\"", "\"report-id\"", "\"policies\"",
                                       "\"date-range\""};
  return std::ranges::any_of(keys, [&](std::string_view word) { return text.contains(word); });
}

}  // namespace

ContentKind content_kind(std::string_view beginning) {
  if (is_archive(beginning)) {
    return ContentKind::archive;
  }
  // UTF-16, with a mark of its order of octets or without.
  if (beginning.starts_with("\xff\xfe<\0"sv) || beginning.starts_with("\xfe\xff\0<"sv) ||
      beginning.starts_with("\0<"sv)) {
    return ContentKind::xml;
  }
  if (beginning.starts_with("From ")) {
    return ContentKind::mailbox;
  }
  if (beginning.starts_with("\xef\xbb\xbf")) {
    beginning.remove_prefix(3);
  }
  const std::string_view text = without_blanks(beginning);
  if (text.starts_with('<')) {
    return ContentKind::xml;
  }
  if (is_json(text)) {
    return ContentKind::json;
  }
  return begins_with_header_field(beginning) ? ContentKind::mail : ContentKind::unknown;
}

bool seems_report(std::string_view beginning) {
  switch (content_kind(beginning)) {
    case ContentKind::xml: {
      std::string text(beginning.substr(0, beginning_octets));
      std::erase(text, '\0');  // UTF-16
      return text.contains("<feedback") || text.contains(":feedback");
    }
    case ContentKind::json:
      return contains_tls_key(beginning.substr(0, beginning_octets));
    case ContentKind::archive:
    case ContentKind::mail:
    case ContentKind::mailbox:
    case ContentKind::unknown:
      return false;
  }
  return false;
}

std::string_view report_within(std::string_view text) {
  const std::size_t root = text.find("<feedback");
  if (root != text.npos) {
    const std::size_t declaration = text.find("<?xml");
    return text.substr(std::min(root, declaration));
  }
  const std::size_t begin = text.find('{');
  const std::size_t end = text.rfind('}');
  if (begin == text.npos || end == text.npos || end < begin) {
    return {};
  }
  const std::string_view object = text.substr(begin, end + 1 - begin);
  return seems_report(object) ? object : std::string_view{};
}

}  // namespace sekisho::report::import
