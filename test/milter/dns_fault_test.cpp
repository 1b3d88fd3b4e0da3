// What a message comes to where the DNS is down, slow or lies: within its time, and never a pass
// that nobody gave. test/dns has each fault by itself; here it is seen from the MTA.
#include "dns/packet.hpp"
#include "dns/scripted_server.hpp"
#include "milter/daemon_fixture.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::test;
using Catch::Contains;
using Catch::StartsWith;
using dns::Octets;
using dns::Query;
using dns::Reaction;

namespace {

/// Of test/milter/daemon_fixture.cpp's zone, what SPF and DMARC want.
const std::map<std::string, std::string> texts = {
    {"example.org", "v=spf1 ip4:192.0.2.1 -all"},
    {"_dmarc.example.org", "v=DMARC1; p=reject"},
};

Octets answer_to(const Query& query, const std::map<std::string, std::string>& records) {
  const auto found = records.find(query.question.name);
  if (found == records.end() || query.question.type != dns::RecordType::txt) {
    constexpr std::uint16_t no_such_name = 3;
    return query.failed(no_such_name);
  }
  return query.found(
      {dns::record(found->first, dns::RecordType::txt, dns::text_data(found->second))});
}

Octets truth(const Query& query) {
  return answer_to(query, texts);
}

/// What an attacker would have believed.
Octets lie(const Query& query) {
  return answer_to(query,
                   {{"example.org", "v=spf1 +all"}, {"_dmarc.example.org", "v=DMARC1; p=none"}});
}

std::string configuration(const dns::Server& server) {
  return "authserv_id = \"mx.example.net\"\nmessage_timeout = \"1s\"\n[dns]\nnameservers = [\"" +
         server.address.text() + ":" + std::to_string(server.port) +
         "\"]\ntimeout = \"600ms\"\nattempt_timeout = \"200ms\"\n";
}

/// From example.org's own host, or from one that its record does not name.
Outcome send_from(const DaemonProcess& daemon, const std::string& client_address) {
  MilterClient client(daemon.socket());
  client.negotiate();
  client.connect(client_address);
  client.helo("mail.example.org");
  return client.send(plain());
}

/// What the log says of the last message.
std::string last_line(const DaemonProcess& daemon) {
  REQUIRE(daemon.wait_for_log(" action="));
  const std::string log = daemon.log();
  return log.substr(log.rfind(" client="));
}

/// The author's policy may be reject, for all that is known: later, then.
void check_is_put_off(const DaemonProcess& daemon, const std::string& client_address) {
  const Outcome outcome = send_from(daemon, client_address);
  CHECK_THAT(outcome.reply, StartsWith("451 4.4.3"));
  CHECK_THAT(last_line(daemon),
             Contains(" spf=temperror ") && Contains(" dmarc=temperror ") && !Contains("=pass"));
}

}  // namespace

TEST_CASE("without an answer of the DNS mail waits", "[socket][dns]") {
  struct Case {
    std::string name;
    dns::ScriptedServer::React react;
  };
  constexpr std::uint16_t server_failure = 2;
  constexpr std::uint16_t refused = 5;
  const Case cases[] = {
      {"silence", [](const Query&) { return Reaction{}; }},
      {"SERVFAIL", [](const Query& query) { return Reaction{{query.failed(server_failure)}}; }},
      {"REFUSED", [](const Query& query) { return Reaction{{query.failed(refused)}}; }},
      {"octets that are no packet", [](const Query&) { return Reaction{{Octets{1, 2, 3}}}; }},
      {"half a packet",
       [](const Query& query) {
         Octets half = truth(query);
         half.resize(half.size() / 2);
         return Reaction{{std::move(half)}};
       }},
      {"another id",
       [](const Query& query) {
         Octets packet = lie(query);
         packet[0] ^= 0xffU;
         return Reaction{{std::move(packet)}};
       }},
      {"another question",
       [](const Query& query) {
         dns::Packet packet =
             dns::Packet::reply_to(query.id, {"example.com", dns::RecordType::txt});
         packet.answers = {
             dns::record(query.question.name, dns::RecordType::txt, dns::text_data("v=spf1 +all"))};
         return Reaction{{packet.wire()}};
       }},
      {"another source",
       [](const Query& query) { return Reaction{.packets = {lie(query)}, .from_stranger = true}; }},
      {"a loop of aliases",
       [](const Query& query) {
         return Reaction{{query.found({
             dns::record(query.question.name, dns::RecordType::cname, dns::name_data("a.example")),
             dns::record("a.example", dns::RecordType::cname, dns::name_data("b.example")),
             dns::record("b.example", dns::RecordType::cname, dns::name_data("a.example")),
         })}};
       }},
      {"cut, and nothing over TCP",
       [](const Query& query) {
         if (query.over_tcp) {
           return Reaction{};
         }
         dns::Packet packet = query.reply();
         packet.flags |= 0x0200U;
         return Reaction{{packet.wire()}};
       }},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.name) {
      const dns::ScriptedServer server(one.react);
      const DaemonProcess daemon(configuration(server.address()));
      for (const char* client : {"192.0.2.1", "192.0.2.66"}) {
        check_is_put_off(daemon, client);
      }
    }
  }
}

TEST_CASE("without a server mail waits", "[socket][dns]") {
  const DaemonProcess daemon(configuration(dns::dead_server()));
  check_is_put_off(daemon, "192.0.2.1");
}

TEST_CASE("the right answer counts, whatever came before it", "[socket][dns]") {
  struct Case {
    std::string name;
    dns::ScriptedServer::React react;
  };
  const Case cases[] = {
      {"the truth alone", [](const Query& query) { return Reaction{{truth(query)}}; }},
      {"lies with other ids before it",
       [](const Query& query) {
         if (query.over_tcp) {  // where the daemon goes when it is lied to
           return Reaction{{truth(query)}};
         }
         Reaction reaction;
         for (unsigned i = 1; i <= 50; ++i) {
           Octets packet = lie(query);
           packet[1] = static_cast<std::uint8_t>(packet[1] ^ i);
           reaction.packets.push_back(std::move(packet));
         }
         reaction.packets.push_back(truth(query));
         return reaction;
       }},
      {"a lie behind it", [](const Query& query) { return Reaction{{truth(query), lie(query)}}; }},
      {"over TCP, after it was cut",
       [](const Query& query) {
         if (query.over_tcp) {
           return Reaction{{truth(query)}};
         }
         dns::Packet packet = query.reply();
         packet.flags |= 0x0200U;
         return Reaction{{packet.wire()}};
       }},
      {"with an answer to what was not asked beside it",
       [](const Query& query) {
         dns::Packet packet = query.reply();
         if (const auto found = texts.find(query.question.name); found != texts.end()) {
           packet.answers = {
               dns::record(found->first, dns::RecordType::txt, dns::text_data(found->second)),
               dns::record("example.org", dns::RecordType::txt, dns::text_data("v=spf1 +all"))};
           if (found->first == "example.org") {
             packet.answers.pop_back();
             packet.additionals = {
                 dns::record("example.org", dns::RecordType::txt, dns::text_data("v=spf1 +all"))};
           }
         }
         return Reaction{{packet.wire()}};
       }},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.name) {
      const dns::ScriptedServer server(one.react);
      const DaemonProcess daemon(configuration(server.address()));
      CHECK_THAT(results_in(send_from(daemon, "192.0.2.1")), Contains("dmarc=pass"));
      CHECK(send_from(daemon, "192.0.2.66").code == 'y');
    }
  }
}

TEST_CASE("a record of 64 KiB has a definite result", "[socket][dns]") {
  const std::string big = "v=spf1 " + std::string(64'000, 'x') + " +all";
  const dns::ScriptedServer server([&](const Query& query) {
    if (!query.over_tcp) {
      dns::Packet packet = query.reply();
      packet.flags |= 0x0200U;
      return Reaction{{packet.wire()}};
    }
    return Reaction{{answer_to(query, {{"example.org", big}, {"_dmarc.example.org", big}})}};
  });
  const DaemonProcess daemon(configuration(server.address()));
  const Outcome outcome = send_from(daemon, "192.0.2.1");
  CHECK_THAT(results_in(outcome), Contains("spf=permerror") && Contains("dmarc=none"));
}
