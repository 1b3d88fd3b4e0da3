// Puts messages into a store: fill_store STORE DAY MESSAGES SOURCES DOMAIN URI... Of three
// sources one forges the domain. DAY counts from 1970.
#include "report/store/store.hpp"

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace sekisho::report::format;
using namespace sekisho::report::store;

Observation observation(std::chrono::sys_days day, std::uint32_t source, const std::string& domain,
                        std::span<const std::string> uris) {
  const bool genuine = source % 3 != 0;
  const AuthResult result = genuine ? AuthResult::pass : AuthResult::fail;
  Observation observation;
  observation.seen = day;
  observation.policy.domain = domain;
  observation.policy.policy = sekisho::dmarc::Policy::reject;
  observation.addresses = {uris.begin(), uris.end()};
  AggregateRecord& record = observation.record;
  record.count = 1;
  record.source = sekisho::dns::IpAddress::v4({10, static_cast<std::uint8_t>(source >> 16U),
                                               static_cast<std::uint8_t>(source >> 8U),
                                               static_cast<std::uint8_t>(source)});
  record.disposition = genuine ? ActionDisposition::pass : ActionDisposition::reject;
  record.dkim_aligned = genuine;
  record.spf_aligned = genuine;
  record.header_from = domain;
  record.envelope_from = domain;
  record.dkim = {{domain, "s1", result, ""}};
  record.spf = {{domain, SpfScope::mfrom, result, ""}};
  return observation;
}

int fill(std::span<const std::string> arguments) {
  constexpr std::size_t batch_size = 10'000;
  const auto location = parse_location(arguments[0]);
  if (!location) {
    std::cerr << location.error() << '\n';
    return EXIT_FAILURE;
  }
  auto store = Store::open(*location);
  if (!store) {
    std::cerr << store.error().text << '\n';
    return EXIT_FAILURE;
  }
  const std::chrono::sys_days day{std::chrono::days{std::stol(arguments[1])}};
  const unsigned long messages = std::stoul(arguments[2]);
  const unsigned long sources = std::stoul(arguments[3]);
  std::vector<Observation> batch;
  for (unsigned long i = 0; i < messages; ++i) {
    batch.push_back(observation(day, static_cast<std::uint32_t>(i % sources), arguments[4],
                                arguments.subspan(5)));
    if (batch.size() < batch_size && i + 1 < messages) {
      continue;
    }
    if (const auto added = store->add(batch); !added) {
      std::cerr << added.error().text << '\n';
      return EXIT_FAILURE;
    }
    batch.clear();
  }
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    return arguments.size() >= 6 ? fill(arguments) : EXIT_FAILURE;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
