"""Who sent it: envelopes that make SPF pass for somebody else, or that write into what we say of it."""

from dataclasses import replace

from stage.smtp import Client

from .attack import ATTACKER, STRANGER, Attack

VICTIM_FROM = (b"From: <admin@legitimate.example>",)
OWN_FROM = (b"From: <any@attack.example>",)
FORGED = "dmarc=fail 550 5.7.26"
OWN = "dmarc=pass accept"


def _helo(name: str, client: Client = ATTACKER) -> Client:
    return replace(client, helo=name)


ATTACKS = [
    Attack("espoofer-a1", VICTIM_FROM, "spf=none " + FORGED, "a name that does not exist inherits nothing from its parent",
           client=_helo("helo.attack.example"), sender="any@mailfrom.notexist.legitimate.example"),
    Attack("espoofer-a2", VICTIM_FROM, FORGED, "no mailbox; HELO's pass is not MAIL FROM's (CVE-2019-20790)",
           sender="(any@legitimate.example", by_sendmail="553 5.0.0"),
    Attack("espoofer-a5", VICTIM_FROM, FORGED, "no domain has a parenthesis (CVE-2020-12272)",
           sender="any@legitimate.example(a.attack.example", by_sendmail="553 5.0.0"),
    Attack("espoofer-a6", VICTIM_FROM, FORGED, "more than one `@` outside quotes",
           sender="any@legitimate.example'@any.attack.example", by_sendmail="553 5.1.3"),
    Attack("espoofer-a7", VICTIM_FROM, FORGED, "a source route is no identity",
           sender="@legitimate.example,@any.example:'any@attack.example"),
    Attack("null-sender-helo-of-the-victim", VICTIM_FROM, "spf=fail " + FORGED,
           "HELO counts as postmaster's domain, and this host may not use it", client=_helo("legitimate.example"), sender=""),
    Attack("helo-below-the-victim", VICTIM_FROM, FORGED, "HELO aligns only where it passes",
           client=_helo("mail.legitimate.example"), sender=""),
    Attack("helo-pass-is-not-mail-from-pass", VICTIM_FROM, "spf=fail " + FORGED,
           "CVE-2019-20790: each identity has a result of its own", sender="admin@legitimate.example"),
    Attack("helo-literal", OWN_FROM, "spf=none dmarc=fail accept", "an address literal has no SPF record",
           client=_helo("[203.0.113.66]"), sender=""),
    Attack("helo-one-label", OWN_FROM, "spf=none dmarc=fail accept", "one label is no domain (RFC 7208 §4.3)",
           client=_helo("localhost"), sender=""),
    Attack("helo-forges-results", OWN_FROM, OWN, "HELO is printed only where it is a domain",
           client=_helo("attack.example;dmarc=pass(header.from=legitimate.example)"), authenticated=("attack.example",)),
    Attack("helo-quotes", OWN_FROM, OWN, "likewise", client=_helo('x"\\;dkim=pass'), authenticated=("attack.example",)),
    Attack("helo-percent", OWN_FROM, OWN, "likewise; `%` is no format of a reply or of a log either",
           client=_helo("%s%n%{i}.attack.example"), authenticated=("attack.example",)),
    Attack("helo-of-414-octets", OWN_FROM, OWN, "likewise, and the line of the log is cut",
           client=_helo("a." * 200 + "attack.example"), authenticated=("attack.example",), shape="HELO of 414 octets"),
    Attack("mail-from-percent-hack", VICTIM_FROM, FORGED, "`%` is a character of the local part",
           sender="admin%legitimate.example@attack.example"),
    Attack("mail-from-quoted-at", VICTIM_FROM, FORGED, "a quoted local part is the local part",
           sender='"admin@legitimate.example"@attack.example'),
    Attack("mail-from-quoted-results", OWN_FROM, OWN, "a quoted local part is quoted again where it is printed",
           sender='"x; dmarc=pass header.from=legitimate.example"@attack.example', authenticated=("attack.example",)),
    Attack("mail-from-backslash", OWN_FROM, OWN, "likewise with quotes inside the quotes",
           sender='"a\\";dkim=pass header.d=legitimate.example"@attack.example', authenticated=("attack.example",)),
    Attack("mail-from-domain-forges-results", VICTIM_FROM, FORGED, "a domain that is none is not printed",
           sender="any@legitimate.example;dmarc=pass", by_postfix="501 5.1.7"),
    Attack("mail-from-literal", VICTIM_FROM, "spf=none " + FORGED, "an address literal has no SPF record",
           sender="any@[203.0.113.66]"),
    Attack("mail-from-trailing-dot", VICTIM_FROM, FORGED, "no domain in mail ends in a dot",
           sender="admin@legitimate.example."),
    Attack("mail-from-long-label", VICTIM_FROM, FORGED, "a label has at most 63 octets",
           sender="any@" + "a" * 64 + ".legitimate.example", shape="MAIL FROM with a label of 64 octets",
           by_postfix="501 5.1.7"),
    Attack("mail-from-u-label", VICTIM_FROM, FORGED, "SPF asks for the A-label (RFC 8616 §4)",
           sender="any@attäck.example", parameters="SMTPUTF8", by_sendmail="555 5.5.4"),
    Attack("mail-from-u-label-own", ("From: <any@attäck.example>".encode(),), OWN,
           "U-label, A-label: one domain", sender="ány@attäck.example", parameters="SMTPUTF8",
           authenticated=("xn--attck-ira.example",), by_sendmail="555 5.5.4"),
    Attack("client-name-forges-results", VICTIM_FROM, "spf=fail " + FORGED,
           "a name in the reverse DNS is printed only where it is a domain", client=STRANGER,
           sender="admin@legitimate.example", shape="a PTR record with `;dmarc=pass` in it"),
    Attack("spf-loop", VICTIM_FROM, "spf=permerror " + FORGED, "ten look-ups, then permerror (RFC 7208 §4.6.4)",
           sender="any@loop.attack.example"),
    Attack("spf-eleven-includes", VICTIM_FROM, "spf=permerror " + FORGED, "likewise", sender="any@deep.attack.example"),
    Attack("spf-three-voids", VICTIM_FROM, "spf=permerror " + FORGED, "two void look-ups, then permerror",
           sender="any@voids.attack.example"),
    Attack("spf-two-records", VICTIM_FROM, "spf=permerror " + FORGED, "more than one record (RFC 7208 §4.5)",
           sender="any@two.attack.example"),
    Attack("spf-4-kib-of-macros", VICTIM_FROM, FORGED, "macros are expanded within the limits of names",
           sender="any.b.c-d+e@long.attack.example"),
    Attack("spf-exp-forges-results", VICTIM_FROM, FORGED, "an explanation with a line end in it is left out",
           sender='any@explains.attack.example', client=replace(STRANGER, helo="attack.example;dmarc=pass")),
    Attack("spf-record-forges-results", VICTIM_FROM, "spf=permerror " + FORGED,
           "what we say of a broken record holds no `=`", sender="any@broken.attack.example"),
    Attack("spf-macro-forges-results", VICTIM_FROM, "spf=permerror " + FORGED,
           "likewise where a macro has it from the sender", sender="dmarc=pass@includes.attack.example"),
    Attack("spf-macro-of-the-local-part", VICTIM_FROM, FORGED, "what quotes hold goes into no question: the term matches nothing",
           sender='"a\\"b (c);d"@macro.attack.example', client=_helo("x;y")),
]
