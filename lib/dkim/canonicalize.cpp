#include "dkim/canonicalize.hpp"

#include "mail/ascii.hpp"
#include "mail/line_ends.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace sekisho::dkim {

namespace {

// RFC 6376 §3.4.2, last step: no blanks before the colon.
void append_relaxed_name(std::string& output, std::string_view name) {
  std::ranges::transform(name.substr(0, name.find_last_not_of(mail::blanks) + 1),
                         std::back_inserter(output), [](char c) { return mail::to_lower(c); });
}

bool is_line_end(std::string_view text, std::size_t at) {
  return text[at] == '\r' && text.substr(at).starts_with(mail::crlf);
}

bool is_gap(std::string_view value, std::size_t at) {
  return value[at] <= ' ' && (mail::is_blank(value[at]) || is_line_end(value, at));
}

std::size_t find_gap(std::string_view value, std::size_t from) {
  while (from < value.size() && !is_gap(value, from)) {
    ++from;
  }
  return from;
}

// A gap is blanks and line ends; the latter alone are nothing, "a\r\nb" one word.
struct Gap {
  std::size_t end = 0;
  bool has_blank = false;
};

Gap read_gap(std::string_view value, std::size_t from) {
  Gap gap{from, false};
  while (gap.end < value.size()) {
    if (mail::is_blank(value[gap.end])) {
      gap.has_blank = true;
      ++gap.end;
    } else if (is_line_end(value, gap.end)) {
      gap.end += mail::crlf.size();
    } else {
      break;
    }
  }
  return gap;
}

// RFC 6376 §3.4.2: unfolded, each run of blanks one space, none at either end.
void append_relaxed_value(std::string& output, std::string_view value) {
  for (Gap gap = read_gap(value, 0); gap.end < value.size();) {
    const std::size_t word = gap.end;
    const std::size_t word_end = find_gap(value, word);
    output.append(value.substr(word, word_end - word));
    gap = read_gap(value, word_end);
    if (gap.has_blank && gap.end < value.size()) {
      output += ' ';
    }
  }
}

std::optional<Canonicalization> parse_canonicalization(std::string_view word) {
  if (mail::equals_ignoring_case(word, "simple")) {
    return Canonicalization::simple;
  }
  if (mail::equals_ignoring_case(word, "relaxed")) {
    return Canonicalization::relaxed;
  }
  return std::nullopt;
}

}  // namespace

std::string_view format_canonicalization(Canonicalization canonicalization) {
  switch (canonicalization) {
    case Canonicalization::simple:
      return "simple";
    case Canonicalization::relaxed:
      return "relaxed";
  }
  std::unreachable();
}

// sig-c-tag-alg ["/" sig-c-tag-alg]
std::optional<CanonicalizationPair> parse_canonicalization_pair(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto header = parse_canonicalization(text.substr(0, slash));
  const auto body = slash == std::string_view::npos
                        ? Canonicalization::simple
                        : parse_canonicalization(text.substr(slash + 1));
  if (!header || !body) {
    return std::nullopt;
  }
  return CanonicalizationPair{*header, *body};
}

std::string format_canonicalization_pair(const CanonicalizationPair& pair) {
  return std::string(format_canonicalization(pair.header)) + '/' +
         std::string(format_canonicalization(pair.body));
}

void append_canonical_header(std::string& output, const mail::HeaderField& field,
                             Canonicalization canonicalization) {
  switch (canonicalization) {
    case Canonicalization::simple:
      output.append(field.name).append(":").append(field.value);
      break;
    case Canonicalization::relaxed:
      append_relaxed_name(output, field.name);
      output += ':';
      append_relaxed_value(output, field.value);
      break;
  }
  output += mail::crlf;
}

std::string canonicalize_header(const mail::HeaderField& field, Canonicalization canonicalization) {
  std::string canonical;
  append_canonical_header(canonical, field, canonicalization);
  return canonical;
}

}  // namespace sekisho::dkim
