"""Chains that Sekisho, dkimpy, Mail::DKIM and Rspamd seal are validated by all of them."""

import itertools
import tempfile
import unittest
from pathlib import Path

from . import sealers, sekisho, signers
from .nsd import Nsd, txt
from .rspamd import Rspamd
from .shapes import FILES_ALONE, SHAPES, large

DOMAINS = {"sekisho": "one.example", "dkimpy": "two.example", "mail-dkim": "three.example",
           "rspamd": "example.org"}  # which seals as the author's domain


class World:
    """A key of each sealer, the name server that shows them, and Rspamd."""

    def open(self, context):
        folder = Path(context(tempfile.TemporaryDirectory(prefix="sekisho-arc-")))
        self.files, self.records = {}, {}
        for name, domain in DOMAINS.items():
            key = signers.rsa_key()
            self.files[name] = folder / f"{name}.pem"
            self.files[name].touch(0o600)
            self.files[name].write_bytes(signers.as_pkcs1(key))
            self.records[f"s._domainkey.{domain}"] = key.record
        self.small = signers.rsa_key(512)
        self.records["small._domainkey.two.example"] = self.small.record
        self.small_file = folder / "small.pem"
        self.small_file.write_bytes(signers.as_pkcs1(self.small))
        self.nsd = context(Nsd(folder / "nsd", "".join(txt(*record) for record in self.records.items())))
        self.rspamd = context(Rspamd(folder / "rspamd", self.nsd.port, DOMAINS["rspamd"],
                                     {"s": self.files["rspamd"]}, seals=True))


WORLD = World()


def setUpModule():
    WORLD.open(unittest.enterModuleContext)


def seal(name: str, message: bytes, chain: str) -> bytes:
    domain, key = DOMAINS[name], WORLD.files[name]
    if name == "sekisho":  # which finds out by itself
        return sekisho.seal(message, domain, "s", key, WORLD.records)
    if name == "rspamd":
        return WORLD.rspamd.seal(sealers.with_results(message, domain, chain)) + message
    by = {"dkimpy": sealers.seal_with_dkimpy, "mail-dkim": sealers.seal_with_mail_dkim}[name]
    return by(message, domain, "s", key, chain)


def validate(message: bytes) -> dict[str, str]:
    return {"sekisho": sekisho.check(message, WORLD.records)["arc"]["result"],
            "dkimpy": sealers.validate_with_dkimpy(message, WORLD.records),
            "mail-dkim": sealers.validate_with_mail_dkim(message, WORLD.nsd.port),
            "rspamd": WORLD.rspamd.validate(message)}


class Chains(unittest.TestCase):
    maxDiff = None

    def assert_all(self, message: bytes, status: str, but=()):
        results = {name: result for name, result in validate(message).items() if name not in but}
        self.assertEqual(results, dict.fromkeys(results, status), message[:4000].decode(errors="replace"))

    def test_sets_of_one(self):
        for (shape, message), name in itertools.product(SHAPES.items(), DOMAINS):
            if shape in FILES_ALONE:
                continue
            with self.subTest(shape, by=name):
                self.assert_all(seal(name, message, "none"), "pass")

    def test_sets_of_all_in_every_order(self):
        for names in itertools.permutations(DOMAINS):
            if names.index("rspamd") > 1:
                continue  # nobody, itself included, validates what Debian 12's Rspamd seals above i=2
            with self.subTest(" ".join(names)):
                message = SHAPES["folded fields"]
                for name, chain in zip(names, ("none", "pass", "pass", "pass")):
                    message = seal(name, message, chain)
                self.assert_all(message, "pass")
                arc = sekisho.check(message, WORLD.records)["arc"]
                self.assertEqual(arc["chain"], [DOMAINS[name] for name in names])
                self.assertEqual(arc["oldest_pass"], 0)

    def test_a_list_changes_the_message(self):
        """Each host seals what it changed, and Sekisho last, after it found the chain to pass."""
        for name in ("dkimpy", "mail-dkim"):
            with self.subTest(name):
                message = seal("sekisho", SHAPES["plain"], "none")
                message = message.replace(b"Subject: Is", b"Subject: [team] Is") + b"-- \r\nThe team\r\n"
                message = seal("sekisho", seal(name, message, "pass"), "pass")
                self.assert_all(message, "pass")
                self.assertEqual(sekisho.check(message, WORLD.records)["arc"]["oldest_pass"], 2)

    def test_signatures_are_covered(self):
        signed = sekisho.sign(SHAPES["plain"], "one.example", {"s": WORLD.files["sekisho"]}, "relaxed/relaxed")
        sealed = seal("sekisho", signed, "none")
        self.assert_all(sealed, "pass")
        self.assert_all(sealed.replace(b"DKIM-Signature: v=1;", b"DKIM-Signature: v=2;"), "fail")

    def test_a_broken_chain_stays_broken(self):
        """Lest the validators be asked in a way that they never refuse."""
        broken = seal("sekisho", SHAPES["plain"], "none").replace(b"lost the game", b"won the game")
        self.assert_all(broken, "fail")
        sealed = seal("sekisho", broken, "fail")
        self.assertIn(b"cv=fail", sealed)
        self.assertIn(b"ARC-Seal: i=2;", sealed)
        self.assert_all(sealed, "fail")
        self.assertEqual(seal("sekisho", sealed, "fail"), sealed)

    def test_small_keys_seal_nothing(self):
        """512 bits, RFC 8301 §3.2."""
        sealed = sealers.seal_with_dkimpy(SHAPES["plain"], "two.example", "small", WORLD.small_file, "none")
        arc = sekisho.check(sealed, WORLD.records)["arc"]
        self.assertEqual(arc["result"], "fail")
        self.assertIn("512 bits, below 1024", arc["reason"])

    def test_large(self):
        self.assert_all(seal("sekisho", large(), "none"), "pass", but=("mail-dkim",))  # which takes minutes
