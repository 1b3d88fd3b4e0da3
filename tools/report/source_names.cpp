#include "tools/report/source_names.hpp"

#include "iprev/iprev.hpp"
#include "tools/cli/dns_options.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace sekisho::tools {

namespace {

using Names = std::map<dns::IpAddress, std::string>;

// Each address once, in the order in which they matter.
std::vector<dns::IpAddress> addresses_of(const Feedback& feedback, std::size_t per_domain) {
  std::vector<dns::IpAddress> addresses;
  Names seen;
  for (const FeedbackDomain& domain : feedback.domains) {
    const std::size_t all = domain.sources.size();
    const std::size_t wanted = per_domain == 0 ? all : std::min(all, per_domain);
    for (const FeedbackSource& source : std::span(domain.sources).first(wanted)) {
      if (addresses.size() == max_source_names) {
        return addresses;
      }
      if (seen.try_emplace(source.address).second) {
        addresses.push_back(source.address);
      }
    }
  }
  return addresses;
}

// All of them at once. False: no question had an answer.
bool ask(std::span<const dns::IpAddress> addresses, const std::shared_ptr<dns::Resolver>& resolver,
         Names& names) {
  const dns::Lookups lookups = patient_lookups(resolver);
  std::vector<dns::Task<iprev::Result>> tasks;
  tasks.reserve(addresses.size());
  for (const dns::IpAddress& address : addresses) {
    tasks.push_back(iprev::check(lookups, address));
  }
  bool answered = false;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    iprev::Result result = tasks[i].get();
    answered = answered || result.code != iprev::ResultCode::temperror;
    if (result.code == iprev::ResultCode::pass) {
      names[addresses[i]] = std::move(result.name);
    }
  }
  return answered;
}

}  // namespace

bool name_sources(Feedback& feedback, std::size_t per_domain,
                  const std::shared_ptr<dns::Resolver>& resolver, Progress& progress) {
  constexpr std::size_t at_once = 100;
  const std::vector<dns::IpAddress> addresses = addresses_of(feedback, per_domain);
  Names names;
  bool answered = true;
  for (std::size_t done = 0; done < addresses.size() && answered; done += at_once) {
    if (progress.is_due()) {
      progress.show(fmt::format("names of sources: {} of {}", done, addresses.size()));
    }
    const std::size_t count = std::min(at_once, addresses.size() - done);
    answered = ask(std::span(addresses).subspan(done, count), resolver, names);
  }
  for (FeedbackDomain& domain : feedback.domains) {
    for (FeedbackSource& source : domain.sources) {
      if (const auto name = names.find(source.address); name != names.end()) {
        source.name = name->second;
      }
    }
  }
  return answered;
}

}  // namespace sekisho::tools
