// The candidates that are tried, one kind of repair at a time.
#include "dkim_diagnosis/body_repairs.hpp"
#include "dkim_diagnosis/content_coding.hpp"
#include "dkim_diagnosis/header_field_repairs.hpp"
#include "dkim_diagnosis/mime_parts.hpp"
#include "dkim_diagnosis/repair.hpp"

#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::dkim_diagnosis {
namespace {

using Texts = std::set<std::string>;

Texts values_of(const FieldRepairs& repairs) {
  Texts values;
  for (const FieldRepair& repair : repairs) {
    values.insert(repair.field.value);
  }
  return values;
}

using Add = void (*)(const mail::HeaderField&, FieldRepairs&);

Texts values_of(Add add, const std::string& name, const std::string& value) {
  FieldRepairs repairs;
  add({name, value}, repairs);
  return values_of(repairs);
}

using Repairing = bool (*)(const BodyView&, const RepairSink&);

// All bodies that a kind of repair tries.
Texts bodies_of(Repairing repairing, const std::string& body, const Content& content = {},
                const std::vector<std::string>& boundaries = {}) {
  Texts bodies;
  const BodyView view(body, content, boundaries);
  CHECK_FALSE(repairing(view, [&](const Repair& repair) {
    bodies.insert(spliced(body, repair.splices));
    return false;
  }));
  return bodies;
}

struct Case {
  std::string now;
  std::string was;  // "" : nothing is tried
};

TEST_CASE("a date in other forms is the same moment", "[dkim_diagnosis]") {
  const Case cases[] = {
      {" Mon, 21 Sep 2026 12:00:05 +0200", " Mon, 21 Sep 2026 10:00:05 GMT"},
      {" Mon, 21 Sep 2026 12:00:05 +0200", " 21 Sep 2026 05:30:05 -0430"},
      {" Mon, 21 Sep 2026 12:00:05 +0200", " Mon, 21 Sep 2026 15:45:05 +0545"},
      {" Mon, 21 Sep 2026 23:30:00 -0100", " Tue, 22 Sep 2026 02:30:00 +0200 (EET)"},
      {" 1 Sep 2026 00:10 +0100", " Mon, 31 Aug 2026 23:10:00 +0000 (UTC)"},
      {" 1 Sep 2026 00:10 +0100", " Tue, 1 Sep 2026 00:10 +0100 (CET)"},
      {" Tue, 01 Sep 2026 00:10:09 Z", " Mon, 31 Aug 2026 12:10:09 -1200"},
      {" Tue, 01 Sep 2026 00:10:09 UT", " 01 Sep 2026 14:10:09 +1400"},
      {" Tue, 01 dec 2026 00:10:09 UTC", " Tue, 01 Dec 2026 00:10:09 -0000"},
      {" Tue, 01 Jan 2030 00:10:09 UTC", " Tue, 1 Jan 2030 05:40:09 +0530 (IST)"},
      {" Tue, 1 Sep 2026 00:10:09", ""},
      {" Tue, 1 Sep 2026 00:1 UTC", ""},
      {" Tue, 31 Sep 2026 00:10:00 UTC", ""},
      {" Tue, 1 Sap 2026 00:10:00 UTC", ""},
      {" Tue, 1 Sep 2026 00:10:00 CEST", ""},
      {" Tue, 1 Sep 2026 00:10:00 *0200", ""},
      {"", ""},
  };
  for (const auto& [now, was] : cases) {
    CAPTURE(now, was);
    const Texts values = values_of(add_date_repairs, "Date", now);
    CHECK(values.empty() == was.empty());
    CHECK((was.empty() || values.contains(was)));
  }
}

TEST_CASE("encoded words are written and read", "[dkim_diagnosis]") {
  const Case cases[] = {
      {" =?utf-8?Q?F=C3=BCr?=", " F\u00fcr"},
      {" =?utf-8?Q?F=C3=BCr?= =?utf-8?B?w7xy?=", " F\u00fcr\u00fcr"},
      {" a =?utf-8?Q?=C3=BC?= b", " a \u00fc b"},
      {" =?utf-8?Q?=C3=BC?= b =?utf-8?Q?=C3=BC_?=\r\n\t=?utf-8?q?c?=", " \u00fc b \u00fc c"},
      {" =?iso-8859-1?Q?=FC?= =?x =?=", " \u00fc =?x =?="},
      {" \u00fcber alles", " =?UTF-8?Q?=C3=BCber?= alles"},
      {" \u00fcber", " =?UTF-8?B?w7xiZXI=?="},
      {" Gr\u00fc\u00dfe an \u00fc all", " =?UTF-8?Q?Gr=C3=BC=C3=9Fe_an_=C3=BC?= all"},
      {" an \u00fc.", " an =?UTF-8?Q?=C3=BC=2E?="},
      {" an \u00fc.", " an =?UTF-8?Q?=C3=BC.?="},
      {" \u00fc", " \xfc"},
      {" \xfc", " \u00fc"},
      {" plain", ""},
  };
  for (const auto& [now, was] : cases) {
    CAPTURE(now, was);
    const Texts values = values_of(add_word_repairs, "Subject", now);
    CHECK(values.empty() == was.empty());
    CHECK((was.empty() || values.contains(was)));
  }
}

TEST_CASE("a subject without what was added", "[dkim_diagnosis]") {
  const Case cases[] = {
      {" [l] Order", " Order"},     {" Re: [l] Order", " Re: Order"},
      {" Order [l] 2", " Order 2"}, {" Order (fwd)", " Order"},
      {" a: Order", " Order"},      {" *SPAM* Order", " Order"},
      {" [l]Order", " Order"},      {" =?utf-8?Q?=5Bl=5D_=C3=BC?=", " =?utf-8?Q?=C3=BC?="},
  };
  for (const auto& [now, was] : cases) {
    CAPTURE(now, was);
    CHECK(values_of(add_subject_repairs, "Subject", now).contains(was));
  }
  CHECK(values_of(add_subject_repairs, "Subject", " Order").empty());
  CHECK(values_of(add_subject_repairs, "Subject", " [l] " + std::string(996, 'x')).empty());
  CHECK_FALSE(values_of(add_subject_repairs, "Subject", " [l] " + std::string(995, 'x')).empty());
}

TEST_CASE("lists of addresses in other forms", "[dkim_diagnosis]") {
  const Case cases[] = {
      {" Ann <a@x.example>", " \"Ann\" <a@x.example>"},
      {" \"Ann\" <a@x.example>", " Ann <a@x.example>"},
      {" a@x.example (Ann)", " Ann <a@x.example>"},
      {" Ann <a@x.example>", " a@x.example (Ann)"},
      {" <a@x.example>", " a@x.example"},
      {" a@x.example", " <a@x.example>"},
      {" a@X.Example", " a@x.example"},
      {" a@x.example", " a@X.example"},
      {" A@x.example", " A@X.example"},
      {" a@x.example, b@x.example", " b@x.example, a@x.example"},
      {" a@x.example, b@x.example, c@x.example", " a@x.example, c@x.example, b@x.example"},
      {" a@x.example, b@x.example, c@x.example", " a@x.example, b@x.example"},
      {" a@x.example, b@x.example, c@x.example", " b@x.example, c@x.example"},
      {" a@x.example,b@x.example", " a@x.example,\r\n\tb@x.example"},
      {" \"A, B\" <a@x.example>, b@x.example", " b@x.example, \"A, B\" <a@x.example>"},
      {" A-B <a@x.example>, C D <b@x.example>", " \"A-B\" <a@x.example>, C D <b@x.example>"},
      {" A B <a@x.example>, C D <b@x.example>", " A B <a@x.example>, b@x.example"},
  };
  for (const auto& [now, was] : cases) {
    CAPTURE(now, was);
    CHECK(values_of(add_address_repairs, "To", now).contains(was));
  }
  std::string many = " a@x.example";
  for (int i = 1; i < 50; ++i) {
    many += ", a@x.example";
  }
  CHECK_FALSE(values_of(add_address_repairs, "To", many).empty());
  CHECK(values_of(add_address_repairs, "To", many + ", a@x.example").empty());
}

TEST_CASE("each rule for a line", "[dkim_diagnosis]") {
  const Case cases[] = {
      {">From x\r\n", "From x\r\n"},
      {">>From x\r\n", ">From x\r\n"},
      {"From x\r\n", ">From x\r\n"},
      {"..x\r\n", ".x\r\n"},
      {".x\r\n", "..x\r\n"},
      {"--\r\n", "-- \r\n"},
      {"x \t\r\n", "x\r\n"},
      {"  \r\n", "\r\n"},
      {"ab\tc\r\n", "ab      c\r\n"},
      {"ab\tc\r\n", "ab  c\r\n"},
      {"ab\tc\r\n", "ab c\r\n"},
      {"ab      c\r\n", "ab\tc\r\n"},
      {"ab  c\r\n", "ab\tc\r\n"},
      {"a\xc2\xa0z\r\n", "a z\r\n"},
      {"a=A0z\r\n", "a=20z\r\n"},
      {"x\r\r\n", "x\r\n"},
      {"x\r\n", "x\n"},
      {"x\r\n", "x\r\r\n"},
      {"x\ry\r\n", "x\r\ny\r\n"},
      {" x\r\n", "x\r\n"},
      {">x\r\n", " >x\r\n"},
  };
  for (const auto& [now, was] : cases) {
    CAPTURE(now, was);
    CHECK(bodies_of(repair_lines, now).contains(was));
  }
  // What fits any line is tried on one line only, elsewhere.
  const Texts bodies = bodies_of(repair_lines, "a b\r\n");
  for (const char* const any : {".a b\r\n", "a b \r\n", "a\tb\r\n", "a b"}) {
    CAPTURE(any);
    CHECK_FALSE(bodies.contains(any));
  }
}

TEST_CASE("lines that were cut are joined", "[dkim_diagnosis]") {
  const std::string long_line(70, 'x');
  const Case cases[] = {
      {long_line + "\r\n yy\r\n", long_line + "yy\r\n"},
      {std::string(69, 'x') + "!\r\n yy\r\n", std::string(69, 'x') + "yy\r\n"},
      {long_line + "\r\nyy\r\n", long_line + " yy\r\n"},
      {long_line + "\r\nyy\r\n", long_line + "yy\r\n"},
      {std::string(69, 'x') + "=\r\nyy\r\n", std::string(69, 'x') + "yy\r\n"},
  };
  for (const auto& [now, was] : cases) {
    CAPTURE(now, was);
    CHECK(bodies_of(repair_wrapping, now).contains(was));
  }
  CHECK_FALSE(bodies_of(repair_wrapping, std::string(59, 'x') + "\r\n yy\r\n")
                  .contains(std::string(59, 'x') + "yy\r\n"));
  CHECK(bodies_of(repair_wrapping, long_line + "\r\n\r\nyy\r\n").empty());
}

TEST_CASE("a link ends where its text does", "[dkim_diagnosis]") {
  const std::string old = "https://a.example/";
  const std::string filter = "https://f.example/?url=https%3A%2F%2Fa.example%2F";
  for (const char* const end : {" ", "\t", "\r\n", "\"", "'", "<", ">", ")", "]", ")]"}) {
    CAPTURE(end);
    CHECK(bodies_of(repair_links, "see " + filter + end + "x\r\n")
              .contains("see " + old + end + "x\r\n"));
  }
  CHECK(bodies_of(repair_links, "see " + filter + " " + filter + " x\r\n")
            .contains("see " + old + " " + old + " x\r\n"));
  CHECK(bodies_of(repair_links, "https://f.example/?x=https%3A%2F%2Fa.example%2F\r\n").empty());
  CHECK(bodies_of(repair_links, "https://f.example/?url=a.example\r\n").empty());
}

TEST_CASE("additions at the end of a part", "[dkim_diagnosis]") {
  const Content plain{"text/plain", ""};
  const Content html{"text/html", ""};
  CHECK(bodies_of(repair_part_tails, "a\r\nb\r\nc\r\n", plain) == Texts{"", "a\r\n", "a\r\nb\r\n"});
  const Texts bodies = bodies_of(repair_part_tails, "<p>a</p><b>x</b></BODY></html>\r\n", html);
  CHECK(bodies.contains("<p>a</p></BODY></html>\r\n"));
  CHECK(bodies.contains("<p>a</p><b>x</b></BODY>"));
  CHECK(bodies_of(repair_part_tails, "a\r\nb\r\n", {"image/png", ""}).empty());
  const std::size_t most = std::size_t{2} * 1024 * 1024;
  CHECK_FALSE(bodies_of(repair_part_tails, std::string(most, 'x'), plain).empty());
  CHECK(bodies_of(repair_part_tails, std::string(most + 1, 'x'), plain).empty());
  CHECK(
      bodies_of(repair_part_tails, "YQ0KYg0K\r\n", {"text/plain", "base64"}).contains("YQ0K\r\n"));
}

TEST_CASE("a boundary and the lines around it", "[dkim_diagnosis]") {
  const Content content{"multipart/mixed; boundary=new", ""};
  const std::string body =
      "--new\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\n"
      "x\r\n--in--\r\n--new--\r\n";
  std::string old = body;
  for (std::size_t at = old.find("--new"); at != std::string::npos; at = old.find("--new")) {
    old.replace(at, 5, "--o");
  }
  CHECK(bodies_of(repair_boundary, body, content, {"new", "o"}) == Texts{old});
  CHECK(bodies_of(repair_boundary, body, content).empty());
  CHECK(bodies_of(unwrap_first_part,
                  "--new\r\nA: b\r\n\r\nhello\r\n--new\r\n\r\nfooter\r\n--new--\r\n",
                  content) == Texts{"hello\r\n"});
}

TEST_CASE("a part whose field for the coding is new", "[dkim_diagnosis]") {
  const Content content{"multipart/mixed; boundary=b", ""};
  const std::string head = "--b\r\nContent-Type: text/plain\r\n";
  const std::string now =
      head + "Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db\r\n--b--\r\n";
  const Texts bodies = bodies_of(repair_coding, now, content);
  CHECK(bodies.contains(head + "\r\na=b\r\n--b--\r\n"));
  CHECK(bodies.contains(head + "Content-Transfer-Encoding: 8bit\r\n\r\na=b\r\n--b--\r\n"));
}

TEST_CASE("a charset converts all of a text or nothing", "[dkim_diagnosis]") {
  CHECK(convert_charset("\xfc", "iso-8859-1", "utf-8") == "\u00fc");
  CHECK(convert_charset("\u00fc", "utf-8", "iso-8859-1") == "\xfc");
  CHECK(convert_charset("a\xc3", "utf-8", "iso-8859-1") == std::nullopt);
  CHECK(convert_charset("\u20ac", "utf-8", "us-ascii") == std::nullopt);
  CHECK(convert_charset("a", "utf-8//TRANSLIT", "us-ascii") == std::nullopt);
  CHECK(convert_charset("a", "", "us-ascii") == std::nullopt);
  CHECK(convert_charset("a", "no-such-charset", "us-ascii") == std::nullopt);
}

TEST_CASE("at most 200 parts are told apart", "[dkim_diagnosis]") {
  const auto parts = [](std::size_t count) {
    std::string body;
    for (std::size_t i = 0; i < count; ++i) {
      body += "--b\r\n\r\nx\r\n";
    }
    return find_parts(body + "--b--\r\n", {"multipart/mixed; boundary=b", ""}).leaves.size();
  };
  CHECK(parts(199) == 199);
  CHECK(parts(200) == 200);
  CHECK(parts(201) == 200);
}

TEST_CASE("what a field that is gone may have been", "[dkim_diagnosis]") {
  const mail::HeaderSection header{
      {"From", " a@x.example"}, {"X-Original-Subject", " Order"}, {"Delivered-To", " b@x.example"}};
  const FieldHints hints{.header = &header};
  const auto restored = [&](std::string_view name) {
    return values_of(restore_field(name, hints));
  };
  CHECK(restored("Subject").contains(" Order"));
  CHECK(restored("To").contains(" b@x.example"));
  CHECK(restored("To").contains(" undisclosed-recipients:;"));
  CHECK(restored("Reply-To").contains(" a@x.example"));
  CHECK(restored("MIME-Version").contains(" 1.0"));
  CHECK(restored("Content-Transfer-Encoding").contains(" 8bit"));
  CHECK(restored("Content-Type").contains(" text/plain; charset=utf-8"));
}

}  // namespace
}  // namespace sekisho::dkim_diagnosis
