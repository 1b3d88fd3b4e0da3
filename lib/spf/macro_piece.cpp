#include "spf/macro_piece.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace sekisho::spf {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view record_letters = "slodiphv";
constexpr std::string_view explanation_letters = "crt";
constexpr std::string_view delimiter_characters = ".-+,/_=";

// macro-literal = %x21-24 / %x26-7E, and SP in an explain-string
bool is_literal(char c, MacroScope scope) {
  return (c > ' ' && c <= '~' && c != '%') || (c == ' ' && scope == MacroScope::explanation);
}

std::string_view take(std::string_view& rest, std::size_t count) {
  const std::string_view taken = rest.substr(0, count);
  rest.remove_prefix(taken.size());
  return taken;
}

std::string_view take_all_of(std::string_view& rest, std::string_view characters) {
  return take(rest, std::min(rest.find_first_not_of(characters), rest.size()));
}

bool take_one(std::string_view& rest, char wanted) {
  if (rest.empty() || mail::to_lower(rest.front()) != wanted) {
    return false;
  }
  rest.remove_prefix(1);
  return true;
}

// transformers = *DIGIT [ "r" ]. A number that does not fit asks for more parts than there are.
std::expected<void, MacroError> take_transformers(std::string_view& rest, Macro& macro) {
  const std::string_view number = take_all_of(rest, digits);
  if (number.find_first_not_of('0') == std::string_view::npos && !number.empty()) {
    return std::unexpected(MacroError::zero_parts);  // RFC 7208 §7.3: "MUST be nonzero"
  }
  if (std::from_chars(number.data(), number.data() + number.size(), macro.parts).ec ==
      std::errc::result_out_of_range) {
    macro.parts = 0;
  }
  macro.is_reversed = take_one(rest, 'r');
  macro.is_transformed = macro.is_reversed || !number.empty();
  return {};
}

// "%{" macro-letter transformers *delimiter "}", from the letter on
std::expected<Piece, MacroError> take_macro(std::string_view& rest, MacroScope scope) {
  if (rest.empty()) {
    return std::unexpected(MacroError::unterminated);
  }
  Macro macro;
  macro.letter = mail::to_lower(rest.front());
  macro.is_url_escaped = macro.letter != rest.front();
  rest.remove_prefix(1);
  if (explanation_letters.contains(macro.letter) && scope == MacroScope::record) {
    return std::unexpected(MacroError::explanation_only);
  }
  if (!explanation_letters.contains(macro.letter) && !record_letters.contains(macro.letter)) {
    return std::unexpected(MacroError::unknown_letter);
  }
  if (const auto taken = take_transformers(rest, macro); !taken) {
    return std::unexpected(taken.error());
  }
  macro.delimiters = take_all_of(rest, delimiter_characters);
  macro.is_transformed = macro.is_transformed || !macro.delimiters.empty();
  if (!take_one(rest, '}')) {
    return std::unexpected(MacroError::unterminated);
  }
  return Piece{PieceKind::macro, {}, macro};
}

}  // namespace

// macro-string = *( macro-expand / macro-literal )
// macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
std::expected<Piece, MacroError> take_piece(std::string_view& rest, MacroScope scope) {
  if (rest.front() != '%') {
    const auto* const end =
        std::ranges::find_if_not(rest, [scope](char c) { return is_literal(c, scope); });
    const auto length = static_cast<std::size_t>(end - rest.begin());
    if (length == 0) {
      return std::unexpected(MacroError::bad_character);
    }
    return Piece{PieceKind::literal, take(rest, length), {}};
  }
  rest.remove_prefix(1);
  const std::string_view kind = take(rest, 1);
  if (kind == "{") {
    return take_macro(rest, scope);
  }
  if (kind == "%") {
    return Piece{PieceKind::escape, "%", {}};
  }
  if (kind == "_") {
    return Piece{PieceKind::escape, " ", {}};
  }
  if (kind == "-") {
    return Piece{PieceKind::escape, "%20", {}};
  }
  return std::unexpected(MacroError::stray_percent);
}

}  // namespace sekisho::spf
