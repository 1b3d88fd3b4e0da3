#include "checkpoint/services.hpp"

#include "dns/stub_resolver.hpp"

#include <cstdlib>
#include <utility>

namespace sekisho::checkpoint {

Services make_services(Options options, std::shared_ptr<dns::Resolver> resolver) {
  complete(options);
  Services services;
  services.resolver =
      resolver ? std::move(resolver) : std::make_shared<dns::StubResolver>(options.dns);
  services.key_records = std::make_shared<dkim::KeyRecordCache>(options.dkim.max_rsa_bits);
  services.good_clients = std::make_shared<GoodClients>();
  services.sent = std::make_shared<preflight::SentCounter>();
  services.options = std::move(options);
  services.proof_keys = std::make_shared<const keys::ProofKeys>(keys::ProofKeys::generate());
  services.inside = services.options.signing.origin.internal_networks;
  services.now = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  };
  services.draw = [] { return arc4random_uniform(100); };
  return services;
}

std::shared_ptr<Services> open_services(Options options, std::shared_ptr<dns::Resolver> resolver) {
  return std::make_shared<Services>(make_services(std::move(options), std::move(resolver)));
}

}  // namespace sekisho::checkpoint
