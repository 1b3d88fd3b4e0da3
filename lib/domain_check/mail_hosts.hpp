// The checks of a domain's MX records and of the hosts named there (RFC 5321 §5.1, RFC 7505).
#pragma once

#include "dns/ip_address.hpp"
#include "domain_check/examination.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sekisho::domain_check {

/// Hosts, and addresses of each, that are looked at.
inline constexpr std::size_t max_hosts = 20;
inline constexpr std::size_t max_host_addresses = 8;

struct HostAddress {
  dns::IpAddress address;
  std::string name;  ///< That leads back to it; "" if there is none.
};

struct MailHost {
  std::uint16_t preference = 0;
  std::string name;
  std::vector<HostAddress> addresses;
};

struct MailHosts {
  dns::Status status = dns::Status::timeout;
  bool is_null = false;  ///< RFC 7505.
  std::vector<MailHost> hosts;
};

[[nodiscard]] MailHosts find_mail_hosts(const Examination& examination);
void check_mail_hosts(Examination& examination, MailHosts& hosts);
/// Options::clients and Options::helo.
void check_clients(Examination& examination);

}  // namespace sekisho::domain_check
