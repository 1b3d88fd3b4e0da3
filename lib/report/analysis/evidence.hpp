// What reports say of a domain's mail, for whoever thinks of a stricter policy: who sends it, and
// why some of it fails.
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

/// How messages of one sender stand to the domain in From.
enum class SenderKind : std::uint8_t {
  signs,     ///< They pass by a signature of the domain, with SPF or without.
  spf_only,  ///< They pass by SPF alone: forwarded, they would fail.
  own,       ///< They fail, from an address that passes otherwise.
  changed,   ///< They fail; a signature of the domain is there and broken, or the receiver knows
             ///< them to be forwarded: from mailing lists and forwarders.
  stranger,  ///< They fail; what is authenticated is somebody else's domain.
  nobody,    ///< They fail; nothing is authenticated.
};
inline constexpr std::array sender_kinds{SenderKind::signs,    SenderKind::spf_only,
                                         SenderKind::own,      SenderKind::changed,
                                         SenderKind::stranger, SenderKind::nobody};
[[nodiscard]] std::string_view format_sender_kind(SenderKind kind);

struct MailSource {
  SenderKind kind = SenderKind::nobody;
  std::string name;      ///< An address; of a stranger, its domain.
  std::size_t days = 0;  ///< On which it was seen.
  MessageCounts total;
  MessageCounts recent;  ///< Of the last seven days of the evidence.
};

struct DomainEvidence {
  std::string domain;
  std::map<std::chrono::sys_days, MessageCounts> days;
  std::vector<MailSource> senders;  ///< By kind, then the largest first.
  std::size_t reporters = 0;
  MessageCounts total;

  [[nodiscard]] std::uint64_t messages_of(SenderKind kind) const;
};

/// Gathers records one by one. Memory is bounded: of addresses and names beyond Summary::max_names
/// and days beyond ten years nothing is told apart.
class Evidence {
 public:
  explicit Evidence(mail::Domain domain) : domain_(std::move(domain)) {}

  /// Records whose header_from is neither the domain nor below it are passed over. Whose reports
  /// come twice, sees to that.
  void add(const format::AggregateHeader& header, const format::AggregateRecord& record);

  /// `not_ours`: addresses and domains whose failing messages are nobody's, whatever they look
  /// like.
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
