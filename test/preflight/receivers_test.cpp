// The rules of receivers: the file, and that each of its rows is hit by a message.
#include "preflight/receivers.hpp"

#include "preflight/options.hpp"
#include "preflight/shop.hpp"

#include <functional>
#include <set>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::preflight {
namespace {

using test::changed;
using test::clean_message;
using test::clean_newsletter;
using test::Departure;
using test::examine;
using test::FakeResolver;

struct Case {
  std::string message;
  std::function<void(Departure&)> change;
};

std::string with_author(const std::string& address) {
  return changed(clean_message, "news@shop.example", address);
}

std::string lines_of_octets(std::size_t octets) {
  const std::string line = std::string(990, 'x') + "\r\n";
  std::string lines;
  while (lines.size() < octets) {
    lines += line;
  }
  return lines;
}

void elsewhere(Departure& departure) {
  departure.request.envelope.addresses = {dns::IpAddress::parse("198.51.100.1").value()};
}
void no_signature(Departure& departure) {
  departure.is_signed = false;
}

// A few faults of all kinds, most of them together.
std::vector<Case> cases() {
  const auto none = [](Departure&) {};
  std::vector<Case> all;
  for (const std::string author : {"a@gmail.com", "a@yahoo.com", "a@icloud.com"}) {
    all.push_back({with_author(author), no_signature});
  }
  all.push_back(
      {changed(clean_message, "Message-ID: <20261201.0930.1@shop.example>\r\n", ""), none});
  all.push_back({changed(clean_message, "From:", "X-From:"), none});
  all.push_back({changed(clean_message, "Subject:", "Subject: a\r\nSubject:"), none});
  all.push_back({changed(clean_message, "Your order", "caf\xe9"), none});
  all.push_back({changed(clean_message, "Hello", std::string(1, '\0')), none});
  all.push_back(
      {changed(clean_message, "Subject:", "X-Data: " + std::string(70'000, 'x') + "\r\nSubject:"),
       none});
  all.push_back({clean_message + lines_of_octets(27'000'000), none});
  std::string hops;
  for (int i = 0; i < 51; ++i) {
    hops += "Received: from a by b; x\r\n";
  }
  all.push_back({hops + clean_message, none});
  all.push_back({changed(clean_message, "01 Dec 2026", "01 Dec 2020"), none});
  all.push_back({clean_message, [](Departure& d) {
                   elsewhere(d);
                   no_signature(d);
                 }});
  all.push_back({clean_message, [](Departure& d) {
                   d.request.envelope.addresses = {dns::IpAddress::parse("2001:db8::9").value()};
                 }});
  all.push_back({clean_message, [](Departure& d) {
                   elsewhere(d);
                   d.request.is_bulk_sender = true;
                   d.request.next_hop_tls = false;
                 }});
  all.push_back({clean_message, [](Departure& d) {
                   no_signature(d);
                   d.zone->fail("shop.example", dns::Status::timeout);
                 }});
  all.push_back({clean_message, [](Departure& d) {
                   d.request.envelope.sender = "a@open.shop.example";
                   d.zone->add_txt("open.shop.example", "v=spf1 +all");
                 }});
  all.push_back({clean_message, [](Departure& d) {
                   d.request.envelope.sender = "a@quiet.shop.example";
                   d.zone->add_txt("quiet.shop.example", "v=spf1 -all");
                 }});
  all.push_back({with_author("a@new.example"), [](Departure& d) {
                   d.request.is_bulk_sender = true;
                   d.request.envelope.sender = "a@shop.example";
                   no_signature(d);
                 }});
  all.push_back({with_author("a@strict.example"), [](Departure& d) {
                   d.zone->add_txt("_dmarc.strict.example", "v=DMARC1; p=none");
                   d.request.envelope.sender = "a@shop.example";
                 }});
  all.push_back({changed(changed(clean_newsletter, "List-Unsubscribe: ", "X-Unsubscribe: "),
                         "List-Unsubscribe-Post: ", "X-Post: "),
                 none});
  all.push_back({changed(clean_newsletter, "List-Unsubscribe-Post: ", "X-Post: "), none});
  all.push_back({"Received: from a by b; x\r\n" + with_author("a@list.example"), [](Departure& d) {
                   d.request.is_indirect = [](const mail::HeaderSection&) { return true; };
                 }});
  return all;
}

std::string key_of(const std::string& receiver, const std::string& text, const std::string& code) {
  return receiver + ": " + code + ": " + text;
}

TEST_CASE("every rule of the file is hit by a message, and told with its finding") {
  std::set<std::string> hit;
  for (const Case& each : cases()) {
    Departure departure;
    each.change(departure);
    for (const Finding& finding : examine(each.message, departure).findings) {
      for (const ReceiverReply& reply : finding.receivers) {
        hit.insert(key_of(reply.receiver, reply.text, reply.code));
      }
    }
  }
  for (const ReceiverRule& rule : test::shop_rules().rules) {
    if (rule.when == Fact::dkim_weak_key) {
      continue;  // a key that small cannot be made here; facts_of() below has it
    }
    const std::string code = rule.code.empty() ? rule.temporary_code : rule.code;
    CAPTURE(rule.receiver, format_fact(rule.when), rule.text);
    CHECK(hit.contains(key_of(rule.receiver, rule.text, code)));
  }
}

TEST_CASE("a permanent refusal is told before a temporary one") {
  Facts facts;
  facts.set(Fact::auth_temporary);
  const auto reply = [&] {
    const ReceiverChoice choice{{"gmail"}, {}};
    return judge_by_receivers(test::shop_rules(), choice, facts, nullptr, {}).front().reply;
  };
  REQUIRE(reply());
  CHECK(reply()->code == "451");
  CHECK(reply()->temporary);
  facts.set(Fact::auth_none);
  CHECK(reply()->code == "550");
  CHECK(reply()->enhanced == "5.7.26");
  CHECK(reply()->temporary_first);
  facts = {};
  facts.set(Fact::dkim_weak_key);
  CHECK(!reply());
  facts.set(Fact::spf_not_passed);  // of bulk senders alone
  CHECK(!reply());
}

TEST_CASE("receivers are chosen by name or by recipient") {
  const ReceiverRules& rules = test::shop_rules();
  using Names = std::vector<std::string>;
  CHECK(choose_receivers(rules, {}, {}).value().size() == rules.receivers.size());
  CHECK(choose_receivers(rules, {"all"}, {"a@gmail.com"}).value().size() == rules.receivers.size());
  CHECK(choose_receivers(rules, {}, {"a@gmail.com", "<b@aol.com>"}).value() ==
        Names{"gmail", "yahoo"});
  CHECK(choose_receivers(rules, {}, {"a@shop.example"}).value().empty());
  CHECK(choose_receivers(rules, {"apple"}, {"a@hotmail.com"}).value() ==
        Names{"apple", "microsoft"});
  CHECK(choose_receivers(rules, {"apples"}, {}).error() == "apples");
  CHECK(rules.of_host(mail::Domain::parse("alt1.gmail-smtp-in.l.google.com").value())->name ==
        "gmail");
}

TEST_CASE("a file of rules that is wrong is refused, with its line") {
  const auto error = [](const std::string& text) {
    return parse_receiver_rules(text, "r.toml").error();
  };
  const std::string head = "rules_date = \"2026-11-30\"\n[[receiver]]\nname = \"gmail\"\n";
  const std::string rule =
      "[[rule]]\nreceiver = \"gmail\"\nwhen = \"auth.none\"\ntext = \"t\"\nsource = \"s\"\ndate = "
      "\"d\"\n";
  CHECK(parse_receiver_rules(head + rule, "r.toml"));
  CHECK(error("rules_date = ").starts_with("r.toml:1: "));
  CHECK(error(rule).contains("rules_date"));
  CHECK(error(head) == "r.toml: [[rule]] is missing");
  CHECK(error(head + changed(rule, "auth.none", "auth.some")) ==
        "r.toml:4: when: not a known condition");
  CHECK(error(head + changed(rule, "gmail", "hotmail")).contains("no [[receiver]]"));
  CHECK(error(head + rule + "cod = \"550\"\n") == "r.toml:10: unknown key cod");
  CHECK(error(head + rule + "code = \"5x0\"\n").contains("a reply code is expected"));
  CHECK(error(head + rule + "bulk = 1\n") == "r.toml:10: bulk: true or false is expected");
  const std::string of_receiver = "r.toml:4: ";
  CHECK(error(head + "bulk_limit = \"many\"\n" + rule) ==
        of_receiver + "bulk_limit: a number is expected");
  CHECK(error(head + "bulk_limit = -1\n" + rule) ==
        of_receiver + "bulk_limit: a number is expected");
  CHECK(parse_receiver_rules(head + "bulk_limit = 0\n" + rule, "r.toml"));
  CHECK(error(head + "domains = \"gmail.com\"\n" + rule) ==
        of_receiver + "domains: a list of domains is expected");
  CHECK(error(head + "domains = [1]\n" + rule) == of_receiver + "domains: not a domain");
  CHECK(error(head + "domains = [\"a..b\"]\n" + rule) == of_receiver + "domains: not a domain");
  CHECK(error("rules_date = \"d\"\nreceiver = [1]\n" + changed(rule, "gmail", "x"))
            .starts_with("r.toml:2: a table is expected"));
}

TEST_CASE("the built-in rules are those of the file") {
  CHECK(load_receiver_rules("/nonexistent/r.toml").error() ==
        "/nonexistent/r.toml: cannot be read");
}

TEST_CASE("patterns name ids") {
  CHECK(matches("*", Id::size));
  CHECK(matches("msgid.*", Id::msgid_empty));
  CHECK(!matches("msgid.*", Id::from_missing));
  CHECK(matches("size", Id::size));
  CHECK(is_pattern("line.998"));
  CHECK(!is_pattern("lines.*"));
  for (std::size_t i = 0; i < id_count; ++i) {
    CHECK(parse_id(format_id(static_cast<Id>(i))) == static_cast<Id>(i));
  }
}

TEST_CASE("each id has a source and a remedy, and is of the message or of its way") {
  for (std::size_t i = 0; i < id_count; ++i) {
    const Id id = static_cast<Id>(i);
    CAPTURE(format_id(id));
    CHECK_FALSE(source_of(id).empty());
    CHECK_FALSE(remedy_of(id).empty());
  }
  CHECK(source_of(Id::msgid_missing).starts_with("RFC 5322"));
  for (const Id id : {Id::from_missing, Id::from_syntax, Id::field_double, Id::received_hops}) {
    CHECK(is_form(id));
  }
  for (const Id id : {Id::from_foreign, Id::display_trick, Id::spf_result, Id::tls_next_hop}) {
    CHECK_FALSE(is_form(id));
  }
}

TEST_CASE("text of the message is shown as printable US-ASCII, up to a limit") {
  CHECK(printable("a b~") == "a b~");
  CHECK(printable("a\x1f\x7f\xa9\n") == "a\\x1f\\x7f\\xa9\\x0a");
  CHECK(printable(std::string(80, 'a')) == std::string(80, 'a'));
  CHECK(printable(std::string(81, 'a')) == std::string(80, 'a') + "...");
  CHECK(printable("abc", 2) == "ab...");
  CHECK(printable("", 0).empty());
}

TEST_CASE("levels have their words and their order") {
  CHECK(format_level(Level::advice) == "advice");
  CHECK(format_level(Level::warning) == "warning");
  CHECK(format_level(Level::error) == "error");
  Report report;
  CHECK_FALSE(has_level(report, Level::advice));
  add_finding(report.findings, Id::size, Level::warning, {}, "");
  CHECK(has_level(report, Level::advice));
  CHECK(has_level(report, Level::warning));
  CHECK_FALSE(has_level(report, Level::error));
}

TEST_CASE("of one id and field ten findings are kept") {
  std::vector<Finding> findings;
  for (int i = 0; i < 12; ++i) {
    add_finding(findings, Id::line_998, Level::error, {}, "");
    add_finding(findings, Id::line_998, Level::error, {"Subject", 0, 0}, "");
  }
  CHECK(findings.size() == 2 * max_findings_of_id);
  CHECK(has_finding(findings, Id::line_998));
  CHECK_FALSE(has_finding(findings, Id::line_78));
}

TEST_CASE("only errors that a pattern names are refused") {
  Options options;
  options.refuse = {"msgid.*", "size"};
  std::vector<Finding> findings;
  add_finding(findings, Id::msgid_missing, Level::error, {}, "");
  add_finding(findings, Id::msgid_foreign, Level::advice, {}, "");
  add_finding(findings, Id::date_missing, Level::error, {}, "");
  const auto refused = refused_findings(findings, options);
  REQUIRE(refused.size() == 1);
  CHECK(refused.front()->id == Id::msgid_missing);
}

TEST_CASE("options name repairs, addresses and receivers that there are") {
  Options options;
  options.repair = {"date"};
  CHECK(repairs(options, Repair::date));
  CHECK(!repairs(options, Repair::message_id));
  CHECK(!parse_repair("subject"));
  options.outbound_addresses = {"192.0.2.1", "host"};
  CHECK(addresses_of(options).size() == 1);
  options.rules = SEKISHO_RECEIVERS;
  options.receivers = {"gmail"};
  REQUIRE(load_rules(options));
  CHECK(options.loaded_rules->find("gmail") != nullptr);
  options.receivers = {"gnail"};
  CHECK(load_rules(options).error() == "the rules have no receiver gnail");
}

}  // namespace
}  // namespace sekisho::preflight
