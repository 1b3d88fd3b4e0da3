#include "report/import/frame.hpp"

#include "report/sample.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::report::import {

namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

Frame sent(const Frame& frame) {
  std::string octets;
  append_frame(octets, frame);
  FrameReader reader;
  for (const char c : octets) {
    CHECK_FALSE(reader.next());
    reader.add({&c, 1});
  }
  auto received = reader.next();
  REQUIRE(received);
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.is_broken());
  CHECK(received->kind == frame.kind);
  return *std::move(received);
}

}  // namespace

TEST_CASE("what one process sends the other receives", "[report]") {
  SECTION("an aggregate report with its records") {
    for (const std::string name : {"rfc9990.xml", "google.xml", "microsoft.xml", "odd.xml"}) {
      const auto whole = read_whole(text_of(name));
      REQUIRE(whole);
      for (const format::AggregateRecord& record : whole->records) {
        CHECK(sent({.kind = FrameKind::record, .record = record}).record == record);
      }
      format::AggregateReading reading = whole->reading;
      reading.is_cut = true;
      reading.header.digest = "d";
      const Frame frame = sent({.kind = FrameKind::aggregate, .name = "n", .aggregate = reading});
      CHECK(frame.name == "n");
      CHECK(frame.aggregate.header == reading.header);
      CHECK(frame.aggregate.notes == reading.notes);
      CHECK(frame.aggregate.records == reading.records);
      CHECK(frame.aggregate.is_cut);
    }
  }
  SECTION("a TLS report") {
    const auto readings = format::read_tls_reports(format::source_of(text_of("rfc8460.json")), {});
    REQUIRE(readings);
    format::TlsReading reading = readings->at(0);
    reading.notes = {{"odd", 3}};
    const Frame frame = sent({.kind = FrameKind::tls, .name = "n", .tls = reading});
    CHECK(frame.tls.report == reading.report);
    CHECK(frame.tls.notes == reading.notes);
  }
  SECTION("a failure report") {
    const format::FeedbackReport report{.type = format::FeedbackType::fraud,
                                        .reporter = "a",
                                        .author_domain = "b",
                                        .source = dns::IpAddress::parse("2001:db8::1"),
                                        .auth_failure = "c",
                                        .identity_alignment = "d",
                                        .delivery_result = "e",
                                        .arrival_date = "f",
                                        .incidents = 7,
                                        .digest = "g",
                                        .personal = {"h", "i", "j", "k", "l"}};
    CHECK(sent({.kind = FrameKind::feedback, .feedback = report}).feedback == report);
  }
  SECTION("the rest") {
    CHECK(sent({.kind = FrameKind::file, .number = 7}).number == 7);
    CHECK(sent({.kind = FrameKind::message, .number = 8}).number == 8);
    CHECK(sent({.kind = FrameKind::other_mail, .name = "n"}).name == "n");
    CHECK(sent({.kind = FrameKind::problem, .name = "n", .problem = "p"}).problem == "p");
    CHECK(sent({.kind = FrameKind::refused, .name = "n", .problem = "p"}).problem == "p");
    sent({.kind = FrameKind::done});
  }
}

TEST_CASE("a sender that is broken is not believed", "[report]") {
  std::string octets;
  append_frame(octets, {.kind = FrameKind::record, .record = {.count = 1, .header_from = "x"}});
  const auto is_refused = [](const std::string& text) {
    FrameReader reader;
    reader.add(text);
    return !reader.next() && reader.is_broken();
  };
  constexpr std::size_t length_octets = 8;
  SECTION("a length that is none") {
    std::string large = octets;
    large.replace(0, length_octets, length_octets, '\xff');
    CHECK(is_refused(large));
  }
  SECTION("a kind that is none") {
    std::string unknown = octets;
    unknown[length_octets] = 10;
    CHECK(is_refused(unknown));
  }
  SECTION("a frame that is shorter or longer than its members") {
    for (const int change : {-1, 1}) {
      std::string other = octets + "y";
      other[0] = static_cast<char>(other[0] + change);
      CHECK(is_refused(other));
    }
  }
  SECTION("any octet") {
    for (std::size_t place = length_octets; place < octets.size(); ++place) {
      std::string damaged = octets;
      damaged[place] = static_cast<char>(~damaged[place]);
      FrameReader reader;
      reader.add(damaged);
      static_cast<void>(reader.next());
    }
  }
}

}  // namespace sekisho::report::import
