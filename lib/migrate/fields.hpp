// Which header fields a signature covers: SignHeaders, OmitHeaders and OversignHeaders.
#pragma once

#include "migrate/conversion.hpp"

namespace sekisho::migrate {

void convert_sign_headers(const Statement& statement, Conversion& conversion);
void convert_omit_headers(const Statement& statement, Conversion& conversion);
void convert_oversign_headers(const Statement& statement, Conversion& conversion);
void convert_canonicalization(const Statement& statement, Conversion& conversion);

}  // namespace sekisho::migrate
