// What laid records (Overlay) would do to mail that was reported: each message is evaluated with
// the DNS as it is, and with the records.
#pragma once

#include "dmarc/public_suffixes.hpp"
#include "dns/ip_address.hpp"
#include "dns/lookups.hpp"
#include "mail/domain.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::domain_check {

struct PassedSignature {
  mail::Domain domain;
  std::string selector;  ///< "" if the report does not have it.
  auto operator<=>(const PassedSignature&) const = default;
};

/// What decides about messages, as a report has it.
struct ReportedMail {
  dns::IpAddress source;
  mail::Domain author;
  std::optional<mail::Domain> mail_from;    ///< The domain that SPF was evaluated for.
  std::vector<PassedSignature> signatures;  ///< That passed.
  auto operator<=>(const ReportedMail&) const = default;
};

/// Messages that are alike are counted together; what lies beyond `max_kinds` is counted only.
class MailTally {
 public:
  static constexpr std::size_t max_kinds = 20'000;

  void add(const ReportedMail& mail, std::uint64_t messages);
  [[nodiscard]] const std::map<ReportedMail, std::uint64_t>& kinds() const { return kinds_; }
  [[nodiscard]] std::uint64_t messages() const { return messages_; }

 private:
  std::map<ReportedMail, std::uint64_t> kinds_;
  std::uint64_t messages_ = 0;
};

/// What becomes different for a message. One message can have several.
enum class MailChange : std::uint8_t {
  spf_lost,
  spf_gained,
  dmarc_lost,
  dmarc_gained,
  delivered,    ///< It would be delivered, and is quarantined or refused today.
  quarantined,  ///< It would be quarantined.
  refused,
};
inline constexpr std::size_t mail_change_count = 7;
/// The word of the output in JSON: "spf_lost".
[[nodiscard]] std::string_view format_mail_change(MailChange change);
/// For people, after a number of messages: "would no longer pass SPF".
[[nodiscard]] std::string_view describe_mail_change(MailChange change);

struct ChangedMail {
  MailChange change = MailChange::spf_lost;
  std::uint64_t messages = 0;
  std::vector<std::pair<dns::IpAddress, std::uint64_t>> sources;  ///< The largest first.
};

struct MailEffect {
  std::chrono::days window{0};
  std::uint64_t messages = 0;
  std::uint64_t unknown = 0;         ///< The DNS did not answer, or there are too many kinds.
  std::vector<ChangedMail> changes;  ///< In the order of MailChange; only what has messages.
};

/// The kinds that are evaluated, those with the most messages first.
inline constexpr std::size_t max_evaluated_kinds = 2'000;

/// Evaluates the mail by RFC 9989 through `now` and `laid`. DKIM is as reported, unless `laid` has
/// another key. Waits: not to be called on the network's thread.
[[nodiscard]] MailEffect effect_on_mail(const dns::Lookups& now, const dns::Lookups& laid,
                                        const mail::Domain& domain, const MailTally& tally,
                                        std::chrono::days window,
                                        std::shared_ptr<const dmarc::PublicSuffixes> suffixes);

}  // namespace sekisho::domain_check
