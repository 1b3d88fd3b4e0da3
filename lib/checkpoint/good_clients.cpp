#include "checkpoint/good_clients.hpp"

#include "dns/asker.hpp"

#include <utility>

namespace sekisho::checkpoint {

void GoodClients::note_good(const dns::IpAddress& client) {
  const dns::IpAddress network = dns::network_of(client);
  const auto kept = kept_.lock();
  if (kept->recent.contains(network)) {
    return;
  }
  if (kept->recent.size() >= generation_size_) {
    kept->old = std::exchange(kept->recent, {});
  }
  kept->recent.insert(network);
}

void GoodClients::note_doubtful(const dns::IpAddress& client) {
  const dns::IpAddress network = dns::network_of(client);
  const auto kept = kept_.lock();
  kept->recent.erase(network);
  kept->old.erase(network);
}

bool GoodClients::knows(const dns::IpAddress& client) {
  const dns::IpAddress network = dns::network_of(client);
  const auto kept = kept_.lock();
  return kept->recent.contains(network) || kept->old.contains(network);
}

}  // namespace sekisho::checkpoint
