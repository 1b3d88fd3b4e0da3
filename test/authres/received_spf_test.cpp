// RFC 7208 §9.1.
#include "authres/received_spf.hpp"

#include <algorithm>
#include <string>

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

TEST_CASE("no encoded word gets into Received-SPF, for readers who decode", "[authres]") {
  findings::Findings found = checked();
  found.envelope.sender = "=?utf-8?Q?=22=3B_receiver=3Dx?=@example.com";
  found.client.helo = "=?utf-8?Q?x?=";
  found.spf_mail_from->mechanism = "?all";
  const std::string value = value_for(found);
  CHECK_THAT(value, !Contains("=?") && Contains("mechanism=\"?all\""));
}

TEST_CASE("a Received-SPF that names us is recognised (RFC 7208 §9.1)", "[authres]") {
  const std::string names[] = {"mx.example.org", "host7.example.org"};
  const std::string ours[] = {
      " pass (mx.example.org: domain of a@b.example designates 192.0.2.1 as permitted sender)",
      " Pass (MX.Example.ORG.: x) client-ip=192.0.2.1",
      " pass ( host7.example.org : x)",
      " pass receiver=mx.example.org; client-ip=192.0.2.1",
      " pass (evil.example: x) client-ip=192.0.2.1; RECEIVER=host7.example.org",
      " pass client-ip=192.0.2.1;\r\n\treceiver\r\n =\r\n \"mx.example.org\";",
      " pass receiver=(c) mx.example.org",
      " pass receiver=mx\u3002example.org",
      " pass receiver=\"=?utf-8?Q?mx=2Eexample=2Eorg?=\"",
      " pass (=?utf-8?Q?mx=2Eexample=2Eorg?=: domain of a@b.example)",
      " pass receiver=evil.example; receiver=mx.example.org",
      " pass (x (mx.example.org: y)",
      " pass " + std::string(4100, 'x'),
  };
  for (const std::string& value : ours) {
    DYNAMIC_SECTION(value.substr(0, 80)) {
      CHECK(authres::claims_received_spf(value, names));
    }
  }
  const std::string foreign[] = {
      " pass (mx.example.net: domain of a@mx.example.org designates 2001:db8::1 as permitted)",
      " pass (domain of a@mx.example.org designates 2001:db8::1 as permitted sender)",
      " Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1; helo=mx.example.org;"
      " envelope-from=a@mx.example.org; receiver=<UNKNOWN>",
      " none (mx.example.org.evil.example: x) receiver=mx.example.net",
      " pass client-ip=192.0.2.1; envelope-from=\"=?x?=@b.example\"; receiver=mx.example.net",
      " pass xreceiver",
      " pass (unfinished",
      "",
  };
  for (const std::string& value : foreign) {
    DYNAMIC_SECTION(value) {
      CHECK_FALSE(authres::claims_received_spf(value, names));
    }
  }
  const std::string unknown_host[] = {"mx.example.org", ""};
  CHECK_FALSE(authres::claims_received_spf(" pass receiver=", unknown_host));
  CHECK_FALSE(authres::claims_received_spf(" pass (: x) receiver=;", unknown_host));
}

TEST_CASE("a Received-SPF of more names than anybody has is ours", "[authres]") {
  const std::string names[] = {"mx.example.org"};
  std::string value = " pass";
  for (int i = 0; i < 10; ++i) {
    value += " receiver=a;";
  }
  CHECK_FALSE(authres::claims_received_spf(value, names));
  CHECK(authres::claims_received_spf(value + " receiver=a", names));
}

TEST_CASE("what we write of SPF is recognised, and fits a message", "[authres]") {
  findings::Findings found = checked();
  const std::string names[] = {"mx.example.org"};
  CHECK(authres::claims_received_spf(value_for(found), names));
  found.spf_mail_from->code = spf::ResultCode::permerror;
  for (std::string* text :
       {&found.envelope.sender, &found.client.helo, &found.spf_mail_from->domain,
        &found.spf_mail_from->mechanism, &found.spf_mail_from->reason}) {
    *text = std::string(320, '"');
  }
  const std::string value = value_for(found);
  CHECK(value.size() < 4096);
  std::size_t begin = 0;
  for (std::size_t end = 0; end != value.npos; begin = end + 2) {
    end = value.find("\r\n", begin);
    CHECK(std::min(end, value.size()) - begin <= 998);
  }
}
