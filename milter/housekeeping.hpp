// What a daemon does beside the mail: it reloads when told to, and looks its keys up in the DNS at
// the start, after a reload and every hour.
#pragma once

#include "milter/callbacks.hpp"

#include <memory>
#include <string>

namespace sekisho::milter {

/// One thread, which lasts as long as the process: the main thread has to wait for signals at all
/// times.
class Housekeeping {
 public:
  /// Begins at once. `environment` outlives it.
  Housekeeping(Environment& environment, std::string configuration);

  /// Has the configuration reloaded, soon.
  void request_reload();

 private:
  struct Bell;
  std::shared_ptr<Bell> bell_;
};

}  // namespace sekisho::milter
