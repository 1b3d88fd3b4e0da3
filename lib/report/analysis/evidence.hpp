// Collects from reports who sends mail of a domain, and why some of it fails: the input of
// advise().
#pragma once

#include "mail/domain.hpp"
#include "report/analysis/summary.hpp"
#include "report/format/aggregate.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::analysis {

/// The relation of a sender to the domain in From.
enum class SenderKind : std::uint8_t {
  signs,     ///< Passes by a signature of the domain, with or without SPF.
  spf_only,  ///< Passes by SPF only: would fail if forwarded.
  own,       ///< Fails, from an address whose other mail passes.
  changed,   ///< Fails, with a broken signature of the domain, or reported as forwarded: from
             ///< mailing lists and forwarders.
  stranger,  ///< Fails; another domain is authenticated.
  nobody,    ///< Fails; nothing is authenticated.
};
inline constexpr std::array sender_kinds{SenderKind::signs,    SenderKind::spf_only,
                                         SenderKind::own,      SenderKind::changed,
                                         SenderKind::stranger, SenderKind::nobody};
[[nodiscard]] std::string_view format_sender_kind(SenderKind kind);

struct MailSource {
  SenderKind kind = SenderKind::nobody;
  std::string name;      ///< An address; for a stranger, its domain.
  std::size_t days = 0;  ///< Number of days it was seen.
  MessageCounts total;
  MessageCounts recent;  ///< The last seven days of the evidence.
};

struct DomainEvidence {
  std::string domain;
  std::map<std::chrono::sys_days, MessageCounts> days;
  std::vector<MailSource> senders;  ///< By kind, then the largest first.
  std::size_t reporters = 0;
  MessageCounts total;

  [[nodiscard]] std::uint64_t messages_of(SenderKind kind) const;
};

/// Collects records. Memory is bounded: addresses and names beyond Summary::max_names, and days
/// beyond ten years, are counted together.
class Evidence {
 public:
  explicit Evidence(mail::Domain domain) : domain_(std::move(domain)) {}

  /// Ignores records whose header_from is neither the domain nor a subdomain. The caller must not
  /// add a report twice.
  void add(const format::AggregateHeader& header, const format::AggregateRecord& record);

  /// `not_ours`: addresses and domains whose failing messages count as SenderKind::nobody.
  [[nodiscard]] DomainEvidence conclude(const std::set<std::string>& not_ours = {}) const;

 private:
  struct Gathered {
    std::map<std::chrono::sys_days, MessageCounts> days;
  };
  using Key = std::pair<SenderKind, std::string>;

  [[nodiscard]] Key key_of(const format::AggregateRecord& record) const;
  [[nodiscard]] std::map<Key, Gathered> settled(const std::set<std::string>& not_ours) const;

  mail::Domain domain_;
  std::map<Key, Gathered> senders_;
  std::map<std::string, std::uint64_t> passed_;  // messages by address
  std::set<std::string> reporters_;
};

}  // namespace sekisho::report::analysis
