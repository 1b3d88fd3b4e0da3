#include "mail/domain.hpp"

#include "c_ptr.hpp"
#include "mail/ascii.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <idn2.h>

namespace sekisho::mail {
namespace {

constexpr std::size_t max_name_octets = 253;  // RFC 1035 §2.3.4, without the root's dot
constexpr std::size_t max_label_octets = 63;
// Four octets of UTF-8 a character, and an A-label has no fewer characters than its U-label.
constexpr std::size_t max_unicode_octets = 4 * max_name_octets;
// Without IDN2_USE_STD3_ASCII_RULES: with it libidn2 drops an underscore instead of refusing it.
constexpr int idna_flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;

using Utf8Text = CPtr<char, &idn2_free>;

constexpr bool is_label_character(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label_octets &&
         std::ranges::all_of(label, is_label_character);
}

/// Or what claims to be one.
bool is_a_label(std::string_view label) {
  return equals_ignoring_case(label.substr(0, 4), "xn--");
}

/// Whether IDNA has a say.
bool needs_idna(std::string_view label) {
  return is_a_label(label) || std::ranges::any_of(label, is_eight_bit);
}

/// Of a U-label.
std::optional<std::string> encode_label(const std::string& label) {
  std::uint8_t* looked_up = nullptr;
  const auto* const source = reinterpret_cast<const std::uint8_t*>(label.c_str());
  if (idn2_lookup_u8(source, &looked_up, idna_flags) != IDN2_OK) {
    return std::nullopt;
  }
  return Utf8Text(reinterpret_cast<char*>(looked_up)).get();
}

/// Of an A-label, whether or not what it stands for is allowed.
std::optional<std::string> decode_label(const std::string& label) {
  char* decoded = nullptr;
  if (idn2_to_unicode_8z8z(label.c_str(), &decoded, idna_flags) != IDN2_OK) {
    return std::nullopt;
  }
  return Utf8Text(decoded).get();
}

/// The A-label. One that is given as such must decode to a U-label that encodes to it again (RFC
/// 5891 §5.4), which libidn2 by itself does not see to: it lets some through whose code points no
/// label may have.
std::optional<std::string> to_a_label(const std::string& label) {
  if (label.contains('\0')) {
    return std::nullopt;  // where libidn2 would stop reading
  }
  if (!is_a_label(label)) {
    return encode_label(label);
  }
  const std::optional<std::string> decoded = decode_label(label);
  const bool is_whole = decoded && !is_a_label(*decoded) && encode_label(*decoded) == label;
  return is_whole ? std::optional(label) : std::nullopt;
}

std::string to_u_label(const std::string& label) {
  return is_a_label(label) ? decode_label(label).value_or(label) : label;
}

/// Appends the label as a `Domain` holds it. UTS 46 maps U+3002 and its like to a dot, which is no
/// label character: in mail only "." separates labels (RFC 6531 §3.3), and what two readers would
/// split differently is refused.
bool append_label(std::string& name, std::string_view label) {
  if (!needs_idna(label)) {
    name += to_lower(label);
    return is_label(label);
  }
  const std::optional<std::string> a_label = to_a_label(to_lower(label));
  name += a_label.value_or("");
  return a_label && is_label(*a_label) && !a_label->contains('_');  // STD 3, RFC 5891 §4.2.3
}

}  // namespace

std::optional<Domain> Domain::parse(std::string_view text) {
  if (text.size() > max_unicode_octets) {
    return std::nullopt;
  }
  if (text.ends_with('.')) {
    text.remove_suffix(1);
  }
  std::string name;
  name.reserve(text.size());
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!append_label(name, text.substr(0, dot))) {
      return std::nullopt;
    }
    if (dot == std::string_view::npos) {
      break;
    }
    name += '.';
    text.remove_prefix(dot + 1);
  }
  return name.size() <= max_name_octets ? std::optional(Domain(std::move(name))) : std::nullopt;
}

std::string Domain::unicode() const {
  std::string name;
  std::size_t start = 0;
  for (;;) {
    const std::size_t dot = text_.find('.', start);
    name += to_u_label(text_.substr(start, dot - start));
    if (dot == std::string::npos) {
      return name;
    }
    name += '.';
    start = dot + 1;
  }
}

std::size_t Domain::label_count() const {
  return static_cast<std::size_t>(std::ranges::count(text_, '.')) + 1;
}

Domain Domain::suffix(std::size_t count) const {
  std::size_t start = text_.size();
  do {
    start = text_.rfind('.', start - 1);
    if (start == std::string::npos) {
      return *this;
    }
  } while (--count > 0);
  return Domain(text_.substr(start + 1));
}

bool Domain::is_within(const Domain& other) const {
  if (!text_.ends_with(other.text_)) {
    return false;
  }
  const std::size_t rest = text_.size() - other.text_.size();
  return rest == 0 || text_[rest - 1] == '.';
}

}  // namespace sekisho::mail
