"""The operator's policy through a real Postfix: what SMTP answers, the header, the log and --explain agree."""

import re
import unittest

from . import signers
from .message import authentication_results, compose, header_fields
from .policy_case import PolicyCase
from .stage import Stage
from .world import BANK, BROKEN, CLUB, FORWARDER, FORWARDER_RULE, SHOP, STRANGER, World

_TABLES = """
[policy]
spf_on_fail = "reject"
iprev_on_permerror = "hold"
on_quarantine = "hold"
require_signature_from = ["club.example"]
url = "https://mx.example.org/refused?d={domain}&c={client}"
reply = ["{what}", "See {url}"]

[[rule]]
name = "abuse"
recipient = ["abuse@example.org"]
action = "accept"
reason = "complaints are always read"

""" + FORWARDER_RULE + """
[[rule]]
name = "watched"
sender = ["orders@shop.example"]
action = "reject"
dry_run = true

[[rule]]
name = "later"
client_name = ["mx.club.example"]
author = ["plain.example"]
action = "tempfail"
reason = "come back when 100% is known"
"""
WORLD = World()
STAGE = Stage(WORLD.records, broken=(BROKEN,), tables=_TABLES)


def setUpModule():
    unittest.enterModuleContext(STAGE)


def bank(**parts) -> bytes:
    return compose("Your Bank <info@bank.example>", **parts)


class Policy(PolicyCase):
    stage = STAGE

    def test_spf_fail_is_refused_at_rcpt(self):
        with STAGE.connect(STRANGER) as connection:
            connection.command("MAIL FROM:<info@bank.example>")
            refused = connection.command("RCPT TO:<user@example.org>")
            spared = connection.command("RCPT TO:<abuse@example.org>")
        self.assertRegex(str(refused), r"^550 5\.7\.23 SPF does not allow this client to send for bank\.example "
                                       r"5\.7\.23 See https://mx\.example\.org/refused\?d=bank\.example&c=203\.0\.113\.66$")
        self.assertEqual(spared.code, 250)
        self.send(bank(), "info@bank.example", STRANGER)
        self.assert_agreed("reject", "policy.spf_on_fail = reject: SPF gives fail for the sender's domain bank.example")
        self.assertIn(f"rcpt=<{self.recipient}>", self.logged())

    def test_a_rule_spares_a_recipient_and_says_so_in_the_header(self):
        recipient = "abuse@example.org"
        self.assertTrue(self.send(bank(), "info@bank.example", STRANGER, (recipient,)).startswith("250"))
        self.assert_agreed("accept", "rule 1 [abuse], action = accept: complaints are always read")
        found = authentication_results(STAGE.sink.wait_for(recipient))[0].of("dmarc")[0]
        self.assertEqual((found["dmarc"], found["reason"]),
                         ("fail", "local_policy:_rule_1_[abuse]:_complaints_are_always_read"))

    def test_a_known_forwarder_is_let_in(self):
        recipient = STAGE.new_recipient()
        self.assertTrue(self.send(bank(), "x@plain.example", FORWARDER, (recipient,)).startswith("250"))
        self.assert_agreed("accept", "rule 2 [forwarder], action = accept: forwards for our members")
        found = authentication_results(STAGE.sink.wait_for(recipient))[0].of("dmarc")[0]
        self.assertTrue(found["reason"].startswith("trusted_forwarder:"))

    def test_the_same_from_somebody_else_is_refused_at_the_end(self):
        self.assertRegex(self.send(bank(), "x@plain.example", STRANGER), r"^550 5\.7\.26 DMARC failed")
        self.assert_agreed("reject", "policy.on_reject = reject_direct")

    def test_a_rule_in_a_dry_run_only_tells(self):
        recipient = STAGE.new_recipient()
        self.assertTrue(self.send(compose("The Shop <orders@shop.example>"), "orders@shop.example", SHOP,
                                  (recipient,)).startswith("250"))
        self.assert_agreed("accept", "rule 3 [watched], dry run, would reject")
        self.assertIn("would=reject", self.logged())
        STAGE.sink.wait_for(recipient)

    def test_a_rule_turns_away_for_the_time_being(self):
        message = compose("Me <me@plain.example>")
        self.assertRegex(self.send(message, "news@club.example", CLUB),
                         r"^451 4\.7\.1 come back when 100% is known 4\.7\.1 See https://mx.*d=plain\.example")
        self.assert_agreed("tempfail", "rule 4 [later], action = tempfail")

    def test_listed_authors_must_sign(self):
        message = compose("The Club <news@club.example>")
        self.assertRegex(self.send(message, "news@club.example", CLUB), r"^550 5\.7\.20 No DKIM signature passes")
        self.assert_agreed("reject", "policy.require_signature_from has club.example")
        others = signers.sign_with_dkimpy(message, "shop.example", "rsa", WORLD.rsa)
        self.assertRegex(self.send(others, "news@club.example", CLUB), r"^550 5\.7\.22 ")
        signed = signers.sign_with_dkimpy(message, "club.example", "rsa", WORLD.rsa)
        self.assertTrue(self.send(signed, "news@club.example", CLUB).startswith("250"))

    def test_a_silent_name_server_does_not_open_the_gate(self):
        self.assertRegex(self.send(compose(f"Me <me@{BROKEN}>"), "news@club.example", CLUB), r"^451 4\.4\.3 ")
        self.assert_agreed("tempfail", "policy.on_temperror = tempfail")

    def test_clients_without_a_name_are_held(self):
        message = compose("Me <me@www.club.example>".replace("www.club", "nobody"))
        self.send(message, "x@plain.example", STRANGER)
        self.assertIn(self.reply.queue_id, STAGE.mta.held())
        self.assert_agreed("quarantine", "policy.iprev_on_permerror = hold: 203.0.113.66 has no PTR record")
        self.assertEqual(header_fields(STAGE.mta.read_held(self.reply.queue_id))[0][0], "Authentication-Results")

    def test_recipients_that_differ_get_the_strictest(self):
        recipients = ("abuse@example.org", "user@example.org")
        self.assertRegex(self.send(bank(), "x@plain.example", STRANGER, recipients), r"^550 5\.7\.26 ")
        self.assert_agreed("reject", "policy.on_reject = reject_direct")

    def test_replies_hold_nothing_of_the_message(self):
        forged = bank(extra="X-A: %s{url}\r\n").replace(b"Your Bank", b"550 5.1.1 {client}")
        reply = self.send(forged, "x@plain.example", STRANGER)
        self.assertIsNone(re.search(r"[{}]|5\.1\.1|%s", reply), reply)


if __name__ == "__main__":
    unittest.main()
