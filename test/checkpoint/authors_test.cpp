// Honest mail with an odd From field, from outside and from our own hosts, through a whole session.
#include "checkpoint/session.hpp"
#include "support/fake_resolver.hpp"

#include <memory>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

namespace {

std::shared_ptr<Services> services() {
  auto dns = std::make_shared<test::FakeResolver>();
  dns->add_txt("shop.example", "v=spf1 ip4:192.0.2.1 -all");
  dns->add_txt("_dmarc.shop.example", "v=DMARC1; p=reject");
  dns->add_txt("plain.example", "v=spf1 ip4:192.0.2.1 -all");
  dns->add_txt("ours.example", "v=spf1 ip4:198.51.100.1 -all");
  dns->add_txt("xn--i-7iq.example", "v=spf1 ip4:192.0.2.1 -all");
  dns->add_txt("_dmarc.xn--i-7iq.example", "v=DMARC1; p=reject");
  checkpoint::Options options;
  options.authserv_id = "mx.example.net";
  auto services = open_services(std::move(options), dns);
  services->now = [] { return std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)); };
  return services;
}

struct Client {
  std::string address = "192.0.2.1";
  std::string sender = "<news@shop.example>";
  std::string login;
};

Verdict send(const mail::HeaderSection& header, const Client& client = {}) {
  Session session(services());
  session.connect(dns::IpAddress::parse(client.address));
  session.helo("client.example");
  session.identify(client.login, "");
  session.mail(client.sender);
  session.recipient("<someone@example.net>");
  for (const mail::HeaderField& field : header) {
    session.header(field);
  }
  session.end_of_header();
  session.body("Hello\r\n");
  return session.end_of_message("4ABC").value();
}

std::string dmarc_of(const Verdict& verdict) {
  return std::string(dmarc::format_result_code(verdict.findings.dmarc.value().code));
}

}  // namespace

TEST_CASE("a display part that does not parse costs no message that DMARC lets through",
          "[checkpoint]") {
  struct Row {
    const char* from;
    const char* dmarc;
    policy::Action action;
  };
  const Row rows[] = {
      {" Jos\xe9 <news@shop.example>", "pass", policy::Action::accept},
      {" Doe, Jane <news@shop.example>", "pass", policy::Action::accept},
      {" Jos\xe9 <news@plain.example>", "none", policy::Action::accept},
      {" Jos\xe9 <news@xn--i-7iq.example>", "fail", policy::Action::reject},
      {" Jos\xe9 @ Shop <news@shop.example>", "permerror", policy::Action::reject},
      {" <news@STRA\u1e9eE.example>", "permerror", policy::Action::reject},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.from) {
      const Verdict verdict = send({{"From", row.from}});
      CHECK(dmarc_of(verdict) == row.dmarc);
      CHECK(verdict.disposition.action == row.action);
    }
  }
}

TEST_CASE("a domain of an emoji is one everywhere", "[checkpoint]") {
  const Verdict verdict =
      send({{"From", " <a@xn--i-7iq.example>"}}, {.sender = "<a@xn--i-7iq.example>"});
  CHECK(verdict.findings.spf_mail_from.value().code == spf::ResultCode::pass);
  CHECK(dmarc_of(verdict) == "pass");
  CHECK(verdict.insertions.front().value.contains("header.from=xn--i-7iq.example"));
}

TEST_CASE("a delivery report needs no author domain, and a message with a sender does",
          "[checkpoint]") {
  for (const char* from : {" <>", " <MAILER-DAEMON>", " MAILER-DAEMON (Mail Delivery System)"}) {
    DYNAMIC_SECTION(from) {
      const Verdict report = send({{"From", from}}, {.sender = "<>"});
      CHECK(dmarc_of(report) == "none");
      CHECK(report.disposition.action == policy::Action::accept);
      CHECK(send({{"From", from}}).disposition.action == policy::Action::reject);
    }
  }
  CHECK(send({{"From", " \"a@shop.example\" <>"}}, {.sender = "<>"}).disposition.action ==
        policy::Action::reject);
}

TEST_CASE("mail of our own hosts is not refused for its author", "[checkpoint]") {
  const Client cron{.address = "127.0.0.1", .sender = "<root@ours.example>"};
  const mail::HeaderSection headers[] = {
      {{"Subject", " disk"}},
      {{"From", " root (Cron Daemon)"}},
      {{"From", " <nagios@[127.0.0.1]>"}},
      {{"From", " <nagios>"}},
      {{"From", ""}},
      {{"From", " a@b@c"}},
  };
  for (std::size_t i = 0; i < std::size(headers); ++i) {
    DYNAMIC_SECTION(i) {
      CHECK(send(headers[i], cron).disposition.action == policy::Action::accept);
      const Client outside{.sender = "<root@ours.example>"};
      CHECK(send(headers[i], outside).disposition.action == policy::Action::reject);
    }
  }
}

TEST_CASE("nothing is held against the address of one of our own hosts", "[checkpoint]") {
  const Verdict verdict = send({{"From", " root@ours.example"}},
                               {.address = "127.0.0.1", .sender = "<root@ours.example>"});
  CHECK_FALSE(verdict.findings.spf_mail_from);
  CHECK_FALSE(verdict.findings.spf_helo);
  CHECK_FALSE(verdict.findings.iprev);
  REQUIRE(verdict.insertions.size() == 1);
  CHECK_FALSE(verdict.insertions.front().value.contains("spf="));
  CHECK_FALSE(verdict.insertions.front().value.contains("iprev="));
  CHECK(verdict.findings.faults.empty());
  // From outside it is told.
  CHECK(send({{"From", " root@ours.example"}}, {.sender = "<root@ours.example>"})
            .findings.spf_mail_from.value()
            .code == spf::ResultCode::fail);
}

TEST_CASE("a user is refused for authors who may be several, not for a missing domain",
          "[checkpoint]") {
  const Client user{.address = "203.0.113.5", .sender = "<jane@ours.example>", .login = "jane"};
  for (const char* from : {" root", " <jane@[192.0.2.1]>", " J\xe9 <jane@ours.example>", ""}) {
    CHECK(send({{"From", from}}, user).disposition.action == policy::Action::accept);
  }
  for (const char* from :
       {" a@ours.example, b@ours.example", " a@b@ours.example",
        " =?utf-8?Q?a=40ours.example?=", " J\xe9 <a@x.example>, <b@y.example>"}) {
    CHECK(send({{"From", from}}, user).disposition.action == policy::Action::reject);
  }
}

TEST_CASE("an ARC seal that nobody has checked spares no message", "[checkpoint]") {
  const Client forger{.address = "203.0.113.66"};
  const mail::HeaderField from{"From", " <news@shop.example>"};
  CHECK(send({{"ARC-Seal", " x"}, from}, forger).disposition.action == policy::Action::reject);
  CHECK(send({{"List-Id", " x"}, from}, forger).disposition.action == policy::Action::reject);
  CHECK(send({{"X-Sieve-Redirected-From", " x"}, from}, forger).disposition.action ==
        policy::Action::accept);
  const Client srs{.address = "203.0.113.66",
                   .sender = "<SRS0=hash=tt=shop.example=news@forwarder.example>"};
  CHECK(send({from}, srs).disposition.action == policy::Action::accept);
}

}  // namespace sekisho::checkpoint
