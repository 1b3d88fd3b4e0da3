// Whether the DNS shows the keys that we sign with.
#pragma once

#include "milter/environment.hpp"

#include <functional>

namespace sekisho::milter {

/// Looks every key up, past the cache, and logs what is otherwise than it was. Takes as long as the
/// DNS takes, for each few hundred keys two times the option dns.timeout at most. Between them
/// `stop` is asked whether to leave the rest to the next round.
void check_publications(const Environment& environment, const std::function<bool()>& stop);

/// Whether there is a key that was never looked up.
[[nodiscard]] bool has_unchecked_keys(const Environment& environment);

}  // namespace sekisho::milter
