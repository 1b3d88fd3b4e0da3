#include "mail/header_field.hpp"

#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"
#include "mail/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace sekisho::mail {
namespace {

/// CRLF before a blank (FWS, RFC 5322 §3.2.2).
bool is_fold(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == '\r' && text[at + 1] == '\n' && is_blank(text[at + 2]);
}

}  // namespace

bool is_named(const HeaderField& field, std::string_view name) {
  if (field.name.size() < name.size() ||
      !equals_ignoring_case(std::string_view(field.name).substr(0, name.size()), name)) {
    return false;
  }
  return std::ranges::all_of(std::string_view(field.name).substr(name.size()), is_blank);
}

std::vector<const HeaderField*> fields_named(const HeaderSection& header, std::string_view name) {
  std::vector<const HeaderField*> fields;
  for (const HeaderField& field : header) {
    if (is_named(field, name)) {
      fields.push_back(&field);
    }
  }
  return fields;
}

bool is_clean_value(std::string_view value) {
  bool is_ascii = true;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if ((c >= ' ' && c <= '~') || c == '\t') {
      continue;
    }
    if (is_eight_bit(c)) {
      is_ascii = false;
    } else if (is_fold(value, i)) {
      ++i;  // the LF
    } else {
      return false;
    }
  }
  return is_ascii || is_valid_utf8(value);
}

std::string unfold(std::string_view value) {
  std::string unfolded;
  unfolded.reserve(value.size());
  while (!value.empty()) {
    const std::size_t line_end = value.find('\n');
    if (line_end == std::string_view::npos) {
      return unfolded.append(value);
    }
    const bool folded = line_end + 1 < value.size() && is_blank(value[line_end + 1]);
    const bool after_cr = line_end > 0 && value[line_end - 1] == '\r';
    unfolded.append(value.substr(0, !folded ? line_end + 1 : line_end - (after_cr ? 1 : 0)));
    value.remove_prefix(line_end + 1);
  }
  return unfolded;
}

std::string restore_folds(std::string_view value) {
  std::string restored;
  restored.reserve(value.size() + 8);  // a few folds
  append_with_crlf(restored, value);
  return restored;
}

}  // namespace sekisho::mail
