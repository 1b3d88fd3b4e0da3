"""Failure reports (RFC 9991) through Postfix: a forged message in, and out, by `sekisho report deliver` and the same
Postfix, what Python's own reader of mail finds to be a report about it."""

import email
import email.policy
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from .daemon import HOST
from .message import compose
from .nsd import txt
from .sekishod import SEKISHO
from .signers import rsa_key, sign_with_dkimpy
from .smtp import Client
from .stage import Stage

OWN = Client("192.0.2.20", "out.shop.example", "out.shop.example")
STRANGER = Client("203.0.113.66", "[UNAVAILABLE]", "pc66.provider.example")

KEY = rsa_key()
RECORDS = "".join([
    # Asks for reports of each signature that fails.
    txt("signed.example", "v=spf1 -all"),
    txt("s1._domainkey.signed.example", KEY.record),
    txt("_dmarc.signed.example", "v=DMARC1; p=none; fo=d; ruf=mailto:signatures@example.org"),
    txt("signed.example._report._dmarc.example.org", "v=DMARC1"),
    # Takes reports at an address of another's, who agrees (RFC 9990 §4).
    txt("shop.example", f"v=spf1 ip4:{OWN.address} -all"),
    txt("_dmarc.shop.example", "v=DMARC1; p=none; fo=1; ruf=mailto:failures@example.org"),
    txt("shop.example._report._dmarc.example.org", "v=DMARC1"),
    # Names an address of somebody who never heard of it.
    txt("mischief.example", "v=spf1 -all"),
    txt("_dmarc.mischief.example", "v=DMARC1; p=none; ruf=mailto:victim@example.org"),
    # A public suffix.
    txt("suffix.example", "v=spf1 -all"),
    txt("_dmarc.suffix.example", "v=DMARC1; p=none; psd=y; ruf=mailto:failures@example.org"),
])
SPOOL = tempfile.TemporaryDirectory(prefix="sekisho-failure-")
TABLES = f"""
[failure]
enabled = true
spool = "{SPOOL.name}/spool"
"""
STAGE = Stage(RECORDS, tables=TABLES)


def setUpModule():
    unittest.enterModuleContext(SPOOL)
    unittest.enterModuleContext(STAGE)
    # Only now is it known where Postfix listens.
    STAGE.sekishod.configure(f"""{TABLES}
[report]
org_name = "Example"
email = "dmarc@example.org"
smarthost = "{HOST}:{STAGE.mta.port}"
""")
    STAGE.sekishod.reload("reloaded")


def spooled() -> list[Path]:
    return sorted(Path(SPOOL.name, "spool").glob("*.json"))


def deliver(*arguments: str) -> str:
    done = subprocess.run([SEKISHO, "report", "deliver", "--config", STAGE.sekishod.configuration, *arguments],
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


class FailureReports(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        for path in spooled():
            path.unlink()

    def forge(self, domain: str, extra: str = "") -> bytes:
        """A message in the name of somebody who did not send it; what was reported is in the spool then."""
        before = len(spooled())
        message = compose(f"Carol Teller <carol@{domain}>", subject="Your account, Bob", extra=extra)
        reply, _ = STAGE.send(message, f"carol@{domain}", STRANGER)
        self.assertTrue(reply.accepted, reply)
        STAGE.sekishod.line_of(reply.queue_id)
        self.queue_id = reply.queue_id
        self.before = before
        return message

    def wait_for_report(self):
        log_said = "failure report (dmarc) waits for the owner of"
        STAGE.sekishod.wait_for_log(log_said)
        for _ in range(200):
            if len(spooled()) > self.before:
                return
            subprocess.run(["sleep", "0.05"], check=True)
        self.fail("no report")

    def test_a_footer_is_told_in_the_field_the_log_and_the_report(self):
        signed = sign_with_dkimpy(compose("Carol Teller <carol@signed.example>"), "signed.example", "s1", KEY)
        reply, delivered = STAGE.send(signed + b"-- \r\nThe list\r\n", "list@forwarder.example", STRANGER)
        self.assertTrue(reply.accepted, reply)
        told = 'dkim=fail reason="2 lines were added at the end" header.d=signed.example'
        self.assertIn(told, re.sub(r"\s+", " ", delivered.decode()))
        self.assertIn('why="2 lines were added at the end" change=body.tail lines=2 ', STAGE.sekishod.line_of(reply.queue_id))
        STAGE.sekishod.wait_for_log("failure report (dkim) waits for the owner of signed.example")
        self.assertIn("signed.example to signatures@example.org: sent", deliver())
        self.assertIn(told, re.sub(r"\s+", " ", STAGE.sink.wait_for("signatures@example.org").decode()))

    def test_a_forged_message_is_reported(self):
        original = email.message_from_bytes(self.forge("shop.example"), policy=email.policy.default)
        self.wait_for_report()
        self.assertIn("shop.example to failures@example.org: would be sent", deliver("--dry-run"))
        self.assertIn("shop.example to failures@example.org: sent", deliver())
        self.assertEqual(spooled(), [])

        mail = email.message_from_bytes(STAGE.sink.wait_for("failures@example.org"), policy=email.policy.default)
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail["From"], "Example <dmarc@example.org>")
        self.assertEqual(mail.get_content_type(), "multipart/report")
        self.assertEqual(mail.get_param("report-type"), "feedback-report")
        self.assertEqual(mail.defects, [])
        people, machine, header = mail.iter_parts()
        self.assertEqual([part.get_content_type() for part in (people, machine, header)],
                         ["text/plain", "message/feedback-report", "text/rfc822-headers"])
        self.assertIn("shop.example", people.get_content())

        # RFC 5965 §3.1, RFC 6591 §3, RFC 9991 §4
        inner = machine.get_payload()
        fields = inner[0] if isinstance(inner, list) else email.message_from_string(inner)
        self.assertEqual(fields["Feedback-Type"], "auth-failure")
        self.assertEqual(fields["Version"], "1")
        self.assertRegex(fields["User-Agent"], r"^Sekisho/")
        self.assertEqual(fields["Auth-Failure"], "dmarc")
        self.assertEqual(fields["Identity-Alignment"], "dkim, spf")
        self.assertEqual(fields["Delivery-Result"], "delivered")
        self.assertRegex(fields["Authentication-Results"], r"^mx\.example\.org;\s*dmarc=fail")
        self.assertRegex(fields["Authentication-Results"], r"\sheader\.from=shop\.example policy\.dmarc=none$")
        self.assertNotIn("spf=", fields["Authentication-Results"])
        self.assertEqual(fields["SPF-DNS"], 'txt : shop.example : "v=spf1 ip4:192.0.2.20 -all"')
        self.assertEqual(fields["Source-IP"], STRANGER.address)
        self.assertEqual(fields["Reported-Domain"], "shop.example")
        self.assertEqual(fields["Original-Envelope-Id"], self.queue_id)
        self.assertRegex(fields["Original-Mail-From"], r"^<[0-9a-f]{16}@shop\.example>$")
        self.assertIsNone(fields["Original-Rcpt-To"])
        for name in ("Feedback-Type", "Version", "User-Agent", "Auth-Failure", "Identity-Alignment", "Source-IP",
                     "Arrival-Date", "Authentication-Results"):
            self.assertEqual(len(fields.get_all(name)), 1, name)

        # RFC 6590: who finds the message by its Message-ID is not told more.
        reported = email.message_from_string(header.get_content())
        self.assertEqual(reported["Message-ID"], original["Message-ID"])
        self.assertRegex(reported["From"], r"^[0-9a-f]{16}@shop\.example$")
        self.assertRegex(reported["To"], r"^[0-9a-f]{16}@example\.org$")
        self.assertEqual(reported.get_payload(), "")
        whole = mail.as_string()
        for secret in ("carol", "Teller", "Your account", "Bob", "goods will be ready"):
            self.assertNotRegex(whole, re.compile(secret, re.IGNORECASE))
        self.assertEqual(reported["From"].partition("@")[0], fields["Original-Mail-From"][1:17])

    def test_who_did_not_ask_for_it_gets_nothing(self):
        self.forge("mischief.example")
        self.wait_for_report()
        self.assertIn("mischief.example to mailto:victim@example.org: refused", deliver())
        self.assertEqual(spooled(), [])

    def test_a_public_suffix_gets_nothing(self):
        self.forge("suffix.example")
        self.forge("shop.example")  # the one behind it is there
        self.wait_for_report()
        self.assertEqual(len(spooled()), 1)

    def test_no_report_about_a_report(self):
        self.forge("shop.example", extra="Auto-Submitted: auto-generated\r\n")
        self.forge("shop.example", extra="Content-Type: multipart/report; boundary=x\r\n")
        self.forge("shop.example")
        self.wait_for_report()
        self.assertEqual(len(spooled()), 1)

    def test_without_a_smarthost_the_report_waits(self):
        self.forge("shop.example")
        self.wait_for_report()
        configuration = STAGE.sekishod.configuration.read_text()
        elsewhere = Path(SPOOL.name, "elsewhere.toml")
        elsewhere.write_text(re.sub(r'smarthost = .*', f'smarthost = "{HOST}:1"', configuration))
        done = subprocess.run([SEKISHO, "report", "deliver", "--config", elsewhere], stdout=subprocess.PIPE, check=True)
        self.assertIn(b"waiting", done.stdout)
        self.assertEqual(len(spooled()), 1)
