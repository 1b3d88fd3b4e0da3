// Questions and answers of the DNS (RFC 1035), as the mechanisms see them.
#pragma once

#include "dns/ip_address.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sekisho::dns {

enum class RecordType : std::uint8_t {
  a,
  aaaa,
  mx,
  txt,
  ptr,
  cname,
  ns,
  soa,
  tlsa,
  caa,
  ds,
  dnskey,
  spf,  ///< Number 99, which RFC 7208 §3.1 gave up. Holds a Text.
};
inline constexpr std::size_t record_type_count = 13;

/// `name` in text form without the last dot: labels of any octets but the dot, joined by dots. Case
/// does not matter. A name that cannot exist in the DNS (an empty label, one over 63 octets, over
/// 253 in all) is answered `malformed` without being asked.
struct Question {
  std::string name;
  RecordType type = RecordType::txt;

  auto operator<=>(const Question&) const = default;
};

/// What came of a question. Everything but the first three is an error that may pass (RFC 7208
/// §2.6.6, "temperror").
enum class Status : std::uint8_t {
  found,
  no_data,         ///< The name exists and has no record of this type (RFC 2308 §2.2).
  no_such_name,    ///< NXDOMAIN (RFC 2308 §2.1, RFC 8020).
  server_failure,  ///< SERVFAIL, or another RCODE that speaks of trouble.
  refused,         ///< REFUSED.
  timeout,         ///< No answer in time.
  malformed,       ///< An answer, or a question, that is not DNS.
  over_limit,      ///< Not asked: the message had used up its look-ups.
};
inline constexpr std::size_t status_count = 8;

/// True for what a mechanism must call a temporary error: neither records nor a sure absence of
/// them.
[[nodiscard]] constexpr bool is_temporary(Status status) {
  return status != Status::found && status != Status::no_data && status != Status::no_such_name;
}

/// Lower case words with blanks, for reasons and logs: "no such name".
[[nodiscard]] std::string_view format_status(Status status);
/// "TXT", "AAAA" …
[[nodiscard]] std::string_view format_type(RecordType type);

struct Text {
  std::string data;  ///< All strings of the record joined without a blank (RFC 7208 §3.3, RFC 6376
                     ///< §3.6.2.2).
  bool operator==(const Text&) const = default;
};
struct HostName {
  std::string name;  ///< Target of PTR, CNAME or NS, in Question's form.
  bool operator==(const HostName&) const = default;
};
struct MailExchange {
  std::uint16_t preference = 0;
  std::string host;  ///< In Question's form; empty for the null MX (RFC 7505).
  bool operator==(const MailExchange&) const = default;
};
/// RFC 1035 §3.3.13. Times in seconds.
struct StartOfAuthority {
  std::string primary;
  std::string mailbox;
  std::uint32_t serial = 0;
  std::uint32_t refresh = 0;
  std::uint32_t retry = 0;
  std::uint32_t expire = 0;
  std::uint32_t minimum = 0;
  bool operator==(const StartOfAuthority&) const = default;
};
/// RFC 6698 §2.1.
struct CertificateAssociation {
  std::uint8_t usage = 0;
  std::uint8_t selector = 0;
  std::uint8_t matching = 0;
  std::string data;  ///< Octets.
  bool operator==(const CertificateAssociation&) const = default;
};
/// RFC 8659 §4.1.
struct CertificateAuthority {
  std::uint8_t flags = 0;
  std::string tag;
  std::string value;
  bool operator==(const CertificateAuthority&) const = default;
};
/// RFC 4034 §5.1.
struct DelegationSigner {
  std::uint16_t key_tag = 0;
  std::uint8_t algorithm = 0;
  std::uint8_t digest_type = 0;
  std::string digest;  ///< Octets.
  bool operator==(const DelegationSigner&) const = default;
};
/// RFC 4034 §2.1.
struct ZoneKey {
  std::uint16_t flags = 0;
  std::uint8_t protocol = 3;
  std::uint8_t algorithm = 0;
  std::string key;  ///< Octets.
  bool operator==(const ZoneKey&) const = default;
};
using Record =
    std::variant<IpAddress, Text, HostName, MailExchange, StartOfAuthority, CertificateAssociation,
                 CertificateAuthority, DelegationSigner, ZoneKey>;

/// Cheap to copy: the records are shared and immutable.
struct Answer {
  Status status = Status::timeout;
  /// The AD bit, where the server is one that we trust with it (RFC 4035 §3.2.3).
  bool authentic = false;
  std::chrono::seconds ttl{0};
  /// Null where there are none; those of the asked type only.
  std::shared_ptr<const std::vector<Record>> records;
  /// The AA bit: the server has the zone (RFC 1035 §4.1.1).
  bool authoritative = false;

  static Answer failed(Status status) {
    return Answer{status, false, std::chrono::seconds{0}, nullptr, false};
  }
  static Answer found(std::vector<Record> found_records) {
    return Answer{Status::found, false, std::chrono::seconds{0},
                  std::make_shared<const std::vector<Record>>(std::move(found_records)), false};
  }

  /// The records of one kind, in the order of the answer. The pointers live as long as the answer.
  template <typename R>
  [[nodiscard]] std::vector<const R*> all() const {
    std::vector<const R*> kind;
    if (records) {
      for (const Record& record : *records) {
        if (const R* match = std::get_if<R>(&record)) {
          kind.push_back(match);
        }
      }
    }
    return kind;
  }
};

}  // namespace sekisho::dns
