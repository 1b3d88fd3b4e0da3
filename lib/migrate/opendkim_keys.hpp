// OpenDKIM's keys: the one of KeyFile, or those of KeyTable and SigningTable.
#pragma once

#include "migrate/conversion.hpp"

namespace sekisho::migrate {

void convert_key_file(const Statement& statement, Conversion& conversion);
/// Domain and Selector, which mean something beside KeyFile alone.
void convert_beside_key_file(const Statement& statement, Conversion& conversion);
void convert_key_table(const Statement& statement, Conversion& conversion);
void convert_signing_table(const Statement& statement, Conversion& conversion);

/// Whether the program signs: Mode.
[[nodiscard]] bool signs(const Conversion& conversion);

}  // namespace sekisho::migrate
