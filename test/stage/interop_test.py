"""What `sekisho sign` makes is verified by the other programs, and what they sign by `sekisho check`."""

import base64
import itertools
import tempfile
import unittest
from pathlib import Path

from . import sekisho, signers, verifiers
from .nsd import Nsd, txt
from .opendkim import sign_with_opendkim, verify_with_opendkim
from .rspamd import Rspamd
from .shapes import FILES_ALONE, SHAPES, large

DOMAIN = "example.org"
CANONICALIZATIONS = [f"{header}/{body}" for header, body in itertools.product(("simple", "relaxed"), repeat=2)]


class World:
    """A key of each algorithm, the name server that shows them, and Rspamd."""

    def open(self, context):
        folder = Path(context(tempfile.TemporaryDirectory(prefix="sekisho-interop-")))
        self.keys = {"rsa": signers.rsa_key(), "ed": signers.ed25519_key()}
        self.records = {f"{name}._domainkey.{DOMAIN}": key.record for name, key in self.keys.items()}
        self.files = {name: self._write(folder / f"{name}.pem", key.pem) for name, key in self.keys.items()}
        bare = base64.b64encode(signers.bare_ed25519(self.keys["ed"]))  # the only form that Rspamd reads
        self.nsd = context(Nsd(folder / "nsd", "".join(txt(*record) for record in self.records.items())))
        self.rspamd = context(Rspamd(folder / "rspamd", self.nsd.port, DOMAIN, {
            "rsa": self.files["rsa"], "ed": self._write(folder / "ed.bare", bare)}))

    @staticmethod
    def _write(path: Path, text: bytes) -> Path:
        path.touch(0o600)
        path.write_bytes(text)
        return path


WORLD = World()


def setUpModule():
    WORLD.open(unittest.enterModuleContext)


def sign(message: bytes, canonicalization: str) -> bytes:
    return sekisho.sign(message, DOMAIN, WORLD.files, canonicalization)


def each_message():
    return itertools.product(SHAPES.items(), CANONICALIZATIONS)


def suits_opendkim(shape: str, canonicalization: str) -> bool:
    """Its test mode writes one blank behind each colon, as MTAs once did."""
    return shape not in FILES_ALONE and not (shape == "blanks in fields" and canonicalization.startswith("simple/"))


class Signed(unittest.TestCase):
    """By Sekisho, with both keys."""

    maxDiff = None

    def assert_verified(self, verify, selectors=("rsa", "ed"), suits=lambda shape, canonicalization: True):
        for (shape, message), canonicalization in each_message():
            if not suits(shape, canonicalization):
                continue
            with self.subTest(shape, c=canonicalization):
                results = verify(sign(message, canonicalization))
                self.assertEqual({name: results.get(name) for name in selectors},
                                 {name: "pass" for name in selectors})

    def test_by_dkimpy(self):
        self.assert_verified(lambda message: verifiers.verify_with_dkimpy(message, WORLD.records))

    def test_by_opendkim(self):
        self.assert_verified(lambda message: verify_with_opendkim(message, WORLD.records),
                             suits=suits_opendkim)

    def test_by_mail_dkim(self):
        """Which knows no Ed25519 yet."""
        self.assert_verified(lambda message: verifiers.verify_with_mail_dkim(message, WORLD.nsd.port), ["rsa"],
                             suits=lambda shape, _: shape not in FILES_ALONE)

    def test_by_rspamd(self):
        self.assert_verified(WORLD.rspamd.verify)


class Verified(unittest.TestCase):
    """By Sekisho: all that others made of one message, on top of it."""

    maxDiff = None

    def test_what_others_sign(self):
        for (shape, message), canonicalization in each_message():
            with self.subTest(shape, c=canonicalization):
                fields = [*self.by_dkimpy(message, canonicalization), *self.by_mail_dkim(shape, message, canonicalization),
                          *self.by_opendkim(shape, message, canonicalization),
                          *self.by_rspamd(message, canonicalization)]
                results = sekisho.verify(b"".join(fields) + message, WORLD.records)
                self.assertEqual([result for _, result in results], ["pass"] * len(fields), fields)

    def by_dkimpy(self, message, canonicalization):
        pair = tuple(word.encode() for word in canonicalization.split("/"))
        for selector, key in WORLD.keys.items():
            yield signers.sign_with_dkimpy(message, DOMAIN, selector, key, canonicalize=pair).removesuffix(message)

    def by_mail_dkim(self, shape, message, canonicalization):
        if shape not in FILES_ALONE:
            signed = signers.sign_with_mail_dkim(message, DOMAIN, "rsa", WORLD.keys["rsa"], canonicalization)
            yield signed.removesuffix(message)

    def by_opendkim(self, shape, message, canonicalization):
        for selector, key in WORLD.keys.items():
            # Its own verifier refuses its Ed25519 signatures over a simple header, too.
            if suits_opendkim(shape, canonicalization) and (selector, canonicalization[:6]) != ("ed", "simple"):
                yield sign_with_opendkim(message, DOMAIN, selector, key, canonicalization)

    def by_rspamd(self, message, canonicalization):
        return WORLD.rspamd.sign(message) if canonicalization == "relaxed/relaxed" else []


class Changed(unittest.TestCase):
    def test_nobody_verifies_a_changed_body(self):
        """Lest the verifiers above be asked in a way that they never refuse."""
        signed = sign(SHAPES["plain"], "relaxed/relaxed").replace(b"lost the game", b"won the game")
        for name, results in {
            "sekisho": dict(sekisho.verify(signed, WORLD.records)),
            "dkimpy": verifiers.verify_with_dkimpy(signed, WORLD.records),
            "opendkim": verify_with_opendkim(signed, WORLD.records),
            "mail-dkim": verifiers.verify_with_mail_dkim(signed, WORLD.nsd.port),
            "rspamd": WORLD.rspamd.verify(signed),
        }.items():
            with self.subTest(name):
                self.assertNotIn("pass", results.values())
                self.assertIn("rsa", results)


class Large(unittest.TestCase):
    """20 MB."""

    def test_by_all(self):
        signed = sign(large(), "relaxed/relaxed")
        both = {"rsa": "pass", "ed": "pass"}
        self.assertEqual(dict(sekisho.verify(signed, WORLD.records)), both)
        self.assertEqual(verifiers.verify_with_dkimpy(signed, WORLD.records), both)
        self.assertEqual(verify_with_opendkim(signed, WORLD.records), both)
        self.assertEqual(verifiers.verify_with_mail_dkim(signed, WORLD.nsd.port)["rsa"], "pass")
        self.assertEqual(WORLD.rspamd.verify(signed), both)
