#include "mail/idna.hpp"

#include "c_ptr.hpp"
#include "mail/ascii.hpp"
#include "mail/letter_case.hpp"

#include <cstdint>

#include <idn2.h>

namespace sekisho::mail {
namespace {

// Without IDN2_USE_STD3_ASCII_RULES: with it libidn2 drops an underscore instead of refusing it.
constexpr int idna_flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;

using Utf8Text = CPtr<char, &idn2_free>;

// Whether or not what the label stands for is allowed.
std::optional<std::string> decode(const std::string& label) {
  char* decoded = nullptr;
  if (idn2_to_unicode_8z8z(label.c_str(), &decoded, idna_flags) != IDN2_OK) {
    return std::nullopt;
  }
  return Utf8Text(decoded).get();
}

}  // namespace

bool has_a_label_prefix(std::string_view label) {
  return equals_ignoring_case(label.substr(0, 4), "xn--");
}

std::optional<std::string> map_label(std::string_view label) {
  if (label.contains('\0')) {
    return std::nullopt;  // where libidn2 would stop reading
  }
  const std::string text(label);
  std::uint8_t* looked_up = nullptr;
  const auto* const source = reinterpret_cast<const std::uint8_t*>(text.c_str());
  if (idn2_lookup_u8(source, &looked_up, idna_flags) != IDN2_OK) {
    return std::nullopt;
  }
  return Utf8Text(reinterpret_cast<char*>(looked_up)).get();
}

std::optional<std::string> to_a_label(std::string_view u_label) {
  const std::string small = to_small_letters(u_label);
  auto a_label = map_label(small);
  if (!a_label || !has_a_label_prefix(*a_label) || decode(*a_label) != small) {
    return std::nullopt;
  }
  return a_label;
}

// libidn2 by itself decodes labels whose code points no label may have, so that the way back has to
// lead to the same label (RFC 5891 §5.4).
std::optional<std::string> to_u_label(std::string_view a_label) {
  if (a_label.contains('\0')) {
    return std::nullopt;
  }
  auto decoded = decode(std::string(a_label));
  if (!decoded || has_a_label_prefix(*decoded) || to_a_label(*decoded) != a_label) {
    return std::nullopt;
  }
  return decoded;
}

}  // namespace sekisho::mail
