#include "domain_check/spf_tree.hpp"

#include "dns/zone_file.hpp"
#include "support/fake_resolver.hpp"

#include <memory>

#include <catch2/catch.hpp>

namespace sekisho::domain_check {
namespace {

SpfTree tree_of(const std::string& zone) {
  auto parsed = dns::ZoneFile::parse("$ORIGIN x.example.\n" + zone, "zone");
  REQUIRE(parsed);
  return read_spf_tree(test::lookups_on(std::shared_ptr<dns::ZoneFile>(*std::move(parsed))),
                       "x.example");
}

std::string spf(const std::string& name, const std::string& terms) {
  return name + " TXT \"v=spf1 " + terms + "\"\n";
}

TEST_CASE("the look-ups and addresses of a tree of records are counted", "[domain_check]") {
  struct Case {
    const char* what;
    std::string zone;
    std::size_t lookups;
    std::size_t voids;
    std::uint64_t ipv4;
    std::uint64_t ipv6_64;
  };
  const Case cases[] = {
      {"addresses alone", spf("@", "ip4:192.0.2.0/24 ip6:2001:db8::/62 -all"), 0, 0, 256, 4},
      {"overlaps once", spf("@", "ip4:192.0.2.0/24 ip4:192.0.2.128/25 ip4:192.0.3.0/24 -all"), 0, 0,
       512, 0},
      {"two hosts of one /64", spf("@", "ip6:2001:db8::1 ip6:2001:db8::2 -all"), 0, 0, 0, 1},
      {"the whole internet", spf("@", "ip4:0.0.0.0/0 ip6:::/0 -all"), 0, 0, 1ULL << 32U,
       UINT64_MAX},
      {"a of the domain", spf("@", "a -all") + "@ A 192.0.2.1\n@ AAAA 2001:db8::1\n", 1, 0, 1, 1},
      {"a with a prefix", spf("@", "a/24//48 -all") + "@ A 192.0.2.1\n@ AAAA 2001:db8::1\n", 1, 0,
       256, 65'536},
      {"mx", spf("@", "mx -all") + "@ MX 1 m1\n@ MX 2 m2\nm1 A 192.0.2.1\nm2 A 192.0.2.2\n", 1, 0,
       2, 0},
      {"a term is void once", spf("@", "mx -all") + "@ MX 1 m1\n@ MX 2 m2\n", 1, 1, 0, 0},
      {"an address of one family is enough", spf("@", "a -all") + "@ AAAA 2001:db8::1\n", 1, 0, 0,
       1},
      {"include", spf("@", "include:i.x.example -all") + spf("i", "ip4:192.0.2.1 ?all"), 1, 0, 1,
       0},
      {"a name that is included twice counts twice",
       spf("@", "include:i.x.example include:i.x.example -all") + spf("i", "a:h.x.example -all") +
           "h A 192.0.2.1\n",
       4, 0, 1, 0},
      {"overlaps of two includes once",
       spf("@", "include:i.x.example include:j.x.example -all") +
           spf("i", "ip4:192.0.2.0/24 ip4:192.0.4.0/24") +
           spf("j", "ip4:192.0.2.128/25 ip4:192.0.3.0/24 ip4:192.0.0.0/22"),
       2, 0, 1'280, 0},
      {"an include that does not pass",
       spf("@", "-include:i.x.example ip4:192.0.2.0/24 -all") + spf("i", "ip4:192.0.2.0/25 -all"),
       1, 0, 128, 0},
      {"what failed before does not pass",
       spf("@", "-ip4:192.0.2.0/25 ip4:192.0.2.0/24 ~ip4:192.0.0.0/8 ip4:192.1.1.1 -all"), 0, 0,
       128, 0},
      {"redirect", spf("@", "ip4:192.0.2.1 redirect=i.x.example") + spf("i", "ip4:192.0.2.2 -all"),
       1, 0, 2, 0},
      {"redirect beside all is not followed",
       spf("@", "ip4:192.0.2.1 -all redirect=i.x.example") + spf("i", "ip4:192.0.2.2 -all"), 0, 0,
       1, 0},
      {"ptr and macros count", spf("@", "ptr exists:%{i}.x.example a:%{l}.x.example -all"), 3, 0, 0,
       0},
      {"macros of the domain are expanded",
       spf("@", "include:i.%{d} -all") + spf("i", "a:%{o} a:%{d} -all") +
           "@ A 192.0.2.1\ni A 192.0.2.2\n",
       3, 0, 2, 0},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.what) {
      const SpfTree tree = tree_of(c.zone);
      CHECK(tree.lookups() == c.lookups);
      CHECK(tree.voids() == c.voids);
      CHECK(tree.root().passing.ipv4_addresses() == c.ipv4);
      CHECK(tree.root().passing.ipv6_networks() == c.ipv6_64);
    }
  }
}

TEST_CASE("a tree ends at its limits", "[domain_check]") {
  const auto has_cut = [](const std::shared_ptr<test::FakeResolver>& resolver) {
    return read_spf_tree(test::lookups_on(resolver), "x.example").is_cut;
  };
  for (const std::size_t records : {max_spf_records, max_spf_records + 1}) {
    const auto resolver = std::make_shared<test::FakeResolver>();
    std::string terms;
    for (std::size_t i = 1; i < records; ++i) {
      const std::string name = "i" + std::to_string(i) + ".example";
      terms += " include:" + name;
      resolver->add_txt(name, "v=spf1 -all");
    }
    resolver->add_txt("x.example", "v=spf1" + terms + " -all");
    CAPTURE(records);
    CHECK(has_cut(resolver) == (records > max_spf_records));
  }
  for (const std::size_t depth : {max_spf_depth, max_spf_depth + 1}) {
    const auto resolver = std::make_shared<test::FakeResolver>();
    resolver->add_txt("x.example", "v=spf1 include:d1.example -all");
    for (std::size_t i = 1; i <= depth; ++i) {
      const std::string next = i < depth ? " include:d" + std::to_string(i + 1) + ".example" : "";
      resolver->add_txt("d" + std::to_string(i) + ".example", "v=spf1" + next + " -all");
    }
    CAPTURE(depth);
    CHECK(has_cut(resolver) == (depth > max_spf_depth));
  }
}

TEST_CASE("the fault of a record has its position", "[domain_check]") {
  const SpfTree tree = tree_of(spf("@", "mx ipv4:192.0.2.1 -all"));
  CHECK(tree.root().status == SpfNodeStatus::broken);
  CHECK(tree.root().fault_position == 10);
}

}  // namespace
}  // namespace sekisho::domain_check
