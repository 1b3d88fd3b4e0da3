"""DKIM signatures that name somebody else, sign too little, or should not have been believed."""

import hashlib

from .attack import COMMON, STRANGER, Attack, compose
from .signing import signature_field, signed
from .world import VICTIM, World

VICTIM_FROM = b"From: <admin@legitimate.example>"
FORGED = "dmarc=fail 550 5.7.26"
PASS = "dkim=pass dmarc=pass accept"
BAD = "dmarc=permerror 550 5.7.1"
_D = VICTIM.encode()


def attacks(world: World) -> list[Attack]:
    return [*_names(world), *_tags(world), *_keys(world), *_left_open(world), *_damaged(world)]


def _attack(name: str, message: bytes, expected: str, why: str, shape: str, **options) -> Attack:
    return Attack(name, (), expected, why, shape=shape, message=message, **options)


def _victims(world: World, name: str, shape: str, why: str, expected: str = "dkim=permerror " + FORGED, *,
             authenticated: tuple[str, ...] = (), **options) -> Attack:
    """Signed by the victim's own key: that such a signature exists is the worst case."""
    message = signed((VICTIM_FROM,), options.pop("key", world.victim), **{"d": _D, **options})
    return _attack(name, message, expected, why, shape, authenticated=authenticated)


def _names(world: World) -> list[Attack]:
    """d=, s= and i= that a careless program reads as another name."""
    def by_attacker(name, d, why, s=b"s", expected="dkim=permerror " + FORGED, fields=(VICTIM_FROM,), by_sendmail="",
                    **options):
        shown = f"`d={d.decode('latin-1')!r} s={s.decode('latin-1')!r}`, signed with the attacker's key"
        return _attack(name, signed(fields, world.attacker, d=d, s=s, **options), expected, why, shown,
                       by_sendmail=by_sendmail)

    return [
        by_attacker("espoofer-a3", _D, "NUL kills the signature; no question is asked",
                    s=b"s._domainkey.attack.example.\x00.any"),
        by_attacker("selector-nul-at-end", _D, "likewise; without it the key of the victim does not fit", s=b"s\x00",
                    by_sendmail="dkim=fail " + FORGED),
        by_attacker("espoofer-a4", b"legitimate.example'a.attack.example", "d= is a domain name: no quotes in it"),
        by_attacker("d-nul", b"legitimate.example\x00.attack.example", "NUL kills the signature"),
        by_attacker("d-percent", b"legitimate.example%.attack.example", "d= is a domain name"),
        by_attacker("d-at", b"legitimate.example@attack.example", "likewise"),
        by_attacker("d-parenthesis", b"legitimate.example(.attack.example", "likewise (CVE-2020-12272)"),
        by_attacker("d-forges-results", b"attack.example;dmarc=pass", "a semicolon ends the tag: `dmarc` is a tag unknown",
                    expected=FORGED),
        by_attacker("d-quote", b'attack.example" dmarc="pass', "d= is a domain name"),
        by_attacker("d-fold", b"legitimate.\r\n example", "a fold inside d= is not skipped"),
        by_attacker("d-bare-cr", b"legitimate.example\r.attack.example", "a bare CR kills the signature",
                    by_sendmail="421 4.5.0"),
        by_attacker("d-eight-bit", b"legitimate.example\xff", "an octet that is no UTF-8 kills the signature"),
        by_attacker("d-top-level", b"example", "the key is not there; a top-level domain aligns with nothing"),
        by_attacker("d-root", b".", "d= is a domain name"),
        by_attacker("d-empty", b"", "likewise"),
        by_attacker("d-attacker", b"attack.example", "the attacker's own signature passes, and aligns with himself alone",
                    expected="dkim=pass " + FORGED),
        by_attacker("selector-slash", b"attack.example", "s= is made of labels", s=b"s/../x"),
        by_attacker("selector-blank", b"attack.example", "likewise", s=b"s x"),
        by_attacker("selector-long", b"attack.example", "no name has more than 253 octets", s=b"a." * 120 + b"s"),
        by_attacker("selector-steals-suffix", _D, "the question is for the victim's key, which does not fit",
                    s=b"s._domainkey.attack.example", expected=FORGED),
        by_attacker("i-outside-d", b"attack.example", "i= must be of d= or below it (RFC 6376 §3.5)",
                    extra=b"i=admin@legitimate.example; "),
        by_attacker("i-suffix-without-dot", b"attack.example", "below means after a dot",
                    extra=b"i=@notattack.example; "),
        by_attacker("i-quoted", b"attack.example", "i= is printed as one value, or not at all",
                    extra=b'i="x; dmarc=pass header.from=legitimate.example"@attack.example; ', expected=FORGED),
        by_attacker("i-forges-results", b"attack.example", "quoted-printable hides `dmarc=pass` in i=: of a local part "
                    "like that the domain alone is printed", extra=b"i=dmarc=3Dpass@attack.example; ",
                    expected="dkim=pass " + FORGED),
        by_attacker("i-quoted-forges-results", b"attack.example", "likewise with a semicolon, in quotes",
                    extra=b'i="x=3B=20dmarc=3Dpass=20header.from=3Dlegitimate.example"@attack.example; ',
                    expected="dkim=pass " + FORGED),
        by_attacker("i-turned-around", b"attack.example", "a right-to-left override does not get into our field",
                    extra="i=\u202ea@attack.example; ".encode(), expected="dkim=pass " + FORGED),
        by_attacker("u-label-d", "attäck.example".encode(), "a U-label in d= is looked up as its A-label (RFC 8616 §5)",
                    expected="dkim=pass " + FORGED),
    ]


def _tags(world: World) -> list[Attack]:
    """Tag lists that two programs read differently."""
    def row(*arguments, **options):
        return _victims(world, *arguments, **options)

    return [
        row("signed-by-the-victim", "no attack: rightly signed by the victim", "his signature holds wherever it comes from",
            PASS, authenticated=(VICTIM,)),
        row("two-d-tags", "`d=legitimate.example` and `d=attack.example`", "a tag that comes twice spoils the list",
            extra=b"d=attack.example; "),
        row("no-version", "no `v=`", "v= is required", version=b""),
        row("version-2", "`v=2`", "v= is 1", version=b"v=2; "),
        row("h-without-from", "`h=to:subject`", "From must be signed (RFC 6376 §5.4)", h=b"to:subject"),
        row("h-empty", "`h=`", "likewise", h=b""),
        row("bh-short", "`bh=` of three octets", "a body hash has the length of its hash", bh=b"AAAA"),
        row("bh-empty", "`bh=`", "likewise", bh=b""),
        row("rsa-sha1", "`a=rsa-sha1`, and rightly signed", "SHA-1 never passes (RFC 8301 §3.1)", a=b"rsa-sha1",
            hashing=hashlib.sha1),
        row("algorithm-unknown", "`a=none-none`", "no such algorithm", a=b"none-none"),
        row("algorithm-of-another-kind", "`a=ed25519-sha256` with an RSA key", "the key's kind decides",
            a=b"ed25519-sha256"),
        row("query-unknown", "`q=http/get`", "keys come by DNS alone", extra=b"q=http/get; "),
        row("expired", "`x=` in the past", "an expired signature is none", "dkim=fail " + FORGED,
            extra=b"t=1000000000; x=1000000001; "),
        row("from-the-future", "`t=` far ahead", "nobody has signed tomorrow", "dkim=fail " + FORGED,
            extra=b"t=99999999999; "),
        row("expires-before-signed", "`x=` below `t=`", "x= must be above t=", extra=b"t=2000; x=1000; "),
        row("time-overflows", "`x=` with 30 digits", "such a time is infinitely far (RFC 6376 §3.5)", PASS,
            authenticated=(VICTIM,), extra=b"x=" + b"9" * 30 + b"; "),
        row("l-negative", "`l=-1`", "l= is a number without a sign", extra=b"l=-1; "),
        row("l-longer-than-body", "`l=` longer than the body", "there is nothing to hash there", extra=b"l=9999; "),
        row("l-overflows", "`l=` with 80 digits", "a number has at most 76 digits", extra=b"l=" + b"9" * 80 + b"; "),
        row("l-zero", "`l=0`: nothing of the body is signed", "an unsigned body is anybody's (zone.ee, 2024)",
            "dkim=policy " + FORGED, extra=b"l=0; ", signed_body=b""),
    ]


def _keys(world: World) -> list[Attack]:
    """Key records with a flaw, in the victim's own zone."""
    def row(selector, why, expected="dkim=permerror " + FORGED, shape="", **options):
        return _victims(world, "key-" + selector, shape or f"a key record: {selector}", why, expected,
                        s=selector.encode(), **options)

    return [
        row("missing", "no key, no signature"),
        row("revoked", "an empty p= revokes the key"),
        row("short", "512 bits never pass (RFC 8301 §3.2)", "dkim=policy " + FORGED, key=world.short),
        row("sha1", "the key allows SHA-1 alone"),
        row("other-service", "the key is not for mail"),
        row("other-kind", "k= and the key differ"),
        row("nul", "a control character in the record", shape="a key record with a control character"),
        row("twice", "a tag that comes twice spoils the record"),
        row("two", "both are published by the victim: one that fits is enough (RFC 6376 §3.6.2.2 leaves it open)", PASS,
            shape="two key records", authenticated=(VICTIM,)),
        row("huge", "16,384 bits are not computed with", "dkim=policy " + FORGED, shape="a key of 16,384 bits"),
        row("ed25519-of-33", "an Ed25519 key has 32 octets", a=b"ed25519-sha256", shape="an Ed25519 key of 33 octets"),
        row("strict", "t=s wants i= to be of d= itself", extra=b"i=@sub.legitimate.example; ",
            shape="`t=s` in the key, `i=` below d="),
    ]


def _left_open(world: World) -> list[Attack]:
    """Rightly signed by the victim, then added to: what he did not sign over (RFC 6376 §8.15)."""
    fields = (VICTIM_FROM,)
    honest = signature_field((*fields, *COMMON), b"At five?\r\n", world.victim, d=_D)
    partial = signature_field((*fields, *COMMON), b"At five?\r\n", world.victim, d=_D, extra=b"l=10; ")

    def row(name, shape, why, *, signature=honest, top=(), bottom=(), body=b"At five?\r\n", expected=BAD,
            authenticated=()):
        message = compose((*top, signature, *fields), body, (*COMMON, *bottom))
        return _attack(name, message, expected, why, shape, authenticated=authenticated, client=STRANGER)

    return [
        row("second-from-on-top", "a second From above the signed one", "two From fields, whatever is signed",
            top=(b"From: <first@attack.example>",)),
        row("second-from-below", "a second From below the signed one", "likewise",
            bottom=(b"From: <first@attack.example>",)),
        row("second-from-with-blank", "a second `From :` below the signed one", "likewise",
            bottom=(b"From : <first@attack.example>",)),
        row("second-subject", "a second Subject on top, not signed over",
            "the signature holds as its signer made it; he could have signed over it", top=(b"Subject: won!",),
            expected=PASS, authenticated=(VICTIM,)),
        row("body-behind-l", "a part behind what `l=` covers", "a body that is signed in part is anybody's",
            signature=partial, body=b"At five?\r\n<p>Buy</p>\r\n", expected="dkim=policy " + FORGED),
        row("content-type-changed", "a new Content-Type on top, `l=` in the signature", "likewise: not a pass",
            signature=partial, top=(b"Content-Type: multipart/mixed; boundary=x",),
            body=b"At five?\r\n--x\r\n\r\nBuy\r\n", expected="dkim=policy " + FORGED),
        row("replayed", "a signed message, sent again from elsewhere",
            "a replay is what the victim wrote; DKIM does not bind the envelope", expected=PASS, authenticated=(VICTIM,)),
    ]


def _damaged(world: World) -> list[Attack]:
    """A good signature, and a message that is not the one that was signed."""
    good = signed((VICTIM_FROM,), world.victim, d=_D)
    changed = "dkim=fail " + FORGED

    def row(name, message, shape, why, expected=changed, **options):
        return _attack(name, message, expected, why, shape, client=STRANGER, **options)

    return [
        row("body-changed", good.replace(b"five", b"nine"), "a word of the body changed", "the body hash differs"),
        row("author-changed", good.replace(b"admin@", b"ceo@"), "another local part in From", "the header hash differs"),
        row("signature-without-b", good.replace(b"; b=", b"; b=; z="), "`b=` empty", "nothing is signed",
            "dkim=permerror " + FORGED),
        row("signature-of-zeroes", signature_of_zeroes(good), "`b=` of 256 zero octets", "zero is no signature"),
        row("signature-folded-into-nothing", good.replace(b"DKIM-Signature: ", b"DKIM-Signature:\r\n"),
            "a fold without a blank behind the name", "the next line is no field: no header section, no From", BAD),
        row("signature-name-with-blank", good.replace(b"DKIM-Signature:", b"DKIM-Signature :"),
            "`DKIM-Signature :`", "a blank before the colon changes nothing under relaxed",
            PASS, authenticated=(VICTIM,)),
    ]


def signature_of_zeroes(message: bytes) -> bytes:
    head, _, rest = message.partition(b"; b=")
    return head + b"; b=" + b"A" * 342 + b"==\r\n" + rest.partition(b"\r\n")[2]
