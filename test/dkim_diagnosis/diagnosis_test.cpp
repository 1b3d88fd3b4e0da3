#include "dkim_diagnosis/diagnosis.hpp"

#include "dkim_diagnosis/header_options.hpp"
#include "dkim_diagnosis/signed_message.hpp"
#include "mail/ascii.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

namespace sekisho::dkim_diagnosis {
namespace {

using namespace test;

Message with_umlauts() {
  Message message = plain();
  message.body += "F\xc3\xbcr Sie\r\n";
  return message;
}

Message with_umlaut_subject() {
  Message message = plain();
  set_field(message, "Subject", " F\xc3\xbcr Sie");
  return message;
}

Message with_word_subject() {
  Message message = plain();
  set_field(message, "Subject", " =?UTF-8?Q?F=C3=BCr_Sie?=");
  return message;
}

Message alternative() {
  Message message = plain();
  set_field(message, "Content-Type", " multipart/alternative; boundary=\"=_1\"");
  message.body =
      "--=_1\r\nContent-Type: text/plain\r\n\r\nHello.\r\n\r\n--=_1\r\n"
      "Content-Type: text/html\r\n\r\n<html><body>\r\n<p>Hello.</p>\r\n</body></html>\r\n"
      "\r\n--=_1--\r\n";
  return message;
}

struct Case {
  std::string name;
  std::function<void(Message&)> change;
  std::string expected;
  std::function<Message()> message = plain;
  bool is_simple = false;
};

void replace_body(Message& message, std::string_view old, std::string_view with) {
  replace_all(message.body, old, with);
}

const std::vector<Case> cases = {
    {"nothing", [](Message&) {}, ""},
    {"footer", [](Message& m) { m.body += "--\r\nlist\r\n"; }, "body.tail:8+2"},
    {"banner", [](Message& m) { m.body = "*** EXTERNAL ***\r\n\r\n" + m.body; }, "body.head:1+2"},
    {"banner and footer", [](Message& m) { m.body = "EXTERNAL\r\n" + m.body + "footer\r\n"; },
     "body.head:1+1 body.tail:9+1"},
    {"block", [](Message& m) { replace_body(m, "It will", "[added]\r\nIt will"); },
     "body.block:3+1"},
    {"dot-stuffing left", [](Message& m) { replace_body(m, "\r\n.h", "\r\n..h"); },
     "body.dots:5+1"},
    {"dot lost", [](Message& m) { replace_body(m, "\r\n.h", "\r\nh"); }, "body.dots:5+1"},
    {"mailbox file", [](Message& m) { replace_body(m, "\r\nFrom ", "\r\n>From "); },
     "body.from:4+1"},
    {"trailing blank", [](Message& m) { replace_body(m, "-- \r\n", "--\r\n"); }, "body.blanks:6+1",
     plain, true},
    {"returns doubled", [](Message& m) { replace_body(m, "\r\n", "\r\r\n"); }, "body.ends:1+7"},
    {"link",
     [](Message& m) {
       replace_body(m, "https://shop.example/order?id=7&x=1",
                    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example"
                    "%2Forder%3Fid%3D7%26x%3D1&data=05%7C01&reserved=0");
     },
     "body.urls:7+1"},
    {"quoted-printable",
     [](Message& m) {
       replace_body(m, "\xc3\xbc", "=C3=BC");
       replace_body(m, "id=7&x=1", "id=3D7&x=3D1");
       replace_body(m, "-- \r\n", "--=20\r\n");
       set_field(m, "Content-Transfer-Encoding", " quoted-printable");
     },
     "body.cte:6+3 head.cte:Content-Transfer-Encoding", with_umlauts},
    {"Latin-1",
     [](Message& m) {
       replace_body(m, "\xc3\xbc", "\xfc");
       set_field(m, "Content-Type", " text/plain; charset=iso-8859-1");
     },
     "body.charset:1+8 head.type:Content-Type", with_umlauts},
    {"link of urldefense, version 2",
     [](Message& m) {
       replace_body(
           m, "https://shop.example/order?id=7&x=1",
           "https://urldefense.proofpoint.com/v2/url?u=https-3A__shop.example_order-3Fid-3D"
           "7-26x-3D1&d=DwMFaQ&c=x");
     },
     "body.urls:7+1"},
    {"link of urldefense, version 3",
     [](Message& m) {
       replace_body(m, "https://shop.example/order?id=7&x=1",
                    "https://urldefense.com/v3/__https:/shop.example/order*id=7*x=1__;PyY!!abc$");
     },
     "body.urls:7+1"},
    {"link in a query with entities",
     [](Message& m) {
       replace_body(
           m, "https://shop.example/order?id=7&x=1",
           "https://click.example/?x=1&amp;url=https%3A%2F%2Fshop.example%2Forder%3Fid%3D7%"
           "26x%3D1");
     },
     "body.urls:7+1"},
    {"Subject in encoded words",
     [](Message& m) { set_field(m, "Subject", " =?utf-8?Q?F=C3=BCr_Sie?="); }, "head.8bit:Subject",
     with_umlaut_subject},
    {"encoded words written again",
     [](Message& m) { set_field(m, "Subject", " =?utf-8?B?RsO8ciBTaWU=?="); }, "head.word:Subject",
     with_word_subject},
    {"encoded words decoded", [](Message& m) { set_field(m, "Subject", " F\xc3\xbcr Sie"); },
     "head.8bit:Subject", with_word_subject},
    {"tag before encoded words",
     [](Message& m) { set_field(m, "Subject", " [list] =?UTF-8?Q?F=C3=BCr_Sie?="); },
     "head.subject-tag:Subject", with_word_subject},
    {"tag in encoded words",
     [](Message& m) { set_field(m, "Subject", " =?UTF-8?Q?=5Blist=5D_F=C3=BCr_Sie?="); },
     "head.subject-tag:Subject", with_word_subject},
    {"tag behind Re:", [](Message& m) { set_field(m, "Subject", " Re: [list] Your order"); },
     "head.subject-tag:Subject",
     [] {
       Message message = plain();
       set_field(message, "Subject", " Re: Your order");
       return message;
     }},
    {"tag at the end", [](Message& m) { set_field(m, "Subject", " Your order [list]"); },
     "head.subject-tag:Subject"},
    {"footer and dots",
     [](Message& m) {
       replace_body(m, "\r\n.h", "\r\n..h");
       m.body += "footer\r\n";
     },
     "body.dots:5+1 body.tail:8+1"},
    {"field lost",
     [](Message& m) {
       std::erase_if(m.header, [](const mail::HeaderField& f) { return f.name == "MIME-Version"; });
     },
     "head.gone:MIME-Version"},
    {"both parts",
     [](Message& m) {
       replace_body(m, "Hello.\r\n\r\n--", "Hello.\r\nfooter\r\n\r\n--");
       replace_body(m, "</body>", "<p>footer</p>\r\n</body>");
     },
     "body.part-tail:5+2", alternative},
    {"body lost", [](Message& m) { m.body.clear(); }, "body.empty:0+0"},
    {"tag", [](Message& m) { set_field(m, "Subject", " [list] Your order"); },
     "head.subject-tag:Subject"},
    {"list",
     [](Message& m) {
       set_field(m, "Subject", " [list] Your order");
       set_field(m, "From", " The Shop via list <list@lists.example>");
       m.header.insert(m.header.begin(), {"Reply-To", " \"The Shop\" <orders@shop.example>"});
       m.body += "footer\r\n";
     },
     "body.tail:8+1 head.from-munge:From head.added:Reply-To head.subject-tag:Subject"},
    {"Message-ID",
     [](Message& m) {
       set_field(m, "Message-ID", " <2@relay.example>");
       m.header.push_back({"X-Google-Original-Message-ID", " <1@shop.example>"});
     },
     "head.gone:Message-ID"},
    {"date", [](Message& m) { set_field(m, "Date", " Mon, 21 Sep 2026 10:00:00 GMT"); },
     "head.date:Date"},
    {"quotes", [](Message& m) { set_field(m, "From", " The Shop <orders@shop.example>"); },
     "head.address:From"},
    {"second From", [](Message& m) { m.header.push_back({"From", " <evil@forger.example>"}); },
     "head.added:From"},
    {"case of a name",
     [](Message& m) {
       for (mail::HeaderField& field : m.header) {
         field.name = field.name == "Message-ID" ? "Message-Id" : field.name;
       }
     },
     "head.case:Message-Id", plain, true},
    {"garbled", [](Message& m) { replace_body(m, "shipped", "shopped"); }, ""},
};

TEST_CASE("changes are found, and proved by the hashes of the signature") {
  const bool with_rsa = GENERATE(true, false);
  const dkim::SigningKeyPtr& key = with_rsa ? rsa() : ed25519();
  const std::vector<dkim::KeyRecord> keys = {record_of(*key)};
  for (const Case& each : cases) {
    CAPTURE(each.name, with_rsa);
    dkim::SignOptions options;
    if (each.is_simple) {
      options.header_canonicalization = dkim::Canonicalization::simple;
      options.body_canonicalization = dkim::Canonicalization::simple;
    }
    options.oversigned_fields = {"From", "Reply-To"};
    Message message = sign(each.message(), key, options);
    each.change(message);
    const SignatureDiagnosis diagnosis = examine(message, keys);
    CHECK(changes_of(diagnosis) == each.expected);
    const bool is_garbled = each.name == "garbled" || each.name == "body lost";
    CHECK((diagnosis.body.state == State::changed) == is_garbled);
    CHECK(diagnosis.header.state != State::changed);
    CHECK(diagnosis.key == KeyState::made_by_published);
  }
}

TEST_CASE("a signature of another key is told from a header that was changed") {
  const dkim::SigningKeyPtr old_key = make_key(crypto::KeyType::rsa, "r");
  const Message message = sign(plain(), old_key);
  SignatureView view = view_of(message, std::vector{record_of(*rsa())});

  Budget budget = counted(10'000);
  SignatureDiagnosis diagnosis = diagnose(view, message, budget);
  CHECK(diagnosis.key == KeyState::other_key);
  CHECK(diagnosis.body.state == State::same);
  CHECK(diagnosis.header.state == State::unknown);

  view.other_keys = {{"r2", record_of(*old_key)}};
  diagnosis = diagnose(view, message, budget);
  CHECK(diagnosis.key == KeyState::other_key);
  CHECK(diagnosis.fits == "r2");
  CHECK(diagnosis.header.state == State::same);

  view.keys = std::unexpected(dkim::failure_of(dkim::Fault::key_revoked));
  CHECK(diagnose(view, message, budget).key == KeyState::revoked);
  view.keys = std::unexpected(dkim::failure_of(dkim::Fault::no_key));
  CHECK(diagnose(view, message, budget).key == KeyState::gone);
}

TEST_CASE("a b= that was cut is told as such") {
  Message message = sign(plain(), rsa());
  std::string& value = message.header.front().value;
  value.resize(value.size() - 9);
  const SignatureDiagnosis diagnosis = examine(message, std::vector{record_of(*rsa())});
  CHECK(changes_of(diagnosis) == "sig.length:DKIM-Signature");
  CHECK(diagnosis.header.state == State::changed);
  CHECK(diagnosis.key == KeyState::unknown);
}

TEST_CASE("z= is compared first") {
  Message message = sign(plain(), rsa());
  message.header.front().value.insert(0, " z=Subject:=20Your=20order;");
  set_field(message, "Subject", " Completely different");
  // The field itself was changed as well, and so nothing can be proved: what counts is that the
  // search ends.
  CHECK(examine(message, std::vector{record_of(*rsa())}, 5'000).header.state == State::changed);
}

TEST_CASE("what large fields may have been is bounded") {
  dkim::Signature signature;
  mail::HeaderSection header;
  for (const char* const name : {"To", "Cc", "Bcc", "Reply-To", "Resent-To"}) {
    std::string value;
    while (value.size() < 8'000) {
      value += " User Name <u" + std::to_string(value.size()) + "@" + std::string(150, 'x') + ">,";
    }
    for (int i = 0; i < 4; ++i) {
      signature.signed_names.push_back(mail::to_lower(name));
      header.push_back({name, value + std::to_string(i)});
    }
  }
  Budget budget(1'000, std::chrono::seconds(1), [] { return std::chrono::nanoseconds(0); });
  std::size_t octets = 0;
  const FieldHints hints{.header = &header};
  for (const SignedName& name : find_options(signature, nullptr, header, hints, budget).names) {
    for (const NameOption& option : name.options) {
      for (const std::string& text : option.texts) {
        octets += text.size();
      }
    }
  }
  CHECK(octets > 1'000'000);
  CHECK(octets < max_option_octets);
}

TEST_CASE("hostile messages are bounded") {
  const std::vector<dkim::KeyRecord> keys = {record_of(*rsa())};
  Message message = sign(plain(), rsa());
  SECTION("a deep multipart") {
    std::string nested;
    for (int i = 0; i < 5'000; ++i) {
      nested += "--b" + std::to_string(i) + "\r\nContent-Type: multipart/mixed; boundary=b" +
                std::to_string(i + 1) + "\r\n\r\n";
    }
    set_field(message, "Content-Type", " multipart/mixed; boundary=b0");
    message.body = nested;
  }
  SECTION("many fields of a signed name") {
    for (int i = 0; i < 3'000; ++i) {
      message.header.push_back({"Subject", " [x] " + std::to_string(i)});
    }
  }
  SECTION("one long line") {
    message.body = std::string(1'000'000, 'x');
  }
  SECTION("empty lines") {
    message.body = std::string(100'000, '\n');
    replace_all(message.body, "\n", "\r\n");
    message.body += "x";
  }
  SECTION("a charset that is none") {
    set_field(message, "Content-Type", " text/plain; charset=\"../../x//TRANSLIT\"");
    message.body += "\xff\xfe";
  }
  const SignatureDiagnosis diagnosis = examine(message, keys, 20'000);
  CHECK(diagnosis.hashes <= 20'000);
  CHECK((diagnosis.body.state != State::same || diagnosis.header.state != State::same));
}

}  // namespace
}  // namespace sekisho::dkim_diagnosis
