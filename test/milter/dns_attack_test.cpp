// Senders whose DNS is slow on purpose: what they cost is theirs, and others' mail goes on.
#include "dns/packet.hpp"
#include "dns/scripted_server.hpp"
#include "milter/daemon_fixture.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::test;
using namespace std::chrono_literals;
using dns::Query;
using dns::Reaction;
using dns::RecordType;

namespace {

constexpr int hosts = 10;

dns::Octets mail_hosts_of(const Query& query) {
  std::vector<dns::WireRecord> records;
  for (int i = 0; i < hosts; ++i) {
    records.push_back(
        dns::record(query.question.name, RecordType::mx,
                    dns::exchange_data(10, "h" + std::to_string(i) + "." + query.question.name)));
  }
  return query.found(std::move(records));
}

/// A record that asks for ten hosts of each of ten names (RFC 7208 §4.6.4 allows as many), whose
/// addresses never come: 111 questions a message.
Reaction slow(const Query& query) {
  if (query.question.type == RecordType::mx) {
    return {{mail_hosts_of(query)}};
  }
  if (query.question.type != RecordType::txt || query.question.name.starts_with('_')) {
    return {};
  }
  std::string record = "v=spf1";
  for (int i = 0; i < hosts; ++i) {
    record += " mx:m" + std::to_string(i) + "." + query.question.name;
  }
  return {{query.found(
      {dns::record(query.question.name, RecordType::txt, dns::text_data(record + " -all"))})}};
}

Reaction honest(const Query& query) {
  const bool is_policy = query.question.name.starts_with("_dmarc.");
  if (query.question.type != RecordType::txt) {
    constexpr std::uint16_t no_such_name = 3;
    return {{query.failed(no_such_name)}};
  }
  return {{query.found({dns::record(
      query.question.name, RecordType::txt,
      dns::text_data(is_policy ? "v=DMARC1; p=reject" : "v=spf1 ip4:192.0.2.1 -all"))})}};
}

std::string configuration(const dns::ScriptedServer& server) {
  return "authserv_id = \"mx.example.net\"\n[dns]\nnameservers = [\"127.0.0.1:" +
         std::to_string(server.address().port) + "\"]\n";
}

/// A fresh domain each time: nothing is in the cache for it.
Outcome send_honest(const DaemonProcess& daemon, int number) {
  const std::string domain = "good" + std::to_string(number) + ".example";
  MilterClient client(daemon.socket());
  static_cast<void>(client.negotiate());
  client.connect("192.0.2.1");
  client.helo("mail." + domain);
  Message message = plain();
  message.sender = "<alice@" + domain + ">";
  message.header = fields_of("From: alice@" + domain + "\nSubject: honest\n");
  return client.send(message);
}

struct Attack {
  const char* name;
  int networks;
  bool gives_up;  // RSET behind its MAIL
};

/// One message, as far as its recipient; the connection lives as long as what is returned.
MilterClient attack_once(const DaemonProcess& daemon, const Attack& attack, int number) {
  MilterClient client(daemon.socket());
  static_cast<void>(client.negotiate());
  client.connect("198.18." + std::to_string(number % attack.networks) + ".66");
  client.helo("attack.example");
  client.mail("<x@slow" + std::to_string(number) + ".example>");
  static_cast<void>(client.recipient("<victim@example.net>"));
  if (attack.gives_up) {
    client.abort();
  }
  return client;
}

}  // namespace

TEST_CASE("an attack by slow DNS delays nobody else's mail", "[socket][dns]") {
  const auto attack = GENERATE(Attack{"one address, given up", 1, true},
                               Attack{"one address, kept waiting", 1, false},
                               Attack{"five networks, kept waiting", 5, false},
                               Attack{"a hundred networks, kept waiting", 100, false});
  CAPTURE(attack.name);
  dns::ScriptedServer server([](const Query& query) {
    return query.question.name.contains("slow") ? slow(query) : honest(query);
  });
  const DaemonProcess daemon(configuration(server));
  const std::size_t idle = daemon.open_descriptors();
  constexpr int messages = 120;  // 13,000 questions
  {
    std::vector<MilterClient> attackers;
    for (int i = 0; i < messages; ++i) {
      attackers.push_back(attack_once(daemon, attack, i));
      if (i % 10 == 9) {
        CHECK(results_in(send_honest(daemon, i)).contains("dmarc=pass"));
      }
    }
    for (int i = 0; i < 10; ++i) {
      std::this_thread::sleep_for(100ms);
      CHECK(results_in(send_honest(daemon, messages + i)).contains("dmarc=pass"));
    }
  }
  CHECK(daemon.wait_for_descriptors(idle));
}

TEST_CASE("what nobody waits for ends with its message", "[socket][dns]") {
  dns::ScriptedServer server([](const Query& query) { return slow(query); });
  const DaemonProcess daemon(configuration(server) + "timeout = \"60s\"\n");
  const std::size_t idle = daemon.open_descriptors();
  const Attack attack{"", 1, true};
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(attack_once(daemon, attack, i));
  }
  CHECK(daemon.wait_for_descriptors(idle));
}

TEST_CASE("a sender without a recipient costs no question", "[socket][dns]") {
  dns::ScriptedServer server([](const Query& query) { return slow(query); });
  const DaemonProcess daemon(configuration(server));
  MilterClient client(daemon.socket());
  static_cast<void>(client.negotiate());
  client.connect("198.18.0.66");
  client.helo("attack.example");
  for (int i = 0; i < 100; ++i) {
    client.mail("<x@slow" + std::to_string(i) + ".example>");
    client.abort();
  }
  client.quit();
  std::this_thread::sleep_for(100ms);
  CHECK(server.queries().empty());
}
