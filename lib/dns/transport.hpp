// What the questions under way share. On the network thread only, but for the counters.
#pragma once

#include "dns/name_servers.hpp"
#include "dns/stub_resolver.hpp"
#include "histogram.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include <asio/io_context.hpp>

namespace sekisho::dns {

/// Statistics, as they are counted.
struct Counters {
  std::atomic<std::uint64_t> questions{0};
  std::atomic<std::uint64_t> cache_hits{0};
  std::atomic<std::uint64_t> joined{0};
  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> tcp{0};
  std::atomic<std::uint64_t> timeouts{0};
  std::atomic<std::uint64_t> held_back{0};
  std::atomic<std::uint64_t> turned_away{0};
  std::atomic<std::uint64_t> given_up{0};
  std::atomic<std::uint64_t> rejected{0};
  std::array<std::atomic<std::uint64_t>, status_count> answers{};
  Histogram latency;
};

class Transport {
 public:
  Transport(Options its_options, const std::string& resolv_conf)
      : options(std::move(its_options)), name_servers_(options.nameservers, resolv_conf) {}

  asio::io_context context{1};
  const Options options;
  std::size_t preferred_server = 0;  // the one that answered last
  Counters counters;
  std::function<void()> on_other_servers;  // called when servers() changes

  /// Whom to ask now.
  const ServersPtr& servers() {
    if (name_servers_.look()) {
      preferred_server = 0;
      on_other_servers();
    }
    return name_servers_.current();
  }

 private:
  NameServers name_servers_;
};

}  // namespace sekisho::dns
