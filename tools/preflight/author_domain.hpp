// The checks of `sekisho domain check` for the author's domain of a message.
#pragma once

#include "config/options.hpp"
#include "dns/ip_address.hpp"
#include "dns/resolver.hpp"
#include "mail/domain.hpp"
#include "tools/domain/report.hpp"
#include "tools/domain/selectors.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::tools {

/// What the message and its envelope tell of the sender.
struct Sending {
  mail::Domain author;
  std::vector<NamedSelector> selectors;  ///< Of the message's signatures.
  std::vector<dns::IpAddress> addresses;
  std::string helo;
};

/// Makes no connection.
[[nodiscard]] DomainRun check_author_domain(const Sending& sending, const config::Options& options,
                                            const std::shared_ptr<dns::Resolver>& resolver,
                                            std::chrono::sys_seconds now);

/// Those checks that concern the sending of mail.
[[nodiscard]] Selection checks_of_sending();

}  // namespace sekisho::tools
