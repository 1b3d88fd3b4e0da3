#include "report/import/unpack.hpp"

#include "report/import/archive.hpp"
#include "report/import/mailbox.hpp"
#include "report/import/packing.hpp"
#include "report/sample.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include <unistd.h>

#include <catch2/catch.hpp>

namespace sekisho::report::import {

namespace {

using File = CPtr<std::FILE, &std::fclose>;
using Strings = std::vector<std::string>;

struct Found {
  Strings documents;  // name, kind, octets
  Strings problems;
  Strings other_mails;
  Strings feedback;  // name, type, author domain
};

Found unpack_text(std::string_view octets) {
  const File file(std::tmpfile());
  std::fwrite(octets.data(), 1, octets.size(), file.get());
  std::fflush(file.get());
  Found found;
  unpack(
      fileno(file.get()), "f",
      {.on_search = {},
       .on_message = {},
       .on_document =
           [&](const ReportDocument& document) {
             const auto text = format::read_all(document.octets, 100'000'000);
             const char* kind = document.kind == ReportDocumentKind::aggregate ? " xml " : " json ";
             if (text) {
               found.documents.push_back(document.name + kind + std::to_string(text->size()));
             } else {
               found.problems.push_back(document.name + ": " + text.error());
             }
           },
       .on_problem = [&](const std::string& name,
                         const std::string& what) { found.problems.push_back(name + ": " + what); },
       .on_other_mail = [&](const std::string& name) { found.other_mails.push_back(name); },
       .on_feedback =
           [&](const std::string& name, const format::FeedbackReport& report) {
             found.feedback.push_back(name + ' ' +
                                      std::string(format::format_feedback_type(report.type)) + ' ' +
                                      report.author_domain);
           }});
  return found;
}

const std::string unknown = "neither a report nor a mail, nor either in gzip or zip";

}  // namespace

TEST_CASE("reports are found wherever they are packed", "[report]") {
  const std::string xml = text_of("google.xml");
  const std::string json = text_of("google-tls.json");
  const std::string x = " xml " + std::to_string(xml.size());
  const std::string j = " json " + std::to_string(json.size());
  const auto [name, octets, documents] =
      GENERATE_COPY(table<std::string, std::string, Strings>({
          {"plain XML", xml, {"f" + x}},
          {"plain JSON", json, {"f" + j}},
          {"gzip", gzip(xml), {"f" + x}},
          {"zip", zip({{"a.xml", xml}}), {"f: a.xml" + x}},
          {"zip of several", zip({{"a.xml", xml}, {"b.json", json}}),
           {"f: a.xml" + x, "f: b.json" + j}},
          {"gzip in zip", zip({{"a.xml.gz", gzip(xml)}}), {"f: a.xml.gz" + x}},
          {"zip in gzip", gzip(zip({{"a.xml", xml}})), {"f: a.xml" + x}},
          {"mail in zip", zip({{"a.eml", mail_with(part("text/xml", "r.xml", xml))}}),
           {"f: a.eml: r.xml" + x}},
          {"mail that is an attachment alone, as Google's",
           mail_with(part("application/zip", "r.zip", zip({{"r.xml", xml}}))),
           {"f: r.zip: r.xml" + x}},
          {"multipart mail", mail_with(mixed({"Content-Type: text/plain\n\nHello.\n",
                                              part("application/gzip", "r.xml.gz", gzip(xml))})),
           {"f: r.xml.gz" + x}},
          {"RFC 8460 §5.3", mail_with(mixed({part("application/tlsrpt+gzip", "", gzip(json))})),
           {"f" + j}},
          {"a type that says nothing",
           mail_with(mixed({part("application/octet-stream", "", gzip(xml))})), {"f" + x}},
          {"a forwarded mail",
           mail_with(mixed({"Content-Type: message/rfc822\n\n" +
                            mail_with(part("application/gzip", "r.gz", gzip(xml)))})),
           {"f: r.gz" + x}},
          {"a mail as a file, as Outlook attaches it",
           mail_with(mixed({part("application/octet-stream", "fwd.eml",
                                 mail_with(part("application/gzip", "r.gz", gzip(xml))))})),
           {"f: fwd.eml: r.gz" + x}},
          {"a picture by its type",
           mail_with(mixed({part("image/png", "", gzip(xml))})), {"f" + x}},
          {"a vendor's type", mail_with(mixed({part("application/vnd.x", "", zip({{"r", json}}))})),
           {"f: r" + j}},
          {"text by its type, a report by its name",
           mail_with(mixed({part("text/plain", "r.xml.gz", gzip(xml))})), {"f: r.xml.gz" + x}},
          {"JSON that says so alone", mail_with(mixed({part("application/json", "", json)})),
           {"f" + j}},
          {"a report for a text", mail_with("\n" + xml), {"f" + x}},
          {"a report within a text", mail_with("\nHello,\n\n" + xml), {"f" + x}},
          {"a TLS report within a text", mail_with("\nHello,\n" + json + "\n-- \nme\n"),
           {"f json " + std::to_string(json.rfind('}') - json.find('{') + 1)}},
          {"tar in gzip", gzip(tar({{"a.xml", xml}})), {"f: a.xml" + x}},
          {"tar", tar({{"a.xml", xml}, {"b.json", json}}), {"f: a.xml" + x, "f: b.json" + j}},
          {"a zip of a Mac", zip({{"a.xml", xml}, {"__MACOSX/._a.xml", "\05\x16\07"}, {"b/._c", "x"}}),
           {"f: a.xml" + x}},
          {"two attachments in their order",
           mail_with(mixed({part("application/gzip", "1.gz", gzip(xml)),
                            part("application/gzip", "2.gz", gzip(json))})),
           {"f: 1.gz" + x, "f: 2.gz" + j}},
          {"CRLF",
           [&] {
             std::string text;
             for (const char c : mail_with(part("application/gzip", "r.gz", gzip(xml)))) {
               text += c == '\n' ? "\r\n" : std::string(1, c);
             }
             return text;
           }(),
           {"f: r.gz" + x}},
      }));
  CAPTURE(name);
  const Found found = unpack_text(octets);
  CHECK(found.documents == documents);
  CHECK(found.problems == Strings{});
  CHECK(found.other_mails == Strings{});
}

TEST_CASE("of a mailbox every mail is read, and the bad ones named", "[report]") {
  const std::string from = "From reporter@example.net Thu Jan  1 00:00:00 2026\n";
  const std::string good =
      from + mail_with(part("application/gzip", "r.gz", gzip(text_of("yahoo.xml")))) + "\n";
  const std::string other = from + "From: a@example.org\nSubject: lunch\n\nToday?\n\n";
  const std::string cut = gzip(text_of("google.xml")).substr(0, 200);
  const std::string bad = from + mail_with(part("application/gzip", "r.gz", cut)) + "\n";
  const std::string wrong = from + mail_with(part("application/zip", "r.zip", "hello")) + "\n";
  const Found found = unpack_text(good + other + bad + wrong + good);
  const std::string octets = " xml " + std::to_string(text_of("yahoo.xml").size());
  CHECK(found.documents == Strings{"f: message 1: r.gz" + octets, "f: message 5: r.gz" + octets});
  CHECK(found.other_mails == Strings{"f: message 2"});
  CHECK(found.problems ==
        Strings{"f: message 3: r.gz: truncated gzip input", "f: message 4: r.zip: " + unknown});
}

TEST_CASE("RFC 9990 §8.1: what is broken or hostile is named and left", "[report]") {
  const auto nested_mail = [](int depth) {
    std::string text = part("application/gzip", "r.gz", gzip("<feedback/>"));
    for (int i = 0; i < depth; ++i) {
      text = mixed({text}, "b" + std::to_string(i));
    }
    return mail_with(text);
  };
  const auto nested_zip = [](int depth) {
    std::string octets = "<feedback/>";
    for (int i = 0; i < depth; ++i) {
      octets = zip({{"z", octets}});
    }
    return octets;
  };
  static const std::string blanks = "<feedback>" + std::string(40'000'000, ' ');
  static const std::string gzip_bomb = gzip(blanks);
  static const std::string zip_bomb = zip({{"a", blanks}});
  static const std::string text_bomb = zip({{"a", std::string(40'000'000, 'x')}});
  const auto [name, octets, problem] = GENERATE_COPY(table<std::string, std::string, std::string>({
      {"nothing", "", "f: empty"},
      {"an executable",
       "\x7f"
       "ELF\x02\x01",
       "f: " + unknown},
      {"text", "Hello there.\n", "f: " + unknown},
      {"nothing in gzip", gzip(""), "f: empty"},
      {"text in gzip", gzip("Hello there.\n"), "f: " + unknown},
      {"a gzip bomb", gzip_bomb, "f: grows too large when it is unpacked"},
      {"a zip bomb", zip_bomb, "f: a: grows too large when it is unpacked"},
      {"a bomb of text in zip", text_bomb, "f: a: " + unknown},
      {"a bomb in a mail", mail_with(part("application/gzip", "r.gz", gzip_bomb)),
       "f: r.gz: grows too large when it is unpacked"},
      {"a bomb of small members", zip(Members(1'001, {"a", "<a/>"})),
       "f: more than 1000 files in it"},
      {"gzip in gzip", gzip(gzip("<feedback/>")), "f: packed several times over"},
      {"zip in zip", nested_zip(6), "f: z: z: z: z: z: packed too deeply"},
      {"truncated zip", zip({{"a.xml", text_of("google.xml")}}).substr(0, 300), "f: a.xml: "},
      {"multipart in multipart", nested_mail(10), "f: too many parts, or too deep in one another"},
      {"multipart in multipart, very deep", nested_mail(60),
       "f: too many parts, or too deep in one another"},
      {"many parts", mail_with(mixed(Strings(300, "Content-Type: text/plain\n\nx\n"))),
       "f: too many parts, or too deep in one another"},
      {"an empty attachment", mail_with(part("application/gzip", "r.gz", "")), "f: r.gz: empty"},
      {"a name that would turn the line",
       mail_with(part("application/gzip", "r\x1b[2J\xe2\x80\xae.gz", "x")),
       "f: r [2J\xef\xbf\xbd.gz: " + unknown},
  }));
  CAPTURE(name);
  const Found found = unpack_text(octets);
  REQUIRE_FALSE(found.problems.empty());
  CHECK_THAT(found.problems[0], Catch::StartsWith(problem));
}

TEST_CASE("what is no report is not taken for one", "[report]") {
  const auto [name, mail] = GENERATE(table<std::string, std::string>({
      {"a document of an office",
       part("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx",
            zip({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<document/>"}}))},
      {"a page", "Content-Type: text/html\n\n<html><body>feedback</body></html>\n"},
      {"text like a header section", "Content-Type: text/plain\n\nRegards: me\n"},
      {"other XML", part("image/svg", "", "<svg/>")},
      {"other JSON", part("application/octet-stream", "", "{\"a\": 1}")},
      {"Microsoft's TNEF", part("application/ms-tnef", "winmail.dat", "\x78\x9f\x3e\x22")},
      {"a signature", part("application/pgp-signature", "s.asc", "-----BEGIN PGP")},
  }));
  CAPTURE(name);
  const Found found = unpack_text(mail_with(mixed({"Content-Type: text/plain\n\nHi.\n", mail})));
  CHECK(found.documents == Strings{});
  CHECK(found.problems == Strings{});
  CHECK(found.other_mails == Strings{"f"});
}

TEST_CASE("a failure report is one, whatever is quoted in it", "[report]") {
  const std::string xml = text_of("google.xml");
  const std::string mail = mail_with(mixed(
      {"Content-Type: text/plain\n\nA report.\n",
       "Content-Type: message/feedback-report\n\nFeedback-Type: auth-failure\n"
       "Reported-Domain: example.org\n",
       "Content-Type: message/rfc822\n\n" + mail_with(part("application/xml", "r.xml", xml))}));
  const Found found = unpack_text("From a\n" + mail + "\nFrom b\n" + mail_with("\nhi\n"));
  CHECK(found.feedback == Strings{"f: message 1 auth-failure reporter.example"});
  CHECK(found.documents == Strings{});
  CHECK(found.other_mails == Strings{"f: message 2"});
}

TEST_CASE("a mailbox is read from the message that is asked for", "[report]") {
  const File file(std::tmpfile());
  std::fputs("From a\nA: 1\n\nFrom b\nA: 2\n\nFrom c\nA: 3\n", file.get());
  std::fflush(file.get());
  Strings seen;
  unpack(fileno(file.get()), "f",
         {.first_message = 2,
          .on_search = [&](std::uint64_t number) { seen.push_back(std::to_string(number)); },
          .on_message = [&](std::uint64_t octets) { seen.back() += ' ' + std::to_string(octets); },
          .on_document = {},
          .on_problem = {},
          .on_other_mail = [&](const std::string& name) { seen.push_back(name); },
          .on_feedback = {}});
  CHECK(seen == Strings{"2 6", "f: message 2", "3 5", "f: message 3", "4"});
}

TEST_CASE("what a mailbox in an archive may cost is bounded", "[report]") {
  std::string box;
  for (std::uint64_t i = 0; i < max_packed_mails; ++i) {
    box += "From a\n\n";
  }
  CHECK(unpack_text(gzip(box)).other_mails.size() == max_packed_mails);
  CHECK(unpack_text(gzip(box)).problems == Strings{});
  const Found more = unpack_text(gzip(box + "From a\n\n"));
  CHECK(more.other_mails.size() == max_packed_mails);
  CHECK(more.problems == Strings{"f: more than 20000 mails in it"});
  CHECK(unpack_text(box + "From a\n\n").other_mails.size() == max_packed_mails + 1);
}

TEST_CASE("all that a mail holds shares one budget", "[report]") {
  const std::string bomb = gzip("<feedback>" + std::string(10'000'000, ' '));
  const Found found = unpack_text(mail_with(
      mixed({part("application/gzip", "1.gz", bomb), part("application/gzip", "2.gz", bomb)})));
  CHECK(found.documents == Strings{"f: 1.gz xml 10000010"});
  CHECK(found.problems == Strings{"f: 2.gz: grows too large when it is unpacked"});
}

TEST_CASE("what is held in memory at a time is bounded", "[report]") {
  const std::string large(40'000'000, 'x');
  SECTION("a mail") {
    CHECK(unpack_text("A: b\n\n" + large).problems == Strings{"f: larger than 33554432 octets"});
  }
  SECTION("a mail in a mailbox, and not the next") {
    const Found found = unpack_text("From a\nA: b\n\n" + large + "\n\nFrom b\nA: b\n\nx\n");
    CHECK(found.problems == Strings{"f: message 1: too large for a mail"});
    CHECK(found.other_mails == Strings{"f: message 2"});
  }
}

TEST_CASE("of an archive with a bad member the others are read", "[report]") {
  const Found found =
      unpack_text(zip({{"1.xml", "<feedback/>"}, {"2.exe", "MZ"}, {"3.xml", "<feedback/>"}}));
  CHECK(found.documents == Strings{"f: 1.xml xml 11", "f: 3.xml xml 11"});
  CHECK(found.problems == Strings{"f: 2.exe: " + unknown});
}

TEST_CASE("a member whose checksum is wrong does no harm to the next", "[report]") {
  std::string octets =
      zip({{"1.xml", "<feedback/>"}, {"2.xml", "<feedback/>"}, {"3.xml", "<feedback/>"}});
  const std::size_t entry = octets.find("PK\x01\x02");  // of the first, in the directory
  REQUIRE(entry != std::string::npos);
  ++octets[entry + 16];  // its checksum
  const Found found = unpack_text(octets);
  CHECK(found.documents == Strings{"f: 2.xml xml 11", "f: 3.xml xml 11"});
  REQUIRE(found.problems.size() == 1);
  CHECK_THAT(found.problems[0], Catch::StartsWith("f: 1.xml: "));
}

TEST_CASE("a mailbox is split where its mails begin", "[report]") {
  struct Case {
    std::string name;
    std::string octets;
    Strings messages;
  };
  const std::string long_line(200'000, 'x');
  const Case cases[] = {
      {"two", "From a\nA: b\n\nFrom c\nD: e\n", {"A: b\n\n", "D: e\n"}},
      {"CRLF", "From a\r\nA: b\r\n\r\nFrom c\r\n", {"A: b\r\n\r\n", ""}},
      {"From in a body, not behind an empty line", "From a\n\nx\nFrom b\n", {"\nx\nFrom b\n"}},
      {"From within a line", "From a\n\nx From b\n", {"\nx From b\n"}},
      {"no line end at the end", "From a\nx", {"x"}},
      {"a long line", "From a\n" + long_line + "\n\nFrom b\ny", {long_line + "\n\n", "y"}},
      {"nothing", "", {}},
  };
  for (const auto& [name, octets, messages] : cases) {
    DYNAMIC_SECTION(name) {
      MailboxFile mailbox(format::source_of(octets), 300'000);
      for (const std::string& expected : messages) {
        const auto message = mailbox.next();
        REQUIRE((message && *message));
        CHECK((*message)->octets == expected);
      }
      const auto end = mailbox.next();
      CHECK((end && !*end));
    }
  }
  SECTION("one that is too large is passed over, not the next") {
    const std::string octets = "From a\n" + long_line + "\n\nFrom b\ny";
    MailboxFile mailbox(format::source_of(octets), 1'000);
    CHECK(mailbox.next().value()->is_too_large);
    CHECK(mailbox.next().value()->octets == "y");
  }
}

TEST_CASE("small octets of any kind end somewhere", "[report]") {
  const std::string whole =
      mail_with(mixed({part("application/zip", "r.zip", zip({{"a", "<a/>"}}))}));
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    static_cast<void>(unpack_text(whole.substr(0, size)));
  }
  const std::string packed = zip({{"a.xml", text_of("google.xml")}, {"b", "x"}});
  for (std::size_t place = 0; place < packed.size(); place += 5) {
    std::string damaged = packed;
    damaged[place] = static_cast<char>(~damaged[place]);
    static_cast<void>(unpack_text(damaged));
  }
}

}  // namespace sekisho::report::import
