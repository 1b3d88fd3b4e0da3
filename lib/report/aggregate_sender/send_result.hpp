// What came of one report, and of each of its addresses.
#pragma once

#include "report/format/aggregate.hpp"
#include "report/format/period.hpp"
#include "report/mailer/mailer.hpp"
#include "report/recipients/recipients.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::report::aggregate_sender {

enum class Outcome : std::uint8_t {
  sent,         ///< To one address at least; has_rest(): others are to be tried again.
  prepared,     ///< It would have been sent: a dry run.
  sent_before,  ///< By this host or another, now or earlier.
  excluded,     ///< Its domain is one of options.exclude_domains.
  nobody,       ///< No address, or none that has not had it, may get it and would take it.
  too_large,
  deferred,     ///< To be tried again: see the reason.
  unreachable,  ///< The smarthost does not take mail at all; the run ends here.
};
[[nodiscard]] std::string_view format_outcome(Outcome outcome);

/// What came of one address of a report. In a dry run nothing was delivered.
struct Posted {
  std::string address;
  mailer::Delivery delivery;
};

struct Report {
  std::string policy_domain;
  format::Period period;
  Outcome outcome = Outcome::nobody;
  std::string reason;  ///< For people; may be empty.
  std::uint64_t messages = 0;
  std::uint64_t records = 0;  ///< 0 where it was not made.
  std::size_t octets = 0;     ///< Of the mail.
  format::Form form = format::Form::rfc9990;
  std::string report_id;
  std::string file_name;
  std::vector<Posted> posted;
  std::vector<recipients::Ignored> ignored;  ///< Addresses or URIs that did not get it, and why.
  /// What is wrong with the record, for its owner (RFC 9990 §3.1.5).
  std::vector<std::string> errors;
};

/// Whether one of its addresses fared so.
[[nodiscard]] bool has_delivery(const Report& report, mailer::DeliveryStatus status);

/// Whether some of its addresses may take it another time.
[[nodiscard]] bool has_rest(const Report& report);

/// What its addresses come to together.
[[nodiscard]] Outcome outcome_of(const Report& report);
/// The last of what they said.
[[nodiscard]] std::string reason_of(const Report& report);

}  // namespace sekisho::report::aggregate_sender
