#include "dkim/tag_writer.hpp"

#include <algorithm>

namespace sekisho::dkim {

namespace {

constexpr std::size_t max_columns = 77;
constexpr std::size_t tab_columns = 8;
constexpr std::size_t room_for_separator = 1;

// dkim-safe-char (RFC 6376 §2.11)
constexpr bool is_safe(char c) {
  return c > ' ' && c < '\x7f' && c != ';' && c != '=';
}

}  // namespace

TagWriter::TagWriter(std::string_view field_name)
    : column_(field_name.size() + std::string_view(":").size()) {}

void TagWriter::append(std::string_view word) {
  text_ += word;
  column_ += word.size();
}

void TagWriter::break_line() {
  text_ += "\r\n\t";
  column_ = tab_columns;
}

// Ends the tag before, and goes on where this many octets have room.
void TagWriter::begin_tag(std::size_t size) {
  if (!text_.empty()) {
    append(";");
  }
  if (column_ + 1 + size + room_for_separator > max_columns && !text_.empty()) {
    break_line();
    return;
  }
  append(" ");
}

void TagWriter::add(std::string_view name, std::string_view value) {
  begin_tag(name.size() + 1 + value.size());
  append(name);
  append("=");
  append(value);
}

void TagWriter::add_list(std::string_view name, std::span<const std::string> members) {
  std::size_t size = name.size();
  for (const std::string& member : members) {
    size += 1 + member.size();
  }
  begin_tag(size);
  append(name);
  append("=");
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) {
      append(":");
      if (column_ + members[i].size() + room_for_separator > max_columns) {
        break_line();
      }
    }
    append(members[i]);
  }
}

// On a line of its own, so that the signature's text follows the equals sign without a fold.
void TagWriter::begin_signature() {
  append(";");
  break_line();
  append("b=");
}

void TagWriter::end_signature(std::span<const std::uint8_t> signature) {
  const std::string text = crypto::encode_base64(signature);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, max_columns - column_);
    append(line);
    rest.remove_prefix(line.size());
    if (!rest.empty()) {
      break_line();
    }
  }
}

std::string encode_quoted_printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_safe(c)) {
      encoded += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    encoded += '=';
    encoded += digits[octet >> 4U];
    encoded += digits[octet & 0xFU];
  }
  return encoded;
}

}  // namespace sekisho::dkim
