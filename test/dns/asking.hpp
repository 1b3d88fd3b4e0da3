// How the tests of the resolver ask, and what a good server answers.
#pragma once

#include "dns/records.hpp"
#include "dns/scripted_server.hpp"
#include "dns/stub_resolver.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::dns {

// Long enough that a test that had to wait for it would be stopped.
inline constexpr std::chrono::milliseconds never = std::chrono::hours{1};

inline Deadline soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds{60};
}

// Waits for no server: where a test passes, no attempt has timed out.
inline Options asking(std::vector<Server> servers) {
  Options options;
  options.nameservers = std::move(servers);
  options.timeout = never;
  options.attempt_timeout = never;
  return options;
}

inline Options asking_again_after(std::chrono::milliseconds attempt_timeout,
                                  std::vector<Server> servers) {
  Options options = asking(std::move(servers));
  options.attempt_timeout = attempt_timeout;
  return options;
}

inline std::string ask(Resolver& resolver, const std::string& name, RecordType type) {
  return shown(resolver.lookup({name, type}, soon()).get());
}

inline WireRecord address_of(const std::string& name, const std::string& address = "192.0.2.1") {
  return record(name, RecordType::a, address_data(address));
}

inline Reaction found(const Query& query) {
  return {{query.found({address_of(query.question.name)})}};
}
inline Reaction silence(const Query& /*query*/) {
  return {};
}

}  // namespace sekisho::dns
