#include "dns/stub_resolver.hpp"

#include "dns/asking.hpp"

#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

using enum RecordType;
using namespace std::chrono_literals;

ScriptedServer::React failing(std::uint16_t code) {
  return [code](const Query& query) { return Reaction{{query.failed(code)}}; };
}

TEST_CASE("a server's answer comes over UDP", "[dns]") {
  ScriptedServer server([](const Query& query) {
    return Reaction{{query.found({record(query.question.name, mx, exchange_data(10, "mx.test"))})}};
  });
  StubResolver resolver(asking({server.address()}));
  CHECK(ask(resolver, "Example.org", mx) == "found 10 mx.test");
  const std::vector<Query> queries = server.queries();
  REQUIRE(queries.size() == 1);
  CHECK(queries[0].question == Question{"example.org", mx});
  CHECK(queries[0].flags == 0x0100);
  CHECK_FALSE(queries[0].over_tcp);
}

TEST_CASE("datagrams that are not the answer are counted and waited past", "[dns]") {
  ScriptedServer server([](const Query& query) {
    Packet wrong_id = query.reply();
    wrong_id.id ^= 1;
    wrong_id.answers = {address_of(query.question.name, "192.0.2.66")};
    const Packet wrong_question = Packet::reply_to(query.id, {"example.com", a});
    return Reaction{{wrong_id.wire(), wrong_question.wire(), Octets(40, 0xff), Octets{},
                     query.found({address_of(query.question.name)})}};
  });
  StubResolver resolver(asking({server.address()}));
  CHECK(ask(resolver, "example.org", a) == "found 192.0.2.1");
  CHECK(resolver.statistics().rejected == 4);
}

TEST_CASE("a flood of guesses is settled over TCP", "[dns]") {
  ScriptedServer server([](const Query& query) {
    Packet guess = query.reply();
    guess.answers = {address_of(query.question.name, "192.0.2.66")};
    if (query.over_tcp) {
      return found(query);
    }
    Reaction reaction;
    for (std::uint16_t i = 1; i <= 40; ++i) {
      guess.id = static_cast<std::uint16_t>(query.id + i);
      reaction.packets.push_back(guess.wire());
    }
    return reaction;
  });
  StubResolver resolver(asking({server.address()}));
  CHECK(ask(resolver, "example.org", a) == "found 192.0.2.1");
}

TEST_CASE("a stranger's datagram does not arrive", "[dns]") {
  ScriptedServer server([](const Query& query) {
    return Reaction{{query.found({address_of(query.question.name, "192.0.2.66")})}, true};
  });
  StubResolver resolver(asking({server.address()}));
  const Deadline deadline = std::chrono::steady_clock::now() + 100ms;
  CHECK(shown(resolver.lookup({"example.org", a}, deadline).get()) == "time-out");
  CHECK(server.queries().size() == 1);
  CHECK(resolver.statistics().rejected == 0);
  CHECK(resolver.statistics().timeouts == 1);
}

TEST_CASE("a truncated answer is asked for again over TCP", "[dns]") {
  for (const std::size_t size : {2'000U, 64'700U}) {
    DYNAMIC_SECTION(size << " octets") {
      ScriptedServer server([size](const Query& query) {
        if (query.over_tcp) {
          return Reaction{
              {query.found({record(query.question.name, txt, text_data(std::string(size, 'x')))})}};
        }
        Packet cut = query.reply();
        cut.flags |= 0x0200;
        return Reaction{{cut.wire()}};
      });
      StubResolver resolver(asking({server.address()}));
      CHECK(ask(resolver, "example.org", txt) == "found " + std::string(size, 'x'));
      CHECK(resolver.statistics().tcp == 1);
      CHECK(resolver.statistics().sent == 2);
    }
  }
}

TEST_CASE("a server that fails over TCP gives way", "[dns]") {
  const auto truncating = [](Octets over_tcp) {
    return [over_tcp](const Query& query) {
      if (query.over_tcp) {
        return over_tcp.empty() ? Reaction{} : Reaction{{over_tcp}};
      }
      Packet cut = query.reply();
      cut.flags |= 0x0200;
      return Reaction{{cut.wire()}};
    };
  };
  struct Case {
    const char* what;
    Octets over_tcp;
    const char* answer;
  };
  const Case cases[] = {
      {"closed", {}, "server failure"},
      {"garbage", Octets(100, 0xff), "malformed"},
      {"nothing in the frame", Octets{0}, "malformed"},
  };
  for (const auto& [what, over_tcp, answer] : cases) {
    DYNAMIC_SECTION(what) {
      ScriptedServer bad(truncating(over_tcp));
      ScriptedServer good(found);
      StubResolver alone(asking({bad.address()}));
      CHECK(ask(alone, "example.org", a) == answer);
      StubResolver both(asking({bad.address(), good.address()}));
      CHECK(ask(both, "example.org", a) == "found 192.0.2.1");
    }
  }
}

TEST_CASE("a server that answers with a failure gives way at once", "[dns]") {
  struct Case {
    const char* what;
    ScriptedServer::React react;
    const char* answer;
  };
  const Case cases[] = {
      {"SERVFAIL", failing(2), "server failure"},
      {"REFUSED", failing(5), "refused"},
      {"NOTIMP", failing(4), "server failure"},
      {"malformed",
       [](const Query& query) {
         Octets packet = found(query).packets[0];
         packet.pop_back();
         return Reaction{{packet}};
       },
       "malformed"},
      {"a CNAME loop",
       [](const Query& query) {
         const std::string& name = query.question.name;
         return Reaction{{query.found({record(name, cname, name_data("b.test")),
                                       record("b.test", cname, name_data(name))})}};
       },
       "server failure"},
  };
  for (const auto& [what, react, answer] : cases) {
    DYNAMIC_SECTION(what) {
      ScriptedServer bad(react);
      ScriptedServer good(found);
      StubResolver alone(asking({bad.address()}));
      CHECK(ask(alone, "example.org", a) == answer);
      CHECK(bad.queries().size() == 1);
      CHECK(ask(alone, "example.org", a) == answer);  // not kept
      CHECK(bad.queries().size() == 2);
      StubResolver both(asking({bad.address(), good.address()}));
      CHECK(ask(both, "example.org", a) == "found 192.0.2.1");
    }
  }
}

TEST_CASE("the first failure is the result when all servers fail", "[dns]") {
  ScriptedServer refusing(failing(5));
  ScriptedServer broken(failing(2));
  StubResolver resolver(asking({refusing.address(), dead_server(), broken.address()}));
  CHECK(ask(resolver, "example.org", a) == "refused");
}

TEST_CASE("a CNAME chain is followed within the answer", "[dns]") {
  ScriptedServer server([](const Query& query) {
    return Reaction{
        {query.found({record(query.question.name, cname, name_data("B.test")),
                      record("b.test", cname, name_data("c.test")), address_of("c.test")})}};
  });
  StubResolver resolver(asking({server.address()}));
  CHECK(ask(resolver, "example.org", a) == "found 192.0.2.1");
}

TEST_CASE("a host where nobody listens gives way at once", "[dns]") {
  ScriptedServer good(found);
  StubResolver resolver(asking({dead_server(), good.address()}));
  CHECK(ask(resolver, "example.org", a) == "found 192.0.2.1");
}

TEST_CASE("a server that is silent gives way, and is not asked first again", "[dns]") {
  ScriptedServer silent(silence);
  ScriptedServer good(found);
  StubResolver resolver(asking_again_after(100ms, {silent.address(), good.address()}));
  CHECK(ask(resolver, "example.org", a) == "found 192.0.2.1");
  CHECK(ask(resolver, "example.com", a) == "found 192.0.2.1");
  CHECK(silent.queries().size() == 1);
}

TEST_CASE("each try has an id and a port of its own", "[dns]") {
  std::atomic<int> tries = 0;
  ScriptedServer server(
      [&tries](const Query& query) { return ++tries < 4 ? silence(query) : found(query); });
  StubResolver resolver(asking_again_after(50ms, {server.address()}));
  CHECK(ask(resolver, "example.org", a) == "found 192.0.2.1");
  const std::vector<Query> queries = server.queries();
  const std::vector<std::uint16_t> ports = server.client_ports();
  std::set<std::pair<std::uint16_t, std::uint16_t>> seen;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    seen.emplace(queries[i].id, ports[i]);
  }
  CHECK(seen.size() >= 4);
  CHECK(seen.size() == queries.size());
}

TEST_CASE("answers are kept, negative ones if an SOA says how long", "[dns]") {
  struct Case {
    const char* what;
    std::uint16_t code;
    bool has_soa;
    std::size_t asked;
  };
  const Case cases[] = {
      {"no data", 0, true, 1},
      {"no such name", 3, true, 1},
      {"no such name without an SOA", 3, false, 2},  // RFC 2308 §5
  };
  for (const auto& [what, code, has_soa, asked] : cases) {
    DYNAMIC_SECTION(what) {
      ScriptedServer server([code, has_soa](const Query& query) {
        Packet packet = query.reply();
        packet.flags = static_cast<std::uint16_t>(packet.flags | code);
        if (has_soa) {
          packet.authorities = {soa_record(60, 60)};
        }
        return Reaction{{packet.wire()}};
      });
      StubResolver resolver(asking({server.address()}));
      const std::string first = ask(resolver, "example.org", txt);
      CHECK(first == (code == 0 ? "no data" : "no such name"));
      CHECK(ask(resolver, "Example.Org", txt) == first);
      CHECK(server.queries().size() == asked);
      const Statistics statistics = resolver.statistics();
      CHECK(statistics.cache_hits == 2 - asked);
      const Status status = code == 0 ? Status::no_data : Status::no_such_name;
      CHECK(statistics.answers[static_cast<std::size_t>(status)] == asked);
      CHECK(statistics.latency.count() == asked);
    }
  }
  ScriptedServer server(found);
  StubResolver resolver(asking({server.address()}));
  CHECK(ask(resolver, "example.org", a) == "found 192.0.2.1");
  CHECK(resolver.lookup({"EXAMPLE.org", a}, soon()).is_ready());
}

TEST_CASE("the AD bit counts where the servers are trusted", "[dns]") {
  for (const bool trust_ad : {false, true}) {
    DYNAMIC_SECTION("trust_ad " << trust_ad) {
      ScriptedServer server([](const Query& query) {
        Packet packet = query.reply();
        packet.flags |= 0x0020;
        packet.answers = {address_of(query.question.name)};
        return Reaction{{packet.wire()}};
      });
      Options options = asking({server.address()});
      options.trust_ad = trust_ad;
      StubResolver resolver(options);
      CHECK(resolver.lookup({"example.org", a}, soon()).get().authentic == trust_ad);
      CHECK(server.queries().at(0).flags == (trust_ad ? 0x0120 : 0x0100));
    }
  }
}

}  // namespace
}  // namespace sekisho::dns
