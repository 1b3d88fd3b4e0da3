#include "findings/findings.hpp"

#include <utility>

namespace sekisho::findings {

std::string_view format_origin(Origin origin) {
  switch (origin) {
    case Origin::outside:
      return "outside";
    case Origin::authenticated:
      return "authenticated";
    case Origin::daemon:
      return "daemon";
    case Origin::internal:
      return "internal";
    case Origin::returned:
      return "returned";
    case Origin::relayed:
      return "relayed";
  }
  std::unreachable();
}

std::string format_client(const Client& client) {
  if (client.address) {
    return client.address->text();
  }
  return client.is_unknown ? "unknown" : "local";
}

std::string describe_not_signed(const Findings& findings) {
  const std::string domain =
      findings.author.domains.empty() ? "" : findings.author.domains.front().text();
  switch (findings.outgoing.not_signed) {
    case NotSigned::none:
      return "";
    case NotSigned::no_author:
      return findings.author.reason;
    case NotSigned::several_authors:
      return "more than one author";
    case NotSigned::failed_before:
      return "it came from outside, and DMARC did not pass";
    case NotSigned::unproved:
      return "it has results in our name that are not proved";
    case NotSigned::login:
      return "the login may not write for this author";
    case NotSigned::no_key:
      return "no key for " + domain;
    case NotSigned::unreadable:
      return "no key for " + domain + " can be read";
    case NotSigned::unpublished:
      return "the DNS shows no key for " + domain;
  }
  std::unreachable();
}

}  // namespace sekisho::findings
