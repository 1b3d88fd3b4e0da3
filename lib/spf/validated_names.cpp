#include "spf/validated_names.hpp"

#include "mail/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sekisho::spf {

namespace {

bool is_within(std::string_view name, std::string_view domain) {
  if (!mail::equals_ignoring_case(name.substr(name.size() - std::min(name.size(), domain.size())),
                                  domain)) {
    return false;
  }
  return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
}

bool has_address(const dns::Answer& answer, const dns::IpAddress& client) {
  return std::ranges::any_of(answer.all<dns::IpAddress>(),
                             [&](const dns::IpAddress* address) { return *address == client; });
}

}  // namespace

bool ValidatedNames::has_name_within(std::string_view domain) const {
  return std::ranges::any_of(names, [domain](const auto& name) { return is_within(name, domain); });
}

std::string ValidatedNames::best_for(std::string_view domain) const {
  const auto equal = std::ranges::find_if(
      names, [domain](const auto& name) { return mail::equals_ignoring_case(name, domain); });
  if (equal != names.end()) {
    return *equal;
  }
  const auto below =
      std::ranges::find_if(names, [domain](const auto& name) { return is_within(name, domain); });
  if (below != names.end()) {
    return *below;
  }
  return names.empty() ? "unknown" : names.front();
}

dns::Task<ValidatedNames> validate_names(std::shared_ptr<Inquirer> inquirer) {
  const dns::IpAddress client = inquirer->arguments().client;
  auto pending = inquirer->ask(client.reverse_name(), dns::RecordType::ptr);
  const dns::Answer pointers = co_await pending;
  auto hosts = pointers.all<dns::HostName>();
  hosts.resize(std::min(hosts.size(), max_pointer_names));  // RFC 7208 §4.6.4: the rest is ignored
  std::erase_if(hosts, [](const dns::HostName* host) { return !is_askable(host->name); });
  std::vector<dns::Pending<dns::Answer>> addresses;
  addresses.reserve(hosts.size());
  for (const dns::HostName* host : hosts) {
    addresses.push_back(inquirer->ask(host->name, inquirer->address_type()));
  }
  ValidatedNames validated;
  validated.is_void = is_void(pointers.status);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    dns::Pending<dns::Answer>& address = addresses[i];
    const dns::Answer answer = co_await address;
    if (has_address(answer, client)) {
      validated.names.push_back(hosts[i]->name);
    }
  }
  co_return validated;
}

}  // namespace sekisho::spf
