#include "tools/check/report.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::tools {
namespace {

std::string text_of(dkim::Fault fault, const std::string& reason) {
  CheckReport report;
  report.findings.dkim_checked = true;
  report.findings.dkim.push_back(
      {.code = dkim::result_of(fault), .fault = fault, .reason = reason});
  return format_text(report, false);
}

TEST_CASE("the advice fits what is wrong with a signature", "[tools]") {
  struct Case {
    dkim::Fault fault;
    const char* advice;
  };
  using enum dkim::Fault;
  const Case cases[] = {
      {body_hash_mismatch, "sekisho why MESSAGE searches"},
      {signature_mismatch, "a signed header field was changed"},
      {expired, "took longer than its signer allows"},
      {timestamp_in_future, "the signer's clock or ours is wrong"},
      {no_key, "must publish the key"},
      {key_revoked, "sign with a key that is still in use"},
      {invalid_key, "must mend the signature or the key record"},
      {key_lookup_failed, "look at the resolver"},
      // Nothing says whether these would have verified.
      {sha1_algorithm, "does not accept such a signature"},
      {too_many_signatures, "does not accept such a signature"},
  };
  for (const auto& [fault, advice] : cases) {
    DYNAMIC_SECTION(dkim::describe_fault(fault)) {
      const std::string text = text_of(fault, "any words");
      CHECK_THAT(text, Catch::Contains("any words"));
      CHECK_THAT(text, Catch::Contains(advice));
    }
  }
}

TEST_CASE("of a bad From field only the sender is told to mend it (RFC 9989 §5.3.1)", "[tools]") {
  CheckReport report;
  report.findings.dmarc = dmarc::Result{.code = dmarc::ResultCode::permerror};
  CHECK_THAT(format_text(report, false), Catch::Contains("the sender must mend the From field"));
}

TEST_CASE("why no policy applies is told, too", "[tools]") {
  CheckReport report;
  report.findings.dmarc = dmarc::Result{.code = dmarc::ResultCode::none,
                                        .reason = "no DMARC record applies to example.com"};
  CHECK_THAT(format_text(report, false), Catch::Contains("no DMARC record applies to example.com"));
}

}  // namespace
}  // namespace sekisho::tools
