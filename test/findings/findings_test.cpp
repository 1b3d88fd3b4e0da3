#include "findings/findings.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sekisho::findings {

TEST_CASE("origins have their words", "[findings]") {
  using enum Origin;
  const auto [origin, word] = GENERATE(table<Origin, const char*>({{outside, "outside"},
                                                                   {authenticated, "authenticated"},
                                                                   {daemon, "daemon"},
                                                                   {internal, "internal"},
                                                                   {returned, "returned"},
                                                                   {relayed, "relayed"}}));
  CHECK(format_origin(origin) == word);
}

TEST_CASE("what goes out in our name comes from within", "[findings]") {
  using enum Origin;
  for (const Origin origin : {authenticated, daemon, internal, returned}) {
    CHECK(is_ours(origin));
  }
  CHECK_FALSE(is_ours(outside));
  CHECK_FALSE(is_ours(relayed));
}

TEST_CASE("a client is its address, unknown or local", "[findings]") {
  Client client;
  CHECK(format_client(client) == "local");
  client.is_unknown = true;
  CHECK(format_client(client) == "unknown");
  client.address = dns::IpAddress::parse("192.0.2.1");
  CHECK(format_client(client) == "192.0.2.1");
}

TEST_CASE("a message that is not signed has its reason", "[findings]") {
  using enum NotSigned;
  const auto [not_signed, reason] = GENERATE(table<NotSigned, const char*>({
      {none, ""},
      {no_author, "no From field"},
      {several_authors, "more than one author"},
      {failed_before, "it came from outside, and DMARC did not pass"},
      {unproved, "it has results in our name that are not proved"},
      {login, "the login may not write for this author"},
      {no_key, "no key for example.net"},
      {unreadable, "no key for example.net can be read"},
      {unpublished, "the DNS shows no key for example.net"},
  }));
  Findings findings;
  findings.author.reason = "no From field";
  findings.author.domains = {mail::Domain::parse("example.net").value(),
                             mail::Domain::parse("example.org").value()};
  findings.outgoing.not_signed = not_signed;
  CHECK(describe_not_signed(findings) == reason);
  findings.author.domains.clear();
  CHECK_FALSE(describe_not_signed(findings).contains("example"));
}

}  // namespace sekisho::findings
