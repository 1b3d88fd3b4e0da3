#include "mail/lone_address.hpp"

#include "mail/address_scanner.hpp"
#include "mail/ascii.hpp"
#include "mail/encoded_word.hpp"
#include "mail/header_field.hpp"
#include "mail/local_part.hpp"
#include "mail/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

namespace sekisho::mail {
namespace {

constexpr char escape = '\x1b';

/// The escape sequence of ISO-2022-JP (RFC 1468, RFC 1554, JIS X 0201) at the front of `text`;
/// empty: there is none.
std::string_view escape_sequence(std::string_view text) {
  for (const std::string_view sequence : {"\x1b(B", "\x1b(J", "\x1b(I", "\x1b$B", "\x1b$(D"}) {
    if (text.starts_with(sequence)) {
      return text.substr(0, sequence.size());
    }
  }
  return {};
}

/// The field with DEL, which no address has, in place of each octet that ISO-2022-JP has shifted
/// out of ASCII, and of its escape sequences. Nullopt where a control character is in it, or the
/// field ends shifted.
std::optional<std::string> as_ascii(std::string_view value) {
  constexpr char shifted = '\x7f';
  std::string text(value);
  bool is_shifted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string_view sequence = escape_sequence(value.substr(i));
    if (!sequence.empty()) {
      is_shifted = !sequence.ends_with("(B") && !sequence.ends_with("(J");
      text.replace(i, sequence.size(), sequence.size(), shifted);
      i += sequence.size() - 1;
      continue;
    }
    const bool is_fold =
        value.substr(i).starts_with("\r\n") && i + 2 < value.size() && is_blank(value[i + 2]);
    if (is_fold) {
      ++i;
    } else if (is_control(value[i]) && value[i] != '\t') {
      return std::nullopt;
    } else if (is_shifted) {
      text[i] = shifted;
    }
  }
  return is_shifted ? std::nullopt : std::optional(std::move(text));
}

/// Where the text before the address leaves a reader who knows quotation marks and comments.
struct Nesting {
  std::size_t comments = 0;
  bool is_quoted = false;
  FromFault special = FromFault::none;  ///< The first special character outside of both.
  bool is_member_empty = true;          ///< Nothing since the last comma or semicolon.
  bool has_empty_member = false;
};

FromFault fault_of(char special) {
  switch (special) {
    case ',':
      return FromFault::comma;
    case ':':
      return FromFault::colon;
    case ';':
      return FromFault::semicolon;
    case '[':
    case ']':
      return FromFault::square_bracket;
    case '<':
    case '>':
      return FromFault::angle_bracket;
    case ')':
      return FromFault::parenthesis;
    case '\\':
      return FromFault::backslash;
    default:
      return FromFault::none;
  }
}

void step_over_plain(Nesting& nesting, char c) {
  if (nesting.special == FromFault::none) {
    nesting.special = fault_of(c);
  }
  if (c == ',' || c == ';') {
    nesting.has_empty_member |= nesting.is_member_empty;
    nesting.is_member_empty = true;
  } else if (!is_folding_white_space(c)) {
    nesting.is_member_empty = false;
  }
}

void step(Nesting& nesting, char c) {
  if (nesting.is_quoted) {
    nesting.is_quoted = c != '"';
  } else if (c == '(') {
    ++nesting.comments;
  } else if (nesting.comments > 0) {
    nesting.comments -= c == ')' ? 1 : 0;
  } else if (c == '"') {
    nesting.is_quoted = true;
    nesting.is_member_empty = false;
  } else {
    step_over_plain(nesting, c);
  }
}

Nesting read_nesting(std::string_view text, Nesting nesting = {}) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && (nesting.is_quoted || nesting.comments > 0);
    if (is_escape) {
      ++i;
    } else {
      step(nesting, text[i]);
    }
  }
  return nesting;
}

/// The field cut at its address, without the blanks around it.
struct Parts {
  std::string_view before, local_part, domain, behind;
  bool blank_before = false;
  bool blank_behind = false;

  [[nodiscard]] bool is_in_angle_brackets() const {
    return before.ends_with('<') && behind.starts_with('>');
  }
  [[nodiscard]] bool is_in_quotation_marks() const {
    return before.ends_with('"') && behind.starts_with('"') && !blank_before && !blank_behind;
  }
};

bool is_atom_octet(char c, bool is_utf8) {
  return is_eight_bit(c) ? is_utf8 : is_atom_character(c);
}

bool is_domain_octet(char c, bool is_utf8) {
  return is_eight_bit(c) ? is_utf8 : is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
}

Parts cut(std::string_view text, std::size_t at, bool is_utf8) {
  Parts parts;
  std::size_t begin = at;
  while (begin > 0 && is_atom_octet(text[begin - 1], is_utf8)) {
    --begin;
  }
  std::size_t end = at + 1;
  while (end < text.size() && is_domain_octet(text[end], is_utf8)) {
    ++end;
  }
  parts.local_part = text.substr(begin, at - begin);
  parts.domain = text.substr(at + 1, end - at - 1);
  const std::string_view before = text.substr(0, begin);
  const std::string_view behind = text.substr(end);
  parts.before = before.substr(0, before.find_last_not_of(" \t\r\n") + 1);  // npos + 1 is 0
  parts.behind = trimmed<is_folding_white_space>(behind);
  parts.blank_before = before.size() != parts.before.size();
  parts.blank_behind = !behind.empty() && is_folding_white_space(behind.front());
  return parts;
}

/// Whether a reader may take what stands behind the closing bracket for a part of the domain.
bool ends_there(std::string_view behind_brackets) {
  behind_brackets.remove_prefix(
      std::min(behind_brackets.find_first_not_of('>'), behind_brackets.size()));
  return behind_brackets.empty() || is_folding_white_space(behind_brackets.front()) ||
         std::string_view(",;)\"").contains(behind_brackets.front());
}

/// What stands around the address, with a letter in its place.
Nesting read_whole(const Parts& parts, Nesting nesting) {
  step(nesting, 'x');
  return read_nesting(parts.behind, nesting);
}

bool is_delimited(const Parts& parts) {
  const Nesting before = read_nesting(parts.before);
  if (before.comments > 0 && parts.behind.contains(')')) {
    return false;  // in a comment, which names nobody
  }
  if (read_whole(parts, before).has_empty_member) {
    return false;  // a list with holes, of which readers make different lists
  }
  if (parts.is_in_angle_brackets()) {
    return ends_there(parts.behind);
  }
  if (before.comments > 0 || parts.before.find_first_of("<>") != std::string_view::npos ||
      parts.behind.find_first_of("<>") != std::string_view::npos) {
    return false;
  }
  if (before.is_quoted) {
    return parts.is_in_quotation_marks();
  }
  const bool begins = parts.before.empty() || parts.blank_before ||
                      std::string_view(",;:").contains(parts.before.back());
  // A reader that leaves out the blanks of an obsolete domain (RFC 5322 §4.4) takes words behind an
  // address for the end of its domain.
  const bool ends = parts.behind.empty() || std::string_view(",;").contains(parts.behind.front()) ||
                    (parts.blank_behind && parts.behind.starts_with('('));
  return begins && ends;
}

/// What is wrong around an address that is known.
FromFault display_fault(const Parts& parts, std::string_view value, bool is_utf8) {
  if (!is_utf8 || value.contains(escape)) {
    return FromFault::invalid_octet;
  }
  const std::size_t brackets = parts.is_in_angle_brackets() ? 1 : 0;
  Parts shown = parts;
  shown.before.remove_suffix(brackets);
  shown.behind.remove_prefix(brackets);
  const Nesting before = read_nesting(shown.before);
  const Nesting whole = read_whole(shown, before);
  if (before.is_quoted || whole.is_quoted) {
    return FromFault::quotation_mark;
  }
  if (before.comments > 0 || whole.comments > 0) {
    return FromFault::parenthesis;
  }
  if (whole.special != FromFault::none) {
    return whole.special;
  }
  return brackets > 0 || shown.before.empty() ? FromFault::text_after_address
                                              : FromFault::words_without_brackets;
}

/// The fault of a field that has not one `@` alone; `none`: it has.
FromFault find_at_sign_fault(std::string_view value) {
  const auto at_signs = std::ranges::count(value, '@');
  if (may_hide_at_sign(value)) {
    return FromFault::encoded_address;
  }
  if (at_signs > 1 || has_at_sign_lookalike(value)) {
    return FromFault::several_at_signs;
  }
  return at_signs == 0 ? FromFault::no_domain : FromFault::none;
}

struct Phrase {
  std::string_view last;  ///< Its last word.
  std::size_t words = 0;
};

std::optional<Phrase> take_phrase(AddressScanner& scanner) {
  Phrase phrase;
  while (scanner.skip_cfws()) {
    const auto word = scanner.take_word();
    if (!word) {
      return std::nullopt;
    }
    if (word->empty()) {
      return phrase;
    }
    phrase.last = *word;
    ++phrase.words;
  }
  return std::nullopt;
}

bool is_mailer_daemon(std::string_view word) {
  return equals_ignoring_case(word, "MAILER-DAEMON");
}

}  // namespace

std::expected<LoneAddress, FromFault> find_lone_address(std::string_view value) {
  const std::optional<std::string> text = as_ascii(value);
  if (!text) {
    return std::unexpected(FromFault::control_character);
  }
  if (const FromFault fault = find_at_sign_fault(value); fault != FromFault::none) {
    return std::unexpected(fault);
  }
  const std::size_t at = text->find('@');
  const bool is_utf8 = is_valid_utf8(value);
  if (at == std::string::npos) {
    return std::unexpected(FromFault::malformed_address);  // shifted
  }
  const Parts parts = cut(*text, at, is_utf8);
  if (parts.local_part.empty() || !is_dot_atom(parts.domain) ||
      may_hold_encoded_word(parts.local_part) || !is_delimited(parts)) {
    return std::unexpected(FromFault::malformed_address);
  }
  auto domain = Domain::parse(parts.domain);
  if (!domain) {
    return std::unexpected(FromFault::invalid_domain);
  }
  return LoneAddress{{std::string(parts.local_part), std::string(parts.domain), std::move(domain)},
                     display_fault(parts, value, is_utf8)};
}

// [phrase] "<" [ MAILER-DAEMON ] ">" / MAILER-DAEMON, with the CFWS between; a phrase needs a name.
bool names_mailer_daemon(std::string_view value, const AddressLimits& limits) {
  if (!is_clean_value(value) || find_at_sign_fault(value) != FromFault::no_domain) {
    return false;
  }
  AddressScanner scanner(value, limits.comment_depth);
  const std::optional<Phrase> phrase = take_phrase(scanner);
  if (!phrase) {
    return false;
  }
  if (!scanner.take('<')) {
    return phrase->words == 1 && is_mailer_daemon(phrase->last) && scanner.at_end();
  }
  const std::optional<Phrase> path = take_phrase(scanner);
  if (!path || !scanner.take('>') || !scanner.skip_cfws() || !scanner.at_end()) {
    return false;
  }
  return path->words == 0 ? phrase->words == 0 : path->words == 1 && is_mailer_daemon(path->last);
}

}  // namespace sekisho::mail
