"""`sekisho preflight` as a sender uses it: text, JSON, exit status, and a message that is signed first."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_NOW = "1796117400"  # 2026-12-01 09:30 UTC
_MESSAGE = """\
From: "Shop Example" <news@shop.example>
To: Ann <ann@gmail.com>
Subject: Five lamps for winter
Date: Tue, 01 Dec 2026 09:30:00 +0000
Message-ID: <20261201.0930.1@shop.example>
List-Id: <news.shop.example>
List-Unsubscribe: <https://shop.example/u/4f9c1d77e2b04a>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Five lamps, all of them warm.
"""
_ZONE = """\
$ORIGIN .
$TTL 300
shop.example. TXT "v=spf1 ip4:203.0.113.5 -all"
shop.example. MX 10 mail.shop.example.
_dmarc.shop.example. TXT "v=DMARC1; p=reject"
mail.shop.example. A 203.0.113.5
5.113.0.203.in-addr.arpa. PTR mail.shop.example.
"""


class Preflight(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-preflight-")))
        (self.folder / "keys").mkdir(mode=0o700)
        key = self.sekisho("key", "generate", "shop.example", "--dir", "keys", "--selector", "s1", "--format", "json")
        self.key = json.loads(key.stdout)
        (self.folder / "zone").write_text(_ZONE + self.key["zone"] + "\n")
        self.configure()
        (self.folder / "news.eml").write_text(_MESSAGE)

    def configure(self, more: str = ""):
        (self.folder / "sekisho.toml").write_text(
            f'{more}\n[[sign]]\ndomain = "shop.example"\nselector = "s1"\nkey_file = "{self.folder}/{self.key["file"]}"\n')

    def sekisho(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([_SEKISHO, *arguments], capture_output=True, text=True, cwd=self.folder)

    def preflight(self, *arguments: str, message: str = "news.eml") -> subprocess.CompletedProcess:
        return self.sekisho("preflight", "--config", "sekisho.toml", "--zone", "zone", "--now", _NOW, "--ip",
                            "203.0.113.5", "--helo", "mail.shop.example", *arguments, message)

    def ask(self, *arguments: str) -> dict:
        return json.loads(self.preflight("--format", "json", *arguments).stdout)

    def test_a_newsletter_that_is_signed_first_is_clean(self):
        done = self.preflight("--sign", "--bulk", "--fail-on", "advice")
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("news.eml: bulk mail of shop.example: 0 errors, 0 warnings\n", done.stdout)

    def test_the_records_of_the_authors_domain_are_checked_on_demand(self):
        self.assertEqual(self.ask("--sign")["domain"], None)
        domain = self.ask("--sign", "--domain")["domain"]
        self.assertEqual((domain["domain"], domain["findings"]), ("shop.example", []))
        self.assertEqual([key["selector"] for key in domain["dkim"]], ["s1"])
        zone = (self.folder / "zone").read_text()
        (self.folder / "zone").write_text(zone.replace(" -all", " include:none.example -all"))
        done = self.preflight("--sign", "--domain", "--format", "json")
        ids = [finding["id"] for finding in json.loads(done.stdout)["domain"]["findings"]]
        self.assertEqual((ids, done.returncode), (["spf.include-none"], 3))
        self.assertIn("spf.include-none", self.preflight("--sign", "--domain").stdout)

    def test_unsigned_bulk_mail_is_refused_by_gmail(self):
        found = self.ask("--bulk", "--rcpt", "ann@gmail.com")
        self.assertEqual(list(found["replies"]), ["gmail"])
        reply = found["replies"]["gmail"]
        self.assertEqual((reply["code"], reply["enhanced"], reply["temporary_first"]), ("550", "5.7.30", True))
        self.assertEqual(found["message"]["kind"], "bulk")
        self.assertEqual(found["message"]["envelope"], {"sender": "news@shop.example", "recipients": ["ann@gmail.com"]})
        first = found["findings"][0]
        self.assertEqual((first["id"], first["level"]), ("dkim.none", "error"))
        self.assertEqual(first["receivers"]["gmail"]["enhanced"], "5.7.30")
        self.assertEqual(self.preflight("--bulk").returncode, 3)
        self.assertEqual(self.preflight("--fail-on", "error").returncode, 0)

    def test_a_signature_that_leaves_out_the_post_field_gives_no_button(self):
        self.configure('[signing]\nsigned_fields = ["From", "Subject"]\nalways_signed = []')
        done = self.preflight("--sign")
        self.assertEqual(done.returncode, 3)
        self.assertIn("error    unsub.cover       List-Unsubscribe-Post: ", done.stdout)
        self.assertIn("\n         gmail             no code for bulk senders: ", done.stdout)

    def test_the_command_line_is_checked(self):
        for status, arguments in ((2, ("--as", "nobody")), (2, ("--ip", "host")), (2, ("--fail-on", "never")),
                                  (1, ("--rules", "none.toml"))):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.preflight(*arguments).returncode, status)
        self.assertEqual(self.preflight(message="none.eml").returncode, 1)
        self.assertEqual(self.sekisho("preflight", "--sign", "news.eml").returncode, 2)

    def test_rules_of_another_file_are_used(self):
        rules = (_ROOT / "etc/receivers.toml").read_text()
        (self.folder / "rules.toml").write_text(rules.replace('"2026-11-30"', '"2027-05-01"'))
        self.assertEqual(self.ask("--rules", "rules.toml")["rules_date"], "2027-05-01")


if __name__ == "__main__":
    unittest.main()
