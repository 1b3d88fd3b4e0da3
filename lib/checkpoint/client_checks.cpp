#include "checkpoint/client_checks.hpp"

#include "checkpoint/message_lookups.hpp"

namespace sekisho::checkpoint {

spf::Request spf_request(const Services& services, const findings::Client& client,
                         const std::string& sender) {
  return {.client = *client.address,
          .helo = client.helo,
          .sender = sender,
          .receiver = services.options.authserv_id,
          .now = services.now().time_since_epoch().count()};
}

ClientChecks::ClientChecks(const Services& services, const findings::Client& client)
    : iprev_lookups_(open_lookups(services, client)),
      helo_lookups_(open_lookups(services, client)) {}

void ClientChecks::start(const Services& services, const findings::Client& client) {
  if (!is_iprev_started_) {
    iprev_lookups_ = open_lookups(services, client);
    iprev_ = PendingResult(iprev::check(*iprev_lookups_, *client.address));
    is_iprev_started_ = true;
  }
  if (started_helo_ != client.helo) {
    started_helo_.reset();  // a fault in what follows leaves no result of another name
    spf_helo_ = {};
    helo_lookups_ = open_lookups(services, client);
    spf_helo_ = PendingResult(
        spf::check_helo(*helo_lookups_, spf_request(services, client, ""), services.options.spf));
    started_helo_ = client.helo;
  }
}

std::optional<iprev::Result> ClientChecks::iprev(std::vector<std::string>& faults) {
  return iprev_.collect("iprev", faults);
}

std::optional<spf::Result> ClientChecks::spf_helo(std::vector<std::string>& faults) {
  return spf_helo_.collect("spf", faults);
}

void ClientChecks::explain(std::vector<ExplainedLookup>& explained) const {
  add_records("iprev", *iprev_lookups_, explained);
  add_records("spf helo", *helo_lookups_, explained);
}

}  // namespace sekisho::checkpoint
