// Who can write in the name of a domain and be delivered, worked out with the evaluation that
// messages get.
#pragma once

#include "dmarc/result.hpp"
#include "dns/ip_address.hpp"
#include "domain_check/examination.hpp"
#include "domain_check/mail_hosts.hpp"
#include "domain_check/spf_tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::domain_check {

/// The name in From.
enum class ForgedAuthor : std::uint8_t {
  domain,    ///< The domain itself.
  existing,  ///< A name below it that exists.
  missing,   ///< A name below it that does not.
};
[[nodiscard]] std::string_view format_forged_author(ForgedAuthor author);

/// Where the forger writes from.
enum class ForgersWay : std::uint8_t {
  any,  ///< Any address.
  spf,  ///< An address that passes SPF for the domain, as users of a shared service have.
};
[[nodiscard]] std::string_view format_forgers_way(ForgersWay way);

/// What a receiver does that follows the policy.
enum class ForgeryOutcome : std::uint8_t { delivered, quarantined, refused, unknown };
[[nodiscard]] std::string_view format_forgery_outcome(ForgeryOutcome outcome);

struct Forgery {
  ForgeryOutcome outcome = ForgeryOutcome::unknown;
  std::string why;        ///< For people.
  std::string mail_from;  ///< The envelope sender of the message that this holds for.
};

struct ForgerRow {
  ForgedAuthor author = ForgedAuthor::domain;
  std::string name;
  ForgersWay way = ForgersWay::any;
  dns::IpAddress client;
  Forgery rfc9989;
  Forgery rfc7489;
};

/// The outcome of a message with this result.
[[nodiscard]] ForgeryOutcome outcome_of(const dmarc::Result& result);

[[nodiscard]] std::vector<ForgerRow> make_forger_table(const Examination& examination,
                                                       const SpfTree& spf, const MailHosts& hosts);

}  // namespace sekisho::domain_check
