#include "preflight/mime_scanner.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <utility>

namespace sekisho::preflight {

namespace {

constexpr std::size_t max_boundary = 70;     // RFC 2046 §5.1.1
constexpr std::size_t max_base64_line = 76;  // RFC 2045 §6.8
constexpr std::size_t max_nested_messages = 50;

const mail::HeaderField* first_named(const mail::HeaderSection& header, std::string_view name) {
  const auto found = std::ranges::find_if(
      header, [&](const mail::HeaderField& field) { return mail::is_named(field, name); });
  return found == header.end() ? nullptr : &*found;
}

// bcharsnospace, and blanks within (RFC 2046 §5.1.1).
bool is_boundary(std::string_view boundary) {
  constexpr std::string_view others = "'()+_,-./:=? ";
  return !boundary.empty() && boundary.size() <= max_boundary && !boundary.ends_with(' ') &&
         std::ranges::all_of(
             boundary, [&](char c) { return mail::is_alphanumeric(c) || others.contains(c); });
}

bool is_base64_character(char c) {
  return mail::is_alphanumeric(c) || c == '+' || c == '/';
}

// What Windows programs write in the names of boundaries and every reader takes.
bool is_near_boundary(std::string_view boundary) {
  return !boundary.empty() && boundary.size() <= max_boundary &&
         std::ranges::none_of(boundary,
                              [](char c) { return mail::is_control(c) || mail::is_eight_bit(c); });
}

}  // namespace

void MimeScanner::begin(const mail::HeaderSection& header) {
  read_entity(header, true, 0);
}

// `line` 0: the message itself.
void MimeScanner::read_entity(const mail::HeaderSection& header, bool is_message,
                              std::size_t line) {
  ContentType content_type;
  if (const auto* field = first_named(header, "Content-Type")) {
    auto parsed = parse_content_type(field->value);
    if (!parsed) {
      add_finding(*findings_, Id::mime_type, is_message ? Level::error : Level::warning,
                  {"Content-Type", line, 0},
                  "not a media type: " + printable(mail::trimmed(std::string_view(field->value))));
    }
    content_type = std::move(parsed).value_or(ContentType{});
  }
  if (line == 0) {
    content_type_ = content_type;
  }
  state_ = State::leaf;
  base64_ended_ = false;
  read_charset(content_type, line);
  read_encoding(header, content_type, line);
  if (content_type.is_multipart()) {
    open_multipart(content_type, line);
  } else if (content_type.is_message() && encoding_ != TransferEncoding::base64 &&
             nested_messages_ < max_nested_messages) {
    ++nested_messages_;
    state_ = State::part_header;
  }
}

void MimeScanner::read_charset(const ContentType& content_type, std::size_t line) {
  const std::string_view charset = content_type.parameter("charset");
  if (content_type.type == "text" && content_type.parameters.contains("charset") &&
      !is_known_charset(charset)) {
    add_finding(*findings_, Id::mime_charset, Level::warning, {"Content-Type", line, 0},
                "charset \"" + printable(charset) + "\" is not known");
  }
}

void MimeScanner::read_encoding(const mail::HeaderSection& header, const ContentType& type,
                                std::size_t line) {
  const auto* field = first_named(header, "Content-Transfer-Encoding");
  encoding_ =
      field != nullptr ? parse_transfer_encoding(field->value) : TransferEncoding::seven_bit;
  const bool is_composite = type.is_multipart() || type.is_message();
  const bool is_encoded =
      encoding_ == TransferEncoding::base64 || encoding_ == TransferEncoding::quoted_printable;
  if (encoding_ == TransferEncoding::unknown) {
    add_finding(*findings_, Id::mime_cte, Level::error, {"Content-Transfer-Encoding", line, 0},
                "unknown encoding " + printable(mail::trimmed(std::string_view(field->value))));
  } else if (is_composite && is_encoded) {
    add_finding(*findings_, Id::mime_cte, type.is_multipart() ? Level::error : Level::warning,
                {"Content-Transfer-Encoding", line, 0},
                type.type + "/" + printable(type.subtype) + " must not be encoded");
  }
}

void MimeScanner::open_multipart(const ContentType& content_type, std::size_t line) {
  const std::string_view boundary = content_type.parameter("boundary");
  const Place where{"Content-Type", line, 0};
  state_ = State::between;
  if (!is_near_boundary(boundary)) {
    add_finding(*findings_, Id::mime_boundary, Level::error, where,
                boundary.empty() ? "a multipart without a boundary"
                                 : "a boundary of " + std::to_string(boundary.size()) +
                                       " octets, or with octets that it must not have");
    state_ = State::leaf;
    return;
  }
  if (!is_boundary(boundary)) {
    add_finding(*findings_, Id::mime_boundary, Level::advice, where,
                "the boundary has characters that RFC 2046 does not allow");
  }
  if (open_.size() < max_depth) {
    open_.push_back({"--" + std::string(boundary), line, false});
  }
}

void MimeScanner::add(const Line& line) {
  if (!open_.empty() && line.text.starts_with("--") && take_delimiter(line.text)) {
    return;
  }
  if (state_ == State::part_header) {
    add_header_line(line);
    return;
  }
  check_leaf(line);
}

// An outer delimiter ends all parts within (RFC 2046 §5.1.2).
bool MimeScanner::take_delimiter(std::string_view text) {
  while (!text.empty() && mail::is_blank(text.back())) {
    text.remove_suffix(1);
  }
  for (std::size_t depth = open_.size(); depth-- > 0;) {
    const std::string& delimiter = open_[depth].delimiter;
    if (!text.starts_with(delimiter)) {
      continue;
    }
    const std::string_view rest = text.substr(delimiter.size());
    if (!rest.empty() && rest != "--") {
      continue;
    }
    for (std::size_t inner = depth + 1; inner < open_.size(); ++inner) {
      report_unclosed(open_[inner]);
    }
    open_.resize(depth + 1);
    open_[depth].was_seen = true;
    encoding_ = TransferEncoding::seven_bit;
    part_header_.clear();
    part_header_octets_ = 0;
    state_ = rest.empty() ? State::part_header : State::between;
    if (!rest.empty()) {
      open_.pop_back();
    }
    return true;
  }
  return false;
}

void MimeScanner::add_header_line(const Line& line) {
  if (line.length == 0) {
    end_part_header(line.number);
    return;
  }
  part_header_octets_ += line.text.size();
  if (part_header_octets_ > max_part_header) {
    return;
  }
  if (mail::is_blank(line.text.front()) && !part_header_.empty()) {
    part_header_.back().value.append(line.text);
    return;
  }
  const std::size_t colon = line.text.find(':');
  if (colon != std::string_view::npos) {
    part_header_.push_back(
        {std::string(line.text.substr(0, colon)), std::string(line.text.substr(colon + 1))});
  }
}

void MimeScanner::end_part_header(std::size_t line) {
  const mail::HeaderSection header = std::exchange(part_header_, {});
  part_header_octets_ = 0;
  read_entity(header, false, line);
}

void MimeScanner::check_leaf(const Line& line) {
  if (state_ == State::leaf && encoding_ == TransferEncoding::base64) {
    check_base64(line);
  }
  if (!line.has_eight_bit) {
    return;
  }
  if (encoding_ == TransferEncoding::eight_bit || encoding_ == TransferEncoding::binary) {
    add_once(told_declared_, Id::bytes_8bit_body, Level::advice, line,
             "8-bit body: a relay that re-encodes it breaks DKIM signatures");
    return;
  }
  add_once(told_undeclared_, Id::bytes_8bit_body, Level::error, line,
           "octets above 127 in a part that does not declare 8bit");
}

void MimeScanner::check_base64(const Line& line) {
  std::string_view text = mail::trimmed(line.text);
  if (text.empty()) {
    return;
  }
  if (line.length > max_base64_line) {
    add_once(told_base64_, Id::mime_base64, Level::warning, line,
             "a base64 line of " + std::to_string(line.length) + " characters");
    return;
  }
  const std::size_t digits = std::min(text.find('='), text.size());
  const std::string_view padding = text.substr(digits);
  const bool is_valid = !base64_ended_ && padding.size() <= 2 &&
                        std::ranges::all_of(text.substr(0, digits), is_base64_character) &&
                        std::ranges::all_of(padding, [](char c) { return c == '='; });
  base64_ended_ = !padding.empty();
  if (!is_valid) {
    add_once(told_base64_, Id::mime_base64, Level::warning, line,
             "characters that are not base64: " + printable(text, 40));
  }
}

void MimeScanner::report_unclosed(const Multipart& multipart) {
  const bool is_top = multipart.line == 0;
  add_finding(*findings_, Id::mime_boundary,
              multipart.was_seen || !is_top ? Level::warning : Level::error,
              {"Content-Type", multipart.line, 0},
              multipart.was_seen ? "a multipart is not closed by its boundary"
                                 : "the boundary does not occur in the body");
}

void MimeScanner::finish() {
  for (const Multipart& multipart : open_) {
    report_unclosed(multipart);
  }
  open_.clear();
}

void MimeScanner::add_once(bool& was_told, Id id, Level level, const Line& line,
                           std::string evidence) {
  if (!std::exchange(was_told, true)) {
    add_finding(*findings_, id, level, {"", line.number, line.offset}, std::move(evidence));
  }
}

}  // namespace sekisho::preflight
