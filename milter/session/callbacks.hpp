// libmilter's callbacks: they translate what an MTA says into the events of a checkpoint::Session,
// and do nothing else.
#pragma once

namespace sekisho::milter {

class Environment;

/// Tells libmilter our callbacks, which use `environment` from then on. Once in a process:
/// libmilter has one filter. False: it refuses.
[[nodiscard]] bool register_callbacks(Environment& environment);

}  // namespace sekisho::milter
