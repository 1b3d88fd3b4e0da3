// The pieces of a macro-string (RFC 7208 §7.1): literals, escapes and macros.
#pragma once

#include "spf/macro.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace sekisho::spf {

/// `%{d2r-}`: the letter in lower case, and what is to be done with its value.
struct Macro {
  char letter = 0;
  bool is_url_escaped = false;  // an upper-case letter
  bool is_transformed = false;
  bool is_reversed = false;
  std::size_t parts = 0;  // 0: all of them
  std::string_view delimiters;
};

enum class PieceKind : std::uint8_t { literal, escape, macro };

/// A stretch of a macro-string. `text` is what a literal or an escape stands for.
struct Piece {
  PieceKind kind = PieceKind::literal;
  std::string_view text;
  Macro macro;
};

/// Takes the first piece off `rest`, which is not empty.
[[nodiscard]] std::expected<Piece, MacroError> take_piece(std::string_view& rest, MacroScope scope);

}  // namespace sekisho::spf
