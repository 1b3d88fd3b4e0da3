// Looks at the TLS of a mail host, as a sender sees it: EHLO, STARTTLS, the certificates, QUIT. No
// mail is sent, and MAIL is never said.
#pragma once

#include "crypto/certificate.hpp"
#include "dns/answer.hpp"
#include "dns/ip_address.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::smtp_probe {

struct Options {
  std::uint16_t port = 25;
  std::string helo = "localhost";    ///< What EHLO says.
  std::chrono::seconds timeout{30};  ///< For all of it.
  std::string authorities;           ///< File of certificates to trust; empty: those of the system.
  std::optional<std::chrono::sys_seconds> time;  ///< To verify certificates at; nullopt: now.
};

struct Host {
  std::string name;
  /// Names that a certificate below a DANE trust anchor may have (RFC 7672 §3.2.2).
  std::vector<std::string> names;
  /// Usable ones; empty: no DANE.
  std::vector<dns::CertificateAssociation> associations;
};

/// How far the dialogue came.
enum class Fault : std::uint8_t {
  none,
  unreachable,       ///< No connection, or it broke, or took too long.
  refused,           ///< A greeting or reply to EHLO that is not positive.
  no_starttls,       ///< EHLO does not offer it.
  starttls_refused,  ///< It was offered, and refused.
  tls_failed,        ///< The handshake failed.
};
[[nodiscard]] std::string_view format_fault(Fault fault);

/// Why a sender that verifies certificates does not trust one.
enum class Distrust : std::uint8_t {
  none,
  name,  ///< Not valid for the host's name.
  expired,
  self_signed,
  chain,  ///< No chain to an authority, or another fault.
};

struct Result {
  dns::IpAddress address;
  Fault fault = Fault::unreachable;
  std::string detail;   ///< For people; may hold text of the other side.
  std::string version;  ///< "TLSv1.3"
  std::string cipher;
  std::vector<crypto::Certificate> chain;  ///< As sent, the host's first.
  bool is_trusted = false;                 ///< By the authorities, and valid for Host::name.
  Distrust distrust = Distrust::none;
  std::string distrust_text;        ///< The same for people.
  bool is_dane_name_wrong = false;  ///< An association fits an authority, but no name does.
  bool matches_dane = false;        ///< One of the associations authenticates the host.
};

/// Waits: not to be called on the network's thread. The caller has checked that the address may be
/// connected to.
[[nodiscard]] Result probe(const dns::IpAddress& address, const Host& host, const Options& options);

}  // namespace sekisho::smtp_probe
