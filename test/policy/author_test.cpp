// From fields that name no author domain, or several authors.
#include "policy/findings_sample.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace sekisho;
using namespace sekisho::policy;

TEST_CASE("an author who is not one domain is refused unless allowed (RFC 9989 §11.5)",
          "[policy]") {
  using enum mail::AuthorStatus;
  using mail::FromFault;
  struct Case {
    mail::AuthorStatus status;
    mail::FromFault fault;
    OnBadAuthor policy::Options::* option;
    std::string text;
  };
  const Case cases[] = {
      {no_from, FromFault::no_field, &policy::Options::no_from, "is missing"},
      {no_author, FromFault::no_author, &policy::Options::no_from, "names no author"},
      {multiple_from, FromFault::several_fields, &policy::Options::multiple_from,
       "occurs more than once"},
      {multiple_domains, FromFault::several_domains, &policy::Options::multiple_authors,
       "has authors of more than one domain"},
      {unparsable, FromFault::several_at_signs, &policy::Options::unparsable_from,
       "has an at sign (@) outside of its address"},
      {unparsable, FromFault::no_domain, &policy::Options::unparsable_from,
       "has no address with a domain"},
      {unusable_domain, FromFault::invalid_domain, &policy::Options::unparsable_from,
       "has an address without a valid domain"},
      {mailer_daemon, FromFault::no_domain, &policy::Options::unparsable_from,
       "has no address with a domain"},
      {header_too_large, FromFault::header_too_large, &policy::Options::unparsable_from,
       "is not certain, since the header section is too large"},
  };
  for (const auto& [status, fault, option, text] : cases) {
    DYNAMIC_SECTION(format_author_status(status) << " " << text) {
      findings::Findings findings = from(status, fault);
      findings.envelope.sender = "a@example.org";
      const policy::Disposition refused = policy::decide(findings, list_signs, {});
      CHECK(refused.action == Action::reject);
      CHECK(refused.reply ==
            policy::Reply{"550", "5.7.1", "From header field " + text + " (RFC 5322 section 3.6)"});
      CHECK(refused.reason.ends_with(" = reject: From header field " + text));
      CHECK(may_be_sent(refused.reply));

      policy::Options options;
      options.*option = OnBadAuthor::accept;
      CHECK(policy::decide(findings, {}, options) == policy::Disposition{});
    }
  }
}

TEST_CASE("mail of ours is refused only for an author who may be hidden", "[policy]") {
  using enum mail::AuthorStatus;
  using mail::FromFault;
  struct Case {
    mail::AuthorStatus status;
    mail::FromFault fault;
    bool refused_of_users;
  };
  const Case cases[] = {
      {no_from, FromFault::no_field, false},
      {no_author, FromFault::no_author, false},
      {mailer_daemon, FromFault::no_domain, false},
      {unparsable, FromFault::no_domain, false},
      {unusable_domain, FromFault::address_literal, false},
      {unusable_domain, FromFault::invalid_domain, true},
      {unparsable, FromFault::several_at_signs, true},
      {unparsable, FromFault::encoded_address, true},
      {unparsable, FromFault::control_character, true},
      {unparsable, FromFault::malformed_address, true},
      {multiple_from, FromFault::several_fields, true},
      {multiple_domains, FromFault::several_domains, true},
      {header_too_large, FromFault::header_too_large, true},
  };
  using enum findings::Origin;
  for (const auto& [status, fault, refused_of_users] : cases) {
    DYNAMIC_SECTION(mail::describe_from_fault(fault) << format_author_status(status)) {
      findings::Findings findings = from(status, fault);
      findings.envelope.sender = "a@example.org";
      findings.origin = internal;
      const policy::Disposition of_host = policy::decide(findings, {}, {});
      CHECK(of_host.action == Action::accept);
      CHECK(of_host.reason.empty());
      CHECK(of_host.path.size() == 1);
      for (const findings::Origin origin : {authenticated, daemon}) {
        findings.origin = origin;
        CHECK(policy::decide(findings, {}, {}).action ==
              (refused_of_users ? Action::reject : Action::accept));
      }
      findings.origin = outside;
      CHECK(policy::decide(findings, {}, {}).action == Action::reject);
    }
  }
}

TEST_CASE("a delivery report needs no author domain", "[policy]") {
  findings::Findings report = from(mail::AuthorStatus::mailer_daemon, mail::FromFault::no_domain);
  const policy::Disposition accepted = policy::decide(report, {}, {});
  CHECK(accepted.action == Action::accept);
  REQUIRE(accepted.path.size() == 1);
  CHECK(accepted.path.front().decided == "a delivery report");
  report.envelope.sender = "a@example.org";
  CHECK(policy::decide(report, {}, {}).action == Action::reject);
  // Any other field without a domain is none of a delivery report.
  CHECK(policy::decide(from(mail::AuthorStatus::unparsable, mail::FromFault::no_domain), {}, {})
            .action == Action::reject);
}

TEST_CASE("of a display part that does not parse, DMARC decides", "[policy]") {
  for (const auto& [code, action] : {std::pair{dmarc::ResultCode::pass, Action::accept},
                                     std::pair{dmarc::ResultCode::none, Action::accept},
                                     std::pair{dmarc::ResultCode::fail, Action::reject}}) {
    findings::Findings findings = with_dmarc(code, dmarc::Policy::reject);
    findings.author.fault = mail::FromFault::comma;
    const policy::Disposition decided = policy::decide(findings, {}, {});
    CHECK(decided.action == action);
    REQUIRE(!decided.path.empty());
    CHECK(decided.path.front() ==
          policy::Step{"unparsable display, the address is the only one",
                       "From header field has a comma in a name without quotation marks",
                       "RFC 5322 §3.4"});
    CHECK(decided.reason.empty() == (action == Action::accept));
    CHECK(decided.reply.enhanced == (action == Action::accept ? "" : "5.7.26"));
  }
}

TEST_CASE("several authors in one domain are refused of our users alone (RFC 5322 §3.6.2)",
          "[policy]") {
  struct Case {
    findings::Origin origin;
    Action action;
  };
  const Case cases[] = {{findings::Origin::outside, Action::accept},
                        {findings::Origin::internal, Action::accept},
                        {findings::Origin::authenticated, Action::reject},
                        {findings::Origin::daemon, Action::reject}};
  for (const auto& [origin, action] : cases) {
    DYNAMIC_SECTION(format_origin(origin)) {
      findings::Findings findings;
      findings.origin = origin;
      findings.author.status = mail::AuthorStatus::single_domain;
      const auto domain = mail::Domain::parse("example.com");
      findings.author.mailboxes = {{"a", "example.com", domain}, {"b", "example.com", domain}};
      CHECK(policy::decide(findings, {}, {}).action == action);

      policy::Options options;
      options.multiple_authors = OnBadAuthor::accept;
      CHECK(policy::decide(findings, {}, options).action == Action::accept);
    }
  }
}

TEST_CASE("a bad author comes before DMARC", "[policy]") {
  findings::Findings findings = with_dmarc(dmarc::ResultCode::fail, dmarc::Policy::reject);
  findings.author.status = mail::AuthorStatus::multiple_from;
  CHECK(policy::decide(findings, {}, {}).reply.enhanced == "5.7.1");
}
