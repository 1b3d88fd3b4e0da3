#include "tools/check/report.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::tools {
namespace {

std::string text_of(dkim::ResultCode code, const std::string& reason) {
  CheckReport report;
  report.findings.dkim_checked = true;
  report.findings.dkim.push_back({.code = code, .reason = reason});
  return format_text(report, false);
}

TEST_CASE("the advice fits what is wrong with a signature", "[tools]") {
  struct Case {
    dkim::ResultCode code;
    const char* reason;
    const char* advice;
  };
  using enum dkim::ResultCode;
  const Case cases[] = {
      {fail, "body hash did not verify", "look for a list footer"},
      {fail, "signature did not verify", "a signed header field was changed"},
      {fail, "signature expired", "took longer than its signer allows"},
      {fail, "signature is dated in the future", "the signer's clock or ours is wrong"},
      {permerror, "key revoked", "sign with a key that is still in use"},
      // Nothing says whether these would have verified.
      {policy, "rsa-sha1 is not accepted (RFC 8301)", "does not accept such a signature"},
      {policy, "not tried: more than 10 signatures", "does not accept such a signature"},
  };
  for (const auto& [code, reason, advice] : cases) {
    DYNAMIC_SECTION(reason) {
      const std::string text = text_of(code, reason);
      CHECK_THAT(text, Catch::Contains(reason));
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
