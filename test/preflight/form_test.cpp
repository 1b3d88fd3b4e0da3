// Messages with one defect each: the ids that must come out, and no other, in any chunks and with
// either line end.
#include "preflight/shop.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::preflight {
namespace {

using test::changed;
using test::clean_message;
using test::clean_newsletter;
using test::Departure;
using test::examine;
using test::ids_of;

/// In the clean message `from` becomes `to`; then `error`, `warning` and `advice` are found.
struct Defect {
  std::string from;
  std::string to;
  std::string error;
  std::string warning;
  std::string advice;
};

const std::string from_field = "From: \"Shop Example\" <news@shop.example>\r\n";
const std::string to_field = "To: Ann <ann@gmail.com>\r\n";
const std::string subject = "Subject: Your order\r\n";
const std::string date = "Date: Tue, 01 Dec 2026 09:30:00 +0000\r\n";
const std::string message_id = "Message-ID: <20261201.0930.1@shop.example>\r\n";
const std::string version = "MIME-Version: 1.0\r\n";
const std::string type = "Content-Type: text/plain; charset=utf-8\r\n";
const std::string encoding = "Content-Transfer-Encoding: 7bit\r\n";
const std::string body = "Hello Ann,\r\n";
const std::string cover = "dkim.cover";

std::string multipart(const std::string& parameters) {
  return "Content-Type: multipart/mixed" + parameters + "\r\n";
}
std::string repeated(const std::string& text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) {
    result += text;
  }
  return result;
}
std::string words(std::size_t count) {
  return repeated("word ", count);
}

const std::vector<Defect>& defects() {
  static const std::vector<Defect> all{
      {"Shop Example", "Shop Example", "", "", ""},
      // From (RFC 5322 §3.6.2)
      {from_field, "", "from.missing", "", ""},
      {from_field, from_field + "From: b@shop.example\r\n", "from.many-fields", "", ""},
      {from_field, from_field + from_field + from_field, "from.many-fields", "", ""},
      {from_field, "From: a@shop.example, b@shop.example\r\n", "from.many-authors", "", ""},
      {from_field, "From: a@shop.example, b@shop.example\r\nSender: a@shop.example\r\n", "",
       "from.many-authors", ""},
      {from_field, "From:\r\n", "from.syntax", "", ""},
      {from_field, "From: Shop\r\n", "from.syntax", "", ""},
      {from_field, "From: <>\r\n", "from.syntax", "", ""},
      {from_field, "From: news@\r\n", "from.syntax", "", ""},
      {from_field, "From: <news@shop.example\r\n", "from.syntax", "", ""},
      {from_field, "From: news@@shop.example\r\n", "from.syntax", "", ""},
      {from_field, "From: news@[203.0.113.5]\r\n", "from.syntax", "", ""},
      {from_field, "From: news@shop..example\r\n", "from.syntax", "", ""},
      {from_field, "From: team:;\r\n", "from.syntax", "", ""},
      {from_field, "From: Shop, Inc <news@shop.example>\r\n", "", "from.syntax", ""},
      {from_field, "From: Shop Ex. Ltd. <news@shop.example>\r\n", "", "", "from.syntax"},
      {from_field, "From: news@shop.example\r\n", "", "", ""},
      {from_field, "From: (Shop) news@shop.example\r\n", "", "", ""},
      {from_field, "From: =?utf-8?q?L=C3=A4den?= <news@shop.example>\r\n", "", "", ""},
      {from_field, "From: =?utf-8?q?news=40shop=2Eexample?= <news@shop.example>\r\n", "", "", ""},
      // Display names (peers' tricks)
      {from_field, "From: \"boss@bank.example\" <news@shop.example>\r\n", "", "display.trick", ""},
      {from_field, "From: =?utf-8?q?boss=40bank=2Eexample?= <news@shop.example>\r\n", "",
       "display.trick", ""},
      {from_field, "From: \"news@shop.example\" <news@shop.example>\r\n", "", "", ""},
      {from_field, "From: =?utf-8?q?Shop=E2=80=AE?= <news@shop.example>\r\n", "", "display.trick",
       ""},
      {from_field, "From: =?utf-8?q?Sh=D0=BEp?= <news@shop.example>\r\n", "", "display.trick", ""},
      {from_field, "From: =?utf-8?q?Shop_=D0=A1=D0=BE=D1=8E=D0=B7?= <news@shop.example>\r\n", "",
       "", ""},
      // Doubles (RFC 5322 §3.6, RFC 2045 §4)
      {date, date + date, "field.double", "", ""},
      {to_field, to_field + "To: b@gmail.com\r\n", "field.double", "", ""},
      {to_field, to_field + "Cc: b@gmail.com\r\nCc: c@gmail.com\r\n", "field.double", "", ""},
      {subject, subject + "SUBJECT: again\r\n", "field.double", "", ""},
      {message_id, message_id + "Message-Id: <b@shop.example>\r\n", "field.double", "", ""},
      {version, version + version, "field.double", "", ""},
      {type, type + type, "field.double", "", ""},
      {encoding, encoding + encoding, "field.double", "", ""},
      {subject, subject + "Reply-To: a@shop.example\r\nReply-To: b@shop.example\r\n",
       "field.double", "", ""},
      {subject, subject + "Sender: a@shop.example\r\nSender: b@shop.example\r\n", "field.double",
       "", ""},
      {subject, subject + "In-Reply-To: <a@b.example>\r\nIn-Reply-To: <c@b.example>\r\n",
       "field.double", "", ""},
      {subject, subject + "References: <a@b.example>\r\nReferences: <c@b.example>\r\n",
       "field.double", "", ""},
      {subject, subject + "X-Note: one\r\nX-Note: two\r\n", "", "", ""},
      {subject, subject + "Received: from a by b; x\r\nReceived: from b by c; y\r\n", "", "", ""},
      // Fields as such (RFC 5322 §2.2)
      {subject, subject + "this is no field\r\n", "field.syntax", "", ""},
      {subject, "Subject : Your order\r\n", "", "", "field.syntax"},
      {to_field, "To: Ann <ann@gmail.com\r\n", "", "field.syntax", ""},
      {to_field, "To: ann@gmail.com,, bob@gmail.com\r\n", "", "field.syntax", ""},
      {to_field, "To: Ann\r\n", "", "field.syntax", ""},
      {to_field, "To: undisclosed-recipients:;\r\n", "", "", ""},
      {to_field, "To: J. Q. Public <ann@gmail.com>\r\n", "", "", ""},
      // Date (RFC 5322 §3.3)
      {date, "", "date.missing", "", ""},
      {date, "Date:\r\n", "date.syntax", "", ""},
      {date, "Date: yesterday\r\n", "date.syntax", "", ""},
      {date, "Date: 2026-12-01T09:30:00Z\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 01 Dec 2026 09:30:00\r\n", "date.syntax", "", ""},
      {date, "Date: Mon, 01 Dec 2026 09:30:00 +0000\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 31 Nov 2026 09:30:00 +0000\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 01 Dec 2026 24:30:00 +0000\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 01 Dec 2026 09:61:00 +0000\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 01 Dec 2026 09:30:00 +0060\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 01 Dec 2026 09:30:00 0000\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 01 Dez 2026 09:30:00 +0000\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 01 Dec 2026 9:30:00 +0000\r\n", "date.syntax", "", ""},
      {date, "Date: Tue 01 Dec 2026 09:30:00 +0000\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 01 Dec 2026 09:30:00 +0000 now\r\n", "date.syntax", "", ""},
      {date, "Date: Tue, 01 Dec 2026 09:30:00 GMT\r\n", "", "", "date.syntax"},
      {date, "Date: Tue, 01 Dec 26 09:30:00 +0000\r\n", "", "", "date.syntax"},
      {date, "Date: Tue, 01 Dec 2026 04:30:00 EST\r\n", "", "", "date.syntax"},
      {date, "Date: 1 Dec 2026 09:30 +0000\r\n", "", "", ""},
      {date, "Date: Tue, 1 Dec 2026 18:30:00 +0900 (JST)\r\n", "", "", ""},
      {date, "Date: Sun, 29 Nov 2026 09:30:00 +0000\r\n", "", "date.off", ""},
      {date, "Date: Thu, 03 Dec 2026 09:30:00 +0000\r\n", "", "date.off", ""},
      {date, "Date: Mon, 30 Nov 2026 11:30:00 +0000\r\n", "", "", ""},
      // Message-ID (RFC 5322 §3.6.4)
      {message_id, "", "msgid.missing", "", ""},
      {message_id, "Message-ID:\r\n", "msgid.empty", "", ""},
      {message_id, "Message-ID: <>\r\n", "msgid.empty", "", ""},
      {message_id, "Message-ID: 1@shop.example\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: <1.shop.example>\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: <1@shop.example\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: <1 2@shop.example>\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: <1@2@shop.example>\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: <@shop.example>\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: <1@>\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: <1@shop.example> <2@shop.example>\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: <a:b@shop.example>\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: <a..b@shop.example>\r\n", "", "", "msgid.syntax"},
      {message_id, "Message-ID: <\"a b\"@shop.example>\r\n", "", "", "msgid.syntax"},
      {message_id, "Message-ID: <1@localhost>\r\n", "", "", "msgid.foreign"},
      {message_id, "Message-ID: <1@other.example>\r\n", "", "", "msgid.foreign"},
      {message_id, "Message-ID: <1@[203.0.113.5]>\r\n", "", "", "msgid.foreign"},
      {message_id, "Message-ID: <1@host7.shop.example>\r\n", "", "", ""},
      {message_id, "Message-ID: (by us) <1@shop.example>\r\n", "", "", ""},
      {message_id, "Message-ID:\r\n <1@shop.example>\r\n", "", "", ""},
      // Recipients (RFC 5322 §3.6.3)
      {to_field, "", "", "to.none", ""},
      {to_field, "Cc: ann@gmail.com\r\n", "", "", ""},
      {to_field, to_field + "Bcc: eve@gmail.com\r\n", "", "bcc.shown", ""},
      {to_field, to_field + "Bcc:\r\n", "", "", ""},
      // Lines (RFC 5322 §2.1.1)
      {body, std::string(999, 'x') + "\r\n", "line.998", "", ""},
      {body, std::string(998, 'x') + "\r\n", "", "", "line.78"},
      {body, std::string(79, 'x') + "\r\n", "", "", "line.78"},
      {body, std::string(78, 'x') + "\r\n", "", "", ""},
      {subject, "Subject: " + words(199) + "\r\n", "line.998", "", ""},
      {subject, "Subject: " + words(20) + "\r\n", "", "", "line.78"},
      // Octets (RFC 5321 §2.3.8, RFC 5322 §2.3, RFC 6532)
      {body, "Hello\rAnn,\r\n", "bytes.bare-cr", "", ""},
      {body, "Hello Ann,\r\r\n", "bytes.bare-cr", "", ""},
      {body, "Hello Ann,\r\nbye\r", "bytes.bare-cr", "", ""},
      {body, std::string("Hello \0 Ann,\r\n", 14), "bytes.nul", "", ""},
      {subject, "Subject: caf\xc3\xa9\r\n", "bytes.8bit-header", "", ""},
      {subject, "Subject: caf\xe9\r\n", "bytes.8bit-header", "", ""},
      {"Shop Example", "Caf\xe9", "bytes.8bit-header", "", ""},
      {body, "caf\xc3\xa9\r\n", "bytes.8bit-body", "", ""},
      {encoding + "\r\n" + body, "Content-Transfer-Encoding: 8bit\r\n\r\ncaf\xc3\xa9\r\n", "", "",
       "bytes.8bit-body"},
      {encoding + "\r\n" + body,
       "Content-Transfer-Encoding: quoted-printable\r\n\r\ncaf\xc3\xa9\r\n", "bytes.8bit-body", "",
       ""},
      // Encoded words (RFC 2047)
      {subject, "Subject: =?utf-8?q?caf=C3=A9?=\r\n", "", "", ""},
      {subject, "Subject: =?utf-8?b?Y2Fmw6k=?=\r\n", "", "", ""},
      {subject, "Subject: =?utf-8?q?caf=C3=A9\r\n", "", "word.syntax", ""},
      {subject, "Subject: =?utf-8?q?my cafe?=\r\n", "", "word.syntax", ""},
      {subject, "Subject: =?utf-8?x?cafe?=\r\n", "", "word.syntax", ""},
      {subject, "Subject: =?utf-8?b?Y2F*?=\r\n", "", "word.syntax", ""},
      {subject, "Subject: =?utf-8?q?caf=E9?=\r\n", "", "word.syntax", ""},
      {subject, "Subject: =?klingon?q?cafe?=\r\n", "", "word.syntax", ""},
      {subject, "Subject: =?utf-8?q?" + std::string(64, 'a') + "?=\r\n", "", "word.75", "line.78"},
      {to_field, "To: \"=?utf-8?q?Ann?=\" <ann@gmail.com>\r\n", "", "word.place", ""},
      {to_field, "To: =?utf-8?q?Ann?= <ann@gmail.com>\r\n", "", "", ""},
      {to_field, "To: ann@gmail.com (=?utf-8?q?Ann?=)\r\n", "", "", ""},
      {subject, subject + "In-Reply-To: =?utf-8?q?a?=\r\n", "", "word.place", ""},
      // Size and folds (RFC 5322 §3.2.2)
      {subject, "Subject: Your order\r\n  \r\n in two lines\r\n", "", "", "fold.wsp-only"},
      {subject, "Subject: Your order\r\n in two lines\r\n", "", "", ""},
      {subject, "X-Data: a" + repeated("\r\n " + std::string(70, 'x'), 850) + "\r\n", "header.size",
       "", ""},
      {subject, repeated("X-Data: " + std::string(60, 'x') + "\r\n", 500), "", "header.size", ""},
      // MIME (RFC 2045, RFC 2046)
      {version, "", "", "mime.version", ""},
      {version, "MIME-Version: 1.1\r\n", "", "mime.version", ""},
      {version, "MIME-Version: 1.0 (made by hand)\r\n", "", "", ""},
      {type, "Content-Type: text\r\n", "mime.type", "", ""},
      {type, "Content-Type: text/plain charset=utf-8\r\n", "mime.type", "", ""},
      {type, "Content-Type: text/plain; charset=\r\n", "mime.type", "", ""},
      {type, "Content-Type: text/plain; charset=\"utf-8\r\n", "mime.type", "", ""},
      {type, "Content-Type: text/plain;\r\n", "", "", ""},
      {type, "Content-Type: TEXT/Plain; CharSet=\"UTF-8\" (yes)\r\n", "", "", ""},
      {type, "Content-Type: text/plain; charset=klingon\r\n", "", "mime.charset", ""},
      {type, "Content-Type: text/plain; charset=\"\"\r\n", "", "mime.charset", ""},
      {type, multipart(""), "mime.boundary", "", ""},
      {type, multipart("; boundary=\"\""), "mime.boundary", "", ""},
      {type, multipart(";\r\n boundary=\"" + std::string(71, 'b') + "\""), "mime.boundary", "",
       "line.78"},
      {type, multipart("; boundary=b1"), "mime.boundary", "", ""},
      {encoding, "Content-Transfer-Encoding: 7-bit\r\n", "mime.cte", "", ""},
      {encoding, "Content-Transfer-Encoding: uuencode\r\n", "mime.cte", "", ""},
      {encoding + "\r\n" + body, "Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n", "",
       "mime.base64", ""},  // what follows is no base64
      // Quoted pairs and comments (RFC 5322 §3.2.1, §3.2.2)
      {type, "Content-Type: text/plain; charset=\"ut\\f-8\"\r\n", "", "", ""},
      {type, "Content-Type: text/plain; charset=\"utf-8\\\"\r\n", "mime.type", "", ""},
      {type, "Content-Type: text/plain (a \\) (b) c); charset=utf-8\r\n", "", "", ""},
      {type, "Content-Type: text/plain (a\r\n", "mime.type", "", ""},
      {type, "Content-Type: /plain\r\n", "mime.type", "", ""},
      {type, "Content-Type: text/; charset=utf-8\r\n", "mime.type", "", ""},
      {message_id, "Message-ID: (a <1@shop.example>\r\n", "msgid.syntax", "", ""},
      {message_id, "Message-ID: < >\r\n", "msgid.empty", "", ""},
      {to_field, "To: \"a \\\" b\" =?utf-8?q?Ann?= <ann@gmail.com>\r\n", "", "", ""},
      {to_field, "To: (a (b) \\) c) =?utf-8?q?Ann?= <ann@gmail.com>\r\n", "", "", ""},
      {to_field, "To: (\") =?utf-8?q?Ann?= <ann@gmail.com>\r\n", "", "", ""},
      {to_field, "To: Ann <=?utf-8?q?ann?=@gmail.com>\r\n", "word.place", "field.syntax", ""},
      {to_field, "To: <a@b.example> (x), =?utf-8?q?Ann?= <ann@gmail.com>\r\n", "", "", ""},
      {to_field, "To: a=?utf-8?q?Ann?= <ann@gmail.com>\r\n", "", "word.place", ""},
      {"\"Shop Example\"", "\"Shop \\\"x. y\\\" <\"", "", "", ""},
      {"\"Shop Example\"", "Shop (a. (b.) c.)", "", "", ""},
      {"Shop Example", "boss@bank.example.", "", "display.trick", ""},
      // Loops (RFC 5321 §6.3), BIMI
      {subject, subject + repeated("Received: from a by b; x\r\n", 51), "received.hops", "", ""},
      {subject, subject + repeated("Received: from a by b; x\r\n", 50), "", "", ""},
      {subject, subject + "BIMI-Location: v=BIMI1; l=https://shop.example/l.svg\r\n", "",
       "bimi.selector", ""},
      {subject, subject + "BIMI-Selector: v=BIMI1; s=brand\r\n", "", "bimi.selector", ""},
  };
  return all;
}

const std::string part = "--b1\r\nContent-Type: text/plain\r\n\r\nHello\r\n";
std::string multipart_message() {
  return changed(changed(clean_message, type, multipart("; boundary=b1")),
                 body + "your parcel is on its way.\r\n",
                 part + "--b1\r\nContent-Type: text/html; charset=utf-8\r\n" +
                     "Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n--b1--\r\n");
}

const std::vector<Defect> multipart_defects{
    {"Hello", "Hello", "", "", ""},
    {"--b1--\r\n", "", "", "mime.boundary", ""},
    {"--b1--\r\n", "--b1--\r\nepilogue\r\n", "", "", ""},
    {"--b1--\r\n", "--b1--  \r\n", "", "", ""},
    {"--b1--\r\n", "--b1-x\r\n--b1--\r\n", "", "mime.base64", ""},
    {"text/html; charset", "text/html;\r\n charset", "", "", ""},
    {"text/html; charset=utf-8", "text/html;\r\n charset=none-such", "", "mime.charset", ""},
    {"SGVsbG8=", "SGVs!G8=", "", "mime.base64", ""},
    {"SGVsbG8=", repeated("SGVs", 20), "", "mime.base64", "line.78"},
    {"SGVsbG8=", "SGVsbG8=\r\nSGVs", "", "mime.base64", ""},
    {"SGVsbG8=", repeated("SGVs", 19), "", "", ""},
    {"charset=utf-8\r\nContent", "charset=none-such\r\nContent", "", "mime.charset", ""},
    {"Content-Type: text/html; charset=utf-8", "Content-Type: html", "", "mime.type", ""},
    {"base64", "base-64", "mime.cte", "", ""},
    {"7bit", "base64", "mime.cte", "", ""},
    {"7bit", "8bit", "", "", ""},
    {"Hello\r\n", "caf\xc3\xa9\r\n", "bytes.8bit-body", "", ""},
    {part,
     "--b1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n--b2\r\n\r\na\r\n--b2--\r\n",
     "", "", ""},
    {part, "--b1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n--b2\r\n\r\na\r\n", "",
     "mime.boundary", ""},
    {part, "--b1\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/x\r\n\r\na\r\n",
     "mime.boundary", "", ""},
};

const std::vector<Defect> newsletter_defects{
    {"List-Id", "List-Id", "", "", ""},
    {"List-Id: <news.shop.example>\r\n", "", "", "", "list.id"},
    {"<https://shop.example/u/4f9c1d77e2b04a>,\r\n ", "", "unsub.url", "", ""},
    {"<https://shop.example/u/4f9c1d77e2b04a>,\r\n ",
     "<https://shop.example/u/4f9c1d77e2b04a>,\r\n <https://b.example/u/1>, ", "unsub.url", "", ""},
    {"<https://shop.example/u/4f9c1d77e2b04a>,", "https://shop.example/u/4f9c1d77e2b04a,",
     "unsub.url", "", ""},
    {"<https://shop.example/u/4f9c1d77e2b04a>,", "<https://shop.example/u/4f9c1d77e2b04a>",
     "unsub.url", "", ""},
    {"<https://shop.example/u/4f9c1d77e2b04a>,", "(leave) <https://shop.example/u/4f9c1d77e2b04a>,",
     "", "", ""},
    {"https://", "http://", "unsub.url", "", ""},
    {"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "", "", "", "unsub.post"},
    {"=One-Click", "=one-click", "unsub.post", "", ""},
    {"=One-Click", " = One-Click", "unsub.post", "", ""},
    {"List-Unsubscribe=One-Click", "\"List-Unsubscribe=One-Click\"", "unsub.post", "", ""},
    {"List-Unsubscribe=One-Click", "  List-Unsubscribe=One-Click", "unsub.post", "", ""},
    {"List-Unsubscribe=One-Click\r\n",
     "List-Unsubscribe=One-Click\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
     "unsub.post", "", ""},
    {"List-Unsubscribe-Post",
     "List-Unsubscribe: <https://shop.example/u/4f9c1d77e2b04b>\r\nList-Unsubscribe-Post",
     "unsub.url", "", ""},
    {"u/4f9c1d77e2b04a", "unsubscribe", "", "unsub.opaque", ""},
    {"u/4f9c1d77e2b04a", "u?a=ann@gmail.com", "", "unsub.opaque", ""},
    {"u/4f9c1d77e2b04a", "u?a=ann%40gmail.com&t=4f9c1d77e2b04a", "", "unsub.opaque", ""},
    {"List-Unsubscribe: <https://shop.example/u/4f9c1d77e2b04a>,\r\n "
     "<mailto:leave@shop.example>\r\n",
     "", "unsub.url", "", ""},
};

std::string as_file(std::string text) {
  std::erase(text, '\r');
  return text;
}

void expect(const std::string& message, const Defect& defect, const Departure& departure) {
  const Report report = examine(message, departure);
  CAPTURE(defect.from, defect.to.substr(0, 100), departure.chunk);
  CHECK(ids_of(report, Level::error) == defect.error);
  CHECK(ids_of(report, Level::warning) == defect.warning);
  CHECK(ids_of(report, Level::advice) == defect.advice);
}

bool has_lone_cr(const std::string& text) {
  return as_file(text).size() + static_cast<std::size_t>(std::ranges::count(text, '\n')) !=
         text.size();
}

void run(const std::string& clean, const std::vector<Defect>& rows) {
  for (const Defect& defect : rows) {
    const std::string message = changed(clean, defect.from, defect.to);
    Departure departure;
    // A message without one author, or one that is cut, cannot be signed as its own.
    departure.is_signed = true;
    expect(message, defect, departure);
    departure.chunk = message.size() > 10'000 ? 4'001 : 3;
    expect(message, defect, departure);
    if (!has_lone_cr(message)) {
      expect(as_file(message), defect, departure);
    }
  }
}

TEST_CASE("a message with one defect has that finding and no other") {
  run(clean_message, defects());
}

TEST_CASE("the parts of a multipart are read") {
  run(multipart_message(), multipart_defects);
}

TEST_CASE("a newsletter with one defect has that finding and no other (RFC 8058)") {
  run(clean_newsletter, newsletter_defects);
}

TEST_CASE("a file whose lines end in LF is read as such, and a mixture is not") {
  const std::string lines = as_file(clean_message);
  Departure departure;
  departure.is_signed = false;
  const auto errors = [&](const std::string& message) {
    return ids_of(examine(message, departure), Level::error);
  };
  CHECK(errors(lines).empty());
  CHECK(errors(clean_message).empty());
  CHECK(errors(changed(clean_message, "Ann,\r\n", "Ann,\n")) == "bytes.bare-lf");
  CHECK(errors(changed(lines, "Ann,\n", "Ann,\r\n")) == "bytes.bare-lf");
  CHECK(errors("From shop Tue Dec  1 09:30:00 2026\n" + lines).empty());
}

TEST_CASE("with SMTPUTF8 header fields may hold UTF-8, and nothing else (RFC 6532)") {
  Departure departure;
  departure.request.envelope.smtputf8 = true;
  const auto ids = [&](const char* text) {
    return ids_of(examine(changed(clean_message, "Your order", text), departure));
  };
  CHECK(ids("caf\xc3\xa9").empty());
  CHECK(ids("caf\xe9") == "bytes.8bit-header");
}

TEST_CASE("a message may end anywhere") {
  for (std::size_t size = 0; size <= clean_newsletter.size(); size += 7) {
    Departure departure;
    departure.is_signed = false;
    const Report report = examine(clean_newsletter.substr(0, size), departure);
    for (const Finding& finding : report.findings) {
      CHECK(printable(finding.evidence, 1'000) == finding.evidence);
    }
  }
}

TEST_CASE("what is found tells where") {
  const Report report =
      examine(changed(clean_message, "=utf-8\r\n", "=utf-8\r\nX-Note: caf\xe9\r\n"), [] {
        Departure departure;
        departure.is_signed = false;
        return departure;
      }());
  REQUIRE(report.findings.front().id == Id::bytes_8bit_header);
  CHECK(report.findings.front().where.field == "X-Note");
  CHECK(report.findings.front().where.line == 8);
  CHECK(report.findings.front().where.offset == clean_message.find("Content-Transfer"));
}

}  // namespace
}  // namespace sekisho::preflight
