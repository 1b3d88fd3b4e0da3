"""`sekisho domain check --authoritative` says why a chain of trust is broken, over signed zones on loopback."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from .daemon import HOST
from .signed_zones import SignedZones
from .unbound import Unbound

_SEKISHO = Path(os.environ["SEKISHO_BUILD"]) / "tools/sekisho"
_RECORDS = '@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n'


class Dnssec(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="sekisho-dnssec-")))
        nsd = SignedZones(cls.folder / "nsd")
        cls.root = nsd.key(".")
        top = "plain. NS ns.invalid.\n"
        for zone, days in {"healthy.": 30, "expired.": -2, "soon.": 2, "mismatch.": 30, "keyless.": 30}.items():
            key = nsd.key(zone)
            published = nsd.key(zone) if zone == "mismatch." else key
            top += f"{zone} NS ns.invalid.\n{published.ds()}"
            link = "s1._domainkey CNAME key.plain.\n" if zone == "healthy." else ""
            nsd.add(zone, _RECORDS + link, None if zone == "keyless." else key, days=days)
        nsd.add("plain.", _RECORDS + 'key TXT "v=DKIM1; p="\n')
        nsd.add(".", top, cls.root)
        cls.enterClassContext(nsd)
        cls.enterClassContext(Unbound(cls.folder / "unbound", nsd.port, nsd.names, cls.root.file))

    def check(self, domain: str, *arguments: str, status: int | None = None, anchor: Path | None = None) -> dict:
        done = subprocess.run([_SEKISHO, "domain", "check", domain, "--authoritative", "--trust-anchor", anchor or self.root.file,
                               "--nameserver", HOST, "--dns-timeout", "5", "--format", "json", "--all", *arguments],
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.stderr, "")
        self.assertIn(done.returncode, (0, 3, 4) if status is None else (status,))
        return json.loads(done.stdout)

    def found(self, domain: str, *arguments: str, **others) -> dict[str, str]:
        return {row["id"]: row["evidence"] for row in self.check(domain, *arguments, **others)["findings"]
                if row["id"].startswith("dnssec")}

    def unknown(self, domain: str) -> set[str]:
        return {row["id"] for row in self.check(domain)["unknown"] if row["tried"] and row["id"].startswith("dnssec")}

    def test_healthy_and_unsigned_zones_have_no_findings(self):
        for domain in ("healthy", "plain"):
            with self.subTest(domain):
                self.assertEqual(self.found(domain), {})
                self.assertEqual(self.unknown(domain), set())

    def test_an_expired_signature(self):
        found = self.found("expired", status=3)
        self.assertEqual(set(found), {"dnssec.bogus", "dnssec.expires"})
        self.assertIn("expired", found["dnssec.bogus"])
        self.assertEqual(found["dnssec.expires"], "a signature ended 48 hours ago")

    def test_a_signature_that_ends_soon(self):
        self.assertEqual(set(self.found("soon")), {"dnssec.expires"})

    def test_a_delegation_to_another_key(self):
        report = self.check("mismatch", status=3)
        found = {row["id"]: row for row in report["findings"]}
        self.assertEqual({name for name in found if name.startswith("dnssec")}, {"dnssec.bogus", "dnssec.ds-mismatch"})
        self.assertRegex(found["dnssec.ds-mismatch"]["publish"], r"^mismatch\. 3600 IN DS \d+ 13 2 [0-9a-f]{64}$")

    def test_a_delegation_without_keys(self):
        found = self.found("keyless", status=3)
        self.assertEqual(set(found), {"dnssec.bogus", "dnssec.ds-mismatch"})
        self.assertEqual(found["dnssec.ds-mismatch"], "DS records, but no DNSKEY records")

    def test_a_key_that_is_an_alias_of_an_unsigned_name(self):
        self.assertEqual(set(self.found("healthy", "--selector", "s1")), {"dnssec.insecure-link"})

    def test_with_the_anchor_of_another_root_nothing_is_said(self):
        other = self.folder / "other"
        other.mkdir()
        made = subprocess.run(["ldns-keygen", "-k", "-a", "ECDSAP256SHA256", "-r", "/dev/urandom", "."], cwd=other,
                              check=True, capture_output=True, text=True)
        anchor = other / f"{made.stdout.strip()}.key"
        self.assertEqual(self.found("healthy", anchor=anchor), {})

    def test_an_anchor_that_is_not_there(self):
        done = subprocess.run([_SEKISHO, "domain", "check", "healthy", "--authoritative", "--trust-anchor", "none"],
                              capture_output=True, text=True, check=False, cwd=self.folder)
        self.assertEqual(done.returncode, 1)
