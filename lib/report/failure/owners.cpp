#include "report/failure/owners.hpp"

#include <algorithm>
#include <string_view>

namespace sekisho::report::failure {

namespace {

// What stands between the last `@` of a mailto: URI and its limit or its fields. A URI without a
// domain gets no mail: all of them count as one.
std::string key_of_destination(std::string_view uri, const dmarc::PublicSuffixes& suffixes) {
  uri = uri.substr(0, uri.find_first_of("?!"));
  const std::size_t at = uri.rfind('@');
  const auto host =
      at == std::string_view::npos ? std::nullopt : mail::Domain::parse(uri.substr(at + 1));
  return "to " + (host ? suffixes.organizational_domain(*host).text() : std::string());
}

}  // namespace

std::vector<std::string> owners_of(const mail::Domain& policy_domain,
                                   std::span<const std::string> uris,
                                   const dmarc::PublicSuffixes& suffixes) {
  std::vector<std::string> owners{"of " + suffixes.organizational_domain(policy_domain).text()};
  for (const std::string& uri : uris.first(std::min(uris.size(), max_failure_uris))) {
    owners.push_back(key_of_destination(uri, suffixes));
  }
  std::ranges::sort(owners);
  owners.erase(std::ranges::unique(owners).begin(), owners.end());
  return owners;
}

}  // namespace sekisho::report::failure
