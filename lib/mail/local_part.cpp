#include "mail/local_part.hpp"

#include <algorithm>

namespace sekisho::mail {
namespace {

// Quoted-string = DQUOTE *QcontentSMTP DQUOTE (RFC 5321 §4.1.2)
bool is_quoted_string(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) {
    return false;
  }
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || is_control(text[i])) {
      return false;
    }
    if (text[i] == '\\') {
      ++i;
      if (i == text.size() || is_control(text[i])) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

bool is_local_part(std::string_view text) {
  return (!text.empty() && std::ranges::all_of(text, is_atom_character)) || is_quoted_string(text);
}

std::string without_quotes(std::string_view local_part) {
  if (!local_part.starts_with('"')) {
    return std::string(local_part);
  }
  const std::string_view content = local_part.substr(1, local_part.size() - 2);
  std::string text;
  text.reserve(content.size());
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] == '\\') {
      ++i;
    }
    if (content[i] != '\r' && content[i] != '\n') {
      text += content[i];
    }
  }
  return text;
}

}  // namespace sekisho::mail
