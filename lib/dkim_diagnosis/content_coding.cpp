#include "dkim_diagnosis/content_coding.hpp"

#include "crypto/base64.hpp"
#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <span>

#include <iconv.h>

namespace sekisho::dkim_diagnosis {

namespace {

constexpr std::size_t max_converted = std::size_t{4} * 1024 * 1024;
constexpr std::string_view hex = "0123456789ABCDEF";

std::optional<unsigned> hex_digit(char c) {
  const std::size_t value = hex.find(c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c);
  return value == std::string_view::npos ? std::nullopt
                                         : std::optional(static_cast<unsigned>(value));
}

std::string escaped(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return {'=', hex[octet >> 4U], hex[octet & 0xfU]};
}

bool must_escape(char c, const QuotedPrintableStyle& style) {
  constexpr std::string_view punctuation = "!\"#$@[\\]^`{|}~";
  return c == '=' || mail::is_eight_bit(c) || (mail::is_control(c) && c != '\t') ||
         (c == '\t' && style.encodes_tabs) ||
         (style.encodes_punctuation && punctuation.contains(c));
}

// One line without its CRLF.
class QuotedLine {
 public:
  QuotedLine(std::string& output, const QuotedPrintableStyle& style)
      : output_(output), style_(style) {}

  void write(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const bool is_last = i + 1 == line.size();
      const bool escapes = must_escape(line[i], style_) || (is_last && mail::is_blank(line[i])) ||
                           (i == 0 && style_.protects_line_starts &&
                            (line.starts_with('.') || line.starts_with("From ")));
      add(escapes ? escaped(line[i]) : std::string(1, line[i]), is_last);
    }
  }

 private:
  void add(const std::string& unit, bool is_last) {
    const std::size_t room = style_.line_length - (is_last ? 0 : 1);
    if (column_ + unit.size() > room) {
      output_.append("=").append(mail::crlf);
      column_ = 0;
    }
    output_.append(unit);
    column_ += unit.size();
  }

  std::string& output_;
  const QuotedPrintableStyle& style_;
  std::size_t column_ = 0;
};

class Converter {
 public:
  Converter(const std::string& from, const std::string& to)
      : descriptor_(iconv_open(to.c_str(), from.c_str())) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (is_open()) {
      iconv_close(descriptor_);
    }
  }

  // iconv_open() returns -1 as a pointer.
  [[nodiscard]] bool is_open() const { return reinterpret_cast<std::intptr_t>(descriptor_) != -1; }

  std::optional<std::string> convert(std::string_view text) {
    std::string input(text);
    std::string output(text.size() * 4 + 16, '\0');
    char* in = input.data();
    char* out = output.data();
    std::size_t in_left = input.size();
    std::size_t out_left = output.size();
    const std::size_t replaced = iconv(descriptor_, &in, &in_left, &out, &out_left);
    if (replaced != 0 || in_left != 0 ||
        iconv(descriptor_, nullptr, nullptr, &out, &out_left) != 0) {
      return std::nullopt;
    }
    output.resize(output.size() - out_left);
    return output;
  }

 private:
  iconv_t descriptor_;
};

// What iconv would take for more than a name, such as //TRANSLIT, and long ones, are refused.
bool is_charset_name(std::string_view name) {
  constexpr std::size_t max_name = 40;
  return !name.empty() && name.size() <= max_name && std::ranges::all_of(name, [](char c) {
    return mail::is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == ':';
  });
}

}  // namespace

Encoding read_encoding(std::string_view value) {
  const std::string_view word = mail::trimmed<mail::is_folding_white_space>(value);
  if (mail::equals_ignoring_case(word, "quoted-printable")) {
    return Encoding::quoted_printable;
  }
  return mail::equals_ignoring_case(word, "base64") ? Encoding::base64 : Encoding::none;
}

std::string encode_quoted_printable(std::string_view text, const QuotedPrintableStyle& style) {
  std::string output;
  output.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const std::size_t end = text.find(mail::crlf);
    QuotedLine(output, style).write(text.substr(0, end));
    if (end == std::string_view::npos) {
      break;
    }
    output.append(mail::crlf);
    text.remove_prefix(end + mail::crlf.size());
  }
  return output;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string output;
  output.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      output += text[i];
      continue;
    }
    const std::size_t after = std::min(text.find_first_not_of(mail::blanks, i + 1), text.size());
    if (text.substr(after).starts_with(mail::crlf)) {
      i = after + 1;  // a soft line break
      continue;
    }
    const bool has_code = i + 2 < text.size();
    const auto high = has_code ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = has_code ? hex_digit(text[i + 2]) : std::nullopt;
    if (high && low) {
      output += static_cast<char>(*high << 4U | *low);
      i += 2;
    } else {
      output += text[i];
    }
  }
  return output;
}

std::string fold_base64(std::string_view characters, std::size_t width) {
  std::string folded;
  folded.reserve(characters.size() + characters.size() / 32);
  const std::size_t step = width == 0 ? std::max<std::size_t>(characters.size(), 1) : width;
  for (std::size_t i = 0; i < characters.size(); i += step) {
    folded.append(i == 0 ? "" : mail::crlf).append(characters.substr(i, step));
  }
  return folded;
}

std::string encode_base64_text(std::string_view octets) {
  return crypto::encode_base64(
      {reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

std::optional<std::string> decode_base64_text(std::string_view text) {
  const auto octets = crypto::decode_folded_base64(text);
  return octets ? std::optional(std::string(octets->begin(), octets->end())) : std::nullopt;
}

std::optional<std::string> convert_charset(std::string_view text, const std::string& from,
                                           const std::string& to) {
  if (text.size() > max_converted || !is_charset_name(from) || !is_charset_name(to)) {
    return std::nullopt;
  }
  Converter converter(from, to);
  return converter.is_open() ? converter.convert(text) : std::nullopt;
}

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, mail::is_eight_bit);
}

}  // namespace sekisho::dkim_diagnosis
