#include "report/import/mime.hpp"

#include "mail/ascii.hpp"
#include "report/format/printable.hpp"
#include "report/import/mime_field.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sekisho::report::import {

namespace {

constexpr std::size_t max_boundary = 256;  // 70 in RFC 2046 §5.1.1

std::string_view without_line_end(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r\n");
  return line.substr(0, last == line.npos ? 0 : last + 1);
}

TransferEncoding encoding_of(std::string_view header) {
  const std::string name = main_value(field_value(header, "Content-Transfer-Encoding"));
  if (name == "base64") {
    return TransferEncoding::base64;
  }
  return name == "quoted-printable" ? TransferEncoding::quoted_printable
                                    : TransferEncoding::identity;
}

std::string file_name(std::string_view header, std::string_view content_type) {
  constexpr std::size_t longest = 255;
  const auto name = parameter(field_value(header, "Content-Disposition"), "filename");
  return format::printable(name ? *name : parameter(content_type, "name").value_or(""), longest);
}

/// Walks the lines of one mail. What is open is a list and not a recursion.
class MimeWalk {
 public:
  explicit MimeWalk(std::string_view mail) : rest_(mail) {}

  MimeMessage walk() {
    enter_entity();
    while (!rest_.empty() && message_.problem == MimeProblem::none) {
      const std::string_view line = take_line();
      if (line.starts_with("--")) {
        meet_boundary(line);
      }
    }
    end_leaf(rest_.data(), LeafEnd::mail);
    end_multiparts(0, rest_.data());
    return std::move(message_);
  }

 private:
  struct Multipart {
    std::string boundary;  // with the two hyphens before it
    const char* begin;     // of what stands before the first boundary
    bool is_met = false;
    std::size_t depth = 0;
  };

  std::string_view take_line() {
    const std::size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end == rest_.npos ? rest_.size() : end + 1);
    rest_.remove_prefix(line.size());
    return line;
  }

  [[nodiscard]] std::optional<std::size_t> find_open(std::string_view line) const {
    for (std::size_t i = open_.size(); i > 0; --i) {
      if (open_[i - 1].boundary == line) {
        return i - 1;
      }
    }
    return std::nullopt;
  }

  // An outer boundary ends all that is within (RFC 2046 §5.1.2).
  void meet_boundary(std::string_view whole_line) {
    const std::string_view line = without_line_end(whole_line);
    if (line.size() > max_boundary) {
      return;
    }
    if (const auto begun = find_open(line)) {
      end_leaf(whole_line.data(), LeafEnd::boundary);
      end_multiparts(*begun + 1, whole_line.data());
      open_[*begun].is_met = true;
      depth_ = open_[*begun].depth + 1;
      enter_entity();
      return;
    }
    if (!line.ends_with("--")) {
      return;
    }
    if (const auto ended = find_open(line.substr(0, line.size() - 2))) {
      end_leaf(whole_line.data(), LeafEnd::boundary);
      open_[*ended].is_met = true;
      end_multiparts(*ended, whole_line.data());
    }
  }

  // Header sections, until one announces something else than a mail in the mail.
  void enter_entity() {
    while (message_.problem == MimeProblem::none) {
      if (depth_ > max_mail_depth) {
        message_.problem = MimeProblem::too_deep;
        return;
      }
      if (message_.parts.size() >= max_mail_parts) {
        message_.problem = MimeProblem::too_many_parts;
        return;
      }
      if (!enter_header(take_header())) {
        return;
      }
      ++depth_;
    }
  }

  // Up to the empty line. A boundary, or a first line that is no field, ends it as well: then it
  // is the first of the body.
  std::string_view take_header() {
    const char* const begin = rest_.data();
    while (!rest_.empty()) {
      const std::string_view before = rest_;
      const std::string_view line = take_line();
      const std::string_view text = without_line_end(line);
      if (text.empty()) {
        break;
      }
      const bool is_boundary = text.starts_with("--") && is_any_boundary(text);
      if (is_boundary || (line.data() == begin && !text.contains(':'))) {
        rest_ = before;
        break;
      }
    }
    return {begin, static_cast<std::size_t>(rest_.data() - begin)};
  }

  [[nodiscard]] bool is_any_boundary(std::string_view line) const {
    return find_open(line) || (line.ends_with("--") && find_open(line.substr(0, line.size() - 2)));
  }

  // Whether another header section follows: that of a mail in the mail.
  bool enter_header(std::string_view header) {
    std::string content_type = field_value(header, "Content-Type");
    if (content_type.empty()) {
      content_type = field_value(header, "ContentType");  // as some gateways write it
    }
    MimePart part{.name = file_name(header, content_type), .encoding = encoding_of(header)};
    if (std::string type = main_value(content_type); !type.empty()) {
      part.type = std::move(type);
    }
    if (std::exchange(is_first_, false)) {
      message_.type = part.type;
      message_.header = header;
      message_.report_type = mail::to_lower(parameter(content_type, "report-type").value_or(""));
    }
    if (const auto boundary = parameter(content_type, "boundary");
        boundary && !boundary->empty() && part.type.starts_with("multipart/")) {
      open_.push_back({.boundary = "--" + std::string(without_line_end(*boundary)),
                       .begin = rest_.data(),
                       .depth = depth_});
      return false;
    }
    part.is_message = part.encoding == TransferEncoding::identity &&
                      (part.type == "message/rfc822" || part.type == "message/global");
    part.body = rest_;
    message_.parts.push_back(std::move(part));
    in_leaf_ = !message_.parts.back().is_message;
    return !in_leaf_;
  }

  enum class LeafEnd : std::uint8_t { boundary, mail };

  // The line end before a boundary belongs to the boundary.
  void end_leaf(const char* end, LeafEnd by) {
    if (!std::exchange(in_leaf_, false)) {
      return;
    }
    std::string_view& body = message_.parts.back().body;
    body = body.substr(0, static_cast<std::size_t>(end - body.data()));
    if (by == LeafEnd::boundary && body.ends_with('\n')) {
      body.remove_suffix(body.ends_with("\r\n") ? 2 : 1);
    }
  }

  // Those above the first `count`. One whose boundary never came is text.
  void end_multiparts(std::size_t count, const char* end) {
    while (open_.size() > count) {
      const Multipart& last = open_.back();
      if (!last.is_met && message_.parts.size() < max_mail_parts) {
        message_.parts.push_back(
            {.body = {last.begin, static_cast<std::size_t>(end - last.begin)}});
      }
      open_.pop_back();
    }
  }

  std::string_view rest_;
  std::vector<Multipart> open_;
  std::size_t depth_ = 0;
  bool is_first_ = true;
  bool in_leaf_ = false;  // the last part is not at its end
  MimeMessage message_;
};

constexpr int no_digit = -1;

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') {
    return c - 'A';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 26;
  }
  if (c >= '0' && c <= '9') {
    return c - '0' + 52;
  }
  return c == '+' ? 62 : c == '/' ? 63 : no_digit;
}

std::string decode_base64(std::string_view text, std::size_t limit) {
  text = text.substr(0, text.find('='));
  std::string octets;
  octets.reserve(std::min(limit, text.size() / 4 * 3 + 3));
  unsigned bits = 0;
  unsigned value = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit == no_digit) {
      continue;
    }
    value = (value << 6U | static_cast<unsigned>(digit)) & 0xffffU;
    bits += 6;
    if (bits >= 8) {
      if (octets.size() == limit) {
        break;
      }
      bits -= 8;
      octets += static_cast<char>(value >> bits & 0xffU);
    }
  }
  return octets;
}

int hex_digit(char c) {
  const char lower = mail::to_lower(c);
  return mail::is_digit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : no_digit;
}

// RFC 2045 §6.7. An `=` that begins nothing stands for itself.
std::string decode_quoted_printable(std::string_view text, std::size_t limit) {
  std::string octets;
  octets.reserve(std::min(limit, text.size()));
  while (!text.empty() && octets.size() < limit) {
    const std::size_t plain = std::min(text.find('='), text.size());
    octets += text.substr(0, std::min(plain, limit - octets.size()));
    text.remove_prefix(plain);
    if (text.empty() || octets.size() == limit) {
      break;
    }
    const std::size_t line_end = text.find_first_not_of(" \t\r", 1);
    if (line_end == text.npos || text[line_end] == '\n') {
      text.remove_prefix(line_end == text.npos ? text.size() : line_end + 1);
      continue;
    }
    const int high = text.size() > 2 ? hex_digit(text[1]) : no_digit;
    const int low = text.size() > 2 ? hex_digit(text[2]) : no_digit;
    const bool is_code = high != no_digit && low != no_digit;
    octets += is_code ? static_cast<char>(high * 16 + low) : '=';
    text.remove_prefix(is_code ? 3 : 1);
  }
  return octets;
}

std::string decode_at_most(const MimePart& part, std::size_t limit) {
  switch (part.encoding) {
    case TransferEncoding::identity:
      return std::string(part.body.substr(0, limit));
    case TransferEncoding::base64:
      return decode_base64(part.body, limit);
    case TransferEncoding::quoted_printable:
      return decode_quoted_printable(part.body, limit);
  }
  std::unreachable();
}

}  // namespace

MimeMessage read_mime(std::string_view mail) {
  return MimeWalk(mail).walk();
}

std::string decode(const MimePart& part) {
  return decode_at_most(part, part.body.size());
}

std::string decode_beginning(const MimePart& part, std::size_t octets) {
  return decode_at_most(part, octets);
}

}  // namespace sekisho::report::import
