"""What holds for every attack, on every way to the gate."""

import re
import unittest

from .attack import Attack
from .runners import AUTHSERV_ID, Finding

_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"'
_TOKEN = r"""[^\s\x00-\x1f\x7f()<>,;:\\"/\[\]?=]+"""
_MAILBOX = rf"(?:{_QUOTED}|{_TOKEN})?@[^\s\x00-\x1f\x7f()<>,;:\\\"/\[\]?=@]+"
_RESULT = rf"[a-z]+=[a-z]+(?:\s+reason={_QUOTED})?(?:\s+[a-z]+\.[a-z-]+=(?:{_MAILBOX}|{_QUOTED}|{_TOKEN}))*"
_FIELD = re.compile(rf"\s*{re.escape(AUTHSERV_ID)}(?:;\s*{_RESULT})+\Z")
_DOMAIN_PROPERTIES = re.compile(r"(?:header\.from|header\.d|smtp\.helo|policy\.iprev|arc\.chain)=(\S+?)[;\s]")
_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?\Z")
# Names are letters, digits, hyphens and underscores. What a domain's own SPF record writes besides, it may ask for.
_QUESTION = re.compile(rb"(?:[A-Za-z0-9_.-]+|[!-~]+\.(?:long|macro)\.attack\.example[!-~]*)\Z")
_QUOTES = re.compile(rb"[\s\"(),;<>\[\]\\]")


class Checks(unittest.TestCase):
    """Mixed into the tests of each way."""

    def check(self, attack: Attack, found: Finding, expected: str):
        self.assertTrue(found.has(expected), f"expected {expected}, found {found}")
        self.check_no_false_pass(attack, found)
        self.check_results(found.results)
        self.check_log(found.log)
        self.assertRegex(found.action, r"\A[\x20-\x7e]+\Z")  # a reply

    def check_no_false_pass(self, attack: Attack, found: Finding):
        if found.words.get("dmarc") == "pass":
            passed = re.findall(r"dmarc=pass\s+header\.from=(\S+)", found.results)
            self.assertEqual([tuple(passed)], [attack.authenticated])
        else:
            self.assertNotIn("dmarc=pass", found.results)

    def check_results(self, results: str):
        """RFC 8601 §2.2, more narrowly than it is: the field is ours to the last octet."""
        if not results:
            return
        unfolded = re.sub(r"\r?\n(?=[ \t])", "", results)
        self.assertRegex(unfolded, _FIELD)
        for domain in _DOMAIN_PROPERTIES.findall(unfolded + ";"):
            self.assertRegex(domain.strip('"'), _DOMAIN)

    def check_log(self, log: str):
        self.assertRegex(log, r"\A[\x20-\x7e]*\Z")

    def check_questions(self, names: list[bytes]):
        for name in names:
            self.assertTrue(_QUESTION.match(name) and not _QUOTES.search(name) and len(name) <= 253, name)
