#include "spf/macro.hpp"

#include "mail/ascii.hpp"
#include "spf/macro_piece.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sekisho::spf {

namespace {

constexpr std::size_t max_name_octets = 253;
constexpr std::size_t max_label_octets = 63;

// toplabel = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
bool is_top_label(std::string_view label) {
  return !label.empty() && mail::is_alphanumeric(label.front()) &&
         mail::is_alphanumeric(label.back()) &&
         std::ranges::all_of(label, [](char c) { return mail::is_alphanumeric(c) || c == '-'; }) &&
         !std::ranges::all_of(label, mail::is_digit);
}

// domain-end = ( "." toplabel [ "." ] ) / macro-expand
bool is_domain_end(const Piece& last) {
  if (last.kind != PieceKind::literal) {
    return true;
  }
  std::string_view literal = last.text;
  if (literal.ends_with('.')) {
    literal.remove_suffix(1);
  }
  const std::size_t dot = literal.rfind('.');
  return dot != std::string_view::npos && is_top_label(literal.substr(dot + 1));
}

struct CheckedString {
  MacroUse use;
  Piece last;
};

std::expected<CheckedString, MacroError> check_pieces(std::string_view text, MacroScope scope) {
  CheckedString checked;
  while (!text.empty()) {
    const auto piece = take_piece(text, scope);
    if (!piece) {
      return std::unexpected(piece.error());
    }
    const char letter = piece->macro.letter;
    checked.use.validated_name |= letter == 'p';
    checked.use.local_part |= letter == 's' || letter == 'l';
    checked.use.helo |= letter == 'h';
    checked.use.part_count |= piece->macro.parts > 0;
    checked.last = *piece;
  }
  return checked;
}

// The IPv6 form of `i`: nibbles with dots between (RFC 7208 §7.3).
std::string dotted_address(const dns::IpAddress& address) {
  if (address.is_v4()) {
    return address.text();
  }
  constexpr std::string_view nibbles = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : address.octets()) {
    text += nibbles[octet >> 4U];
    text += '.';
    text += nibbles[octet & 0xfU];
    text += '.';
  }
  text.pop_back();
  return text;
}

std::string value_of(char letter, const MacroValues& values) {
  switch (letter) {
    case 's':
      return std::string(values.local_part) + '@' + std::string(values.sender_domain);
    case 'l':
      return std::string(values.local_part);
    case 'o':
      return std::string(values.sender_domain);
    case 'd':
      return std::string(values.domain);
    case 'i':
      return dotted_address(values.client);
    case 'p':
      return std::string(values.validated_name);
    case 'v':
      return values.client.is_v4() ? "in-addr" : "ip6";
    case 'h':
      return std::string(values.helo);
    case 'c':
      return values.client.text();
    case 'r':
      return std::string(values.receiver);
    case 't':
      return std::to_string(values.now);
    default:
      std::unreachable();  // take_macro() lets no other letter through
  }
}

std::vector<std::string_view> split(std::string_view value, std::string_view delimiters) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = value.find_first_of(delimiters, begin);
    parts.push_back(value.substr(begin, end - begin));
    if (end == std::string_view::npos) {
      return parts;
    }
    begin = end + 1;
  }
}

// RFC 7208 §7.3: split, reverse, keep the right-hand parts, join with dots.
std::string transform(std::string_view value, const Macro& macro) {
  std::vector<std::string_view> parts =
      split(value, macro.delimiters.empty() ? "." : macro.delimiters);
  if (macro.is_reversed) {
    std::ranges::reverse(parts);
  }
  const std::size_t kept = macro.parts == 0 ? parts.size() : std::min(macro.parts, parts.size());
  std::string joined;
  for (std::size_t i = parts.size() - kept; i < parts.size(); ++i) {
    joined += parts[i];
    joined += '.';
  }
  joined.pop_back();
  return joined;
}

// What is not `unreserved` (RFC 3986 §2.3) becomes %XX.
std::string url_escaped(std::string_view value) {
  constexpr std::string_view hexadecimal = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : value) {
    if (mail::is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      escaped += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    escaped += '%';
    escaped += hexadecimal[octet >> 4U];
    escaped += hexadecimal[octet & 0xfU];
  }
  return escaped;
}

void append_piece(std::string& text, const Piece& piece, const MacroValues& values) {
  if (piece.kind != PieceKind::macro) {
    text += piece.text;
    return;
  }
  std::string value = value_of(piece.macro.letter, values);
  if (piece.macro.is_transformed) {
    value = transform(value, piece.macro);
  }
  text += piece.macro.is_url_escaped ? url_escaped(value) : value;
}

// RFC 7208 §7.3: "the left side is truncated to fit, by removing successive domain labels".
void cut_to_name_length(std::string& name) {
  if (name.size() <= max_name_octets) {
    return;
  }
  const std::size_t dot = name.find('.', name.size() - max_name_octets - 1);
  if (dot != std::string::npos) {
    name.erase(0, dot + 1);
  }
}

}  // namespace

std::string_view format_macro_error(MacroError error) {
  switch (error) {
    case MacroError::bad_character:
      return "a character that may not stand here";
    case MacroError::stray_percent:
      return "a % that begins no macro";
    case MacroError::unknown_letter:
      return "an unknown macro letter";
    case MacroError::explanation_only:
      return "a macro that is allowed in explanations only";
    case MacroError::zero_parts:
      return "a macro that asks for zero parts";
    case MacroError::unterminated:
      return "a macro without its closing brace";
    case MacroError::no_top_label:
      return "a domain that does not end in a valid top label";
  }
  std::unreachable();
}

std::expected<MacroUse, MacroError> check_macro_string(std::string_view text, MacroScope scope) {
  const auto checked = check_pieces(text, scope);
  if (!checked) {
    return std::unexpected(checked.error());
  }
  return checked->use;
}

// domain-spec = macro-string domain-end
std::expected<MacroUse, MacroError> check_domain_spec(std::string_view text) {
  const auto checked = check_pieces(text, MacroScope::record);
  if (!checked) {
    return std::unexpected(checked.error());
  }
  if (!is_domain_end(checked->last)) {
    return std::unexpected(MacroError::no_top_label);
  }
  return checked->use;
}

std::string expand_name(std::string_view domain_spec, const MacroValues& values) {
  // No more than the end of a long expansion can be left over: the rest is dropped on the way.
  constexpr std::size_t kept_octets = 2 * max_name_octets;
  constexpr std::size_t held_octets = 16 * max_name_octets;
  std::string name;
  while (!domain_spec.empty()) {
    const auto piece = take_piece(domain_spec, MacroScope::record);
    if (!piece) {
      return {};
    }
    append_piece(name, *piece, values);
    if (name.size() > held_octets) {
      name.erase(0, name.size() - kept_octets);
    }
  }
  if (name.ends_with('.')) {
    name.pop_back();
  }
  cut_to_name_length(name);
  return name;
}

std::optional<std::string> expand_explanation(std::string_view explain_string,
                                              const MacroValues& values) {
  std::string explanation;
  while (!explain_string.empty()) {
    const auto piece = take_piece(explain_string, MacroScope::explanation);
    if (!piece) {
      return std::nullopt;
    }
    append_piece(explanation, *piece, values);
    if (explanation.size() > max_explanation_octets) {
      return std::nullopt;
    }
  }
  if (!std::ranges::all_of(explanation, [](char c) { return c >= ' ' && c <= '~'; })) {
    return std::nullopt;
  }
  return explanation;
}

bool is_askable(std::string_view name) {
  if (name.empty() || name.size() > max_name_octets) {
    return false;
  }
  for (;;) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    if (dot == 0 || dot > max_label_octets) {
      return false;
    }
    if (dot == name.size()) {
      return true;
    }
    name.remove_prefix(dot + 1);
    if (name.empty()) {
      return false;
    }
  }
}

}  // namespace sekisho::spf
