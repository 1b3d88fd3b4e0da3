#include "migrate/data_set.hpp"

#include <catch2/catch.hpp>

namespace sekisho::migrate {

namespace {

std::vector<std::string> networks_of(std::string_view list) {
  std::vector<std::string> texts;
  for (const dns::Network& network : sort_hosts(parse_list(list, {"f", 1})).networks) {
    texts.push_back(network.text());
  }
  return texts;
}

}  // namespace

TEST_CASE("a data set is named as opendkim(8) has it") {
  struct Case {
    std::string text;
    DataSetKind kind;
    std::string rest;
  };
  const Case cases[] = {
      {"file:/etc/x", DataSetKind::file, "/etc/x"},
      {"/etc/x", DataSetKind::file, "/etc/x"},
      {"./x", DataSetKind::file, "./x"},
      {"refile:/etc/x", DataSetKind::patterns, "/etc/x"},
      {"csl:a,b", DataSetKind::list, "a,b"},
      {"a, b", DataSetKind::list, "a, b"},
      {"dsn:mysql://u:p@3306+h/d", DataSetKind::database, "dsn:mysql://u:p@3306+h/d"},
      {"/etc/x.db", DataSetKind::database, "/etc/x.db"},
  };
  for (const Case& one : cases) {
    DYNAMIC_SECTION(one.text) {
      const DataSetName name = name_data_set(one.text);
      CHECK(name.kind == one.kind);
      CHECK(name.rest == one.rest);
    }
  }
}

TEST_CASE("members of a file are the first words of its lines") {
  const DataSet set = parse_members("# all\na value\n\n b # why\n", "f");
  REQUIRE(set.members.size() == 2);
  CHECK(set.members[0].text == "a");
  CHECK(set.members[1].text == "b");
  CHECK(set.members[1].place == Place{"f", 4});
}

TEST_CASE("members may be names with values") {
  const DataSet list = parse_list("csl, a=b|c ,d = e,f=", {"f", 1});
  REQUIRE(list.members.size() == 4);
  CHECK(list.members[1].name + " " + list.members[1].value == "a b|c");
  CHECK(list.members[2].name + " " + list.members[2].value == "d e");
  CHECK(list.members[3].name + " " + list.members[3].value == "f ");
  const DataSet file = parse_members("a  b|c # x\nd\n", "f");
  CHECK(file.members[0].name + " " + file.members[0].value == "a b|c");
  CHECK(file.members[1].value.empty());
}

TEST_CASE("hosts are networks and names") {
  using Texts = std::vector<std::string>;
  CHECK(networks_of("127.0.0.1, [::1], localhost, 192.0.2.0/24") ==
        Texts{"192.0.2.0/24", "127.0.0.1/32", "::1/128"});
  CHECK(networks_of("::ffff:127.0.0.0/104") == Texts{"127.0.0.0/8"});
  // mynetworks of Postfix
  CHECK(networks_of("[::1]/128") == Texts{"::1/128"});
  CHECK(networks_of("[2001:db8::]/32, [192.0.2.0]/24, ![2001:db8::]/33") ==
        Texts{"192.0.2.0/24", "2001:db8:8000::/33"});
  const Hosts hosts = sort_hosts(parse_list("mx.example.org, .Example.com", {"f", 1}));
  CHECK(hosts.names == Texts{"mx.example.org", ".example.com"});
}

TEST_CASE("of networks the more precise decides, and holes are cut out") {
  using Texts = std::vector<std::string>;
  CHECK(networks_of("10.0.0.0/8, !10.0.0.0/9") == Texts{"10.128.0.0/9"});
  CHECK(networks_of("192.0.2.0/30, !192.0.2.1") == Texts{"192.0.2.2/31", "192.0.2.0/32"});
  CHECK(networks_of("!192.0.2.0/24, 192.0.2.7") == Texts{"192.0.2.7/32"});
  CHECK(networks_of("192.0.2.7, !192.0.2.7").empty());
  CHECK(networks_of("0.0.0.0/0, !::1") == Texts{"0.0.0.0/0"});
  CHECK(networks_of("2001:db8::/127, !2001:db8::1") == Texts{"2001:db8::/128"});
}

TEST_CASE("what is neither an address nor a name is told apart") {
  // An address with bits behind its prefix never matched: opendkim.conf(5), NOTES.
  const char* text = GENERATE("192.0.2.1/24", "300.1.1.1", "192.0.2", "!mx.example.org", "a b@c",
                              "2001:db8::1/64", "::ffff:192.0.2.0/20");
  CAPTURE(text);
  const Hosts hosts = sort_hosts(parse_list(text, {"f", 1}));
  CHECK(hosts.networks.empty());
  CHECK(hosts.names.empty());
  REQUIRE(hosts.odd.size() == 1);
  CHECK_FALSE(hosts.odd[0].reason.empty());
}

TEST_CASE("a star before a domain is a pattern of refile alone") {
  CHECK(sort_hosts(parse_list("*.example.org", {"f", 1})).odd.size() == 1);
  DataSet set = parse_list("*.example.org", {"f", 1});
  set.has_patterns = true;
  CHECK(sort_hosts(set).names == std::vector<std::string>{".example.org"});
}

TEST_CASE("holes do not make a list without end") {
  std::string list = "::/0";
  for (int i = 0; i < 2'000; ++i) {
    list += ",!2001:db8::" + std::to_string(i % 9999);
  }
  const Hosts hosts = sort_hosts(parse_list(list, {"f", 1}));
  CHECK(hosts.odd.size() == 1);
  CHECK(hosts.networks.size() == 1);
}

}  // namespace sekisho::migrate
