// The checks that need connections: the MTA-STS policy (RFC 8461), TLS of the mail hosts, and their
// TLSA records (RFC 7672).
#pragma once

#include "dane/dane.hpp"
#include "domain_check/examination.hpp"
#include "domain_check/mail_hosts.hpp"
#include "domain_check/txt_records.hpp"
#include "mta_sts/policy.hpp"
#include "smtp_probe/probe.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::domain_check {

/// The mail hosts that are connected to, and addresses of each family of a host.
inline constexpr std::size_t max_probed_hosts = 10;
inline constexpr std::size_t max_probed_addresses = 2;

/// A mail host as senders with TLS see it.
struct HostTls {
  std::string name;
  bool is_mx_secure = false;  ///< The answers came with DNSSEC.
  bool is_address_secure = false;
  bool is_tlsa_secure = false;
  std::string tlsa_base;        ///< The name that was asked for TLSA, without its prefix.
  std::chrono::seconds ttl{0};  ///< Of the TLSA records.
  std::vector<dns::CertificateAssociation> associations;
  std::vector<smtp_probe::Result> addresses;
};

struct TlsFound {
  std::optional<mta_sts::Policy> policy;
  std::vector<HostTls> hosts;
};

/// Connects to the hosts, one at a time, if Options::connections allows it.
[[nodiscard]] TlsFound check_connections(Examination& examination, const MailHosts& hosts,
                                         const TxtRecord& sts);

}  // namespace sekisho::domain_check
