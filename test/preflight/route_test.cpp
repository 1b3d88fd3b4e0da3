// The way of a message: SPF, DKIM, DMARC, reverse names and envelope, one defect each.
#include "preflight/shop.hpp"

#include <functional>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::preflight {
namespace {

using test::changed;
using test::clean_message;
using test::clean_newsletter;
using test::Departure;
using test::examine;
using test::FakeResolver;
using test::ids_of;

struct Case {
  std::string name;
  std::function<void(Departure&)> change;
  std::string error;
  std::string warning;
  std::string advice;
  std::string gmail;  ///< The reply; "": nothing certain.
};

void leave_from(Departure& departure, const char* address) {
  departure.request.envelope.addresses = {dns::IpAddress::parse(address).value()};
}
// The only way to take a record from a FakeResolver is another one.
void new_zone(Departure& departure, const std::function<void(FakeResolver&)>& fill) {
  departure.zone = test::shop_zone();
  fill(*departure.zone);
}
void unsigned_mail(Departure& departure) {
  departure.is_signed = false;
}
void bulk(Departure& departure) {
  departure.request.is_bulk_sender = true;
}
void sender(Departure& departure, const char* path) {
  departure.request.envelope.sender = path;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"clean", [](Departure&) {}, "", "", "", ""},
      {"clean from IPv6", [](Departure& d) { leave_from(d, "2001:db8::5"); }, "", "", "", ""},
      {"no address", [](Departure& d) { d.request.envelope.addresses.clear(); }, "", "", "", ""},
      {"unsigned", unsigned_mail, "", "", "dkim.none", ""},
      {"unsigned, bulk",
       [](Departure& d) {
         unsigned_mail(d);
         bulk(d);
       },
       "dkim.none", "", "", "550 5.7.30"},
      {"another address", [](Departure& d) { leave_from(d, "198.51.100.1"); },
       "iprev.result spf.result", "helo.name", "", "550 5.7.25"},
      {"another address with a name",
       [](Departure& d) {
         leave_from(d, "198.51.100.1");
         new_zone(d, [](FakeResolver& zone) {
           zone.add_ptr("198.51.100.1", "mail.shop.example");
           zone.add_address("mail.shop.example", "198.51.100.1");
         });
       },
       "spf.result", "", "", ""},
      {"the same, unsigned",
       [](Departure& d) {
         leave_from(d, "198.51.100.1");
         unsigned_mail(d);
         new_zone(d, [](FakeResolver& zone) {
           zone.add_ptr("198.51.100.1", "mail.shop.example");
           zone.add_address("mail.shop.example", "198.51.100.1");
         });
       },
       "dmarc.result spf.result", "", "dkim.none", "550 5.7.26"},
      {"the same, bulk",
       [](Departure& d) {
         leave_from(d, "198.51.100.1");
         bulk(d);
         new_zone(d, [](FakeResolver& zone) {
           zone.add_ptr("198.51.100.1", "mail.shop.example");
           zone.add_address("mail.shop.example", "198.51.100.1");
         });
       },
       "spf.result", "", "", "550 5.7.27"},
      {"SPF of another domain passes",
       [](Departure& d) {
         sender(d, "bounce@sender.example");
         d.zone->add_txt("sender.example", "v=spf1 ip4:203.0.113.5 -all");
         d.zone->add_mx("sender.example", 10, "mail.shop.example");
       },
       "", "", "spf.aligned", ""},
      {"no SPF record",
       [](Departure& d) {
         sender(d, "bounce@sender.example");
         d.zone->add_mx("sender.example", 10, "mail.shop.example");
       },
       "", "spf.result", "", ""},
      {"an open SPF record",
       [](Departure& d) {
         sender(d, "bounce@open.shop.example");
         d.zone->add_txt("open.shop.example", "v=spf1 +all");
         d.zone->add_mx("open.shop.example", 10, "mail.shop.example");
       },
       "", "spf.result", "", "550 5.7.24"},
      {"a broken SPF record",
       [](Departure& d) {
         sender(d, "bounce@sender.example");
         d.zone->add_txt("sender.example", "v=spf1 nonsense:x -all");
         d.zone->add_mx("sender.example", 10, "mail.shop.example");
       },
       "spf.result", "", "", ""},
      {"SPF: the DNS does not answer",
       [](Departure& d) {
         sender(d, "bounce@sender.example");
         d.zone->fail("sender.example", dns::Status::timeout);
       },
       "", "spf.result", "", ""},
      {"the sender takes no mail",
       [](Departure& d) {
         sender(d, "bounce@sub.shop.example");
         d.zone->add_txt("sub.shop.example", "v=spf1 ip4:203.0.113.5 -all");
       },
       "env.return", "", "", ""},
      {"the sender has a null MX",
       [](Departure& d) {
         sender(d, "bounce@sub.shop.example");
         d.zone->add_txt("sub.shop.example", "v=spf1 ip4:203.0.113.5 -all");
         d.zone->add_mx("sub.shop.example", 0, "");
       },
       "env.return", "", "", ""},
      {"the null sender", [](Departure& d) { sender(d, ""); }, "", "env.null-not-auto", "", ""},
      {"HELO is no name", [](Departure& d) { d.request.envelope.helo = "localhost"; }, "",
       "helo.name", "", ""},
      {"HELO is a literal", [](Departure& d) { d.request.envelope.helo = "[203.0.113.5]"; }, "",
       "helo.name", "", ""},
      {"HELO has another address",
       [](Departure& d) {
         d.request.envelope.helo = "www.shop.example";
         d.zone->add_address("www.shop.example", "203.0.113.9");
       },
       "", "helo.name", "", ""},
      {"a signature of another domain", [](Departure& d) { d.domain = "sender.example"; }, "",
       "dkim.unaligned", "", ""},
      {"a signature of a subdomain", [](Departure& d) { d.domain = "sub.shop.example"; }, "", "",
       "", ""},
      {"an expired signature", [](Departure& d) { d.signed_at -= std::chrono::days(30); },
       "dkim.expired", "", "", ""},
      {"a signature from the future", [](Departure& d) { d.signed_at += std::chrono::days(1); },
       "dkim.future", "", "", ""},
      {"a key that is not there", [](Departure& d) { d.domain = "nokey.example"; }, "dkim.fails",
       "", "", ""},
      {"the DNS does not answer for the key",
       [](Departure& d) {
         d.zone->fail("s1._domainkey.shop.example", dns::Status::server_failure);
       },
       "", "", "", ""},
      {"fields that are not signed",
       [](Departure& d) { d.signed_fields = "From To Date Message-ID"; }, "", "dkim.cover", "", ""},
      {"From not oversigned",
       [](Departure& d) {
         d.signed_fields =
             "From To Date Message-ID Subject MIME-Version Content-Type Content-Transfer-Encoding";
       },
       "", "", "dkim.cover", ""},
      {"simple canonicalization", [](Departure& d) { d.is_simple = true; }, "", "", "dkim.fragile",
       ""},
      {"no TLS", [](Departure& d) { d.request.next_hop_tls = false; }, "", "tls.next-hop", "", ""},
      {"TLS", [](Departure& d) { d.request.next_hop_tls = true; }, "", "", "", ""},
  };
  return all;
}

std::string reply_of(const Report& report, std::string_view receiver) {
  for (const ReceiverVerdict& verdict : report.replies) {
    if (verdict.receiver == receiver && verdict.reply) {
      return verdict.reply->code +
             (verdict.reply->enhanced.empty() ? "" : " " + verdict.reply->enhanced);
    }
  }
  return {};
}

TEST_CASE("a way with one defect has that finding and no other") {
  for (const Case& each : cases()) {
    Departure departure;
    each.change(departure);
    const Report report = examine(clean_message, departure);
    CAPTURE(each.name);
    CHECK(ids_of(report, Level::error) == each.error);
    CHECK(ids_of(report, Level::warning) == each.warning);
    CHECK(ids_of(report, Level::advice) == each.advice);
    CHECK(reply_of(report, "gmail") == each.gmail);
  }
}

TEST_CASE("a record is proposed that permits the address") {
  Departure departure;
  departure.request.envelope.addresses = {dns::IpAddress::parse("198.51.100.1").value()};
  const Report report = examine(clean_message, departure);
  const auto finding = std::ranges::find(report.findings, Id::spf_result, &Finding::id);
  REQUIRE(finding != report.findings.end());
  CHECK(finding->publish ==
        "shop.example. TXT \"v=spf1 ip4:198.51.100.1 ip4:203.0.113.5 ip6:2001:db8::5 -all\"");
}

TEST_CASE("one-click unsubscription counts only where the signature covers it (RFC 8058 §4)") {
  Departure departure;
  departure.signed_fields =
      "From To Date Message-ID Subject MIME-Version Content-Type Content-Transfer-Encoding "
      "List-Unsubscribe";
  CHECK(ids_of(examine(clean_newsletter, departure), Level::error) == "unsub.cover");
  departure.signed_fields += " List-Unsubscribe-Post";
  CHECK(ids_of(examine(clean_newsletter, departure), Level::error).empty());
  departure.domain = "sender.example";
  CHECK(ids_of(examine(clean_newsletter, departure), Level::advice) == "dkim.cover unsub.cover");
}

TEST_CASE("a provider's address is the provider's") {
  Departure departure;
  departure.is_signed = false;
  const std::string message = changed(clean_message, "news@shop.example", "shop@gmail.com");
  const Report report = examine(message, departure);
  CHECK(ids_of(report, Level::error).contains("from.foreign"));
  departure.request.is_indirect = [](const mail::HeaderSection&) { return true; };
  CHECK(!ids_of(examine(message, departure)).contains("from.foreign"));
}

TEST_CASE("an author that we have no key for and whose SPF record does not permit us is not ours") {
  Departure departure;
  departure.domain = "shop.example";
  departure.zone->add_txt("_dmarc.other.example", "v=DMARC1; p=reject");
  const std::string message = changed(clean_message, "news@shop.example", "boss@other.example");
  CHECK(ids_of(examine(message, departure), Level::error).contains("from.foreign"));
  departure.request.has_own_key = nullptr;
  CHECK(!ids_of(examine(message, departure)).contains("from.foreign"));
}

TEST_CASE("the kind of a message is found by its fields") {
  const auto kind_of = [](const std::string& message) {
    return format_kind(examine(message, Departure()).kind);
  };
  CHECK(kind_of(clean_message) == "personal");
  CHECK(kind_of(clean_newsletter) == "bulk");
  CHECK(kind_of(changed(clean_newsletter, "List-Id",
                        "List-Post: <mailto:a@shop.example>\r\nList-Id")) == "list");
  CHECK(kind_of(changed(clean_message, "news@", "no-reply@")) == "transactional");
  CHECK(kind_of(changed(clean_message, "Subject", "Auto-Submitted: auto-generated\r\nSubject")) ==
        "transactional");
  CHECK(kind_of(changed(clean_message, "text/plain; charset=utf-8",
                        "multipart/report; boundary=b1")) == "report");
}

}  // namespace
}  // namespace sekisho::preflight
