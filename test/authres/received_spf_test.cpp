// RFC 7208 §9.1.
#include "authres/received_spf.hpp"

#include <catch2/catch.hpp>

using namespace sekisho;
using Catch::Contains;

namespace {

findings::Findings checked() {
  findings::Findings found;
  found.client.address = dns::IpAddress::parse("192.0.2.1");
  found.client.helo = "mail.example.com";
  found.envelope.sender = "alice@example.com";
  spf::Result spf;
  spf.code = spf::ResultCode::pass;
  spf.domain = "example.com";
  spf.mechanism = "ip4:192.0.2.1";
  found.spf_mail_from = spf;
  return found;
}

std::string value_for(const findings::Findings& found) {
  return authres::format_received_spf(found, "mx.example.org").value_or("");
}

}  // namespace

TEST_CASE("Received-SPF has what is needed to check it again (RFC 7208 \u00a79.1)", "[authres]") {
  CHECK(value_for(checked()) ==
        " pass (mx.example.org: result of SPF for example.com, client 192.0.2.1)\r\n"
        "\treceiver=mx.example.org;\r\n\tidentity=mailfrom;\r\n\tclient-ip=192.0.2.1;\r\n"
        "\tenvelope-from=\"alice@example.com\";\r\n\thelo=mail.example.com;\r\n"
        "\tmechanism=\"ip4:192.0.2.1\"");
  CHECK(value_for({}).empty());
}

TEST_CASE("Received-SPF of an error has the problem, of none the default", "[authres]") {
  findings::Findings found = checked();
  found.spf_mail_from->code = spf::ResultCode::permerror;
  found.spf_mail_from->mechanism.clear();
  found.spf_mail_from->reason = "two records";
  CHECK_THAT(value_for(found), Contains("mechanism=default;\r\n\tproblem=\"two records\""));
}

TEST_CASE("the sender's bytes do not get into Received-SPF", "[authres]") {
  findings::Findings found = checked();
  found.envelope.sender = "a\r\nX: y@example.com";
  found.client.helo = std::string(400, 'x');
  found.spf_mail_from->domain = "a) (b";
  found.spf_mail_from->mechanism = "exists:\x01";
  const std::string value = value_for(found);
  CHECK_THAT(value,
             !Contains("X:") && !Contains("helo=") && !Contains("a) (b") && !Contains("mechanism"));
  found.envelope.sender = "\"a; helo=\\\"b\"@example.com";
  CHECK_THAT(value_for(found), Contains(R"(envelope-from="\"a; helo=\\\"b\"@example.com")"));
}
