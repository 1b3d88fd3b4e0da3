#include "preflight/display_name.hpp"

#include "mail/ascii.hpp"
#include "mail/domain.hpp"
#include "mail/encoded_word.hpp"
#include "mail/local_part.hpp"
#include "mail/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace sekisho::preflight {

namespace {

constexpr std::size_t max_display = 4'096;

/// The part of a field before the angle bracket; empty where there is none.
std::string_view display_part(std::string_view value) {
  bool is_quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && is_quoted) {
      ++i;
    } else if (value[i] == '"') {
      is_quoted = !is_quoted;
    } else if (value[i] == '<' && !is_quoted) {
      return value.substr(0, std::min(i, max_display));
    }
  }
  return {};
}

bool has_unquoted_dot(std::string_view display) {
  bool is_quoted = false;
  std::size_t depth = 0;
  bool in_word = false;
  for (std::size_t i = 0; i < display.size(); ++i) {
    const char c = display[i];
    if (c == '\\') {
      ++i;
    } else if (c == '"' && depth == 0) {
      is_quoted = !is_quoted;
    } else if (!is_quoted && c == '(') {
      ++depth;
    } else if (!is_quoted && c == ')' && depth > 0) {
      --depth;
    } else if (!is_quoted && depth == 0) {
      in_word = display.substr(i).starts_with("=?") || (in_word && !mail::is_blank(c));
      if (c == '.' && !in_word) {
        return true;
      }
    }
  }
  return false;
}

/// The code point at the beginning of valid UTF-8, which is cut off.
char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t point = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size && i < text.size(); ++i) {
    point = point << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(std::min(size, text.size()));
  return point;
}

bool is_direction_control(char32_t point) {
  return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}
bool is_latin(char32_t point) {
  return (point < 0x80 && mail::is_alpha(static_cast<char>(point))) ||
         (point >= 0xC0 && point <= 0x24F);
}
bool is_cyrillic_or_greek(char32_t point) {
  return (point >= 0x370 && point <= 0x3FF && point != 0x3BC) || (point >= 0x400 && point <= 0x52F);
}
bool ends_word(char32_t point) {
  return point < 0x80 && !mail::is_alphanumeric(static_cast<char>(point));
}

DisplayTrick find_character_trick(std::string_view text) {
  bool has_latin = false;
  bool has_other = false;
  bool is_mixed = false;
  while (!text.empty()) {
    const char32_t point = take_code_point(text);
    if (is_direction_control(point)) {
      return DisplayTrick::direction;
    }
    has_latin = !ends_word(point) && (has_latin || is_latin(point));
    has_other = !ends_word(point) && (has_other || is_cyrillic_or_greek(point));
    is_mixed = is_mixed || (has_latin && has_other);
  }
  return is_mixed ? DisplayTrick::mixed_scripts : DisplayTrick::none;
}

/// The domain behind the first `@` that stands within an address.
std::optional<mail::Domain> shown_domain(std::string_view text) {
  const auto is_domain_character = [](char c) {
    return mail::is_alphanumeric(c) || c == '.' || c == '-' || mail::is_eight_bit(c);
  };
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    const auto* const end = std::ranges::find_if_not(rest, is_domain_character);
    std::string_view name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    while (name.ends_with('.')) {
      name.remove_suffix(1);
    }
    const bool has_local_part = at > 0 && mail::is_atom_character(text[at - 1]);
    if (has_local_part && name.contains('.')) {
      if (auto domain = mail::Domain::parse(name)) {
        return domain;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view describe_trick(DisplayTrick trick) {
  switch (trick) {
    case DisplayTrick::none:
      return "";
    case DisplayTrick::other_address:
      return "the display name shows an address of another domain";
    case DisplayTrick::direction:
      return "the display name changes the writing direction";
    case DisplayTrick::mixed_scripts:
      return "a word of the display name mixes alphabets";
  }
  std::unreachable();
}

DisplayName read_display_name(std::string_view value, const mail::Mailbox& author) {
  const std::string_view display = display_part(value);
  DisplayName name;
  name.has_obsolete_dot = has_unquoted_dot(display);
  const std::string text = decoded_text(display);
  const auto shown = shown_domain(text);
  if (shown && author.domain && !shown->is_within(*author.domain) &&
      !author.domain->is_within(*shown)) {
    name.trick = DisplayTrick::other_address;
  } else if (mail::is_valid_utf8(text)) {
    name.trick = find_character_trick(text);
  }
  return name;
}

std::string decoded_text(std::string_view text) {
  std::string decoded;
  std::string_view rest = text;
  std::size_t done = 0;
  bool after_word = false;
  while (const auto word = mail::take_encoded_word(rest)) {
    const auto begin = static_cast<std::size_t>(word->charset.data() - text.data()) - 2;
    const std::string_view between = text.substr(done, begin - done);
    // Blanks between two encoded words are not shown (RFC 2047 §6.2).
    if (!after_word || !mail::trimmed<mail::is_folding_white_space>(between).empty()) {
      decoded += between;
    }
    const bool is_readable =
        word->is_closed && (mail::equals_ignoring_case(word->charset, "utf-8") ||
                            mail::equals_ignoring_case(word->charset, "us-ascii"));
    decoded += is_readable ? mail::decode(*word).value_or("") : std::string("?");
    done = text.size() - rest.size();
    after_word = true;
  }
  decoded += text.substr(done);
  return decoded;
}

}  // namespace sekisho::preflight
