#include "dns/codec.hpp"

#include "dns/ldns.hpp"
#include "dns/packet.hpp"
#include "dns/records.hpp"
#include "dns/wire.hpp"

#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

using enum RecordType;

constexpr std::uint16_t id = 0x1234;
const Question www{"www.example.org", a};

std::string decoded(const Octets& packet, const Question& question = www) {
  const std::expected<Answer, NoAnswer> answer = decode_answer(packet, question, id);
  if (answer) {
    return shown(*answer);
  }
  return answer.error() == NoAnswer::foreign ? "foreign" : "truncated";
}

Packet reply(std::vector<WireRecord> answers, const Question& question = www) {
  Packet packet = Packet::reply_to(id, question);
  packet.answers = std::move(answers);
  return packet;
}

Packet failure(std::uint16_t code) {
  Packet packet = reply({});
  packet.flags = static_cast<std::uint16_t>(packet.flags | code);
  return packet;
}

TEST_CASE("a query is what another implementation reads", "[dns]") {
  for (const bool want_authentic : {false, true}) {
    DYNAMIC_SECTION("AD " << want_authentic) {
      const bool want_recursion = !want_authentic;
      const Octets wire =
          encode_query({"_Dmarc.ex ample\xe9.org", txt}, id, {want_authentic, want_recursion});
      ldns_pkt* read = nullptr;
      REQUIRE(ldns_wire2pkt(&read, wire.data(), wire.size()) == LDNS_STATUS_OK);
      const LdnsPacket packet(read);
      CHECK(ldns_pkt_id(read) == id);
      CHECK(ldns_pkt_rd(read) == want_recursion);
      CHECK_FALSE(ldns_pkt_qr(read));
      CHECK_FALSE(ldns_pkt_cd(read));
      CHECK(ldns_pkt_ad(read) == want_authentic);
      CHECK(ldns_pkt_edns(read));
      CHECK(ldns_pkt_edns_udp_size(read) == 1232);
      CHECK_FALSE(ldns_pkt_edns_do(read));
      REQUIRE(ldns_pkt_qdcount(read) == 1);
      const CPtr<char, &std::free> question(ldns_rr_list2str(ldns_pkt_question(read)));
      CHECK(std::string(question.get()) == "_Dmarc.ex\\032ample\\233.org.\tIN\tTXT\n");
    }
  }
}

TEST_CASE("records of every type are read", "[dns]") {
  struct Case {
    RecordType type;
    Octets data;
    const char* answer;
  };
  const Case cases[] = {
      {a, address_data("192.0.2.1"), "found 192.0.2.1"},
      {aaaa, address_data("2001:db8::1"), "found 2001:db8::1"},
      {mx, exchange_data(10, "Mail.example.org"), "found 10 Mail.example.org"},
      {mx, exchange_data(0, ""), "found 0 "},  // RFC 7505
      {txt, {3, 'v', '=', 's', 0, 2, 'p', 'f'}, "found v=spf"},
      {txt, {0}, "found "},
      {ptr, name_data("mail.example.org"), "found mail.example.org"},
      {cname, name_data("mail.example.org"), "found mail.example.org"},
  };
  for (const auto& [type, data, answer] : cases) {
    DYNAMIC_SECTION(format_type(type) << " of " << data.size() << " octets") {
      const Question question{"www.example.org", type};
      CHECK(decoded(reply({record("WWW.example.org", type, data)}, question).wire(), question) ==
            answer);
    }
  }
}

TEST_CASE("record data that is not of its type makes the answer malformed", "[dns]") {
  struct Case {
    const char* what;
    RecordType type;
    Octets data;
  };
  const Case cases[] = {
      {"A too short", a, {192, 0, 2}},
      {"A too long", a, {192, 0, 2, 1, 0}},
      {"A empty", a, {}},
      {"AAAA of an A", aaaa, {192, 0, 2, 1}},
      {"MX without a host", mx, {0, 10}},
      {"MX with more", mx, {0, 10, 0, 0}},
      {"MX too short", mx, {0}},
      {"TXT empty", txt, {}},
      {"TXT with a string beyond its end", txt, {3, 'a', 'b'}},
      {"TLSA without its matching type", tlsa, {3, 1}},
      {"CAA with a tag beyond its end", caa, {0, 5, 'i', 's'}},
      {"DS too short", ds, {0, 1, 8}},
      {"DNSKEY too short", dnskey, {1, 0, 3}},
      {"SOA without its minimum", soa, {0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4}},
      {"NS empty", ns, {}},
      {"PTR empty", ptr, {}},
      {"PTR without an end", ptr, {1, 'a'}},
      {"PTR with a label of 64", ptr, {64, 'a', 0}},
      {"PTR with an extended label", ptr, {0x81, 'a', 0}},
      {"PTR that points to itself", ptr, {0xc0, 60}},
      {"PTR that points forward", ptr, {0xc0, 61}},
      {"PTR that points beyond", ptr, {0xff, 0xff}},
      {"PTR with half a pointer", ptr, {0xc0}},
      {"PTR over 255 octets", ptr,
       [] {
         Octets name;
         for (int i = 0; i < 128; ++i) {
           append(name, {1, 'x'});
         }
         name.push_back(0);
         return name;
       }()},
  };
  for (const auto& [what, type, data] : cases) {
    DYNAMIC_SECTION(what) {
      const Question question{"www.example.org", type};
      CHECK(decoded(reply({record("www.example.org", type, data)}, question).wire(), question) ==
            "malformed");
    }
  }
}

TEST_CASE("a name with a dot inside a label cannot pass for another", "[dns]") {
  const Octets dotted{8, 'w', 'w', 'w', '.', 'e', 'v', 'i', 'l', 0};
  const Question question{"www.evil", ptr};
  Packet packet = reply({record("www.evil", ptr, dotted)}, question);
  CHECK(decoded(packet.wire(), question) == "no data");
  packet.answers = {{dotted, type_number(ptr), 60, name_data("mail.example.org")}};
  CHECK(decoded(packet.wire(), question) == "no data");
}

TEST_CASE("compressed names are read", "[dns]") {  // RFC 1035 §4.1.4
  const Question question{"www.example.org", mx};
  Octets data = big_endian(5, 2);
  append(data, {4, 'm', 'a', 'i', 'l', 0xc0, 16});  // offset 16: "example.org" in the question
  Packet packet = reply({}, question);
  packet.answers = {{{0xc0, 12}, type_number(mx), 60, data}};
  CHECK(decoded(packet.wire(), question) == "found 5 mail.example.org");
}

TEST_CASE("a chain of pointers has an end", "[dns]") {
  Octets data;  // each pointer points to the one before it
  for (std::uint32_t i = 0; i < 200; ++i) {
    append(data, big_endian(0xc000U + 12 + (i == 0 ? 0 : 31 + 2 * i), 2));
  }
  Packet packet = reply({{name_data("www.example.org"), 99, 60, data}});
  packet.answers.push_back({big_endian(0xc000U + 33 + 27 + 398, 2), 1, 60, {192, 0, 2, 1}});
  CHECK(decoded(packet.wire()) == "malformed");
}

TEST_CASE("CNAME chains are followed in whatever order they come", "[dns]") {
  const WireRecord first = record("www.example.org", cname, name_data("B.example.org"));
  const WireRecord second = record("b.example.org", cname, name_data("c.example.net"), 30);
  const WireRecord last = record("C.example.net", a, address_data("192.0.2.1"));
  const WireRecord stranger = record("other.example.org", a, address_data("192.0.2.66"));
  const std::vector<std::pair<const char*, std::vector<WireRecord>>> orders = {
      {"in order", {first, second, last}},
      {"reversed", {last, second, first}},
      {"mixed with a stranger's", {stranger, second, last, stranger, first}},
  };
  for (const auto& [order, records] : orders) {
    DYNAMIC_SECTION(order) {
      CHECK(decoded(reply(records).wire()) == "found 192.0.2.1");
      const auto answer = decode_answer(reply(records).wire(), www, id);
      CHECK(answer->ttl == std::chrono::seconds{30});
    }
  }
  CHECK(decoded(reply({first, second}).wire()) == "no data");
  CHECK(decoded(reply({second, last}).wire()) == "no data");
  CHECK(decoded(reply({first, second, last}, {"www.example.org", cname}).wire(),
                {"www.example.org", cname}) == "found B.example.org");
}

TEST_CASE("a CNAME loop is a server failure", "[dns]") {
  CHECK(decoded(reply({record("www.example.org", cname, name_data("b.example.org")),
                       record("b.example.org", cname, name_data("www.example.org"))})
                    .wire()) == "server failure");
  CHECK(decoded(reply({record("www.example.org", cname, name_data("www.example.org"))}).wire()) ==
        "server failure");
}

TEST_CASE("a CNAME chain has a limit", "[dns]") {
  const auto chain_of = [](std::size_t aliases) {
    std::vector<WireRecord> records;
    std::string owner = "www.example.org";
    for (std::size_t i = 1; i <= aliases; ++i) {
      const std::string target = "c" + std::to_string(i) + ".example.org";
      records.push_back(record(owner, cname, name_data(target)));
      owner = target;
    }
    records.push_back(record(owner, a, address_data("192.0.2.1")));
    return reply(records).wire();
  };
  CHECK(decoded(chain_of(max_aliases)) == "found 192.0.2.1");
  CHECK(decoded(chain_of(max_aliases + 1)) == "server failure");
}

TEST_CASE("records of other names, types and classes are not taken", "[dns]") {
  WireRecord chaos = record("www.example.org", a, address_data("192.0.2.66"));
  chaos.its_class = 3;
  CHECK(decoded(reply({record("example.org", a, address_data("192.0.2.66")), chaos,
                       record("www.example.org", txt, text_data("x"))})
                    .wire()) == "no data");
}

TEST_CASE("response codes are told apart", "[dns]") {
  CHECK(decoded(failure(0).wire()) == "no data");
  CHECK(decoded(failure(1).wire()) == "server failure");  // FORMERR
  CHECK(decoded(failure(2).wire()) == "server failure");
  CHECK(decoded(failure(3).wire()) == "no such name");
  CHECK(decoded(failure(4).wire()) == "server failure");  // NOTIMP
  CHECK(decoded(failure(5).wire()) == "refused");
  CHECK(decoded(failure(9).wire()) == "server failure");

  Packet bad_version = failure(0);
  bad_version.additionals = {opt(1)};  // BADVERS (RFC 6891 §6.1.3)
  CHECK(decoded(bad_version.wire()) == "server failure");

  Packet without_question = failure(2);
  without_question.questions.clear();
  without_question.question_count = 0;
  CHECK(decoded(without_question.wire()) == "server failure");
  without_question.flags = 0x8183;
  CHECK(decoded(without_question.wire()) == "foreign");

  // RFC 6604 §3: the code speaks of the end of the chain
  Packet dangling = failure(3);
  dangling.answers = {record("www.example.org", cname, name_data("nowhere.example.org"))};
  CHECK(decoded(dangling.wire()) == "no such name");
}

TEST_CASE("a packet that does not belong to the question is foreign", "[dns]") {
  const WireRecord address = record("www.example.org", a, address_data("192.0.2.66"));
  const auto changed = [&](auto change) {
    Packet packet = reply({address});
    change(packet);
    return decoded(packet.wire());
  };
  CHECK(changed([](Packet&) {}) == "found 192.0.2.66");
  CHECK(changed([](Packet& packet) { packet.id ^= 1; }) == "foreign");
  CHECK(changed([](Packet& packet) { packet.flags = 0x0180; }) == "foreign");  // no response
  CHECK(changed([](Packet& packet) { packet.flags = 0xa980; }) == "foreign");  // opcode UPDATE
  CHECK(changed([](Packet& packet) { packet.ask(www); }) == "foreign");        // two questions
  CHECK(changed([](Packet& packet) {
          packet.questions.clear();
          packet.question_count = 0;
        }) == "foreign");
  for (const Question& other : {Question{"www.example.com", a}, Question{"www.example.org", aaaa},
                                Question{"example.org", a}}) {
    CHECK(changed([&](Packet& packet) {
            packet.questions.clear();
            packet.question_count = 0;
            packet.ask(other);
          }) == "foreign");
  }
  CHECK(changed([](Packet& packet) {
          packet.questions.clear();
          packet.question_count = 0;
          packet.ask(www, 3);
        }) == "foreign");
  CHECK(changed([](Packet& packet) {
          packet.questions.clear();
          packet.question_count = 0;
          packet.ask({"WWW.Example.ORG", a});
        }) == "found 192.0.2.66");
}

TEST_CASE("a packet cut anywhere is refused", "[dns]") {
  Packet packet = reply({record("www.example.org", a, address_data("192.0.2.1"))});
  packet.authorities = {soa_record(60, 60)};
  packet.additionals = {opt(0)};
  const Octets whole = packet.wire();
  REQUIRE(decoded(whole) == "found 192.0.2.1");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string result = decoded({whole.begin(), whole.begin() + static_cast<long>(size)});
    CAPTURE(size, result);
    CHECK((result == "foreign" || result == "malformed"));
  }
}

TEST_CASE("a truncated answer is told and not read", "[dns]") {
  Packet packet = reply({record("www.example.org", a, address_data("192.0.2.1"))});
  packet.flags |= 0x0200;
  CHECK(decoded(packet.wire()) == "truncated");
}

TEST_CASE("an answer may be kept for as long as its records say", "[dns]") {
  const auto ttl_of = [](const Packet& packet) {
    return decode_answer(packet.wire(), www, id)->ttl.count();
  };
  const auto address_for = [](std::uint32_t ttl) {
    return record("www.example.org", a, address_data("192.0.2.1"), ttl);
  };
  CHECK(ttl_of(reply({address_for(60), address_for(20)})) == 20);
  CHECK(ttl_of(reply({address_for(20), address_for(60)})) == 20);
  CHECK(ttl_of(reply({address_for(0)})) == 0);
  CHECK(ttl_of(reply({address_for(0x7fffffff)})) == 0x7fffffff);
  CHECK(ttl_of(reply({address_for(0x80000000)})) == 0);  // RFC 2181 §8

  // RFC 2308 §5
  Packet none = failure(3);
  CHECK(ttl_of(none) == 0);
  none.authorities = {soa_record(600, 60)};
  CHECK(ttl_of(none) == 60);
  none.authorities = {soa_record(30, 60)};
  CHECK(ttl_of(none) == 30);
  none.answers = {record("www.example.org", cname, name_data("nowhere.example.org"), 10)};
  CHECK(ttl_of(none) == 10);
}

TEST_CASE("an SOA that is not one counts as none", "[dns]") {
  for (const Octets& data : {Octets{0, 0, 1}, Octets{}, Octets(30, 0)}) {
    CAPTURE(data.size());
    Packet packet = failure(3);
    packet.authorities = {{name_data("example.org"), 6, 60, data}};
    const auto none = decode_answer(packet.wire(), www, id);
    REQUIRE(none);
    CHECK(none->status == Status::no_such_name);
    CHECK(none->ttl.count() == 0);
    packet.authorities.push_back(soa_record(600, 60));
    CHECK(decode_answer(packet.wire(), www, id)->ttl.count() == 60);
  }
}

// A server gives what its zone holds, and a zone may hold a TXT record without any string.
TEST_CASE("a record that cannot be read leaves the others of its answer", "[dns]") {
  const Question question{"www.example.org", txt};
  const WireRecord good = record("www.example.org", txt, text_data("v=spf1 -all"));
  const WireRecord empty = record("www.example.org", txt, {});
  const WireRecord cut = record("www.example.org", txt, {9, 'v'});
  const WireRecord alias = record("www.example.org", cname, {1});
  const std::vector<std::vector<WireRecord>> orders{
      {good, empty}, {empty, good}, {empty, good, cut, empty}, {alias, good}};
  for (const auto& records : orders) {
    CHECK(decoded(reply(records, question).wire(), question) == "found v=spf1 -all");
  }
  CHECK(decoded(reply({empty, cut}, question).wire(), question) == "malformed");
  CHECK(decoded(reply({alias}, question).wire(), question) == "malformed");
  CHECK(decoded(reply({record("other.example", txt, {}), good}, question).wire(), question) ==
        "found v=spf1 -all");
  const WireRecord to_host = record("www.example.org", cname, name_data("host.example.org"));
  CHECK(decoded(reply({to_host, record("host.example.org", txt, {})}, question).wire(), question) ==
        "malformed");
}

TEST_CASE("the data of a record never reaches beyond it", "[dns]") {
  const Question question{"www.example.org", txt};
  Packet packet = reply({record("www.example.org", txt, {5, 'a'})}, question);
  packet.answers.push_back(record("www.example.org", txt, text_data("bcd")));
  CHECK(decoded(packet.wire(), question) == "found bcd");
}

TEST_CASE("the AD bit is handed on", "[dns]") {
  Packet packet = reply({record("www.example.org", a, address_data("192.0.2.1"))});
  CHECK_FALSE(decode_answer(packet.wire(), www, id)->authentic);
  packet.flags |= 0x0020;
  CHECK(decode_answer(packet.wire(), www, id)->authentic);
}

TEST_CASE("a TXT record of 65,000 empty strings costs no more than its size", "[dns]") {
  const Question question{"www.example.org", txt};
  const Packet packet = reply({record("www.example.org", txt, Octets(65'000, 0))}, question);
  CHECK(decoded(packet.wire(), question) == "found ");
}

}  // namespace
}  // namespace sekisho::dns
