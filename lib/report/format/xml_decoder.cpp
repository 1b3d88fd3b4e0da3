#include "report/format/xml_decoder.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <iconv.h>

namespace sekisho::report::format {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view forbidden_note =
    "characters that XML does not allow, such as NUL, were dropped";
constexpr std::string_view utf8_note = "text that is not UTF-8 was read as Windows-1252";
constexpr char32_t replacement = 0xfffd;

void append_utf8(std::string& output, char32_t point) {
  const auto tail = [&](unsigned shift) {
    output += static_cast<char>(0x80U | ((point >> shift) & 0x3fU));
  };
  if (point < 0x80) {
    output += static_cast<char>(point);
    return;
  }
  if (point < 0x800) {
    output += static_cast<char>(0xc0U | point >> 6U);
  } else if (point < 0x10000) {
    output += static_cast<char>(0xe0U | point >> 12U);
    tail(6);
  } else {
    output += static_cast<char>(0xf0U | point >> 18U);
    tail(12);
    tail(6);
  }
  tail(0);
}

// 0x80 to 0x9f; the rest is as in ISO 8859-1.
constexpr std::array<char16_t, 32> windows_1252 = {
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

char32_t from_windows_1252(unsigned char octet) {
  return octet >= 0x80 && octet < 0xa0 ? windows_1252[octet - 0x80U] : octet;
}

struct Sequence {
  std::size_t octets = 0;  // 0: more are needed to know
  char32_t point = 0;
  bool is_valid = false;
};

constexpr Sequence incomplete{};
constexpr Sequence invalid{.octets = 1};

// RFC 3629 §4.
Sequence utf8_sequence(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t octets = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (octets == 1 || lead > 0xf4) {
    return invalid;
  }
  char32_t point = lead & (0x7fU >> octets);
  for (std::size_t i = 1; i < octets; ++i) {
    if (i == text.size()) {
      return incomplete;
    }
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80) {
      return invalid;
    }
    point = point << 6U | (next & 0x3fU);
  }
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_valid =
      point >= least[octets] && point < 0x110000 && (point < 0xd800 || point >= 0xe000);
  return is_valid ? Sequence{octets, point, true} : invalid;
}

// What the XML declaration says, lower case; "" where there is none.
std::string declared_encoding(std::string_view beginning) {
  beginning = beginning.substr(0, beginning.find('>'));
  const std::size_t declaration = beginning.find("<?xml");
  const std::size_t place = beginning.find("encoding");
  if (declaration == beginning.npos || place == beginning.npos) {
    return "";
  }
  std::string_view rest = beginning.substr(place);
  rest.remove_prefix(std::min(rest.find_first_of("\"'"), rest.size()));
  if (rest.empty()) {
    return "";
  }
  const char quote = rest.front();
  rest.remove_prefix(1);
  return mail::to_lower(rest.substr(0, rest.find(quote)));
}

bool is_known(std::string_view name) {
  constexpr std::string_view families[] = {"iso-8859-", "windows-125", "koi8-",  "iso-2022-jp",
                                           "euc-",      "shift_jis",   "gb2312", "gbk",
                                           "gb18030",   "big5"};
  return name.size() < 20 &&
         std::ranges::any_of(
             families, [&](std::string_view family) { return name.starts_with(family); });
}

}  // namespace

/// Takes octets from the front of `octets` and appends their text. What is left is the beginning of
/// a character.
class XmlDecoder::Encoding {
 public:
  explicit Encoding(ReportNotes& notes) : notes_(notes) {}
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;
  virtual ~Encoding() = default;

  virtual std::size_t take(std::string_view octets, bool is_last, std::string& output) = 0;

 protected:
  void add(std::string& output, char32_t point) {
    if (is_xml_character(point)) {
      append_utf8(output, point);
      return;
    }
    notes_.add_once(forbidden_note);
  }
  void note(std::string_view text) { notes_.add_once(text); }

 private:
  ReportNotes& notes_;
};

namespace {

class Utf8 final : public XmlDecoder::Encoding {
 public:
  using Encoding::Encoding;

  std::size_t take(std::string_view octets, bool is_last, std::string& output) override {
    const std::string_view all = octets;
    while (!octets.empty()) {
      const auto* const plain = std::ranges::find_if_not(
          octets, [](char c) { return (c >= ' ' && c < '\x7f') || c == '\n'; });
      output.append(octets.begin(), plain);
      octets.remove_prefix(static_cast<std::size_t>(plain - octets.begin()));
      if (octets.empty()) {
        break;
      }
      if (!mail::is_eight_bit(octets[0])) {
        add(output, static_cast<unsigned char>(octets[0]));
        octets.remove_prefix(1);
        continue;
      }
      const Sequence next = utf8_sequence(octets);
      if (next.octets == 0 && !is_last) {
        break;
      }
      if (!next.is_valid) {
        note(utf8_note);
      }
      add(output,
          next.is_valid ? next.point : from_windows_1252(static_cast<unsigned char>(octets[0])));
      octets.remove_prefix(std::max<std::size_t>(next.octets, 1));
    }
    return all.size() - octets.size();
  }
};

class Utf16 final : public XmlDecoder::Encoding {
 public:
  Utf16(ReportNotes& notes, bool is_big_endian) : Encoding(notes), is_big_endian_(is_big_endian) {}

  std::size_t take(std::string_view octets, bool is_last, std::string& output) override {
    std::size_t place = 0;
    while (place + 2 <= octets.size()) {
      char32_t point = unit(octets.substr(place));
      std::size_t taken = 2;
      if (point >= 0xd800 && point < 0xdc00) {
        if (place + 4 > octets.size() && !is_last) {
          break;
        }
        const char32_t low =
            place + 4 <= octets.size() ? unit(octets.substr(place + 2)) : replacement;
        const bool is_pair = low >= 0xdc00 && low < 0xe000;
        point = is_pair ? 0x10000 + ((point - 0xd800) << 10U) + (low - 0xdc00) : replacement;
        taken = is_pair ? 4 : 2;
      }
      add(output, point);
      place += taken;
    }
    return is_last ? octets.size() : place;
  }

 private:
  [[nodiscard]] char32_t unit(std::string_view octets) const {
    const auto first = static_cast<unsigned char>(octets[0]);
    const auto second = static_cast<unsigned char>(octets[1]);
    return is_big_endian_ ? first * 256U + second : second * 256U + first;
  }

  bool is_big_endian_;
};

/// Any other, by the C library.
class Other final : public XmlDecoder::Encoding {
 public:
  Other(ReportNotes& notes, iconv_t converter)
      : Encoding(notes), converter_(converter), utf8_(notes) {}
  ~Other() override { iconv_close(converter_); }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;

  std::size_t take(std::string_view octets, bool is_last, std::string& output) override {
    std::string input(octets);
    char* from = input.data();
    std::size_t left = input.size();
    while (left > 0) {
      const std::size_t before = left;
      std::array<char, 8'192> text{};
      char* to = text.data();
      std::size_t room = text.size();
      const bool is_stuck =
          iconv(converter_, &from, &left, &to, &room) == static_cast<std::size_t>(-1);
      const auto written = static_cast<std::size_t>(to - text.data());
      utf8_.take({text.data(), written}, true, output);
      if (!is_stuck || written > 0 || left != before) {
        continue;
      }
      constexpr std::size_t longest_character = 8;
      if (left < longest_character && !is_last) {
        break;
      }
      note("text that is not of the encoding that the document names was replaced");
      add(output, replacement);
      ++from;
      --left;
    }
    return octets.size() - left;
  }

 private:
  iconv_t converter_;
  Utf8 utf8_;
};

std::unique_ptr<XmlDecoder::Encoding> encoding_named(const std::string& name, ReportNotes& notes) {
  if (is_known(name)) {
    const iconv_t converter = iconv_open("UTF-8", name.c_str());
    if (converter != reinterpret_cast<iconv_t>(-1)) {  // NOLINT(performance-no-int-to-ptr)
      return std::make_unique<Other>(notes, converter);
    }
  }
  if (!name.empty() && name != "utf-8" && name != "utf8" && name != "us-ascii" && name != "ascii") {
    notes.add_once("the document names an encoding that it is not in: it was read as UTF-8");
  }
  return std::make_unique<Utf8>(notes);
}

}  // namespace

XmlDecoder::XmlDecoder(ReportNotes& notes) : notes_(notes) {}
XmlDecoder::~XmlDecoder() = default;

void XmlDecoder::decode(std::string_view chunk, std::string& output) {
  const bool is_last = chunk.empty();
  if (held_.empty() && encoding_ != nullptr) {
    const std::size_t taken = encoding_->take(chunk, is_last, output);
    held_ = chunk.substr(taken);
    return;
  }
  held_ += chunk;
  if (encoding_ == nullptr && !begin(is_last)) {
    return;
  }
  held_.erase(0, encoding_->take(held_, is_last, output));
}

// False: more has to be seen.
bool XmlDecoder::begin(bool is_last) {
  constexpr std::size_t longest_declaration = 512;
  if (held_.size() < longest_declaration && !is_last) {
    return false;
  }
  const std::string_view text = held_;
  if (text.starts_with("\xff\xfe"sv) || text.starts_with("<\0"sv)) {
    encoding_ = std::make_unique<Utf16>(notes_, false);
  } else if (text.starts_with("\xfe\xff"sv) || text.starts_with("\0<"sv)) {
    encoding_ = std::make_unique<Utf16>(notes_, true);
  } else {
    encoding_ = encoding_named(declared_encoding(text.substr(0, longest_declaration)), notes_);
  }
  const bool has_utf8_mark = text.starts_with("\xef\xbb\xbf"sv);
  const bool has_utf16_mark = text.starts_with("\xff\xfe"sv) || text.starts_with("\xfe\xff"sv);
  held_.erase(0, has_utf8_mark ? 3 : has_utf16_mark ? 2 : 0);
  return true;
}

}  // namespace sekisho::report::format
