// What SPF is asked for a client and a sender.
#pragma once

#include "checkpoint/services.hpp"
#include "findings/findings.hpp"
#include "spf/check_host.hpp"

#include <string>

namespace sekisho::checkpoint {

/// `client.address` must be there.
[[nodiscard]] inline spf::Request spf_request(const Services& services,
                                              const findings::Client& client,
                                              const std::string& sender) {
  return {.client = *client.address,
          .helo = client.helo,
          .sender = sender,
          .receiver = services.options.authserv_id,
          .now = services.now().time_since_epoch().count()};
}

}  // namespace sekisho::checkpoint
