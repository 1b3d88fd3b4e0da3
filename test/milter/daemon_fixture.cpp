#include "milter/daemon_fixture.hpp"

#include "mail/message_reader.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <catch2/catch.hpp>

namespace sekisho::test {

namespace {

std::string configuration(const DnsServer& dns, const std::string& top, const std::string& tables) {
  const std::string name = top.contains("authserv_id") ? "" : "authserv_id = \"mx.example.net\"\n";
  return name + top + "\n[dns]\nnameservers = [\"" + dns.address() + "\"]\n" + tables;
}

}  // namespace

DaemonFixture::DaemonFixture(const std::string& zone_text, const std::string& top,
                             const std::string& tables)
    : dns(serve_zone(zone_text)), daemon(configuration(*dns, top, tables)) {}

DaemonFixture::~DaemonFixture() {
  CHECK_THAT(daemon.log(), !Catch::Contains("Sanitizer") && !Catch::Contains("runtime error"));
}

std::string DaemonFixture::zone() {
  return R"(
example.org. 300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.org. 300 IN TXT "v=DMARC1; p=reject"
mail.example.org. 300 IN A 192.0.2.1
1.2.0.192.in-addr.arpa. 300 IN PTR mail.example.org.
)";
}

Message plain() {
  Message message;
  message.header = fields_of(
      "From: Alice <alice@example.org>\n"
      "To: Bob <bob@example.net>\n"
      "Subject: tea\n"
      "Date: Tue, 01 Sep 2026 12:00:00 +0000\n"
      "Message-ID: <1@example.org>\n");
  message.body = "At five?\r\n";
  return message;
}

MilterClient begin_message(const DaemonFixture& fixture) {
  MilterClient client = open_session(fixture.daemon.socket());
  client.mail("<alice@example.org>");
  client.recipient("<bob@example.net>");
  for (const mail::HeaderField& field : plain().header) {
    client.header(field);
  }
  client.end_of_header();
  return client;
}

Message message_from(const std::string& name) {
  const std::string path = std::string(SEKISHO_TEST_DATA) + "/" + name + ".eml";
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw std::runtime_error(path + " is missing");
  }
  Message message;
  mail::read_message(
      file, {}, [&](mail::HeaderSection header) { message.header = std::move(header); },
      [&](std::string_view chunk) { message.body += chunk; });
  for (mail::HeaderField& field : message.header) {
    std::erase(field.value, '\r');  // MTAs give folds as bare LF
  }
  return message;
}

std::string zone_from(const std::string& name) {
  std::ifstream file(std::string(SEKISHO_TEST_DATA) + "/" + name + ".zone", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string results_in(const Outcome& outcome) {
  const auto found = std::ranges::find(outcome.edits, "Authentication-Results", &HeaderEdit::name);
  if (found == outcome.edits.end() || found->kind != HeaderEdit::Kind::insert ||
      found->index != 0) {
    return {};
  }
  return mail::unfold(found->value);
}

void check_serves(const DaemonFixture& fixture) {
  REQUIRE(fixture.daemon.is_running());
  MilterClient client = open_session(fixture.daemon.socket());
  const Outcome outcome = client.send(plain());
  CHECK(outcome.code == 'c');
  CHECK_THAT(results_in(outcome), Catch::Contains("dmarc=pass"));
}

}  // namespace sekisho::test
