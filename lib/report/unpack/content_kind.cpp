#include "report/unpack/content_kind.hpp"

#include <algorithm>

namespace sekisho::report {

namespace {

using namespace std::string_view_literals;

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

}  // namespace

ContentKind content_kind(std::string_view beginning) {
  if (beginning.starts_with("\x1f\x8b") || beginning.starts_with("PK\x03\x04") ||
      beginning.starts_with("PK\x05\x06")) {
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
  const std::size_t blanks = beginning.find_first_not_of(" \t\r\n");
  const char first = blanks == beginning.npos ? '\0' : beginning[blanks];
  if (first == '<') {
    return ContentKind::xml;
  }
  if (first == '{') {
    return ContentKind::json;
  }
  return begins_with_header_field(beginning) ? ContentKind::mail : ContentKind::unknown;
}

}  // namespace sekisho::report
