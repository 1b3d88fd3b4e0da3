"""`sekisho check` as an operator asks it why: the path to a disposition agrees with what is said at SMTP."""

import itertools
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_ZONE = """\
$ORIGIN .
$TTL 300
bank.example. TXT "v=spf1 ip4:192.0.2.10 -all"
_dmarc.bank.example. TXT "v=DMARC1; p=reject"
xn--bcher-kva.example. TXT "v=spf1 ip4:192.0.2.10 -all"
_dmarc.xn--bcher-kva.example. TXT "v=DMARC1; p=reject"
"""
_RULE = """
[[rule]]
recipient = ["postmaster@example.org"]
action = "accept"
reason = "the postmaster reads all"
"""


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-check-")))
        (self.folder / "zone").write_text(_ZONE)

    def run_sekisho(self, configuration: str, *arguments: str, author: str = "info@bank.example",
                    sender: str = "info@bank.example", ip: str = "198.51.100.1") -> str:
        (self.folder / "sekisho.toml").write_text(configuration)
        return subprocess.run([_SEKISHO, "check", "--config", "sekisho.toml", "--zone", "zone", "--ip", ip,
                               "--helo", "x.example", "--mail-from", sender, *arguments, "-"],
                              input=f"From: {author}\r\n\r\nHello\r\n", capture_output=True, text=True, check=True,
                              cwd=self.folder).stdout

    def ask(self, configuration: str, *arguments: str, **message: str) -> dict:
        return json.loads(self.run_sekisho(configuration, "--format", "json", *arguments, **message))

    def test_explain_prints_path_and_look_ups(self):
        text = self.run_sekisho("", "--explain")
        self.assertIn("how it was decided\n", text)
        self.assertIn("  policy.on_reject = reject_direct\n    DMARC failed for bank.example under policy reject "
                      "[RFC 9989 §7.4, §8]\n  = reject\n", text)
        self.assertRegex(text, r"dmarc +TXT +_dmarc\.bank\.example +found ")
        self.assertNotIn("how it was decided", self.run_sekisho(""))

    def test_explain_draws_each_look_up_where_it_lies_in_time(self):
        section = self.run_sekisho("", "--explain").partition("look-ups (milliseconds from the first)\n")[2]
        drawn = re.findall(r"^  .* ([\d.]+) +([\d.]+)  \|( *)(=+)$", section.partition("\n\n")[0], re.MULTILINE)
        self.assertEqual(len(drawn), len(self.ask("", "--explain")["lookups"]))
        times = [(float(begin), float(end)) for begin, end, _, _ in drawn]
        self.assertEqual(min(begin for begin, _ in times), 0)
        starts = [(float(begin), len(blanks)) for begin, _, blanks, _ in drawn]
        for (early, left), (late, right) in itertools.permutations(starts, 2):
            self.assertTrue(early >= late or left <= right, starts)  # what is asked later is drawn further right
        for (begin, end), (_, _, blanks, bar) in zip(times, drawn, strict=True):
            self.assertLessEqual(begin, end)
            self.assertLessEqual(len(blanks + bar), 31)

    def test_a_refusal_at_rcpt_is_the_one_that_smtp_has(self):
        refuse = '[policy]\nspf_on_fail = "reject"\n'
        for arguments in ((), ("--rcpt", "user@example.org")):
            found = self.ask(refuse, *arguments)
            self.assertEqual(found["disposition"]["code"], "550 5.7.23")
            self.assertIn("refused at RCPT, before the message is sent", found["notes"])
        spared = self.ask(refuse + _RULE, "--rcpt", "postmaster@example.org")
        self.assertEqual(spared["disposition"]["action"], "accept")
        self.assertEqual(spared["disposition"]["reason"], "rule 1, action = accept: the postmaster reads all, over policy.spf_on_fail = reject")
        self.assertEqual(spared["dmarc"]["override"],
                         {"type": "local_policy", "comment": "rule 1: the postmaster reads all"})
        self.assertIn('reason="local_policy: rule 1: the postmaster reads all"', spared["authentication_results"])

    def test_a_refusal_at_rcpt_leaves_the_override_that_the_field_tells(self):
        found = self.ask('[policy]\nspf_on_fail = "reject"\non_reject = "mark"\n', "--rcpt", "user@example.org")
        self.assertEqual(found["disposition"]["code"], "550 5.7.23")
        self.assertEqual(found["dmarc"]["override"], {"type": "local_policy", "comment": "policy.on_reject = mark"})
        self.assertIn('reason="local_policy: policy.on_reject = mark"', found["authentication_results"])

    def test_recipients_that_differ_get_the_strictest(self):
        found = self.ask(_RULE, "--rcpt", "postmaster@example.org", "--rcpt", "user@example.org")
        self.assertEqual(found["disposition"]["code"], "550 5.7.26")

    def test_a_dry_run_says_what_it_would_do(self):
        found = self.ask("[policy]\ndry_run = true\n")
        self.assertEqual((found["disposition"]["action"], found["disposition"]["withheld"]), ("accept", "reject"))
        self.assertEqual(found["dmarc"]["override"], {"type": "local_policy", "comment": "dry run"})

    def test_internationalized_addresses_are_looked_up_and_told_as_a_labels(self):
        """RFC 6532, RFC 8616 §5, RFC 8601 §2.7: U-labels in From and MAIL FROM."""
        of_books = {"author": "Bücher <büro@bücher.example>", "sender": "büro@bücher.example"}
        found = self.ask("", ip="192.0.2.10", **of_books)
        self.assertEqual((found["spf"]["mailfrom"]["result"], found["dmarc"]["result"]), ("pass", "pass"))
        self.assertIn("header.from=xn--bcher-kva.example", found["authentication_results"])
        self.assertIn("smtp.mailfrom=xn--bcher-kva.example", found["authentication_results"])
        refused = self.ask("", **of_books)
        self.assertIn("xn--bcher-kva.example", refused["disposition"]["text"])
        self.assertTrue(refused["disposition"]["text"].isascii())
        rule = '[[rule]]\nauthor = ["büro@bücher.example"]\naction = "tempfail"\n'
        self.assertEqual(self.ask(rule, **of_books)["disposition"]["code"], "451 4.7.1")


if __name__ == "__main__":
    unittest.main()
