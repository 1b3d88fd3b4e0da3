// Whose mail OpenDKIM signs: InternalHosts, MTA and MacroList.
#pragma once

#include "migrate/conversion.hpp"

namespace sekisho::migrate {

void convert_internal_hosts(const Statement& statement, Conversion& conversion);
void convert_daemons(const Statement& statement, Conversion& conversion);

}  // namespace sekisho::migrate
