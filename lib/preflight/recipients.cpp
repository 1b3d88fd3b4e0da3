#include "preflight/recipients.hpp"

#include "mail/address.hpp"

namespace sekisho::preflight {

std::vector<mail::Domain> recipient_domains(std::span<const std::string> recipients) {
  std::vector<mail::Domain> domains;
  for (const std::string& recipient : recipients) {
    const auto mailbox = mail::parse_path(recipient);
    if (mailbox && *mailbox && (*mailbox)->domain) {
      domains.push_back(*(*mailbox)->domain);
    }
  }
  return domains;
}

}  // namespace sekisho::preflight
