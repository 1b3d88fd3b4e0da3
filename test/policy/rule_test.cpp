// What the operator's rules match.
#include "policy/rule.hpp"

#include "policy/rule_sample.hpp"

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::policy;

TEST_CASE("each condition of a rule holds for what it names, and for nothing else", "[policy]") {
  struct Case {
    std::string name;
    std::function<void(Rule&)> yes;
    std::function<void(Rule&)> no;
  };
  using Names = std::vector<std::string>;
  const Case cases[] = {
      {"client", [](Rule& r) { r.client = list<policy::NetworkSet>({"::1", "192.0.2.0/29"}); },
       [](Rule& r) { r.client = list<policy::NetworkSet>({"192.0.2.8/29"}); }},
      {"client name", [](Rule& r) { r.client_name = names({".relay.example"}); },
       [](Rule& r) { r.client_name = names({"relay.example"}); }},
      {"helo", [](Rule& r) { r.helo = names({"relay.example"}); },
       [](Rule& r) { r.helo = names({".relay.example"}); }},
      {"sender", [](Rule& r) { r.sender = names({"Bounce@LIST.example"}); },
       [](Rule& r) { r.sender = names({"<>", "other@list.example"}); }},
      {"recipient", [](Rule& r) { r.recipient = names({"one@example.org"}); },
       [](Rule& r) { r.recipient = names({"example.net"}); }},
      {"author", [](Rule& r) { r.author = names({"info@bank.example"}); },
       [](Rule& r) { r.author = names({"example", "ank.example"}); }},
      {"tls", [](Rule& r) { r.tls = tls::Requirement::parse(">=1.2"); },
       [](Rule& r) { r.tls = tls::Requirement::parse("none"); }},
      {"certificate", [](Rule& r) { r.certificate = names({".relay.example"}); },
       [](Rule& r) { r.certificate = names({"relay.example"}); }},
      {"list", [](Rule& r) { r.list_id = names({"tea.list.example"}); },
       [](Rule& r) { r.list_id = names({"list.example"}); }},
      {"spf", [](Rule& r) { r.spf = Names{"fail", "pass"}; },
       [](Rule& r) { r.spf = Names{"fail"}; }},
      {"dkim", [](Rule& r) { r.dkim = Names{"none"}; }, [](Rule& r) { r.dkim = Names{"pass"}; }},
      {"dmarc", [](Rule& r) { r.dmarc = Names{"fail"}; }, [](Rule& r) { r.dmarc = Names{"pass"}; }},
      {"arc", [](Rule& r) { r.arc = Names{"none"}; }, [](Rule& r) { r.arc = Names{"pass"}; }},
      {"iprev", [](Rule& r) { r.iprev = Names{"pass"}; },
       [](Rule& r) { r.iprev = Names{"permerror"}; }},
      {"any author", [](Rule& r) { r.author = names({"*"}); },
       [](Rule& r) { r.login = list<policy::WordSet>({"*"}); }},
      {"login and sealer", [](Rule& r) { r.author = names({"bank.example"}); },
       [](Rule& r) { r.arc_sealer = names({"*"}); }},
  };
  const findings::Findings found = forged();
  const policy::Facts facts{found, "tea.list.example", "one@example.org"};
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.name) {
      Rule holds;
      CHECK_FALSE(policy::has_condition(holds));
      row.yes(holds);
      CHECK(policy::has_condition(holds));
      CHECK(policy::match(holds, facts) == Match::yes);
      Rule does_not;
      row.no(does_not);
      CHECK(policy::match(does_not, facts) == Match::no);
      row.yes(does_not);  // all conditions must hold, of one condition one entry
      if (row.name == "any author" || row.name == "login and sealer") {
        CHECK(policy::match(does_not, facts) == Match::no);
      }
    }
  }
}

TEST_CASE("no local part hides a sender's domain from a rule", "[policy]") {
  Rule rule;
  rule.sender = names({"spam.example"});
  findings::Findings found = forged();
  for (const char* sender :
       {"a@spam.example", "a@SPAM.example.", "\"a b\"@spam.example", "a b@spam.example",
        "a:b@spam.example", "a,b@spam.example", "(a@spam.example", "\"a@spam.example",
        "\xff@spam.example", "@x.example:a@spam.example", "@x.example:a b@spam.example",
        "a@list.example@spam.example"}) {
    CAPTURE(sender);
    found.envelope.sender = sender;
    CHECK(policy::match(rule, {found, "", ""}) == Match::yes);
  }
  for (const char* sender : {"", "spam.example", "a@spam.example@list.example", "a@[192.0.2.1]"}) {
    CAPTURE(sender);
    found.envelope.sender = sender;
    CHECK(policy::match(rule, {found, "", ""}) == Match::no);
  }
}

TEST_CASE("a pattern has the local part that an address may have", "[policy]") {
  struct Case {
    std::string pattern, sender;
    bool expected;
  };
  const Case cases[] = {
      {"try..this.@carrier.example", "try..this.@carrier.example", true},
      {"Try..This.@CARRIER.example", "try..this.@carrier.example", true},
      {"try.this@carrier.example", "try..this.@carrier.example", false},
      {R"("a b"@list.example)", R"("a b"@list.example)", true},
      {R"("a"@list.example)", "a@list.example", true},
      {"a@xn--ls8h.la", "a@xn--ls8h.la", true},
  };
  for (const auto& [pattern, sender, expected] : cases) {
    DYNAMIC_SECTION(pattern << ' ' << sender) {
      Rule rule;
      rule.sender = names({pattern});
      findings::Findings found = forged();
      found.envelope.sender = sender;
      CHECK((policy::match(rule, {found, "", ""}) == Match::yes) == expected);
    }
  }
  for (const std::string pattern : {"a b@list.example", "@list.example", "a@b@list.example",
                                    "\"a@list.example", "a@-.xn--a-"}) {
    CHECK_FALSE(policy::NameSet().add(pattern));
  }
}

TEST_CASE("what is not certain does not match", "[policy]") {
  findings::Findings found = forged();
  Rule rule;
  SECTION("a client's name that does not lead back") {
    rule.client_name = names({"*"});
    found.iprev->code = iprev::ResultCode::fail;
  }
  SECTION("a certificate that the MTA did not verify") {
    rule.certificate = names({"*"});
    found.client.tls.certificate.reset();
  }
  SECTION("the encryption of mail that did not come over the network") {
    rule.tls = tls::Requirement::parse("none");
    found.client.tls = {};
    found.client.address.reset();
  }
  SECTION("two From fields, of which the rule names one") {
    rule.author = names({"bank.example"});
    found.author.status = mail::AuthorStatus::multiple_from;
  }
  SECTION("one of two authors") {
    rule.author = names({"info@bank.example"});
    found.author.mailboxes.push_back({"eve", "bank.example", mail::Domain::parse("bank.example")});
  }
  SECTION("a chain with a stranger in it") {
    rule.arc_sealer = names({"list.example"});
    found.arc.status = arc::ChainStatus::pass;
    found.arc.sealers = {{*mail::Domain::parse("list.example"), "s"},
                         {*mail::Domain::parse("attack.example"), "s"}};
  }
  SECTION("a result of a check that did not run") {
    rule.dmarc = {"none", "fail", "pass", "temperror", "permerror"};
    found.dmarc.reset();
  }
  CHECK(policy::match(rule, {found, "", ""}) == Match::no);
}

TEST_CASE("rules that accept what anybody can write are told of", "[policy]") {
  Rule rule;
  rule.author = names({"bank.example"});
  rule.action = Action::accept;
  CHECK(policy::accepts_forgeries(rule));
  rule.dkim = {"pass"};  // anybody's
  CHECK(policy::accepts_forgeries(rule));
  rule.dmarc = {"pass"};
  CHECK_FALSE(policy::accepts_forgeries(rule));
  rule.dmarc = {"pass", "fail"};
  CHECK(policy::accepts_forgeries(rule));
  rule.client_name = names({"*"});  // anybody's, too
  CHECK(policy::accepts_forgeries(rule));
  rule.client_name = names({"relay.example"});
  CHECK_FALSE(policy::accepts_forgeries(rule));
}

TEST_CASE("who may be anybody vouches for nobody", "[policy]") {
  Rule rule;
  rule.action = Action::accept;
  rule.recipient = names({"*"});
  CHECK(policy::accepts_forgeries(rule));
  rule.sender = names({"*"});
  rule.spf = {"pass"};
  CHECK(policy::accepts_forgeries(rule));
  rule.sender = names({"partner.example"});
  CHECK_FALSE(policy::accepts_forgeries(rule));
}

TEST_CASE("lists live in files, one entry a line", "[policy]") {
  const std::string path = "rule_test_list";
  const auto write = [&](const char* text) { std::ofstream(path, std::ios::binary) << text; };
  auto condition = names({"example.com", "file:" + path});
  write("# partners\n\n bank.example \r\n.shop.example\t# and its sub-domains\n");
  REQUIRE(condition.read_files());
  CHECK(condition.set.covers(*mail::Domain::parse("bank.example")));
  CHECK(condition.set.covers(*mail::Domain::parse("www.shop.example")));
  CHECK(condition.set.covers(*mail::Domain::parse("example.com")));
  CHECK_FALSE(condition.set.covers(*mail::Domain::parse("shop.example")));

  write("bank.example\nno domain\n");
  CHECK(condition.read_files().error().starts_with(path + ":2: is \"no domain\"; expected "));
  write("bank.example#1\n");
  CHECK_FALSE(condition.read_files());
  CHECK(names({"file:/nonexistent/list"})
            .read_files()
            .error()
            .starts_with("/nonexistent/list: cannot be read: No such file"));
  CHECK(names({"file:/"}).read_files().error().starts_with("/: cannot be read: Is a directory"));
  write("# nothing\n");
  auto empty = names({"file:" + path});
  REQUIRE(empty.read_files());
  CHECK(empty.is_given());
  CHECK_FALSE(empty.set.covers(*mail::Domain::parse("bank.example")));
  CHECK(std::remove(path.c_str()) == 0);
}
