#include "mail/author.hpp"

#include "mail/read_text.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace sekisho::mail {
namespace {

using namespace std::string_view_literals;
using enum AuthorStatus;

struct Case {
  std::string_view what;
  std::string_view message;
  AuthorStatus status;
  std::vector<std::string> domains;
};

/// Through the reader, since some attacks are on where the header section ends.
void check(const Case& row) {
  const Author author = find_author(read_text(row.message).header);
  CHECK(format_author_status(author.status) == format_author_status(row.status));
  CHECK(author.reason.empty() == (row.status == single_domain));
  std::vector<std::string> domains;
  domains.reserve(author.domains.size());
  for (const Domain& domain : author.domains) {
    domains.push_back(domain.text());
  }
  CHECK(domains == row.domains);
}

TEST_CASE("the author domain is that of the From field (RFC 9989 §3.2.2)", "[mail]") {
  const Case cases[] = {
      {"plain", "From: a@example.com\n\n", single_domain, {"example.com"}},
      {"display name", "From: A. Doe <a@Example.COM>\n\n", single_domain, {"example.com"}},
      {"field name in capitals", "FROM: a@example.com\n\n", single_domain, {"example.com"}},
      {"U-label", "From: a@bücher.example\n\n", single_domain, {"xn--bcher-kva.example"}},
      {"two authors of one domain",
       "From: a@example.com, b@EXAMPLE.com\n\n",
       single_domain,
       {"example.com"}},
      {"one domain as U-label and A-label",
       "From: a@bücher.example, b@xn--bcher-kva.example\n\n",
       single_domain,
       {"xn--bcher-kva.example"}},
      {"group of one (RFC 6854)", "From: Team: a@example.com;\n\n", single_domain, {"example.com"}},
      {"quoted local part (checklist 5)",
       "From: \"a <b@c.example>\"@example.com\n\n",
       single_domain,
       {"example.com"}},
      {"address in a display name (checklist 5)",
       "From: \"admin@legitimate.com\" <a@attack.com>\n\n",
       single_domain,
       {"attack.com"}},
      {"address in a comment (checklist 5)",
       "From: a@attack.com (admin@legitimate.com)\n\n",
       single_domain,
       {"attack.com"}},
      {"three domains",
       "From: a@a.example, b@b.example, c@A.example, d@c.example\n\n",
       multiple_domains,
       {"a.example", "b.example", "c.example"}},
      {"subdomain is another domain",
       "From: a@example.com, b@mail.example.com\n\n",
       multiple_domains,
       {"example.com", "mail.example.com"}},
      {"no From field (checklist 3)", "To: a@example.com\n\n", no_from, {}},
      {"no field at all", "\n", no_from, {}},
      {"Sender and Resent-From (checklist 3)",
       "Sender: a@example.com\nResent-From: a@example.com\nReply-To: a@example.com\n\n",
       no_from,
       {}},
      {"empty field", "From:\n\n", no_author, {}},
      {"empty group (RFC 6854)", "From: Undisclosed:;\n\n", no_author, {}},
      {"comment alone", "From: (a@example.com)\n\n", no_author, {}},
      {"no address", "From: Jane\n\n", unparsable, {}},
      {"null address, as in delivery reports", "From: <>\n\n", mailer_daemon, {}},
      {"address literal", "From: a@[192.0.2.1]\n\n", unusable_domain, {}},
      {"address literal beside a domain",
       "From: a@example.com, b@[192.0.2.1]\n\n",
       unusable_domain,
       {"example.com"}},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.what) {
      check(row);
    }
  }
}

// The cases of espoofer (Composition Kills, USENIX Security 2020) that aim at the From field. The
// attacker owns attack.com; legitimate.com may be the author only where the message says nothing
// else, for then it has to authenticate as legitimate.com.
TEST_CASE("espoofer finds no author to forge", "[mail]") {
  const Case cases[] = {
      {"server_a1", "From: <admin@legitimate.com>\n\n", single_domain, {"legitimate.com"}},
      {"server_a8: two From fields",
       "From: <first@attack.com>\nFrom: <admin@legitimate.com>\n\n",
       multiple_from,
       {"attack.com"}},
      {"server_a8 the other way round",
       "From: <admin@legitimate.com>\nFrom: <first@attack.com>\n\n",
       multiple_from,
       {"legitimate.com"}},
      {"server_a9: blank before the first field",
       " From: <first@attack.com>\nFrom: <admin@legitimate.com>\n\n",
       no_from,
       {}},
      {"server_a9 below another field",
       "To: <victim@victim.com>\n From: <first@attack.com>\nFrom: <admin@legitimate.com>\n\n",
       single_domain,
       {"legitimate.com"}},
      {"server_a10: blank before the colon",
       "From: <first@attack.com>\nFrom : <admin@legitimate.com>\n\n",
       multiple_from,
       {"attack.com"}},
      {"server_a10 with the blank first",
       "From : <first@attack.com>\nFrom: <admin@legitimate.com>\n\n",
       multiple_from,
       {"attack.com"}},
      {"server_a11: fold before the colon",
       "From\r\n : <first@attack.com>\r\nFrom: <admin@legitimate.com>\r\n\r\n",
       no_from,
       {}},
      {"server_a12: fold before the colon, and Sender",
       "From\r\n : <first@attack.com>\r\nn\r\nSender: <admin@legitimate.com>\r\n\r\n",
       no_from,
       {}},
      {"server_a13: fold before the colon, and Resent-From",
       "From\r\n : <first@attack.com>\r\nResent-From: <admin@legitimate.com>\r\n\r\n",
       no_from,
       {}},
      {"server_a14: two authors and Sender",
       "From: <first@attack.com>, <admin@legitimate.com>\nSender: <s@sender.legitimate.com>\n\n",
       multiple_domains,
       {"attack.com", "legitimate.com"}},
      {"server_a15: encoded word as address",
       "From:=?utf-8?B?PGFkbWluQGxlZ2l0aW1hdGUuY29tPg==?=,<second@attack.com>\n"
       "Sender: <s@sender.legitimate.com>\n\n",
       unparsable,
       {}},
      {"server_a16: route",
       "From: <@attack.com,@any.com:admin@legitimate.com>\n\n",
       single_domain,
       {"legitimate.com"}},
      {"server_a17: escaped comma",
       "From: <admin@legitimate.com>\\,<second@attack.com>\n\n",
       unparsable,
       {}},
      {"server_a18: no brackets around the first author",
       "From: admin@legitimate.com,<second@attack.com>\n\n",
       multiple_domains,
       {"legitimate.com", "attack.com"}},
      {"server_a19: text after the bracket",
       "From: <any@attack.com>admin@legitimate.com\n\n",
       unparsable,
       {}},
      {"client_a1: two From fields of one domain",
       "From: <attacker@example.com>\nFrom: <admin@example.com>\n\n",
       multiple_from,
       {"example.com"}},
      {"client_a2: two authors of one domain",
       "From: <attacker@example.com>, <admin@example.com>\n\n",
       single_domain,
       {"example.com"}},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.what) {
      check(row);
    }
  }
}

// Weak Links in Authentication Chains (USENIX Security 2021).
TEST_CASE("weak links find no author to forge", "[mail]") {
  const Case cases[] = {
      {"A4: several From fields",
       "From: <a@attack.com>\nFrOM: <b@attack.com>\nFrom : <admin@legitimate.com>\n\n",
       multiple_from,
       {"attack.com"}},
      {"A5: several authors and Sender",
       "From: <a@attack.com>, <admin@legitimate.com>\nSender: <admin@legitimate.com>\n\n",
       multiple_domains,
       {"attack.com", "legitimate.com"}},
      {"A6: truncation at a bad octet",
       "From: <Alice@mail.spoofing.com\xff"
       "attack.com>\n\n",
       unparsable,
       {}},
      {"A6: truncation at a NUL",
       "From: <Alice@legitimate.com\0@attack.com>\n\n"sv,
       unparsable,
       {}},
      {"A7: encoded words as local part",
       "From: <=?utf-8?B?QWxpY2VAYS5jb20=?==?utf-8?B?/w==?=@attack.com>\n\n",
       unparsable,
       {}},
      {"A12: homograph is a domain of its own",
       "From: <a@аррӏе.com>\n\n",
       single_domain,
       {"xn--80ak6aa92e.com"}},
      {"A13: two at signs", "From: <Alice@gm@ail.com>\n\n", unparsable, {}},
      {"A14: right-to-left override in the address",
       "From: <\u202emoc.etamitigel@\u202da@attack.com>\n\n",
       unparsable,
       {}},
      {"A14: right-to-left override in the domain",
       "From: <a@\u202emoc.etamitigel>\n\n",
       unusable_domain,
       {}},
      {"A14: right-to-left override in the display name is no identity",
       "From: \u202e\u202dadmin@legitimate.com <a@attack.com>\n\n",
       unparsable,
       {}},
      {"A14: the same in quotes",
       "From: \"\u202emoc.etamitigel@nimda\" <a@attack.com>\n\n",
       single_domain,
       {"attack.com"}},

      {"fuzz: blank before the name", " From: <a@attack.com>\n\n", no_from, {}},
      {"fuzz: 8-bit octet in the name",
       "From\xff: <a@attack.com>\nFrom: <admin@legitimate.com>\n\n",
       no_from,
       {}},
      {"fuzz: case of the name", "FrOM: <a@attack.com>\n\n", single_domain, {"attack.com"}},
      {"fuzz: blank before the colon", "From : <a@attack.com>\n\n", single_domain, {"attack.com"}},
      {"fuzz: encoded word and NUL",
       "From: <=?utf-8?B?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?=\0@attack.com>\n\n"sv,
       unparsable,
       {}},
      {"fuzz: encoded word and an escape in letters",
       "From: <=?utf-8?B?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?=\\u0000@attack.com>\n\n",
       unparsable,
       {}},
      {"fuzz: empty members", "From: ,(),,x@y.example,\n\n", unparsable, {}},
      {"fuzz: empty members at the end", "From: x@y.example,,\n\n", unparsable, {}},
      {"fuzz: fold in a comment",
       "From: (comm\r\n ent) <x@y.example>\r\n\r\n",
       single_domain,
       {"y.example"}},
      {"fuzz: comment cut by a line end",
       "From: (comm\r\nent) <x@y.example>\r\n\r\n",
       unparsable,
       {}},
      {"fuzz: word, comment, two routes",
       "From: word()<@a.example:@b.example:x@y.example>(c)\n\n",
       unparsable,
       {}},
      {"fuzz: dots before the bracket",
       "From: word...<x@y.example>\n\n",
       single_domain,
       {"y.example"}},
  };
  for (const Case& row : cases) {
    DYNAMIC_SECTION(row.what) {
      check(row);
    }
  }
}

TEST_CASE("every author is kept, of the first From field only", "[mail]") {
  const Author author =
      find_author({{"From", " a@a.example, B <b@[192.0.2.1]>"}, {"From", " c@c.example"}});
  CHECK(author.status == multiple_from);
  REQUIRE(author.mailboxes.size() == 2);
  CHECK(author.mailboxes[0].local_part == "a");
  CHECK(author.mailboxes[1].domain_text == "[192.0.2.1]");
}

TEST_CASE("reasons name no octet of the message", "[mail]") {
  CHECK(find_author({{"From", " <x"}}).reason == "the From field has no address with a domain");
  CHECK(find_author({{"From", " a@b"}, {"From", ""}}).reason ==
        "the From field occurs more than once");
}

}  // namespace
}  // namespace sekisho::mail
