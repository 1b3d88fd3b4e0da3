// What an MTA says for one message, encoded once, so that the driver itself costs little.
#pragma once

#include "bench/corpus.hpp"
#include "milter/milter_client.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sekisho::bench {

/// Octets to be sent, after which the milter answers.
struct Exchange {
  std::string octets;
  bool is_body = false;  ///< "Skip" is an answer here.
};

/// `exchanges` begin with MAIL; the last one is the end of the message. Connection and HELO are
/// said once a connection, and come from `case_`.
struct Script {
  std::vector<Exchange> exchanges;
  std::vector<std::string> expected;
};

/// `steps` are the flags that the milter wants (SMFIP_NR_*), `chunk` the octets of a body packet.
[[nodiscard]] Script write_script(const Case& message, std::uint32_t steps,
                                  const std::string& queue_id, std::size_t chunk = 65'535);

/// A connection of its own for each message's client: connect and HELO, answered as `client` knows.
void introduce(test::MilterClient& client, const Case& message);

}  // namespace sekisho::bench
