"""End to end, at the gate: what users submit through Postfix is judged as large receivers would, after it is signed."""

import subprocess
import time
import unittest

import spf

from .message import compose, header_fields
from .nsd import txt
from .sekishod import SEKISHO
from .signers import rsa_key
from .smtp import Client
from .stage import Stage
from .verifiers import verify_with_dkimpy
from .world import BANK, BROKEN, World

WORLD = World()
KEY = rsa_key()
USER = Client("203.0.113.5", login="ann")
TRUSTED = Client("203.0.113.6", login="robot")
_SPF = "v=spf1 ip4:192.0.2.99 -all"
_OURS = (txt("example.org", _SPF) + txt("_dmarc.example.org", "v=DMARC1; p=reject") +
         txt("s1._domainkey.example.org", KEY.record) + "example.org. MX 10 mx.example.org.\n" +
         "mx.example.org. A 192.0.2.99\n99.2.0.192.in-addr.arpa. PTR mx.example.org.\n")
_TABLES = """
[preflight]
mode = "{mode}"
outbound_addresses = ["192.0.2.99"]
helo = "mx.example.org"
refuse = ["from.*", "msgid.*", "field.double", "line.998", "spf.*", "unsub.*"]
repair = {repair}
{more}
[[rule]]
name = "robot"
login = ["robot"]
action = "accept"
preflight = "off"
[[sign]]
domain = "example.org"
selector = "s1"
key_file = "{key}"
"""
_RULES = """
rules_date = "2026-12-01"
[[receiver]]
name = "small"
domains = ["example.org"]
mx = ["example.org"]
bulk_limit = 3
[[rule]]
receiver = "small"
when = "auth.none"
text = "SPF or DKIM must pass"
source = "a test"
date = "2026-12-01"
"""
STAGE = Stage(WORLD.records + _OURS, broken=(BROKEN,))
ANN = "Ann <ann@example.org>"
_CLEAN = compose(ANN, extra="MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n")
_CLEAN = _CLEAN.replace(b"@mail.example>", b"@example.org>")
_MIME = "text/plain; charset=utf-8"
_VARIANTS = {
    "plain": _CLEAN,
    "folded and encoded subject": _CLEAN.replace(b"Your order", b"=?utf-8?q?caf=C3=A9?=\r\n \tand   more"),
    "8-bit body": _CLEAN.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\ncaf\xc3\xa9  \r\n", 1),
    "lines of 998 octets and of dots": _CLEAN + b"x" * 998 + b"\r\n.\r\n..\r\n",
    "blank lines at the end": _CLEAN + b"\r\n \r\n\r\n\r\n",
    "no body": _CLEAN.partition(b"\r\n\r\n")[0] + b"\r\n\r\n",
    "multipart": _CLEAN.replace(_MIME.encode(), b"multipart/mixed; boundary=b").partition(b"\r\n\r\n")[0] +
                 b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b--\r\n",
    "newsletter": b"List-Unsubscribe: <https://example.org/u/4f1c9b2ae07d53f86a1b>\r\n"
                  b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Id: <news.example.org>\r\n" + _CLEAN,
}
_NO_ID = _CLEAN.replace(b"Message-ID:", b"X-Message-ID:")


def setUpModule():
    unittest.enterModuleContext(STAGE)
    (STAGE.folder / "s1.pem").write_bytes(KEY.pem)
    (STAGE.folder / "s1.pem").chmod(0o600)


def configure(mode: str, repair: str = "[]", more: str = ""):
    STAGE.sekishod.configure(_TABLES.format(mode=mode, repair=repair, more=more, key=STAGE.folder / "s1.pem"))
    STAGE.sekishod.reload("reloaded")


def submit(message: bytes, client: Client = USER, sender: str = "ann@example.org"):
    return STAGE.send(message, sender, client, port=STAGE.mta.submission_port, tls=True)


class Gate(unittest.TestCase):
    maxDiff = None

    def line(self, reply) -> str:
        return STAGE.sekishod.line_of(reply.queue_id)

    def last_line(self) -> str:
        return [line for line in STAGE.sekishod.log.read_text().splitlines() if " action=" in line][-1]

    def wait_for_sent(self, text: str, seconds: float = 30):
        """What earlier processes sent is read from the store soon after the start."""
        deadline = time.monotonic() + seconds
        while text not in (status := subprocess.run([SEKISHO, "status", "--config", STAGE.sekishod.configuration],
                                                    capture_output=True, text=True, check=False).stdout):
            self.assertLess(time.monotonic(), deadline, status)
            time.sleep(0.05)

    def test_a_defect_of_a_user_is_refused_with_its_id(self):
        configure("refuse")
        reply, message = submit(_CLEAN)
        self.assertTrue(reply.accepted, reply)
        self.assertEqual(header_fields(message)[0][0], "DKIM-Signature")
        self.assertIn(" preflight=clean ", self.line(reply))
        for message, code, words in (
                (_NO_ID, "550 5.6.0", "msgid.missing: no Message-ID field; add a Message-ID field"),
                (_CLEAN.replace(b"Subject:", b"Subject: a\r\nSubject:"), "550 5.6.0", "field.double: 2 Subject fields"),
                (_CLEAN + b"x" * 990 + b"y" * 990 + b"\r\n", "550 5.6.0", "line.998: ")):
            with self.subTest(words):
                reply, _ = submit(message)
                self.assertTrue(str(reply).startswith(code), reply)
                self.assertIn(words, str(reply))
                self.assertIn(" action=reject ", self.last_line())
                self.assertIn(f" preflight={words.partition(':')[0]} ", self.last_line())
        reply, _ = submit(_CLEAN, sender="bounce@bank.example")
        self.assertTrue(str(reply).startswith("550 5.7.1 spf.result: fail for 192.0.2.99"), reply)

    def test_others_verify_what_is_judged_clean(self):
        configure("refuse")
        before = spf.DNSLookup
        self.addCleanup(setattr, spf, "DNSLookup", before)
        spf.DNSLookup = lambda name, kind, *_: [((name, "TXT"), (_SPF.encode(),))] if kind == "TXT" else []
        self.assertEqual(spf.check2("192.0.2.99", "ann@example.org", "mx.example.org")[0], "pass")
        for name, message in _VARIANTS.items():
            with self.subTest(name):
                reply, delivered = submit(message)
                self.assertTrue(reply.accepted, reply)
                self.assertIn(" preflight=clean ", self.line(reply))
                records = {"s1._domainkey.example.org": KEY.record}
                self.assertEqual(verify_with_dkimpy(delivered, records), {"s1": "pass"})

    def test_the_same_from_outside_is_not_judged(self):
        configure("refuse")
        message = compose("me@plain.example").replace(b"Message-ID:", b"X-Message-ID:")
        reply, _ = STAGE.send(message, "me@plain.example", BANK)
        self.assertTrue(reply.accepted, reply)
        self.assertNotIn("preflight=", self.line(reply))

    def test_a_note_a_dry_run_and_a_rule_let_it_go(self):
        for name, mode, more, client in (("note", "note", "", USER), ("dry run", "refuse", "[policy]\ndry_run = true", USER),
                                         ("rule", "refuse", "", TRUSTED)):
            with self.subTest(name):
                configure(mode, more=more)
                reply, _ = submit(_NO_ID, client)
                self.assertTrue(reply.accepted, reply)
                line = self.line(reply)
                self.assertEqual(" preflight=msgid.missing " in line, name != "rule", line)
                self.assertEqual(" would=reject " in line, name == "dry run", line)

    def test_what_is_missing_is_added_and_signed(self):
        configure("refuse", '["message-id", "date"]')
        reply, message = submit(_NO_ID.replace(b"Date:", b"X-Date:"))
        self.assertTrue(reply.accepted, reply)
        names = [name for name, _ in header_fields(message)]
        self.assertEqual((names.count("Message-ID"), names.count("Date")), (1, 1), names)
        self.assertIn(" preflight=clean ", self.line(reply))
        self.assertIn(b"message-id", dict(header_fields(message))["DKIM-Signature"].lower().encode())

    def test_a_sender_becomes_a_bulk_sender_and_a_restart_forgets_nothing(self):
        rules = STAGE.folder / "receivers.toml"
        rules.write_text(_RULES)
        configure("refuse", more=f'''rules = "{rules}"\n[feedback]\nstore = "{STAGE.folder / "store.db"}"\ncommit_interval = "10ms"
[control]
socket = "unix:{STAGE.folder / "control.sock"}"''')
        offer = _CLEAN.replace(b"Subject:", b"Feedback-ID: a:b:c\r\nSubject:")
        for _ in range(2):
            reply, _ = submit(offer)
            self.assertTrue(reply.accepted, reply)
        STAGE.sekishod.wait_for_log("example.org has sent small 50 % of 3 messages in 24 hours")
        STAGE.sekishod.stop()
        STAGE.sekishod.start()
        self.wait_for_sent("2 to small by example.org")
        reply, _ = submit(offer)
        self.assertTrue(str(reply).startswith("550 5.7.1 unsub.url: "), reply)
        reply, _ = submit(_CLEAN)  # what is no marketing mail needs no unsubscription
        self.assertTrue(reply.accepted, reply)
        STAGE.sekishod.wait_for_log("example.org has sent small 100 % of 3 messages in 24 hours")

    def test_mail_goes_where_the_dns_does_not_answer(self):
        configure("refuse")
        reply, _ = submit(_CLEAN, sender=f"bounce@{BROKEN}")
        self.assertTrue(reply.accepted, reply)
        self.assertIn(" preflight=spf.result ", self.line(reply))


if __name__ == "__main__":
    unittest.main()
