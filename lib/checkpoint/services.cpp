#include "checkpoint/services.hpp"

#include "dns/stub_resolver.hpp"

#include <array>
#include <cstdlib>
#include <utility>

#include <unistd.h>

namespace sekisho::checkpoint {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' ? name.data()
                                                                           : "localhost";
}

}  // namespace

std::shared_ptr<Services> open_services(config::Options options,
                                        std::shared_ptr<dns::Resolver> resolver) {
  auto services = std::make_shared<Services>();
  if (options.authserv_id.empty()) {
    options.authserv_id = host_name();
  }
  services->resolver =
      resolver ? std::move(resolver) : std::make_shared<dns::StubResolver>(options.dns);
  services->options = std::move(options);
  services->now = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  };
  services->draw = [] { return arc4random_uniform(100); };
  return services;
}

}  // namespace sekisho::checkpoint
