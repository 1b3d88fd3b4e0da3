// Header sections at their limits, and what is done to those beyond.
#include "checkpoint/example_session.hpp"

#include <cstddef>
#include <string>

#include <catch2/catch.hpp>

namespace sekisho::checkpoint {

TEST_CASE("a header section over the limit has no author", "[checkpoint]") {
  const auto services = services_on(example_dns());
  services->options.limits.header_fields = 10;
  Session session(services);
  session.connect(client_address);
  mail::HeaderSection header = {{"From", " a@example.org"}};
  header.resize(11, {"X-Filler", " x"});
  header.push_back({"From", " ceo@victim.example"});
  header.push_back({"Authentication-Results", " mx.example.net; dmarc=pass"});
  const Verdict verdict = send(session, "<a@example.org>", header);
  CHECK(verdict.disposition.action == policy::Action::reject);
  CHECK(verdict.disposition.reply.text.contains("too large"));
  CHECK(verdict.findings.dmarc.value().code != dmarc::ResultCode::pass);
  CHECK(verdict.removals == std::vector<FieldRemoval>{{"Authentication-Results", 1}});
}

TEST_CASE("of a header section over the limit nothing is verified", "[checkpoint]") {
  // What was dropped may be a set of the chain, or a field that a signature covers.
  const auto services = services_on(example_dns());
  services->options.limits.header_fields = 4;
  for (const std::size_t fillers : {2U, 3U}) {
    Session session(services);
    session.connect(client_address);
    mail::HeaderSection header = {{"From", " alice@example.org"}, {"ARC-Seal", " i=1; cv=none"}};
    header.resize(2 + fillers, {"X-Filler", " x"});
    const Verdict verdict = send(session, "<alice@example.org>", header);
    const bool is_whole = fillers == 2;
    CAPTURE(fillers);
    CHECK(verdict.findings.arc_checked == is_whole);
    CHECK(verdict.findings.dkim_checked == is_whole);
    CHECK(verdict.insertions.front().value.contains("arc=fail") == is_whole);
    CHECK((verdict.findings.author.status == mail::AuthorStatus::header_too_large) == !is_whole);
  }
}

TEST_CASE("the octets of a header section are counted with colon and line end", "[checkpoint]") {
  const auto services = services_on(example_dns());
  const mail::HeaderSection header = {{"From", " alice@example.org"}, {"Subject", " a"}};
  constexpr std::size_t octets = 4 + 18 + 3 + 7 + 2 + 3;
  for (const std::size_t limit : {octets, octets - 1}) {
    services->options.limits.header_octets = limit;
    Session session(services);
    session.connect(client_address);
    const Verdict verdict = send(session, "<alice@example.org>", header);
    CAPTURE(limit);
    CHECK((verdict.findings.author.status == mail::AuthorStatus::header_too_large) ==
          (limit < octets));
  }
}

TEST_CASE("a message with hundreds of fields in our name is refused", "[checkpoint]") {
  const mail::HeaderField forged = {"Authentication-Results", " mx.example.net; dmarc=pass"};
  for (const std::size_t count : {100U, 101U, 500U}) {
    Session session = session_on(example_dns());
    mail::HeaderSection header(count, forged);
    header.push_back({"From", " alice@example.org"});
    const Verdict verdict = send(session, "<alice@example.org>", header);
    CAPTURE(count);
    CHECK(verdict.findings.forged_fields == count);
    if (count <= 100) {
      CHECK(verdict.disposition.action == policy::Action::accept);
      CHECK(verdict.removals.size() == count);
      continue;
    }
    CHECK(verdict.disposition.action == policy::Action::reject);
    CHECK(verdict.disposition.reply ==
          policy::Reply{"550", "5.7.1",
                        "Message has more than 100 header fields that only this host may add"});
  }
}

TEST_CASE("fields of others are as many as they like", "[checkpoint]") {
  Session session = session_on(example_dns());
  mail::HeaderSection header(500, {"Authentication-Results", " mx.example.org; dmarc=pass"});
  header.push_back({"From", " alice@example.org"});
  const Verdict verdict = send(session, "<alice@example.org>", header);
  CHECK(verdict.disposition.action == policy::Action::accept);
  CHECK(verdict.removals.empty());
}

}  // namespace sekisho::checkpoint
