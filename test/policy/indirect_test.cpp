#include "policy/indirect.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace sekisho;
using policy::IndirectSign;

namespace {

const mail::HeaderField list_id{"List-Id", " Tea <Tea.List.example>"};

dkim::Result signature_of(const std::string& domain,
                          dkim::ResultCode code = dkim::ResultCode::pass) {
  dkim::Result signature;
  signature.code = code;
  signature.domain = mail::Domain::parse(domain);
  return signature;
}

std::string sign_of(const mail::HeaderSection& header, const findings::Findings& findings = {}) {
  return std::string(
      format_indirect_sign(find_indirect_sign(policy::find_signs(header), findings)));
}

}  // namespace

TEST_CASE("marks of lists and forwarders are signs of an indirect flow (RFC 7960 §3.2)",
          "[policy]") {
  struct Case {
    mail::HeaderSection header;
    std::string sign;
  };
  const Case cases[] = {
      {{}, ""},
      {{{"From", " a@example.com"}, {"Subject", " List-Id: x"}}, ""},
      // lists
      {{list_id, {"List-Post", " <mailto:l@example.org>"}}, "List-Id"},
      {{list_id, {"List-Unsubscribe", " <mailto:l@example.org>"}}, "List-Id"},
      {{list_id, {"List-Help", " <mailto:l@example.org>"}}, "List-Id"},
      {{list_id, {"List-Subscribe", " <mailto:l@example.org>"}}, "List-Id"},
      {{list_id, {"List-Owner", " <mailto:l@example.org>"}}, "List-Id"},
      {{list_id, {"List-Archive", " <https://example.org>"}}, "List-Id"},
      {{list_id, {"Precedence", " list"}}, "List-Id"},
      {{{"LIST-ID ", ""}, {"precedence", "\r\n  List "}}, "List-Id"},
      {{{"List-Post", " <mailto:l@example.org>"}, {"Precedence", " list"}}, "List-Post"},
      {{{"Mailing-List", " contact l-help@example.org"}, {"List-Help", " x"}}, "Mailing-List"},
      {{{"List-Unsubscribe", " x"}, {"Precedence", " list"}}, "Precedence"},
      // one field of a list, which costs a forger nothing
      {{list_id}, ""},
      {{list_id, {"Precedence", " bulk"}}, ""},
      {{list_id, list_id}, ""},
      {{{"List-Post", " <mailto:l@example.org>"}}, ""},
      {{{"Mailing-List", " contact l-help@example.org"}}, ""},
      {{{"Precedence", " list"}}, ""},
      // forwarders
      {{{"Resent-From", " b@example.org"}}, "Resent-From"},
      {{{"Resent-Sender", " b@example.org"}}, "Resent-Sender"},
      {{{"Resent-To", " c@example.org"}}, "Resent-To"},
      {{{"X-Forwarded-To", " c@example.org"}}, "X-Forwarded-To"},
      {{{"X-Forwarded-For", " b@example.org c@example.org"}}, "X-Forwarded-For"},
      {{{"X-Sieve-Redirected-From", " b@example.org"}}, "X-Sieve-Redirected-From"},
      {{{"Delivered-To", " b@example.org"}}, "Delivered-To"},
      {{{"Delivered-To", " b@example.org"}, {"Resent-To", " c@example.org"}}, "Resent-To"},
      {{list_id, {"Delivered-To", " b@example.org"}}, "Delivered-To"},
      // a seal that nobody has checked
      {{{"ARC-Seal", " i=1"}}, ""},
      {{{"ARC-Seal", " x"}}, ""},
      // of bulk mail that comes directly
      {{{"Precedence", " bulk"}}, ""},
      {{{"List-Unsubscribe", " <https://example.org/u>"}, {"List-Help", " x"}}, ""},
      {{{"List-Unsubscribe-Post", " List-Unsubscribe=One-Click"}}, ""},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    DYNAMIC_SECTION(i << ": " << cases[i].sign) {
      CHECK(sign_of(cases[i].header) == cases[i].sign);
    }
  }
}

TEST_CASE("a list with one field alone is one where it has signed", "[policy]") {
  struct Case {
    std::string what;
    mail::HeaderField field;
    dkim::Result signature;
    std::string sign;
  };
  const Case cases[] = {
      {"the list's name", list_id, signature_of("tea.list.example"), "List-Id"},
      {"a domain above it", list_id, signature_of("list.example"), "List-Id"},
      {"a domain below it", list_id, signature_of("a.tea.list.example"), ""},
      {"another domain", list_id, signature_of("example.com"), ""},
      {"a failed one", list_id, signature_of("list.example", dkim::ResultCode::fail), ""},
      {"a list without a name", {"List-Post", " x"}, signature_of("list.example"), ""},
      {"no list", {"Subject", " x"}, signature_of("list.example"), ""},
  };
  for (const auto& [what, field, signature, sign] : cases) {
    DYNAMIC_SECTION(what) {
      findings::Findings findings;
      findings.dkim = {signature_of("example.net", dkim::ResultCode::permerror), signature};
      CHECK(sign_of({field}, findings) == sign);
    }
  }
}

TEST_CASE("a sender in the form of SRS is a forwarder's", "[policy]") {
  struct Case {
    std::string sender;
    bool expected;
  };
  const Case cases[] = {
      {"SRS0=abcd=XY=example.com=joe@forwarder.example", true},
      {"srs0+abcd=XY=example.com=joe@forwarder.example", true},
      {"SRS1=abcd=first.example==XY=ZZ=example.com=joe@forwarder.example", true},
      {"SRS1-abcd=x@forwarder.example", true},
      {"SRS2=abcd@forwarder.example", false},
      {"SRS0@forwarder.example", false},
      {"SRS0abc@forwarder.example", false},
      {"SRS0", false},
      {"SRS0=abcd", false},
      {"x-SRS0=abcd@forwarder.example", false},
      {"", false},
  };
  for (const auto& [sender, expected] : cases) {
    DYNAMIC_SECTION(sender) {
      findings::Findings findings;
      findings.envelope.sender = sender;
      CHECK(sign_of({}, findings) == (expected ? "SRS sender" : ""));
    }
  }
}

TEST_CASE("only an ARC chain that passes is a sign (RFC 8617 §7.2)", "[policy]") {
  using enum arc::ChainStatus;
  for (const arc::ChainStatus status : {none, fail, pass}) {
    findings::Findings findings;
    findings.arc.status = status;
    CHECK(sign_of({{"ARC-Seal", " i=1"}}, findings) == (status == pass ? "ARC chain" : ""));
  }
}

TEST_CASE("the header's signs come before what was authenticated", "[policy]") {
  findings::Findings findings;
  findings.arc.status = arc::ChainStatus::pass;
  findings.envelope.sender = "SRS0=a=b=example.com=joe@forwarder.example";
  CHECK(sign_of({}, findings) == "SRS sender");
  CHECK(sign_of({{"X-Forwarded-To", " x"}}, findings) == "X-Forwarded-To");
}

TEST_CASE("the identifier of a list is that of its only List-Id (RFC 2919 §3)", "[policy]") {
  CHECK(policy::find_signs({list_id}).list_id == "tea.list.example");
  CHECK(policy::find_signs({{"List-Id", " <a> <B.\r\n example>"}}).list_id == "b.example");
  CHECK(policy::find_signs({{"List-Id", " Tea.List.example"}}).list_id == "tea.list.example");
  CHECK(policy::find_signs({{"List-Id", " >x<"}}).list_id == ">x<");
  CHECK(policy::find_signs({list_id, list_id}).list_id.empty());
  CHECK(policy::find_signs({}).list_id.empty());
}

TEST_CASE("signs of lists are told apart from others", "[policy]") {
  using enum policy::IndirectSign;
  for (const IndirectSign sign : {list_id, list_post, mailing_list, precedence}) {
    CHECK(is_list_sign(sign));
  }
  for (const IndirectSign sign : {none, resent_from, delivered_to, rewritten_sender, arc_chain}) {
    CHECK_FALSE(is_list_sign(sign));
  }
}
