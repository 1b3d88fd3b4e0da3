// Whether the DNS shows the keys that we sign with.
#pragma once

#include "milter/environment.hpp"

namespace sekisho::milter {

/// Looks every key up, past the cache, and logs what is otherwise than it was. Takes as long as the
/// DNS takes, for each few hundred keys two times the option dns.timeout at most.
void check_publications(const Environment& environment);

/// Whether there is a key that was never looked up.
[[nodiscard]] bool has_unchecked_keys(const Environment& environment);

}  // namespace sekisho::milter
