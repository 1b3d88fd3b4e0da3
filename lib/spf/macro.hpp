// Macros (RFC 7208 §7): their syntax, checked while the record is parsed, and their expansion.
#pragma once

#include "dns/ip_address.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::spf {

enum class MacroError : std::uint8_t {
  bad_character,     ///< Not a visible US-ASCII character.
  stray_percent,     ///< `%` not followed by `{`, `%`, `_` or `-`.
  unknown_letter,    ///< No macro of this letter.
  explanation_only,  ///< `c`, `r` or `t` outside of an explanation.
  zero_parts,        ///< `%{d0}`.
  unterminated,      ///< No `}` where it must be.
  no_top_label,      ///< A domain-spec that ends neither in a macro nor in a valid top label.
};
[[nodiscard]] std::string_view format_macro_error(MacroError error);

/// What a macro-string needs to know before it can be expanded.
struct MacroUse {
  bool validated_name = false;  ///< `p`: the DNS has to be asked first.
  bool local_part = false;      ///< `s` or `l`.
  bool helo = false;            ///< `h`.
  bool part_count = false;      ///< A number of parts, as in `%{d2}`.
};

/// The letters `c`, `r` and `t` belong to explanations (RFC 7208 §7.2); blanks too.
enum class MacroScope : std::uint8_t { record, explanation };

[[nodiscard]] std::expected<MacroUse, MacroError> check_macro_string(std::string_view text,
                                                                     MacroScope scope);
/// As check_macro_string, and the end must be `.toplabel` or a macro.
[[nodiscard]] std::expected<MacroUse, MacroError> check_domain_spec(std::string_view text);

/// The values of RFC 7208 §7.2, those of one check_host(). Views: it lives as long as what it is
/// made of.
struct MacroValues {
  std::string_view local_part;                  ///< `l`
  std::string_view sender_domain;               ///< `o`; `s` is both
  std::string_view domain;                      ///< `d`
  dns::IpAddress client;                        ///< `i`, `c`, `v`
  std::string_view validated_name = "unknown";  ///< `p`
  std::string_view helo;                        ///< `h`
  std::string_view receiver;                    ///< `r`
  std::int64_t now = 0;                         ///< `t`
};

/// A domain-spec that check_domain_spec() accepted, as a name to ask for: without a dot at the end,
/// cut from the left, label by label, to 253 octets (RFC 7208 §7.3). Whether the name can exist is
/// another question: is_askable().
[[nodiscard]] std::string expand_name(std::string_view domain_spec, const MacroValues& values);

/// An explain-string that check_macro_string() accepted. Nullopt where the outcome is longer than
/// `max_explanation_octets` or is not printable US-ASCII (RFC 7208 §6.2).
[[nodiscard]] std::optional<std::string> expand_explanation(std::string_view explain_string,
                                                            const MacroValues& values);
inline constexpr std::size_t max_explanation_octets = 2'048;

/// Whether a name can stand in a question: labels of 1 to 63 octets, at most 253 in all.
[[nodiscard]] bool is_askable(std::string_view name);

}  // namespace sekisho::spf
