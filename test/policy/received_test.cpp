#include "policy/received.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sekisho;

TEST_CASE("a Received field shows a client of the outside (RFC 5321 §4.4)", "[policy]") {
  struct Row {
    const char* name;
    std::string value;
    bool outside;
  };
  const Row rows[] = {
      {"Postfix, from outside",
       " from mail.evil.example (evil.example [203.0.113.9])\r\n\tby mx.example.org (Postfix) with "
       "ESMTPS id 4X\r\n\tfor <a@example.org>; Mon, 30 Nov 2026 12:00:00 +0000",
       true},
      {"Postfix, from loopback",
       " from localhost (localhost [127.0.0.1])\r\n\tby mx.example.org (Postfix) with ESMTP id 4X; "
       "x",
       false},
      {"Postfix, IPv6 loopback", " from x (localhost [IPv6:::1]) by mx with ESMTP; x", false},
      {"Postfix, an internal host", " from pc (pc.example.org [10.1.2.3]) by mx with ESMTP; x",
       false},
      {"a private address that is not one of ours",
       " from pc (pc [192.168.1.3]) by mx with ESMTP; x", true},
      {"IPv4 mapped into IPv6", " from x (y [IPv6:::ffff:203.0.113.9]) by mx with ESMTP; x", true},
      {"an internal IPv6 host", " from x (y [IPv6:2001:db8:1::5]) by mx with ESMTP; x", false},
      {"Exchange, link-local with a zone",
       " from EX1 ([fe80::1%12]) by EX1 ([fe80::1%12]) with mapi; x", false},
      {"qmail, the answer of the client's ident",
       " from unknown (HELO 127.0.0.1) (bob@203.0.113.9) by mx with SMTP; x", true},
      {"an EHLO of ours behind the address", " from 203.0.113.9 (EHLO [127.0.0.1]) by mx; x", true},
      {"an ident answer of ours behind the address",
       " from [203.0.113.9] (ident=[127.0.0.1]) by mx with esmtp; x", true},
      {"an address with its port", " from 127.0.0.1 (203.0.113.9:4711) by mx with SMTP; x", true},
      {"the HELO name is all that looks like an address",
       " from 127.0.0.1 (unknown [unknown]) by mx with SMTP; x", true},
      {"the HELO name and nothing else", " from [127.0.0.1] by mx with SMTP; x", true},
      {"a HELO name that looks like a socket",
       " from [unix,socket] (unknown [unknown]) by mx with SMTP; x", true},
      {"Exim, from loopback", " from [127.0.0.1] (helo=localhost) by mx with esmtp; x", false},
      {"Exim, a local user over SMTP", " from www (helo=localhost) by mx with local-esmtp; x",
       false},
      {"OpenSMTPD, a local user", " from localhost (mx [local]) by mx with ESMTPA id x; x", false},
      {"DragonFly Mail Agent", " from root (uid 0) (envelope-from root@mx) id 1 by mx; x", false},
      {"fetchmail through a tunnel", " from isp [127.0.0.1] by mx with IMAP (fetchmail-6.4); x",
       true},
      {"the HELO name is a literal of ours", " from [127.0.0.1] (evil [203.0.113.9]) by mx; x",
       true},
      {"the HELO name is a literal, the client is ours",
       " from [203.0.113.9] (pc [10.1.2.3]) by mx with ESMTP; x", false},
      {"the HELO name is \"with\", the client's name begins with lmtp",
       " from with (lmtp.evil.example [203.0.113.9]) by mx with ESMTP; x", true},
      {"the HELO name is \"by\"", " from by (evil [203.0.113.9]) by mx with ESMTP; x", true},
      {"Sendmail, from outside",
       " from evil (host.evil.example [203.0.113.9] (may be forged))\r\n\tby mx (8.17/8.17) with "
       "ESMTP id x; x",
       true},
      {"Sendmail, a local user", " (from root@localhost) by mx.example.org (8.17/8.17/Submit); x",
       false},
      {"Postfix, a local user", " by mx.example.org (Postfix, from userid 1000) id 4X; x", false},
      {"Exim, from outside with a HELO of ours",
       " from [203.0.113.9] (helo=[127.0.0.1]) by mx with esmtp (Exim 4.96); x", true},
      {"Exim, a local user", " from www-data by mx with local (Exim 4.96); x", false},
      {"qmail, from outside", " from unknown (HELO 127.0.0.1) (203.0.113.9) by mx with SMTP; x",
       true},
      {"qmail, its own step", " (qmail 1234 invoked from network); 30 Nov 2026 12:00:00 -0000",
       false},
      {"fetchmail", " from pop.isp.example [198.51.100.7] by mx with POP3 (fetchmail-6.4.37); x",
       true},
      {"getmail, which tells no address", " from unknown by mx with IMAP4-SSL (getmail6); x", true},
      {"Dovecot's LMTP", " from mx.example.org by mx.example.org with LMTP id x; x", false},
      {"Cyrus over a unix socket", " from mx ([unix socket]) by mx with LMTPA; x", false},
      {"a name and no address", " from localhost by mx with ESMTP; x", true},
      {"a client behind the date", " by mx; x from evil (evil [203.0.113.9])", false},
      {"nothing after from", " from", true},
      {"empty", "", false},
      {"longer than any", " from localhost (localhost [127.0.0.1]) by mx" + std::string(9'000, ' '),
       true},
  };
  const std::vector<dns::Network> inside = {dns::Network::parse("10.0.0.0/8").value(),
                                            dns::Network::parse("2001:db8:1::/48").value()};
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK(policy::shows_outside_client(row.value, inside) == row.outside);
    }
  }
}

TEST_CASE("a Received field shows a login at this host (RFC 3848)", "[policy]") {
  struct Row {
    const char* name;
    const char* value;
    bool login;
  };
  const Row rows[] = {
      {"ESMTPSA", " from pc (home [203.0.113.9]) by MX.example.org (Postfix) with ESMTPSA id 4X; x",
       true},
      {"ESMTPA", " from pc (home [203.0.113.9]) by mx.example.org with ESMTPA; x", true},
      {"without a login", " from pc (home [203.0.113.9]) by mx.example.org with ESMTPS; x", false},
      {"at another host", " from pc (home [203.0.113.9]) by mx.example.com with ESMTPSA; x", false},
      {"the client calls itself so",
       " from by (with [203.0.113.9]) by mx.example.com with ESMTPS; by mx.example.org with ESMTPA",
       false},
      {"in a comment",
       " from x (y [203.0.113.9]) (by mx.example.org with ESMTPA) by mx.example.com with SMTP; x",
       false},
  };
  const std::vector<std::string> names = {"mx.example.org", ""};
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK(policy::shows_login(row.value, names) == row.login);
    }
  }
  const std::string endless = rows[0].value + std::string(70'000, ' ');
  CHECK_FALSE(policy::shows_login(endless, names));
}
