#include "tools/cli/dns_options.hpp"

#include "dns/zone_file.hpp"

#include <chrono>
#include <limits>
#include <utility>

namespace sekisho::tools {

void add_dns_options(Command& command, DnsArguments& arguments) {
  command.option("--nameserver ADDR[:PORT]", arguments.nameservers,
                 "Recursive server to ask; may be repeated");
  command.option("--zone FILE", arguments.zone,
                 "Answer from this master file instead of the network");
}

std::expected<std::shared_ptr<dns::Resolver>, Refusal> open_resolver(const DnsArguments& arguments,
                                                                     dns::Options options) {
  if (!arguments.zone.empty()) {
    auto zone = dns::ZoneFile::load(arguments.zone);
    if (!zone) {
      return std::unexpected(Refusal{exit_failure, zone.error().message});
    }
    return std::shared_ptr<dns::Resolver>(std::move(*zone));
  }
  if (!arguments.nameservers.empty()) {
    options.nameservers.clear();
  }
  for (const std::string& text : arguments.nameservers) {
    const auto server = dns::parse_server(text);
    if (!server) {
      return std::unexpected(Refusal{exit_usage, "--nameserver " + text + ": " + server.error()});
    }
    options.nameservers.push_back(*server);
  }
  return std::make_shared<dns::StubResolver>(std::move(options));
}

dns::Lookups patient_lookups(std::shared_ptr<dns::Resolver> resolver) {
  constexpr std::chrono::seconds patience{15};
  return {std::move(resolver),
          {.deadline = std::chrono::steady_clock::now() + patience,
           .limit = std::numeric_limits<std::size_t>::max()}};
}

}  // namespace sekisho::tools
