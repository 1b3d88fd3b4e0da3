// The options --nameserver and --zone of the subcommands that ask the DNS.
#pragma once

#include "dns/lookups.hpp"
#include "dns/stub_resolver.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/refusal.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace sekisho::tools {

struct DnsArguments {
  std::vector<std::string> nameservers;
  std::string zone;
};

void add_dns_options(Command& command, DnsArguments& arguments);

/// A resolver with `options`, as far as the arguments say nothing else.
[[nodiscard]] std::expected<std::shared_ptr<dns::Resolver>, Refusal> open_resolver(
    const DnsArguments& arguments, dns::Options options = {});

/// Look-ups, as many as are wanted, that end soon enough for who waits for them.
[[nodiscard]] dns::Lookups patient_lookups(std::shared_ptr<dns::Resolver> resolver);

}  // namespace sekisho::tools
