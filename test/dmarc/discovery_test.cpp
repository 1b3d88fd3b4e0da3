#include "dmarc/discovery.hpp"

#include "dmarc/message.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace sekisho::dmarc {
namespace {

Walk walk_from(const std::shared_ptr<test::FakeResolver>& resolver, std::string_view start) {
  auto task =
      walk(test::lookups_on(resolver), tree_walk_names(domain(start)), Specification::rfc9989);
  return task.get();
}

std::vector<std::string> names_from(std::string_view start) {
  std::vector<std::string> names;
  for (const mail::Domain& name : tree_walk_names(domain(start))) {
    names.push_back(name.text());
  }
  return names;
}

// RFC 9989 §4.10, steps 3, 4 and 7.
TEST_CASE("the names of a tree walk", "[dmarc]") {
  using Names = std::vector<std::string>;
  const auto [start, expected] = GENERATE(table<std::string, Names>({
      {"com", {"com"}},
      {"example.com", {"example.com", "com"}},
      {"a.mail.example.com", {"a.mail.example.com", "mail.example.com", "example.com", "com"}},
      // Eight labels: the parent follows, and none is left out.
      {"1.2.3.4.5.6.7.com",
       {"1.2.3.4.5.6.7.com", "2.3.4.5.6.7.com", "3.4.5.6.7.com", "4.5.6.7.com", "5.6.7.com",
        "6.7.com", "7.com", "com"}},
      // Nine labels: the one with eight is left out.
      {"0.1.2.3.4.5.6.7.com",
       {"0.1.2.3.4.5.6.7.com", "2.3.4.5.6.7.com", "3.4.5.6.7.com", "4.5.6.7.com", "5.6.7.com",
        "6.7.com", "7.com", "com"}},
      // The RFC's own.
      {"a.b.c.d.e.f.g.h.i.j.mail.example.com",
       {"a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com", "i.j.mail.example.com", "j.mail.example.com", "mail.example.com",
        "example.com", "com"}},
  }));
  CAPTURE(start);
  CHECK(names_from(start) == expected);
}

TEST_CASE("the organizational domain of a walk", "[dmarc]") {
  struct Case {
    std::string_view title;
    std::string_view start;
    Records records;
    std::string_view expected;
  };
  const Case cases[] = {
      {"RFC 9989 §4.10.2, first example",
       "a.mail.example.com",
       {{"mail.example.com", "v=DMARC1; p=none"}, {"example.com", "v=DMARC1; p=none"}},
       "example.com"},
      {"second example: psd=n",
       "a.mail.example.com",
       {{"mail.example.com", "v=DMARC1; p=none; psd=n"}, {"example.com", "v=DMARC1; p=none"}},
       "mail.example.com"},
      {"last example: psd=y at the top",
       "a.mail.example.com",
       {{"com", "v=DMARC1; p=none; psd=y"}},
       "example.com"},
      {"psd=y right above the start",
       "mega.bank.example",
       {{"bank.example", "v=DMARC1; p=none; psd=y"}},
       "mega.bank.example"},
      {"psd=y with a record below it",
       "mail.giant.bank.example",
       {{"giant.bank.example", "v=DMARC1; p=none"}, {"bank.example", "v=DMARC1; p=none; psd=y"}},
       "giant.bank.example"},
      {"psd=y at the start is the start's own affair",
       "bank.example",
       {{"bank.example", "v=DMARC1; p=none; psd=y"}, {"example", "v=DMARC1; p=none"}},
       "bank.example"},
      {"psd=n at the start",
       "mail.example.com",
       {{"mail.example.com", "v=DMARC1; p=none; psd=n"}, {"example.com", "v=DMARC1; p=none"}},
       "mail.example.com"},
      {"the first psd= from below ends the walk",
       "a.b.example.com",
       {{"b.example.com", "v=DMARC1; p=none; psd=n"}, {"com", "v=DMARC1; p=none; psd=y"}},
       "b.example.com"},
      {"a top-level domain that does not say psd=y: RFC 9989 §11.8",
       "mail.example.com",
       {{"com", "v=DMARC1; p=none"}},
       "com"},
      {"no record at all", "a.mail.example.com", {}, "a.mail.example.com"},
      {"the clarification, question 1: records without psd= count when the walk runs out",
       "a.b.example.com",
       {{"b.example.com", "v=DMARC1; p=none"}},
       "b.example.com"},
      {"question 3: one label below psd=y, though the shortcut left it out",
       "0.1.2.3.4.5.6.7.com",
       {{"2.3.4.5.6.7.com", "v=DMARC1; p=none; psd=y"}},
       "1.2.3.4.5.6.7.com"},
      {"question 4: every valid record counts, not only the last seen",
       "a.b.c.example.com",
       {{"a.b.c.example.com", "v=DMARC1; p=none"}, {"c.example.com", "v=DMARC1; p=none; psd=u"}},
       "c.example.com"},
      {"a record at a name that the shortcut leaves out is not seen",
       "0.1.2.3.4.5.6.7.com",
       {{"1.2.3.4.5.6.7.com", "v=DMARC1; p=none"}},
       "0.1.2.3.4.5.6.7.com"},
      {"several records at a name are none: step 6",
       "mail.example.com",
       {{"mail.example.com", "v=DMARC1; p=none"},
        {"example.com", "v=DMARC1; p=none"},
        {"example.com", "v=DMARC1; p=none"}},
       "mail.example.com"},
      {"other text beside a record is nothing: step 6",
       "mail.example.com",
       {{"example.com", "hello"}, {"example.com", "v=DMARC1; p=none"}, {"example.com", "v=spf1"}},
       "example.com"},
      {"a record that is no tag list still counts as one of several",
       "mail.example.com",
       {{"example.com", "v=DMARC1; p=none; p=none"}, {"example.com", "v=DMARC1; p=none"}},
       "mail.example.com"},
      {"psd= counts in a record without a policy",
       "mail.example.com",
       {{"com", "v=DMARC1; psd=y"}},
       "example.com"},
  };
  for (const auto& [title, start, records, expected] : cases) {
    DYNAMIC_SECTION(title) {
      const auto found = organizational_domain(walk_from(resolver_with(records), start));
      REQUIRE(found.has_value());
      CHECK(found->text() == expected);
    }
  }
}

TEST_CASE("all steps are asked before the first answer", "[dmarc]") {
  const auto resolver = std::make_shared<test::FakeResolver>(std::chrono::hours{1});
  auto task = walk(test::lookups_on(resolver),
                   tree_walk_names(domain("a.b.c.d.e.f.g.h.example.com")), Specification::rfc9989);
  CHECK(resolver->asked().size() == max_walk_queries);
  CHECK_FALSE(task.is_ready());
}

TEST_CASE("a walk whose answers are there does not wait", "[dmarc]") {
  const auto resolver = resolver_with({{"example.com", "v=DMARC1; p=none"}});
  auto task = walk(test::lookups_on(resolver), tree_walk_names(domain("mail.example.com")),
                   Specification::rfc9989);
  CHECK(task.is_ready());
}

TEST_CASE("a failed look-up matters up to the walk's end", "[dmarc]") {
  const auto resolver = resolver_with(
      {{"mail.example.com", "v=DMARC1; p=none; psd=n"}, {"b.example.net", "v=DMARC1; p=none"}});
  resolver->fail("_dmarc.example.com", dns::Status::timeout);
  resolver->fail("_dmarc.example.net", dns::Status::server_failure);

  CHECK(organizational_domain(walk_from(resolver, "a.mail.example.com")) ==
        domain("mail.example.com"));

  const Walk broken = walk_from(resolver, "b.example.net");
  CHECK(organizational_domain(broken) ==
        std::unexpected<std::string>("TXT look-up of _dmarc.example.net: server failure"));
  REQUIRE(broken.records.size() == 1);  // what lies below the failure is known
  CHECK(broken.records.front().domain == domain("b.example.net"));
}

// "_dmarc." in front makes 253 octets too many: no such name can exist, so there is no record and
// no error, else long author domains were a way around the policy of the domain above.
TEST_CASE("a name too long for a record is not asked for", "[dmarc]") {
  std::string start = "example.com";
  while (start.size() < 248) {
    start.insert(0, std::string(std::min<std::size_t>(60, 249 - start.size()), 'a') + ".");
  }
  const auto resolver = resolver_with({{"example.com", "v=DMARC1; p=reject"}});
  CHECK(organizational_domain(walk_from(resolver, start)) == domain("example.com"));
  CHECK(resolver->asked().size() == domain(start).label_count() - 1);
}

// RFC 9989 §3.2.13, appendix A.4.
TEST_CASE("whether a domain exists", "[dmarc]") {
  const auto resolver = std::make_shared<test::FakeResolver>();
  resolver->add_txt("text.example.com", "hello");
  resolver->add_mx("mail.example.com", 10, "mx.example.com");
  resolver->fail("down.example.com", dns::Status::server_failure);
  const auto existence_of = [&](std::string_view name) {
    auto task = find_existence(test::lookups_on(resolver), domain(name));
    return task.get();
  };
  CHECK(existence_of("text.example.com") == Existence::yes);
  CHECK(existence_of("mail.example.com") == Existence::yes);  // no data of the asked type
  CHECK(existence_of("gone.example.com") == Existence::no);
  CHECK(existence_of("down.example.com") == Existence::unknown);
}

/// An alias whose target does not exist: NXDOMAIN for every type but CNAME.
class DanglingAlias final : public dns::Resolver {
 public:
  dns::Pending<dns::Answer> lookup(dns::Question question, dns::Deadline /*deadline*/) override {
    using dns::Answer;
    return dns::Pending<Answer>::ready(question.type == dns::RecordType::cname
                                           ? Answer::found({dns::HostName{"gone.example.net"}})
                                           : Answer::failed(dns::Status::no_such_name));
  }
};

TEST_CASE("an alias that leads nowhere exists", "[dmarc]") {
  auto task = find_existence(test::lookups_on(std::make_shared<DanglingAlias>()),
                             domain("alias.example.com"));
  CHECK(task.get() == Existence::yes);
}

}  // namespace
}  // namespace sekisho::dmarc
