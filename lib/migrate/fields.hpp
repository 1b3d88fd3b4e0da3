// Which header fields a signature covers: SignHeaders, OmitHeaders and OversignHeaders.
#pragma once

#include "migrate/conversion.hpp"

#include <string>

namespace sekisho::migrate {

/// What OpenDKIM signs where its configuration names no fields, as TOML has it.
[[nodiscard]] std::string default_signed_fields();

void convert_sign_headers(const Statement& statement, Conversion& conversion);
void convert_omit_headers(const Statement& statement, Conversion& conversion);
void convert_oversign_headers(const Statement& statement, Conversion& conversion);
void convert_canonicalization(const Statement& statement, Conversion& conversion);

}  // namespace sekisho::migrate
