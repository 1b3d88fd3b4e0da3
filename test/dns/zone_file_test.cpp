#include "dns/zone_file.hpp"

#include "dns/records.hpp"

#include <map>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::dns {
namespace {

using enum RecordType;

std::string ask(Resolver& resolver, const std::string& name, RecordType type) {
  Pending<Answer> pending = resolver.lookup({name, type}, {});
  REQUIRE(pending.is_ready());
  return shown(pending.get());
}

TEST_CASE("a master file answers questions", "[dns]") {
  const auto zone = ZoneFile::load(SEKISHO_TEST_DATA "/dns/example.zone");
  if (!zone) {
    FAIL(zone.error().message);
  }
  struct Case {
    std::string name;
    RecordType type;
    const char* answer;
  };
  const Case cases[] = {
      {"example.org", txt, "found v=spf1 mx -all"},  // RFC 7208 §3.3: strings joined
      {"example.org", mx, "found 10 mail.example.org, 20 backup.example.net"},
      {"example.org", a, "no data"},
      {"mail.example.org", a, "found 192.0.2.25"},
      {"MAIL.Example.Org", aaaa, "found 2001:db8::25"},  // RFC 4343
      {"null.example.org", mx, "found 0 "},              // RFC 7505
      {"quoted.example.org", txt, "found a;bc(d\"e\"A\\plain"},
      {"long.example.org", txt, "found one two three"},
      {"25.2.0.192.in-addr.arpa", ptr, "found mail.example.org"},
      {"odd label\xe2.example.com", txt, "found blank and octet"},
      {"one.sub.example.org", a, "found 192.0.2.101"},  // a relative $ORIGIN
      {"nowhere.example.org", a, "no such name"},
      {"elsewhere.test", a, "no such name"},
      {"", txt, "no data"},  // the root has names below it

      // names without records of their own, or of a type that we ask for
      {"srv.example.org", txt, "no data"},
      {"host.deep.example.org", a, "no data"},
      {"deep.example.org", a, "no data"},
      {"org", a, "no data"},

      // RFC 1034 §3.6.2
      {"www.example.org", a, "found 192.0.2.25"},
      {"www2.example.org", aaaa, "found 2001:db8::25"},
      {"www2.example.org", cname, "found www.example.org"},
      {"www.example.org", txt, "no data"},
      {"dangling.example.org", a, "no such name"},
      {"loop-a.example.org", a, "server failure"},
      {"self.example.org", a, "server failure"},
      {"loop-a.example.org", cname, "found loop-b.example.org"},

      // RFC 4592 §2.2.1, with its names below wild.example.org
      {"host3.wild.example.org", mx, "found 10 host1.example.org"},
      {"host3.wild.example.org", a, "no data"},
      {"foo.bar.wild.example.org", txt, "found from the wildcard"},
      {"HOST3.WILD.example.org", txt, "found from the wildcard"},
      {"*.wild.example.org", txt, "found from the wildcard"},
      {"host1.wild.example.org", mx, "no data"},
      {"sub.*.wild.example.org", mx, "no data"},
      {"_telnet._tcp.host1.wild.example.org", txt, "no such name"},
      {"host2.wild.example.org", mx, "no data"},
      {"ghost.*.wild.example.org", mx, "no such name"},
      {"wild.example.org", txt, "no data"},
      {"x.alias.example.org", a, "found 192.0.2.25"},

      // names that cannot exist (RFC 1035 §3.1)
      {"example..org", a, "malformed"},
      {".example.org", a, "malformed"},
      {"example.org.", a, "malformed"},
      {".", a, "malformed"},
      {std::string(63, 'x') + ".example.org", a, "no such name"},
      {std::string(64, 'x') + ".example.org", a, "malformed"},
      {std::string(300, 'x'), a, "malformed"},
  };
  for (const auto& [name, type, answer] : cases) {
    DYNAMIC_SECTION(format_type(type) << " of " << name) {
      CHECK(ask(**zone, name, type) == answer);
    }
  }
}

TEST_CASE("a master file holds the records that describe a zone", "[dns]") {
  const auto zone = ZoneFile::parse(
      "$ORIGIN example.org.\n"
      "@ SOA ns1 host\\.master 7 3600 600 86400 300\n"
      "@ NS ns1\n"
      "@ CAA 0 issue \"ca.example; policy=ev\" ; a comment\n"
      "@ CAA 128 iodef \"mailto:a@example.org\"\n"
      "@ HINFO \"x\" \"y z\" \n"
      "_ftp URI 10 1 \"ftp://ftp.example.org/a\"\n"
      "@ DS 4711 8 2 00ff\n"
      "@ DNSKEY 257 3 8 AQID\n"
      "@ SPF \"v=spf1 \" \"-all\"\n"
      "_25._tcp TLSA 3 1 1 8d02\n",
      "z");
  REQUIRE(zone);
  struct Case {
    std::string name;
    RecordType type;
    const char* answer;
  };
  const Case cases[] = {
      {"example.org", soa, "found ns1.example.org  7 300"},  // a dot in a label of the mailbox
      {"example.org", ns, "found ns1.example.org"},
      {"example.org", caa, "found 0 issue ca.example; policy=ev, 128 iodef mailto:a@example.org"},
      {"example.org", ds, "found 4711 8 2 00ff"},
      {"example.org", dnskey, "found 257 3 8 010203"},
      {"example.org", spf, "found v=spf1 -all"},
      {"_25._tcp.example.org", tlsa, "found 311 8d02"},
      {"_ftp.example.org", a, "no data"},
  };
  for (const auto& [name, type, answer] : cases) {
    DYNAMIC_SECTION(format_type(type) << " of " << name) {
      CHECK(ask(**zone, name, type) == answer);
    }
  }
  CHECK((*zone)->names() == std::vector<std::string>{"_25._tcp.example.org", "example.org"});
}

TEST_CASE("the TTL of an answer is the lowest on the way to it", "[dns]") {
  const auto zone = ZoneFile::load(SEKISHO_TEST_DATA "/dns/example.zone");
  REQUIRE(zone);
  CHECK((*zone)->lookup({"example.org", txt}, {}).get().ttl == std::chrono::hours{1});
  CHECK((*zone)->lookup({"www.example.org", a}, {}).get().ttl == std::chrono::seconds{300});
}

TEST_CASE("a chain of aliases is followed up to its limit", "[dns]") {
  std::string text;
  for (int i = 0; i < 17; ++i) {
    text += "n" + std::to_string(i) + ". CNAME n" + std::to_string(i + 1) + ".\n";
  }
  const auto zone = ZoneFile::parse(text + "n17. A 192.0.2.1\n", "chain.zone");
  REQUIRE(zone);
  CHECK(ask(**zone, "n1", a) == "found 192.0.2.1");
  CHECK(ask(**zone, "n0", a) == "server failure");
}

TEST_CASE("an empty master file has no names", "[dns]") {
  for (const std::string text : {"", "\n", "; nothing", "\n \t\r\n"}) {
    DYNAMIC_SECTION(text.size() << " octets") {
      const auto zone = ZoneFile::parse(text, "empty.zone");
      REQUIRE(zone);
      CHECK(ask(**zone, "example.org", a) == "no such name");
    }
  }
}

TEST_CASE("an error in a master file names the file and the line", "[dns]") {
  const std::map<std::string, std::string> cases = {
      {"a. A 192.0.2.1\n\n; comment\nb. A 192.0.2.256\n", "z:4: "},
      {"a. TXT ( \"x\"\n\"y\" )\nb. A nonsense\n", "z:3: "},
      {"a. TXT ( \"x\"\nb. TXT \"y\"\n", "z:1: a parenthesis"},
      {"a. TXT \"x\" )\n", "z:1: a parenthesis"},
      {"a. TXT \"x\nb. TXT y\n", "z:1: a quote"},
      {"a. A\n", "z:1: "},
      {"a. A 192.0.2.1 192.0.2.2\n", "z:1: "},
      {"a. BOGUS x\n", "z:1: "},
      {"a. BOGUS \\# 1 00\n", "z:1: an unknown record type"},
      {"a. CH TXT x\n", "z:1: a class"},
      {"a\\.b.example. A 192.0.2.1\n", "z:1: a name with a dot"},
      {"a..b. A 192.0.2.1\n", "z:1: "},
      {std::string(64, 'x') + ". A 192.0.2.1\n", "z:1: "},
      {"a. TXT " + std::string(256, 'x') + "\n", "z:1: "},
      {"a. TXT \"" + std::string(70'000, 'x') + "\"\n", "z:1: a record too long"},
      {std::string("a. TXT \"\0\"\n", 11), "z:1: a NUL octet"},
      {"$INCLUDE /etc/passwd\n", "z:1: expected $ORIGIN"},
      {"$GENERATE 1-9 a$ A 192.0.2.$\n", "z:1: expected $ORIGIN"},
      {"$ORIGIN\n", "z:1: expected $ORIGIN"},
      {"$TTL soon\n", "z:1: expected $ORIGIN"},
  };
  for (const auto& [text, message] : cases) {
    DYNAMIC_SECTION(text.substr(0, 60)) {
      const auto zone = ZoneFile::parse(text, "z");
      REQUIRE_FALSE(zone);
      CHECK_THAT(zone.error().message, Catch::StartsWith(message));
    }
  }
}

TEST_CASE("a master file that cannot be read is an error that names it", "[dns]") {
  for (const std::string path : {"/nonexistent/file.zone", SEKISHO_TEST_DATA}) {
    DYNAMIC_SECTION(path) {
      const auto zone = ZoneFile::load(path);
      REQUIRE_FALSE(zone);
      const bool is_folder = path == SEKISHO_TEST_DATA;
      CHECK(zone.error().message ==
            path + ": cannot be read: " +
                (is_folder ? "Is a directory" : "No such file or directory"));
    }
  }
  CHECK(ZoneFile::load("/dev/null"));
}

TEST_CASE("a record of 64 KiB can be written", "[dns]") {
  std::string text = "big. TXT";
  for (int i = 0; i < 240; ++i) {
    text += " \"" + std::string(255, 'x') + "\"";
  }
  const auto zone = ZoneFile::parse(text + "\n", "big.zone");
  REQUIRE(zone);
  CHECK(ask(**zone, "big", txt).size() == 240 * 255 + std::string("found ").size());
}

}  // namespace
}  // namespace sekisho::dns
