#include "dkim/canonicalize.hpp"

#include "mail/ascii.hpp"

#include <utility>

namespace sekisho::dkim {

namespace {

constexpr std::string_view line_end = "\r\n";

// RFC 6376 §3.4.2, last step: no blanks before the colon.
std::string relaxed_name(std::string_view name) {
  return mail::to_lower(name.substr(0, name.find_last_not_of(mail::blanks) + 1));
}

// RFC 6376 §3.4.2: unfolded, each run of blanks one space, none at either end.
std::string relaxed_value(std::string_view value) {
  std::string relaxed;
  relaxed.reserve(value.size());
  bool blank_before = true;  // none may begin the value
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.substr(i, line_end.size()) == line_end) {
      ++i;
      continue;
    }
    if (!mail::is_blank(value[i])) {
      relaxed.push_back(value[i]);
    } else if (!blank_before) {
      relaxed.push_back(' ');
    }
    blank_before = mail::is_blank(value[i]);
  }
  if (relaxed.ends_with(' ')) {
    relaxed.pop_back();
  }
  return relaxed;
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

std::string canonicalize_header(const mail::HeaderField& field, Canonicalization canonicalization) {
  switch (canonicalization) {
    case Canonicalization::simple:
      return field.name + ':' + field.value + "\r\n";
    case Canonicalization::relaxed:
      return relaxed_name(field.name) + ':' + relaxed_value(field.value) + "\r\n";
  }
  std::unreachable();
}

}  // namespace sekisho::dkim
