// The checks of a domain's DMARC record (RFC 9989), and what receivers of RFC 7489 see of it.
#pragma once

#include "dmarc/record.hpp"
#include "domain_check/examination.hpp"
#include "mail/domain.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sekisho::domain_check {

/// A step of the tree walk (RFC 9989 §4.10).
struct WalkStep {
  std::string name;                  ///< That was asked for.
  std::string answer;                ///< "found", "no such name" …
  std::vector<std::string> records;  ///< DMARC records, as published.
};

struct DmarcFound {
  std::vector<WalkStep> walk;
  std::optional<std::string> failure;  ///< A look-up of the walk that was not answered.
  std::optional<mail::Domain> found_at;
  std::optional<dmarc::Record> record;  ///< That applies to mail of the domain.
  mail::Domain organizational_domain;
  mail::Domain psl_organizational_domain;
};

/// Finds the record that applies, without judging it.
[[nodiscard]] DmarcFound find_dmarc(const Examination& examination);

void check_dmarc(Examination& examination, const DmarcFound& found);

}  // namespace sekisho::domain_check
