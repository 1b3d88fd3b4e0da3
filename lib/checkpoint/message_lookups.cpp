#include "checkpoint/message_lookups.hpp"

#include <chrono>

namespace sekisho::checkpoint {

namespace {

dns::Deadline deadline_from_now(const Services& services) {
  return std::chrono::steady_clock::now() + services.options.message_timeout;
}

}  // namespace

dns::Lookups open_lookups(const Services& services) {
  return dns::Lookups(services.resolver, {.deadline = deadline_from_now(services),
                                          .limit = services.options.limits.lookups,
                                          .keep_records = services.explain});
}

MessageLookups::MessageLookups(const Services& services)
    : spf(open_lookups(services)),
      dkim(open_lookups(services)),
      arc(open_lookups(services)),
      dmarc(open_lookups(services)) {}

void MessageLookups::restart_time(const Services& services) const {
  for (const dns::Lookups* lookups : {&spf, &dkim, &arc, &dmarc}) {
    lookups->set_deadline(deadline_from_now(services));
  }
}

}  // namespace sekisho::checkpoint
