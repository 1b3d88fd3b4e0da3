// What is asked of what an MTA offers.
#include "milter/session/negotiation.hpp"

#include <catch2/catch.hpp>
#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

using namespace sekisho::milter;

TEST_CASE("nothing is asked that is not offered", "[milter]") {
  const auto agreed = negotiate({.actions = SMFIF_ADDHDRS | SMFIF_CHGHDRS, .steps = 0}, true);
  REQUIRE(agreed.has_value());
  CHECK(agreed->wanted == Terms{SMFIF_ADDHDRS | SMFIF_CHGHDRS, 0});
  CHECK_FALSE(agreed->dialect.leading_blank);
  CHECK_FALSE(agreed->dialect.skip);
}

TEST_CASE("no step is left out and no right is asked for that is not needed", "[milter]") {
  const auto agreed = negotiate({.actions = SMFI_CURR_ACTS, .steps = SMFI_CURR_PROT}, false);
  REQUIRE(agreed.has_value());
  CHECK((agreed->wanted.steps & SMFI_V2_PROT) == 0);
  CHECK((agreed->wanted.actions &
         (SMFIF_CHGBODY | SMFIF_ADDRCPT | SMFIF_DELRCPT | SMFIF_CHGFROM)) == 0);
  CHECK(agreed->dialect.leading_blank);
  CHECK(agreed->dialect.skip);
}

TEST_CASE("RCPT is answered where it may be refused", "[milter]") {
  const Terms offered{SMFI_CURR_ACTS, SMFI_CURR_PROT};
  CHECK((negotiate(offered, false)->wanted.steps & SMFIP_NR_RCPT) != 0);
  CHECK((negotiate(offered, true)->wanted.steps & SMFIP_NR_RCPT) == 0);
  CHECK(negotiate(offered, true)->dialect.answers_recipients);
}

TEST_CASE("an MTA that lets nobody edit the header is refused", "[milter]") {
  CHECK_FALSE(negotiate({.actions = SMFIF_ADDHDRS, .steps = SMFI_CURR_PROT}, false).has_value());
  CHECK_FALSE(negotiate({.actions = SMFIF_CHGHDRS, .steps = SMFI_CURR_PROT}, false).has_value());
}
