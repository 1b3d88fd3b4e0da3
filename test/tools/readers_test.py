"""Readers of Authentication-Results that are in use find in our field what we wrote: SpamAssassin's plugin AuthRes, which
discards a field for one word that it does not know, Mail::AuthenticationResults, python-authres and Python's own parser
of messages."""

import email
import email.policy
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE.parent))
from stage import debian_package  # noqa: E402: only now is it found

_BUILD = Path(os.environ.get("SEKISHO_BUILD", _HERE.parents[1] / "build/release"))
_SEKISHO = _BUILD / "tools/sekisho"
_SPAMASSASSIN = _BUILD / "spamassassin"
_SIGNATURE = ("DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s={selector}; i=\"a b\"@{domain}; h=from;"
              " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=ab/+{number:04d}\r\n")
_ZONE = """\
$ORIGIN .
$TTL 300
shop.example. TXT "v=spf1 ip4:192.0.2.10 ip6:2001:db8::/32 -all"
_dmarc.shop.example. TXT "v=DMARC1; p=reject; sp=quarantine"
10.2.0.192.in-addr.arpa. PTR out.shop.example.
out.shop.example. A 192.0.2.10
broken.example. TXT "v=spf1 what:is=this; -all"
_dmarc.broken.example. TXT "v=DMARC1; p=none; t=y"
xn--bcher-kva.example. TXT "v=spf1 ?all"
"""
_COMMENTED = "header_comments = true\n"

# What a message comes with: configuration, client, HELO, sender, author, further fields.
_MESSAGES = {
    "all passes": ("", "192.0.2.10", "out.shop.example", "news@shop.example", "news@shop.example", ""),
    "the record is the parent's": ("", "192.0.2.10", "out.shop.example", "n@shop.example", "n@mail.shop.example", ""),
    "IPv6": ("", "2001:db8::25", "[IPv6:2001:db8::25]", "news@shop.example", "news@shop.example", ""),
    "the null sender": ("", "192.0.2.10", "out.shop.example", "", "mailer-daemon@shop.example", ""),
    "all fails": ("", "203.0.113.5", "x", "news@shop.example", "news@shop.example", "ARC-Seal: x\r\n"),
    "errors in records": (_COMMENTED, "203.0.113.5", "broken.example", "a@broken.example", "a@broken.example", ""),
    "a name that is not ASCII": (_COMMENTED, "192.0.2.10", "out.shop.example", "a@bücher.example",
                                 "a@bücher.example", ""),
    "nobody": (_COMMENTED, "192.0.2.99", "localhost", "joe", "joe", ""),
    "a signature": ("", "192.0.2.10", "out.shop.example", "news@shop.example", "news@shop.example",
                    _SIGNATURE.format(domain="shop.example", selector="s1", number=1)),
    "sixty signatures": ("", "192.0.2.10", "out.shop.example", "news@shop.example", "news@shop.example", "".join(
        _SIGNATURE.format(domain=f"{'d' * 60}.{'e' * 60}.shop.example", selector="s" * 63, number=number)
        for number in range(60))),
}


def _perl(script: str, value: str, *options: str) -> list[str]:
    return subprocess.run(["/usr/bin/perl", *options, _HERE / script], input=value, capture_output=True, text=True,
                          check=True).stdout.splitlines()


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="sekisho-readers-")))
        (cls.folder / "zone").write_text(_ZONE)
        cls.fields = {name: cls.field_of(*message) for name, message in _MESSAGES.items()}

    @classmethod
    def field_of(cls, configuration, ip, helo, sender, author, extra) -> str:
        (cls.folder / "sekisho.toml").write_text('authserv_id = "mx.example.org"\n' + configuration)
        done = subprocess.run([_SEKISHO, "check", "--config", "sekisho.toml", "--zone", "zone", "--format", "json",
                               "--ip", ip, "--helo", helo, "--mail-from", sender, "-"],
                              input=f"{extra}From: {author}\r\n\r\nHello\r\n".encode(), capture_output=True, check=True,
                              cwd=cls.folder)
        return json.loads(done.stdout)["authentication_results"]

    def each_field(self):
        for name, field in self.fields.items():
            with self.subTest(name, field=field):
                yield re.sub(r"\n\t", "\t", field), sorted(re.findall(r"(?:^|;\s+)(\w+=\w+)", field))

    def need(self, is_there: bool, what: str):
        if is_there:
            return
        if os.environ.get("CI"):
            self.fail(f"cannot run without {what}")
        self.skipTest(what)

    def test_there_is_something_to_read(self):
        words = {word for _, found in self.each_field() for word in found}
        self.assertLessEqual({"spf=pass", "spf=fail", "spf=permerror", "dkim=none", "arc=none", "arc=fail", "dmarc=pass",
                              "dmarc=fail", "iprev=pass", "iprev=permerror"}, words)
        self.assertIn("dmarc=pass", self.fields["sixty signatures"])

    def test_spamassassin(self):
        debian_package.unpack(_SPAMASSASSIN, "spamassassin")
        library = _SPAMASSASSIN / "usr/share/perl5"
        self.need(library.exists(), "SpamAssassin")
        for field, written in self.each_field():
            self.assertEqual(sorted(_perl("read_with_spamassassin.pl", field, f"-I{library}")), written)

    def test_mail_authenticationresults(self):
        self.need(Path("/usr/share/perl5/Mail/AuthenticationResults").exists(), "Mail::AuthenticationResults")
        for field, written in self.each_field():
            self.assertEqual(sorted(_perl("read_with_mail_authenticationresults.pl", field)), written)

    def test_python_authres(self):
        self.need(importlib.util.find_spec("authres") is not None, "python3-authres")
        import authres
        for field, written in self.each_field():
            read = authres.AuthenticationResultsHeader.parse_value(field)
            self.assertEqual(read.authserv_id, "mx.example.org")
            self.assertEqual(sorted(f"{result.method}={result.result}" for result in read.results), written)

    def test_python_email(self):
        for field, written in self.each_field():
            message = email.message_from_string(f"Authentication-Results: {field}\n\n", policy=email.policy.default)
            self.assertEqual(sorted(re.findall(r"(?:^|;\s+)(\w+=\w+)", message["Authentication-Results"])), written)
            self.assertFalse(message["Authentication-Results"].defects)

    def test_no_property_type_that_openarc_does_not_know(self):
        for field, _ in self.each_field():
            unquoted = re.sub(r'"(?:[^"\\]|\\.)*"', '""', field)
            self.assertLessEqual(set(re.findall(r"\s(\w+)\.[\w-]+=", unquoted)), {"smtp", "header", "body", "policy"})


if __name__ == "__main__":
    unittest.main()
