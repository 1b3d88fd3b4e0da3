#include "checkpoint/options.hpp"

#include <array>

#include <unistd.h>

namespace sekisho::checkpoint {

void complete(Options& options) {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) {
    options.host_name = name.data();
  }
  if (options.authserv_id.empty()) {
    options.authserv_id = options.host_name.empty() ? "localhost" : options.host_name;
  }
}

}  // namespace sekisho::checkpoint
