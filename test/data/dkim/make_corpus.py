#!/usr/bin/python3
"""Writes the corpus of DKIM messages in this folder.

The signatures are made by other people's code, so that reading and writing do not share a mistake:
canonicalisation by dkimpy (python3-dkim), keys and signatures by python3-cryptography. The keys in
keys/ were made for this corpus and sign nothing else; signatures made with them again come out the
same.

A case NN-name is four files: the message (.eml, line ends LF, read as CRLF), the keys' zone (.zone), one
line of result and reason for each signature from the top (.expected), and why (.readme). The time is
1700000000 in all of them.
"""
import base64
import hashlib
import pathlib
import re

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from dkim import canonicalization, util

HERE = pathlib.Path(__file__).parent
KEYS = HERE / "keys"
NOW = 1700000000

HEADER = [
    (b"Received", b" from client.example.com [192.0.2.1]\n\tby mail.example.com with ESMTPS;"
                  b"\n\tTue, 14 Nov 2023 22:13:00 +0000"),
    (b"From", b" Hatsu <hatsu@example.com>"),
    (b"To", b" Kiku <kiku@example.net>,\n Take <take@example.org>"),
    (b"Subject", b" Papers,  please "),
    (b"Date", b" Tue, 14 Nov 2023 22:13:00 +0000"),
    (b"Message-ID", b"<1@example.com>"),
]
BODY = b"The gate  opens\tat dawn. \n\nBring your papers.\n"


def new_key(name):
    if name == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if name == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    exponent = 3 if name.endswith("e3") else 65537
    return rsa.generate_private_key(exponent, int(name[3:7].rstrip("e")))


def key(name):
    path = KEYS / (name + ".pem")
    if not path.exists():
        KEYS.mkdir(exist_ok=True)
        path.write_bytes(new_key(name).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return serialization.load_pem_private_key(path.read_bytes(), None)


def spki(name):
    return key(name).public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def pkcs1(name):
    return key(name).public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.PKCS1)


def raw(name):
    return key(name).public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def record(data, tags="v=DKIM1; "):
    """One master-file line's text: strings of at most 250 octets."""
    text = tags + "p=" + base64.b64encode(data).decode()
    return " ".join('"' + text[i:i + 250] + '"' for i in range(0, len(text), 250))


def zone(**records):
    lines = []
    for name, texts in records.items():
        for text in [texts] if isinstance(texts, str) else texts:
            lines.append(f"{name}._domainkey.example.com. 3600 IN TXT ( {text} )")
    return "\n".join(lines) + "\n"


def crlf(text):
    return text.replace(b"\n", b"\r\n")


def canonical_body(body, how):
    algorithm = {b"simple": canonicalization.Simple, b"relaxed": canonicalization.Relaxed}[how]
    return algorithm.canonicalize_body(crlf(body))


def canonical_header(fields, how):
    algorithm = {b"simple": canonicalization.Simple, b"relaxed": canonicalization.Relaxed}[how]
    return b"".join(name + b":" + value for name, value in
                    algorithm.canonicalize_headers([(n, crlf(v) + b"\r\n") for n, v in fields]))


def select(header, names):
    """RFC 6376 section 5.4.2: from the bottom, each field once."""
    left = list(header)
    chosen = []
    for name in names:
        for i in range(len(left) - 1, -1, -1):
            if left[i][0].strip().lower() == name.strip().lower():
                chosen.append(left.pop(i))
                break
    return chosen


def make_signature(signer, algorithm, digest_of):
    digest = hashlib.new(algorithm, digest_of).digest()
    if isinstance(signer, ed25519.Ed25519PrivateKey):
        return signer.sign(digest)
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        return signer.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    hash_object = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}[algorithm]
    return signer.sign(digest, padding.PKCS1v15(), utils.Prehashed(hash_object))


FORM = b" v=1; a=%a; c=%c; d=%d;\n\ts=%s; h=%h;%l%m\n\tbh=%B;\n\tb=%b"


def sign(header=HEADER, body=BODY, signer="rsa2048", a=None, c=b"relaxed/relaxed", d=b"example.com", s=b"sel",
         h=b"From:To:Subject:Date:Message-ID", l=None, more=b"", form=FORM):
    """The value of a DKIM-Signature field: `form` with its marks replaced; %b, the signature, comes last."""
    signer = key(signer)
    a = a or (b"ed25519-sha256" if isinstance(signer, ed25519.Ed25519PrivateKey) else b"rsa-sha256")
    header_form, _, body_form = c.partition(b"/")
    algorithm = a.decode().split("-")[1]
    hashed = canonical_body(body, body_form or b"simple")[:l]
    for mark, text in [(b"%a", a), (b"%c", c), (b"%d", d), (b"%s", s), (b"%h", h), (b"%m", more),
                       (b"%l", b"" if l is None else b" l=%d;" % l),
                       (b"%B", base64.b64encode(hashlib.new(algorithm, hashed).digest()))]:
        form = form.replace(mark, text)
    empty = re.sub(rb"\s*%b\s*", b"", form)
    signed = canonical_header(select(header, h.split(b":")), header_form)
    signed += canonical_header([(b"DKIM-Signature", empty)], header_form)[:-2]
    text = base64.b64encode(make_signature(signer, algorithm, signed))
    return form.replace(b"%b", b"\n\t ".join(text[i:i + 60] for i in range(0, len(text), 60)))


def message(signatures, header=HEADER, body=BODY):
    fields = [(b"DKIM-Signature", value) for value in signatures] + list(header)
    return b"".join(name + b":" + value + b"\n" for name, value in fields) + b"\n" + body


cases = []


def case(name, readme, expected, signatures, records, header=HEADER, body=BODY):
    cases.append(name)
    stem = f"{len(cases):02}-{name}"
    expected = [expected] if isinstance(expected, str) else expected
    (HERE / (stem + ".eml")).write_bytes(message(signatures, header, body))
    (HERE / (stem + ".zone")).write_text(records, encoding="utf-8")
    (HERE / (stem + ".expected")).write_text("".join(line + "\n" for line in expected))
    (HERE / (stem + ".readme")).write_text(readme + "\n")


SEL = zone(sel=record(spki("rsa2048")))

# The examples of the RFCs. Their page layout put two blanks after "game."; one was signed.
rfc_header = [
    (b"From", b" Joe SixPack <joe@football.example.com>"),
    (b"To", b" Suzie Q <suzie@shopping.example.net>"),
    (b"Subject", b" Is dinner ready?"),
    (b"Date", b" Fri, 11 Jul 2003 21:00:37 -0700 (PDT)"),
    (b"Message-ID", b" <20030712040037.46341.5F8J@football.example.com>"),
]
rfc_body = b"Hi.\n\nWe lost the game. Are you hungry yet?\n\nJoe.\n"
case("rfc8463-example", "RFC 8463 appendix A: both signatures and both keys as printed.", ["pass", "pass"], [
    b" v=1; a=ed25519-sha256; c=relaxed/relaxed;\n d=football.example.com; i=@football.example.com;\n"
    b" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\n subject : date : message-id : from : subject : date;\n"
    b" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"
    b" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\n Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==",
    b" v=1; a=rsa-sha256; c=relaxed/relaxed;\n d=football.example.com; i=@football.example.com;\n"
    b" q=dns/txt; s=test; t=1528637909; h=from : to : subject :\n date : message-id : from : subject : date;\n"
    b" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"
    b" b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\n"
    b" DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\n"
    b" dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=",
], '''brisbane._domainkey.football.example.com. IN TXT (
 "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
test._domainkey.football.example.com. IN TXT (
 "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
 "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
 "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
 "Ip3G+2kryOTIKT+l/K4w3QIDAQAB")
''', rfc_header, rfc_body)
case("rfc6376-example", "RFC 6376 appendix A.2 with the key of appendix C, c=simple/simple: the folds are six\n"
     "blanks (the page shows eight, with its margin of three).", "pass", [
         b" v=1; a=rsa-sha256; s=brisbane; d=example.com;\n      c=simple/simple; q=dns/txt; i=joe@football.example.com;\n"
         b"      h=Received : From : To : Subject : Date : Message-ID;\n"
         b"      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"
         b"      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\n"
         b"      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\n"
         b"      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\n      4bmp/YzhwvcubU4=;"],
     '''$ORIGIN _domainkey.example.com.
brisbane IN  TXT  ("v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
                   "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
                   "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v"
                   "/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
                   "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB")
''', [(b"Received", b" from client1.football.example.com  [192.0.2.1]\n      by submitserver.example.com with SUBMISSION;\n"
       b"      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)")] + rfc_header, rfc_body)

# Canonicalisation.
for name in ["simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"]:
    case("c-" + name.replace("/", "-"), f"c={name} over folds, runs of blanks and a missing blank after a colon.",
         "pass", [sign(c=name.encode())], SEL)
case("c-left-out", "RFC 6376 section 3.5: without c= both are simple.", "pass",
     [sign(c=b"simple/simple", form=b" v=1; a=%a; d=%d; s=%s; h=%h; bh=%B; b=%b")], SEL)
case("c-header-alone", "RFC 6376 section 3.5: c=relaxed is relaxed/simple.", "pass", [sign(c=b"relaxed")], SEL)
case("relaxed-survives", "A relay refolded fields, changed the case of names and added blanks at the ends of lines;\n"
     "only the signature that is relaxed in both holds. The second is simple for the header, the third for the body.",
     ["pass", "fail signature did not verify", "fail body hash did not verify"],
     [sign(), sign(c=b"simple/relaxed"), sign(c=b"relaxed/simple")], SEL,
     [(name.upper(), value.replace(b" ", b"\n  ", 1) + b" \t") for name, value in HEADER],
     b"The gate \topens at dawn.\n\t\nBring your papers. \t \n\n\n")
case("empty-body", "RFC 6376 section 3.4.3 and 3.4.4: an empty body is CRLF in simple, nothing in relaxed.", ["pass"] * 2,
     [sign(body=b"", c=b"relaxed/simple"), sign(body=b"")], SEL, body=b"")
case("empty-lines-alone", "A body of empty lines is as an empty body.", ["pass"] * 2,
     [sign(body=b"", c=b"relaxed/simple"), sign(body=b"")], SEL, body=b"\n\n\n")
case("no-line-end", "A body without a CRLF at its end gets one.", ["pass"] * 2,
     [sign(body=b"one line\n", c=b"relaxed/simple"), sign(body=b"one line\n")], SEL, body=b"one line")
case("eight-bit-body", "Octets above 127, a long line, lines of blanks, a dot alone.", ["pass"] * 2,
     [sign(body=(b := bytes(range(128, 256)) + b"\n" + b"0123456789 " * 3000 + b"\n \t\n.\n..\n"), c=b"simple/simple"),
      sign(body=b)], SEL, body=b)
blank = [(n + b" " if n == b"Subject" else n, v) for n, v in HEADER]
case("blank-before-colon", "A name with a blank before the colon (obs-optional) is hashed as it stands, or without it.",
     ["pass"] * 2, [sign(header=blank, c=b"simple/simple"), sign(header=blank)], SEL, blank)

# Which fields are signed.
twice = [(b"Received", b" two"), (b"Received", b" one")] + HEADER[1:]
case("repeated-field", "RFC 6376 section 5.4.2: from the bottom. A third Received that came later is not covered.", "pass",
     [sign(header=twice, h=b"Received : Received:From")], SEL, [(b"Received", b" three")] + twice)
case("oversigned", "Names that do not exist are the null string.", "pass",
     [sign(h=b"From:From:Reply-To:Subject:Subject:Date:To:To:Cc")], SEL)
case("oversigned-field-added", "A second Subject came after signing; the signature said that there is one.",
     "fail signature did not verify", [sign(h=b"From:Subject:Subject")], SEL, HEADER + [(b"Subject", b" Urgent")])
case("field-added-above", "A second Subject above the signed one, which the signature does not speak of: it holds.", "pass",
     [sign(h=b"From:Subject")], SEL, [(b"Subject", b" Urgent")] + HEADER)
case("field-changed", "The Subject was changed.", "fail signature did not verify", [sign()], SEL,
     [(n, b" Papers" if n == b"Subject" else v) for n, v in HEADER])
inner = sign(signer="ed25519", s=b"ed", h=b"From")
case("covers-another-signature", "RFC 6376 section 3.5: another signature in h= is a field as any other, with its b=; the\n"
     "signature itself is never among them, though it stands lower than the one it covers.", ["pass", "pass"],
     [inner, sign(header=[(b"DKIM-Signature", inner)] + HEADER, h=b"DKIM-Signature:DKIM-Signature:From")],
     SEL + zone(ed=record(raw("ed25519"), "k=ed25519; ")))

# The signature field.
case("b-in-the-middle", "RFC 6376 section 3.7: blanks around b= go with its value; unknown tags are covered.", ["pass"] * 2,
     [sign(c=c, form=b" v=1; a=%a; c=%c; d=%d; s=%s; h=%h; b =\n\t %b \n ; bh=%B; z=From:x|To:y; future=x y; ")
      for c in [b"simple/simple", b"relaxed/relaxed"]], SEL)
case("unknown-version", "RFC 6376 section 6.1.1: PERMFAIL (incompatible version).", "permerror version is not 1",
     [sign(form=b" v=2; a=%a; c=%c; d=%d; s=%s; h=%h; bh=%B; b=%b")], SEL)
case("from-not-signed", "RFC 6376 section 6.1.1: PERMFAIL (From field not signed).", "permerror h= does not contain From",
     [sign(h=b"To:Subject")], SEL)
case("i-below-d", "i= may lie below d=.", "pass", [sign(more=b" i=hatsu@gate.example.com;")], SEL)
case("i-elsewhere", "RFC 6376 section 6.1.1: PERMFAIL (domain mismatch).", "permerror i= is not within d=",
     [sign(more=b" i=@example.net;")], SEL)
case("duplicate-tag", "RFC 6376 section 3.2: the whole list is invalid.", "permerror a tag occurs twice",
     [sign(more=b" d=example.com;")], SEL)
case("expired", "RFC 6376 section 3.5, x=.", "fail signature expired", [sign(more=b" t=1600000000; x=1600086400;")], SEL)
case("not-expired", "Within the drift that clocks are allowed.", "pass", [sign(more=b" t=%d; x=%d;" % (NOW - 60, NOW - 30))], SEL)
case("future", "RFC 6376 section 3.5, t=.", "fail signature is dated in the future", [sign(more=b" t=1800000000;")], SEL)
case("x-before-t", "RFC 6376 section 3.5: x= must be greater than t=.", "permerror x= is not later than t=",
     [sign(more=b" t=1800000000; x=1700000001;")], SEL)
case("u-labels", "RFC 8616 section 5: U-labels are hashed as they stand and looked up as A-labels.", "pass",
     [sign(d="bücher.example".encode(), s="grüße".encode(), more=" i=jörg@bücher.example;".encode())],
     "xn--gre-6ka8l._domainkey.xn--bcher-kva.example. IN TXT ( " + record(spki("rsa2048")) + " )\n")

# l=
length = len(canonical_body(BODY, b"relaxed"))
case("l-whole", "l= is the body's length.", "pass", [sign(l=length)], SEL)
case("l-part", "RFC 6376 section 8.2: text was added below what l= covers.", "policy l= leaves a part of the body unsigned",
     [sign(l=length)], SEL, body=BODY + b"Added.\n")
case("l-zero", "Nothing of the body is signed.", "policy l= leaves a part of the body unsigned", [sign(l=0)], SEL)
case("l-beyond", "RFC 6376 section 3.5: l= must not be larger than the body.", "permerror l= is larger than the body",
     [sign(form=b" v=1; a=%%a; c=%%c; d=%%d; s=%%s; h=%%h; l=%d; bh=%%B; b=%%b" % (length + 1))], SEL)
case("l-empty-lines", "The canonical body has no empty lines at its end, so those that were added are no part of it.", "pass",
     [sign(l=length)], SEL, body=BODY + b"\n\n")

# Keys.
case("body-changed", "RFC 6376 section 6.1.3 step 3.", "fail body hash did not verify", [sign()], SEL, body=BODY + b"x\n")
case("other-key", "Signed with another key than the record's.", "fail signature did not verify", [sign(signer="rsa1024")], SEL)
case("no-key", "RFC 6376 section 6.1.2 step 3.", "permerror no key for signature", [sign(s=b"none")], SEL)
case("no-text-record", "The name exists and has no TXT record.", "permerror no key for signature", [sign()],
     "sel._domainkey.example.com. IN A 192.0.2.1\n")
case("revoked", "RFC 6376 section 6.1.2 step 7.", "permerror key revoked", [sign()], zone(sel='"v=DKIM1; p="'))
case("rsa-pkcs1-key", "RFC 6376 section 3.6.1 says RSAPublicKey, and some publish just that.", "pass", [sign()],
     zone(sel=record(pkcs1("rsa2048"))))
case("ed25519-spki-key", "RFC 8463 section 4.2 says 32 octets; some publish a SubjectPublicKeyInfo.", "pass",
     [sign(signer="ed25519")], zone(sel=record(spki("ed25519"), "v=DKIM1; k=ed25519; ")))
case("rsa-exponent-3", "An odd exponent is a valid one.", "pass", [sign(signer="rsa2048e3")], zone(sel=record(spki("rsa2048e3"))))
case("rsa-4096", "RFC 8301 section 3.2: keys up to 4096 bits must verify.", "pass", [sign(signer="rsa4096")],
     zone(sel=record(spki("rsa4096"))))
case("rsa-512", "RFC 8301 section 3.2: never valid; the signature is right, so what is wrong is the key.",
     "policy key has 512 bits, below 1024", [sign(signer="rsa0512")], zone(sel=record(spki("rsa0512"))))
case("rsa-512-broken", "A short key and a changed body.", "fail body hash did not verify", [sign(signer="rsa0512")],
     zone(sel=record(spki("rsa0512"))), body=b"other\n")
case("rsa-sha1", "RFC 8301 section 3.1: must not be used for verifying.", "policy rsa-sha1 is not accepted (RFC 8301)",
     [sign(a=b"rsa-sha1")], SEL)
case("key-of-another-type", "RFC 6376 section 6.1.2 step 8, both ways, and a key that k= misnames.",
     ["permerror key is of another type than a= says"] * 2 + ["permerror key is of another type than k= says"],
     [sign(s=b"ed"), sign(signer="ed25519"), sign(s=b"p256")],
     SEL + zone(ed=record(raw("ed25519"), "k=ed25519; "), p256=record(spki("p256"))))
case("hash-not-allowed", "RFC 6376 section 6.1.2 step 6.", "permerror key does not allow this hash algorithm", [sign()],
     zone(sel=record(spki("rsa2048"), "v=DKIM1; h=sha1; ")))
case("service-not-mail", "RFC 6376 section 3.6.1, s=.", "permerror key is not for e-mail", [sign()],
     zone(sel=record(spki("rsa2048"), "v=DKIM1; s=tlsrpt; ")))
case("t-s", "RFC 6376 section 3.6.1, t=s: i= must be d= itself.", ["permerror i= lies below d=, which the key forbids", "pass"],
     [sign(more=b" i=@gate.example.com;"), sign(more=b" i=a@example.com;")], zone(sel=record(spki("rsa2048"), "v=DKIM1; t=s; ")))
case("t-y", "RFC 6376 section 3.6.1, t=y: a failure is as if unsigned.",
     ["pass", "neutral signature did not verify, domain is testing"], [sign(), sign(signer="rsa1024")],
     zone(sel=record(spki("rsa2048"), "v=DKIM1; t=y; ")))
case("several-records", "RFC 6376 section 6.1.2 step 4: a wildcard's record, an old key, and the right one.", "pass", [sign()],
     zone(sel=['"v=spf1 -all"', record(spki("rsa1024")), record(spki("rsa2048"))]))
case("key-in-pieces", "RFC 6376 section 3.6.2.2: strings are joined without a blank; p= may have blanks of its own.", "pass",
     [sign()], zone(sel='"v=DKI" "M1; p" "= " ' + " ".join(
         '"' + piece + '"' for piece in [base64.b64encode(spki("rsa2048")).decode()[i:i + 40] + " " * (i % 3)
                                         for i in range(0, 400, 40)])))
case("alias", "The selector is an alias, as providers have it.", "pass", [sign()],
     "sel._domainkey.example.com. IN CNAME key.example.org.\nkey.example.org. IN TXT ( " + record(spki("rsa2048")) + " )\n")
case("many-results", "Several signatures with one result each, in the order of the fields.",
     ["fail body hash did not verify", "permerror no b= tag", "pass", "permerror no key for signature"],
     [sign(body=b"other\n"), b" v=1; a=rsa-sha256; d=example.com; s=sel; h=from; bh=" + base64.b64encode(bytes(32)),
      sign(signer="ed25519", s=b"ed"), sign(s=b"none")], SEL + zone(ed=record(raw("ed25519"), "k=ed25519; ")))
