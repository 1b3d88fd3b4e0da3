// Preflight of what our users send (section [preflight]): judged after it is signed.
#pragma once

#include "checkpoint/services.hpp"
#include "findings/findings.hpp"
#include "mail/domain.hpp"
#include "mail/header_field.hpp"
#include "policy/disposition.hpp"
#include "preflight/examination.hpp"
#include "preflight/options.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace sekisho::checkpoint {

/// Returns true if the message is a submission of one of our users (RFC 6409): the client logged
/// in, or it came to a daemon of the MTA that serves our users alone.
[[nodiscard]] bool is_submission(findings::Origin origin);

/// What is known of a submission at the end of its header section.
struct Submission {
  const findings::Findings& findings;
  const mail::HeaderSection& header;
  bool is_indirect = false;                   ///< It shows that it was forwarded.
  std::vector<mail::Domain> signing_domains;  ///< d= of the signatures that it will get.
};

/// One message: begin() at the end of the header section, then the body, then finish(). Not
/// thread-safe.
class DepartureCheck {
 public:
  void begin(const std::shared_ptr<const Services>& services, const Submission& submission);
  [[nodiscard]] bool is_active() const { return examination_ != nullptr; }
  void body(std::string_view chunk);
  /// `signatures`: in the order in which they go on top.
  [[nodiscard]] preflight::Report finish(std::span<const mail::HeaderField> signatures);

 private:
  std::shared_ptr<const Services> services_;
  std::unique_ptr<preflight::Examination> examination_;  // null: not asked for
};

/// Turns the disposition into a refusal of `refused`, which is not empty. In a dry run it only
/// tells.
void refuse_departure(const std::vector<const preflight::Finding*>& refused, bool is_dry_run,
                      policy::Disposition& disposition);

}  // namespace sekisho::checkpoint
