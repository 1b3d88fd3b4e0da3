#include "report/import/content_kind.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::report::import {

TEST_CASE("what a document begins with tells its kind", "[report]") {
  const auto [text, kind] = GENERATE(table<std::string, ContentKind>({
      {"<?xml", ContentKind::xml},
      {"\r\n\t <feedback>", ContentKind::xml},
      {"\xef\xbb\xbf<feedback>", ContentKind::xml},
      {std::string("\xff\xfe<\0", 4), ContentKind::xml},
      {std::string("\0<\0?", 4), ContentKind::xml},
      {" {\"a\"", ContentKind::json},
      {"[\n {\"a\"", ContentKind::json},
      {"[JIRA] {", ContentKind::unknown},
      {"\x1f\x8b\x08", ContentKind::archive},
      {"PK\x03\x04", ContentKind::archive},
      {std::string(257, 'x') + "ustar", ContentKind::archive},
      {"From a@b Thu", ContentKind::mailbox},
      {"From: a@b", ContentKind::mail},
      {"Return-Path: <>", ContentKind::mail},
      {"Subject : old", ContentKind::mail},
      {": no name", ContentKind::unknown},
      {"two words: no", ContentKind::unknown},
      {"", ContentKind::unknown},
      {"\n\n", ContentKind::unknown},
  }));
  CAPTURE(text);
  CHECK(content_kind(text) == kind);
}

TEST_CASE("what nobody announces is a report where it looks like one", "[report]") {
  const auto [text, seems] = GENERATE(table<std::string, bool>({
      {"<?xml version='1.0'?><feedback>", true},
      {"<xs:schema><n:feedback>", true},
      {std::string("\xff\xfe<\0f\0e\0e\0d\0b\0a\0c\0k\0", 20), true},
      {"<html><body>feedback", false},
      {"{\"organization-name\":", true},
      {"[{\"policies\":", true},
      {"{\"a\": \"report\"}", false},
      {"Subject: <feedback>", false},
  }));
  CAPTURE(text);
  CHECK(seems_report(text) == seems);
}

TEST_CASE("a report in the text of a mail", "[report]") {
  const auto [text, report] = GENERATE(table<std::string, std::string>({
      {"Hello,\n<?xml?><feedback/>\n-- \nme", "<?xml?><feedback/>\n-- \nme"},
      {"Hello,\n<feedback/> <?xml?>", "<feedback/> <?xml?>"},
      {"> {\"report-id\":\"{1}\"} bye }", "{\"report-id\":\"{1}\"} bye }"},
      {"see {1}", ""},
      {"} {", ""},
      {"", ""},
  }));
  CAPTURE(text);
  CHECK(report_within(text) == report);
}

}  // namespace sekisho::report::import
