#include "report/import/mime.hpp"

#include "report/import/mime_field.hpp"
#include "report/import/packing.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::report::import {

namespace {

using Strings = std::vector<std::string>;

// Type, name and octets of each part.
Strings parts_of(std::string_view mail) {
  Strings parts;
  for (const MimePart& part : read_mime(mail).parts) {
    parts.push_back(part.type + '|' + part.name + '|' +
                    (part.is_message ? "(a mail)" : decode(part)));
  }
  return parts;
}

std::string with_crlf(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c == '\n' ? "\r\n" : std::string(1, c);
  }
  return result;
}

}  // namespace

TEST_CASE("RFC 2046: the parts of a mail", "[report]") {
  struct Case {
    std::string name;
    std::string mail;
    Strings parts;
  };
  const Case cases[] = {
      {"no structure", "From: a\n\nx\ny\n", {"text/plain||x\ny\n"}},
      {"no body", "From: a\n", {"text/plain||"}},
      {"no header", "\nx\n", {"text/plain||x\n"}},
      {"one part that is not text",
       "Content-Type: APPLICATION/GZIP; Name=r.gz\n\nx",
       {"application/gzip|r.gz|x"}},
      {"two parts, a preamble and an epilogue",
       "Content-Type: multipart/mixed; boundary=\"b c\"\n\npre\n--b c\n\nx\n--b c \n"
       "Content-Type: text/xml\n\ny\n\n--b c--\npost\n--b c\n",
       {"text/plain||x", "text/xml||y\n"}},
      {"the last boundary is missing",
       "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n",
       {"text/plain||x\n"}},
      {"no boundary comes",
       "Content-Type: multipart/mixed; boundary=b\n\nx\ny\n",
       {"text/plain||x\ny\n"}},
      {"no boundary is named",
       "Content-Type: multipart/mixed\n\n--b\n\nx\n",
       {"multipart/mixed||--b\n\nx\n"}},
      {"an outer boundary ends the inner parts",
       "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/x; boundary=c\n\n"
       "--c\n\nx\n--b\n\ny\n--c\n\nz\n--b--\n",
       {"text/plain||x", "text/plain||y\n--c\n\nz"}},
      {"one boundary begins another",
       "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/x; "
       "boundary=b--\n\n--b--\n\nx\n--b----\n--b--\n",
       {"text/plain||x"}},
      {"a mail in a mail",
       "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
       "Content-Type: text/xml\nSubject: s\n\nx\n--b\n\ny\n--b--\n",
       {"message/rfc822||(a mail)", "text/xml||x", "text/plain||y"}},
      {"a mail in base64 is one part",
       "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nRnJvbTo=\n",
       {"message/rfc822||From:"}},
      {"a boundary in a header section",
       "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/xml\n--b\n\ny\n--b--",
       {"text/xml||", "text/plain||y"}},
      {"a part without a header section",
       "Content-Type: multipart/mixed; boundary=b\n\n--b\nhello there\n\nx\n--b--",
       {"text/plain||hello there\n\nx"}},
      {"ContentType, as Trustwave's gateway writes it",
       "ContentType: application/gzip;\n\tname=\"z!1.gz\"\n\nx",
       {"application/gzip|z!1.gz|x"}},
      {"a name by RFC 2231",
       "Content-Type: application/unknown\nContent-Disposition: attachment;\n "
       "filename*1*=%211.gz;\n filename*0*=utf-8'en'a%21b;\n filename*2=.x\n\nx",
       {"application/unknown|a!b!1.gz.x|x"}},
      {"the name of the disposition counts before the other",
       "Content-Type: a/b; name=c\nContent-Disposition: x; filename=\"d\\\"e\";\n\nx",
       {"a/b|d\"e|x"}},
      {"quoted-printable",
       "Content-Transfer-Encoding: Quoted-Printable\n\na=3D=\nb= \t\nc=E4=zz=3\n=",
       {"text/plain||a=bc\xe4=zz=3\n"}},
      {"base64 without padding",
       "Content-Transfer-Encoding: base64\n\naGVs\nbG8",
       {"text/plain||hello"}},
      {"base64 with foreign characters",
       "Content-Transfer-Encoding: base64\n\na G_V\x01s!bG8=\nxxxx",
       {"text/plain||hello"}},
      {"an encoding that is not known",
       "Content-Transfer-Encoding: x-uuencode\n\nx",
       {"text/plain||x"}},
      {"the first field of a name counts", "Content-Type: a/b\nContent-Type: c/d\n\nx", {"a/b||x"}},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      CHECK(parts_of(row.mail) == row.parts);
      CHECK(read_mime(row.mail).problem == MimeProblem::none);
      CHECK(parts_of(with_crlf(row.mail)).size() == row.parts.size());
    }
  }
}

TEST_CASE("what a mail says of itself", "[report]") {
  const MimeMessage message = read_mime(
      "From: a\nContent-Type: multipart/report; report-type=\"Feedback-Report\"; "
      "boundary=b\n\n--b");
  CHECK(message.type == "multipart/report");
  CHECK(message.report_type == "feedback-report");
  CHECK(field_value(message.header, "from") == "a");
}

TEST_CASE("the limits of a mail are exact", "[report]") {
  const auto with_parts = [](std::size_t count) {
    std::string mail = "Content-Type: multipart/mixed; boundary=b\n\n";
    for (std::size_t i = 0; i < count; ++i) {
      mail += "--b\n\nx\n";
    }
    return mail + "--b--\n";
  };
  const auto with_mails = [](std::size_t depth) {
    std::string mail;
    for (std::size_t i = 0; i < depth; ++i) {
      mail += "Content-Type: message/rfc822\n\n";
    }
    return mail + "\nx";
  };
  const auto with_multiparts = [](std::size_t depth) {
    std::string mail;
    for (std::size_t i = 0; i < depth; ++i) {
      const std::string boundary = "b" + std::to_string(i);
      mail += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
    }
    return mail + "\nx";
  };
  CHECK(read_mime(with_parts(200)).problem == MimeProblem::none);
  CHECK(read_mime(with_parts(201)).problem == MimeProblem::too_many_parts);
  CHECK(read_mime(with_parts(201)).parts.size() == 200);
  CHECK(read_mime(with_mails(8)).problem == MimeProblem::none);
  CHECK(read_mime(with_mails(9)).problem == MimeProblem::too_deep);
  CHECK(read_mime(with_multiparts(8)).problem == MimeProblem::none);
  CHECK(read_mime(with_multiparts(9)).problem == MimeProblem::too_deep);
  CHECK(read_mime(with_mails(1'000'000)).problem == MimeProblem::too_deep);
}

TEST_CASE("a field is read up to its limit", "[report]") {
  const std::string most(max_field_octets - 1, 'x');
  CHECK(field_value("A: " + most + "\n", "a") == most);
  CHECK(field_value("A: " + most + "y\n", "a") == most);
  CHECK(field_value("A: 1\n 2\n\t3\nB: 4\n", "A") == "1 2\t3");
  CHECK(field_value("A : 1\n", "A") == "1");
  CHECK(field_value("B: A: 1\n A: 2\n", "A").empty());
}

TEST_CASE("parameters of a field", "[report]") {
  const auto [field, value] = GENERATE(table<std::string, std::string>({
      {"t; n=v", "v"},
      {"t;N = v ;x=y", "v"},
      {"t; x=\"a;n=b\"; n=v", "v"},
      {"t; n=a!b c;", "a!b c"},
      {"t; n=\"v", "v"},
      {"t; n=\"\"", ""},
      {"t; n*=utf-8''a%20b%zz", "a b%zz"},
      {"t; n*0=a; n*1*=%62; n*2=%63", "ab%63"},
      {"t; n*x=a", "(none)"},
      {"t; nn=a", "(none)"},
      {"t; n", "(none)"},
      {"n=v", "(none)"},
      {"", "(none)"},
  }));
  CAPTURE(field);
  CHECK(parameter(field, "n").value_or("(none)") == value);
}

TEST_CASE("the beginning of a part", "[report]") {
  const std::string mail = "Content-Transfer-Encoding: base64\n\n" + base64("hello there");
  const MimeMessage message = read_mime(mail);
  CHECK(decode_beginning(message.parts.at(0), 5) == "hello");
  CHECK(decode_beginning(message.parts.at(0), 100) == "hello there");
  const std::string quoted = "Content-Transfer-Encoding: quoted-printable\n\na=3Db=3Dc";
  CHECK(decode_beginning(read_mime(quoted).parts.at(0), 2) == "a=");
}

}  // namespace sekisho::report::import
