#include "checkpoint/message_lookups.hpp"

#include <chrono>
#include <utility>

namespace sekisho::checkpoint {

namespace {

dns::Deadline deadline_from_now(const Services& services) {
  return std::chrono::steady_clock::now() + services.options.message_timeout;
}

// Clients without an address, programs of this host most likely, share 0.0.0.0.
dns::Client share_of(const Services& services, const findings::Client& client) {
  return dns::client_of(client.address.value_or(dns::IpAddress{}),
                        client.address && services.good_clients->knows(*client.address));
}

}  // namespace

void note_client(const Services& services, const findings::Findings& findings,
                 policy::Action action) {
  if (!findings.client.address || !findings.dmarc ||
      findings.dmarc->code == dmarc::ResultCode::none) {
    return;
  }
  const bool was_slow =
      findings.spf_mail_from && findings.spf_mail_from->code == spf::ResultCode::temperror;
  const bool is_good = findings.dmarc->code == dmarc::ResultCode::pass && !was_slow &&
                       action == policy::Action::accept;
  if (is_good) {
    services.good_clients->note_good(*findings.client.address);
  } else {
    services.good_clients->note_doubtful(*findings.client.address);
  }
}

dns::OwnedLookups open_lookups(const Services& services, const findings::Client& client) {
  return dns::OwnedLookups(
      dns::Lookups(services.resolver, {.deadline = deadline_from_now(services),
                                       .limit = services.options.limits.lookups,
                                       .keep_records = services.explain,
                                       .client = share_of(services, client)}));
}

void restart_time(const Services& services, const dns::Lookups& lookups) {
  lookups.set_deadline(deadline_from_now(services));
}

void add_records(const std::string& mechanism, const dns::Lookups& lookups,
                 std::vector<ExplainedLookup>& explained) {
  for (dns::LookupRecord& record : lookups.records()) {
    explained.push_back({mechanism, std::move(record)});
  }
}

}  // namespace sekisho::checkpoint
