#include "milter/session/negotiation.hpp"

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

namespace sekisho::milter {

namespace {

constexpr unsigned long needed_actions = SMFIF_ADDHDRS | SMFIF_CHGHDRS;
constexpr unsigned long useful_actions = SMFIF_QUARANTINE | SMFIF_SETSYMLIST;

// Steps at which nothing is decided want no answer, which saves a round trip each; where an MTA
// cannot do without, libmilter gives it. MAIL is answered, since a daemon that stops turns messages
// away there; so is the body, since otherwise SMFIS_SKIP could not be said. Larger chunks
// of it (SMFIP_MDS_*) cannot be had: Debian's libmilter keeps the offer to itself.
constexpr unsigned long wanted_steps = SMFIP_NODATA | SMFIP_NOUNKNOWN | SMFIP_NR_CONN |
                                       SMFIP_NR_HELO | SMFIP_NR_RCPT | SMFIP_NR_HDR | SMFIP_NR_EOH |
                                       SMFIP_SKIP | SMFIP_HDR_LEADSPC;
// Steps without which there is nothing to judge.
constexpr unsigned long never_left_out = SMFIP_NOCONNECT | SMFIP_NOHELO | SMFIP_NOMAIL |
                                         SMFIP_NORCPT | SMFIP_NOHDRS | SMFIP_NOEOH | SMFIP_NOBODY;
static_assert((wanted_steps & never_left_out) == 0);

}  // namespace

std::expected<Agreement, std::string> negotiate(const Terms& offered, bool answers_recipients) {
  if ((offered.actions & needed_actions) != needed_actions) {
    return std::unexpected("the MTA does not let a milter add and remove header fields");
  }
  Agreement agreement;
  agreement.wanted.actions = needed_actions | (offered.actions & useful_actions);
  const unsigned long unanswered = answers_recipients ? SMFIP_NR_RCPT : 0UL;
  agreement.wanted.steps = offered.steps & wanted_steps & ~unanswered;
  agreement.dialect.answers_recipients = answers_recipients;
  agreement.dialect.leading_blank = (offered.steps & SMFIP_HDR_LEADSPC) != 0;
  agreement.dialect.skip = (offered.steps & SMFIP_SKIP) != 0;
  return agreement;
}

}  // namespace sekisho::milter
