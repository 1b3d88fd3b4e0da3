// The resolver that asks recursive servers over the network: UDP first, TCP where the answer was
// cut (RFC 1035 §4.2, RFC 6891), with a cache (RFC 2308) and one thread of its own.
#pragma once

#include "dns/ip_address.hpp"
#include "dns/resolver.hpp"
#include "histogram.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::dns {

struct Server {
  IpAddress address;
  std::uint16_t port = 53;
  /// The interface of a link-local address (RFC 4007 §11), by name or number; else empty.
  std::string zone = {};
  bool operator==(const Server&) const = default;
};

/// `ADDR`, `ADDR:PORT`, `[V6]:PORT`, a link-local V6 with its zone (`fe80::1%eth0`); an error says
/// what was expected.
[[nodiscard]] std::expected<Server, std::string> parse_server(std::string_view text);
/// The `nameserver` lines of a resolv.conf; 127.0.0.1 where it names none or cannot be read, as the
/// C library does.
[[nodiscard]] std::vector<Server> system_servers(const std::string& path = "/etc/resolv.conf");

/// The options of the DNS room (section [dns] of the configuration).
struct Options {
  std::vector<Server> nameservers;           ///< Empty: those of /etc/resolv.conf, as it changes.
  std::chrono::milliseconds timeout{5'000};  ///< For one question over all servers and tries.
  std::chrono::milliseconds attempt_timeout{1'500};  ///< Before the next server is tried.
  std::size_t cache_entries = 100'000;
  std::chrono::seconds cache_min_ttl{5};
  std::chrono::seconds cache_max_ttl{3'600};
  std::chrono::seconds cache_max_negative_ttl{900};
  bool trust_ad = false;  ///< Believe the servers' AD bit.
  bool recursion = true;  ///< The servers are recursive ones; false for those of a zone.
  bool operator==(const Options&) const = default;
};

/// Counters since the start, for metrics.
struct Statistics {
  std::uint64_t questions = 0;  ///< Asked of this resolver.
  std::uint64_t cache_hits = 0;
  std::uint64_t joined = 0;  ///< Found the same question under way.
  std::uint64_t sent = 0;    ///< Datagrams and TCP queries sent.
  std::uint64_t tcp = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t held_back = 0;    ///< Waited for a place among the questions under way.
  std::uint64_t turned_away = 0;  ///< Not asked: too many were waiting.
  std::uint64_t given_up = 0;     ///< Ended without an answer: nobody wanted it any more.
  std::uint64_t rejected = 0;     ///< Datagrams that did not match their question.
  /// Questions that went to the servers, by the Status that came of them, and how long that took.
  std::array<std::uint64_t, status_count> answers{};
  Histogram::Reading latency;
};

/// Fewer where the process may not open twice as many files: each needs a socket.
inline constexpr std::size_t max_questions_under_way = 10'000;
/// Those that have no place among them yet; more are answered `server_failure` without being asked.
inline constexpr std::size_t max_questions_waiting = 10'000;

/// Equal questions that are under way are joined. Answers, also negative ones, are kept; failures
/// are not. An answer from the cache is there when lookup() returns; others come on the network
/// thread, which resumes the coroutines that wait for them. Those who ask share the places there
/// are (Shares), so that nobody's slow servers are a matter of somebody else's mail. A program that
/// forks makes it after.
class StubResolver final : public Resolver {
 public:
  /// `resolv_conf` is read where the options name no servers.
  explicit StubResolver(Options options, const std::string& resolv_conf = "/etc/resolv.conf");
  /// Ends what is under way with `Status::timeout`, then the thread. May be called on that thread.
  ~StubResolver() override;

  [[nodiscard]] Pending<Answer> lookup(Question question, Deadline deadline) override;
  [[nodiscard]] Pending<Answer> lookup_for(const AskerPtr& asker, Question question,
                                           Deadline deadline) override;
  void drop_given_up() noexcept override;
  [[nodiscard]] Statistics statistics() const;

 private:
  class Desk;
  std::shared_ptr<Desk> desk_;
};

}  // namespace sekisho::dns
