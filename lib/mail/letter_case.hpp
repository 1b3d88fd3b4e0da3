// Capital and small letters of the alphabets in which domain names are written.
#pragma once

#include <string>
#include <string_view>

namespace sekisho::mail {

/// Each capital letter as its small letter, where both are one character each (Unicode, simple
/// lower case) of the Latin, Greek, Cyrillic or Armenian alphabet; all else as it is, octets that
/// are no UTF-8 included. Without a locale.
[[nodiscard]] std::string to_small_letters(std::string_view text);

}  // namespace sekisho::mail
