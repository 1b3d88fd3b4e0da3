#include "authres/authentication_results.hpp"
#include "authres/own_name.hpp"
#include "authres/scanner.hpp"
#include "mail/ascii.hpp"
#include "mail/domain.hpp"
#include "mail/utf8.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace sekisho::authres {

namespace {

// Builds the value line by line. A line has at most 77 columns, unless one piece alone is longer.
class Folder {
 public:
  /// What stays in one line: `parts` without anything between them.
  void add(std::initializer_list<std::string_view> parts) {
    constexpr std::size_t room_for_semicolon = 1;
    std::size_t size = 0;
    for (const std::string_view part : parts) {
      size += part.size();
    }
    if (column_ + 1 + size + room_for_semicolon > max_columns) {
      break_line();
    } else if (!at_line_begin_) {
      append(" ");
    }
    for (const std::string_view part : parts) {
      append(part);
    }
  }
  /// Ends a result: the next one begins a line.
  void end_result() { append(";"); }
  void break_line() {
    if (!at_line_begin_) {
      text_ += "\r\n\t";
      column_ = tab_columns;
      at_line_begin_ = true;
    }
  }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  /// Forgets all behind the first `size` octets, which end a result.
  void cut(std::size_t size) { text_.resize(size); }
  std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t max_columns = 77;
  static constexpr std::size_t tab_columns = 8;

  void append(std::string_view text) {
    text_ += text;
    column_ += text.size();
    at_line_begin_ = false;
  }

  std::string text_;
  std::size_t column_ = std::string_view("Authentication-Results:").size();
  bool at_line_begin_ = false;
};

// An encoded word would be one even between quotes to readers that decode before they parse.
bool may_be_written(std::string_view value) {
  return !value.empty() && value.size() <= max_written_value && !holds_encoded_word(value) &&
         std::ranges::none_of(value, mail::is_control) && mail::is_valid_utf8(value);
}

// Quotes and escapes can double a value.
bool fits_line(std::string_view written) {
  return written.size() <= max_written_value;
}

// [ [ local-part ] "@" ] domain-name, as far as it has an "@" (RFC 8601 §2.2): written unquoted.
// SpamAssassin 4 discards the field where the local part is a quoted-string or not US-ASCII: these
// are written as a quoted-string as a whole, which the grammar allows as well.
bool is_mailbox(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || !mail::Domain::parse(text.substr(at + 1))) {
    return false;
  }
  const std::string_view local_part = text.substr(0, at);
  return local_part.empty() ||
         (is_dot_atom(local_part) && std::ranges::none_of(local_part, mail::is_eight_bit));
}

std::string as_value(std::string_view text) {
  return is_token(text) ? std::string(text) : quote(text);
}

std::string as_property_value(std::string_view text) {
  return is_mailbox(text) ? std::string(text) : as_value(text);
}

// Nothing in a comment may end it, escape, or look like a result or its end to a weak parser. It
// may quote a stranger's record, whose terms have any length.
std::string as_comment(std::string_view text) {
  constexpr std::size_t longest = 120;
  std::string comment = "(";
  for (const char c : text.substr(0, longest)) {
    constexpr std::string_view misread = "()\\;\"=";
    const bool harmless = c >= ' ' && c < '\x7f' && !misread.contains(c);
    comment += harmless ? c : '?';
  }
  return comment += ')';
}

void write_result(const MethodResult& result, const WriteOptions& options, Folder& folder) {
  folder.break_line();
  folder.add({result.method, "=", result.result});
  if (options.comments && !result.comment.empty()) {
    folder.add({as_comment(result.comment)});
  }
  if (may_be_written(result.reason)) {
    if (const std::string value = as_value(result.reason); fits_line(value)) {
      folder.add({"reason=", value});
    }
  }
  for (const Property& property : result.properties) {
    if (!may_be_written(property.value)) {
      continue;
    }
    if (const std::string value = as_property_value(property.value); fits_line(value)) {
      folder.add({property.type, ".", property.name, "=", value});
    }
  }
}

}  // namespace

std::string format(const AuthenticationResults& field, const WriteOptions& options) {
  Folder folder;
  folder.add({as_value(field.authserv_id)});
  folder.end_result();
  if (field.results.empty()) {
    folder.add({"none"});
    return folder.take();
  }
  for (std::size_t i = 0; i < field.results.size(); ++i) {
    const std::size_t end = folder.size();
    if (i > 0) {
      folder.end_result();
    }
    write_result(field.results[i], options, folder);
    if (folder.size() > max_written_octets && i > 0) {
      folder.cut(end);
      break;
    }
  }
  return folder.take();
}

}  // namespace sekisho::authres
