// The checks of the small records at fixed names: MTA-STS (RFC 8461 §3.1), TLSRPT (RFC 8460 §3) and
// BIMI.
#pragma once

#include "dmarc/record.hpp"
#include "domain_check/examination.hpp"

#include <optional>
#include <string>

namespace sekisho::domain_check {

/// The record at a fixed name, if there is exactly one with the right version.
struct TxtRecord {
  std::string name;
  dns::Status status = dns::Status::timeout;
  std::optional<std::string> record;
};

/// `receives_mail`: otherwise a missing record is right.
[[nodiscard]] TxtRecord check_sts_record(Examination& examination, bool receives_mail);
[[nodiscard]] TxtRecord check_tls_report_record(Examination& examination, bool receives_mail);
/// `policy`: the DMARC record that applies, null if there is none.
[[nodiscard]] TxtRecord check_bimi_record(Examination& examination, const dmarc::Record* policy);

}  // namespace sekisho::domain_check
