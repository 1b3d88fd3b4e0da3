#include "preflight/encoded_words.hpp"

#include "mail/ascii.hpp"
#include "mail/encoded_word.hpp"
#include "mail/utf8.hpp"
#include "preflight/content_type.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

namespace sekisho::preflight {

namespace {

constexpr std::size_t max_words = 50;
constexpr std::size_t max_word = 75;  // RFC 2047 §2

/// The parts of an address field.
enum class Part : std::uint8_t { phrase, quoted, comment, address };

/// Steps along a value once; words must be asked for in their order.
class PartFinder {
 public:
  explicit PartFinder(std::string_view value) : value_(value) {}

  Part part_at(std::size_t position) {
    for (; at_ < position; ++at_) {
      step(value_[at_]);
    }
    if (is_quoted_) {
      return Part::quoted;
    }
    if (depth_ > 0) {
      return Part::comment;
    }
    return in_angle_ ? Part::address : Part::phrase;
  }

 private:
  void step(char c) {
    if (c == '\\' && (is_quoted_ || depth_ > 0)) {
      ++at_;
    } else if (c == '"' && depth_ == 0) {
      is_quoted_ = !is_quoted_;
    } else if (is_quoted_) {
      return;
    } else if (c == '(') {
      ++depth_;
    } else if (c == ')' && depth_ > 0) {
      --depth_;
    } else if (depth_ == 0 && (c == '<' || c == '>')) {
      in_angle_ = c == '<';
    }
  }

  std::string_view value_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool is_quoted_ = false;
  bool in_angle_ = false;
};

bool is_encoded_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '?'; });
}

// RFC 2047 §5: each word holds whole characters.
bool holds_its_charset(const mail::EncodedWord& word, const std::string& decoded) {
  return !mail::equals_ignoring_case(word.charset, "utf-8") || mail::is_valid_utf8(decoded);
}

const char* find_fault(const mail::EncodedWord& word) {
  if (!word.is_closed) {
    return "an encoded word that does not end";
  }
  if (word.encoding != 'q' && word.encoding != 'b') {
    return "an encoded word whose encoding is neither B nor Q";
  }
  if (!is_known_charset(word.charset)) {
    return "an encoded word of an unknown charset";
  }
  if (!is_encoded_text(word.text)) {
    return "an encoded word with blanks or other characters that it must not hold";
  }
  const auto decoded = mail::decode(word);
  if (!decoded) {
    return "an encoded word that does not decode";
  }
  return holds_its_charset(word, *decoded) ? nullptr
                                           : "an encoded word that is not valid in its charset";
}

bool is_separator(char c) {
  return mail::is_folding_white_space(c) || c == '(' || c == ')';
}

void check_place(std::string_view value, std::size_t begin, std::size_t end, WordContext context,
                 PartFinder& parts, const Place& where, std::vector<Finding>& findings) {
  if (context == WordContext::text) {
    return;
  }
  if (context == WordContext::nowhere) {
    add_finding(findings, Id::word_place, Level::warning, where,
                "an encoded word in a field that has no text");
    return;
  }
  const Part part = parts.part_at(begin);
  const bool touches_address =
      (begin > 0 && value[begin - 1] == '@') || (end < value.size() && value[end] == '@');
  if (part == Part::address || (part == Part::phrase && touches_address)) {
    add_finding(findings, Id::word_place, Level::error, where, "an encoded word in an address");
  } else if (part == Part::quoted) {
    add_finding(findings, Id::word_place, Level::warning, where,
                "an encoded word within quotation marks");
  } else if (begin > 0 && !is_separator(value[begin - 1]) && value[begin - 1] != ',' &&
             value[begin - 1] != ':') {
    add_finding(findings, Id::word_place, Level::warning, where,
                "an encoded word without a blank before it");
  }
}

}  // namespace

void check_encoded_words(std::string_view value, WordContext context, const Place& where,
                         std::vector<Finding>& findings) {
  std::string_view rest = value;
  PartFinder parts(value);
  for (std::size_t count = 0; count < max_words; ++count) {
    const auto word = mail::take_encoded_word(rest);
    if (!word) {
      return;
    }
    const auto begin = static_cast<std::size_t>(word->charset.data() - value.data()) - 2;
    const std::size_t end = value.size() - rest.size();
    if (const char* fault = find_fault(*word)) {
      add_finding(findings, Id::word_syntax, Level::warning, where, fault);
    } else if (end - begin > max_word) {
      add_finding(findings, Id::word_75, Level::warning, where,
                  "an encoded word of " + std::to_string(end - begin) + " characters");
    }
    check_place(value, begin, end, context, parts, where, findings);
  }
}

}  // namespace sekisho::preflight
