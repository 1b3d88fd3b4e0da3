// The checks of DKIM key records (RFC 6376 §3.6), for the selectors that are known.
#pragma once

#include "domain_check/examination.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sekisho::domain_check {

enum class KeyState : std::uint8_t { found, missing, unusable, unknown };
[[nodiscard]] std::string_view format_key_state(KeyState state);

struct KeyFound {
  std::string selector;
  std::string name;  ///< Of the record.
  KeyState state = KeyState::unknown;
  bool is_guessed = false;
  std::string record;     ///< As published.
  std::string algorithm;  ///< "rsa", "ed25519", or "".
  std::size_t bits = 0;
  std::string key;  ///< The value of p=, without blanks.
};

/// Guessed selectors without a key are left out.
[[nodiscard]] std::vector<KeyFound> check_dkim(Examination& examination);

/// The value of p= in a key record, without blanks; "" if there is none.
[[nodiscard]] std::string key_of(const std::string& record);

/// Selectors that mail services use.
[[nodiscard]] std::vector<std::string> usual_selectors();

}  // namespace sekisho::domain_check
