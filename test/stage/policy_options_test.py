"""Every option of [policy] and every condition of a [[rule]], one after the other in one daemon that reloads: what SMTP
answers, the header, the log and --explain agree."""

import unittest
from dataclasses import dataclass

import dkim

from . import signers
from .message import compose
from .nsd import txt
from .policy_case import PolicyCase
from .sealers import with_results
from .smtp import Client
from .stage import Stage
from .world import BANK, BROKEN, CLUB, FORWARDER, SHOP, STRANGER, World

WORLD = World()
LIAR = Client("203.0.113.9", "mail.liar.example", "mail.liar.example")  # nothing leads back from its name
# What only this suite needs.
_RECORDS = (txt("muddled.example", "v=spf1 nonsense -all") +
            "9.113.0.203.in-addr.arpa. PTR mail.liar.example.\nmail.liar.example. A 192.0.2.99\n")
STAGE = Stage(WORLD.records + _RECORDS, broken=(BROKEN,))


def setUpModule():
    unittest.enterModuleContext(STAGE)


def signed(message: bytes, domain: str) -> bytes:
    return signers.sign_with_dkimpy(message, domain, "rsa", WORLD.rsa)


def sealed(message: bytes, domain: str) -> bytes:
    fields = dkim.arc_sign(with_results(message, domain, "none"), b"rsa", domain.encode(), WORLD.rsa.pem,
                           f"mx.{domain}".encode())
    return b"".join(field.rstrip(b"\r\n") + b"\r\n" for field in fields) + message


@dataclass(frozen=True)
class Mail:
    message: bytes
    sender: str
    client: Client


_BANK = compose("Your Bank <info@bank.example>")
_SHOP = compose("The Shop <orders@shop.example>")
_CLUB = compose("The Club <news@club.example>")
_PLAIN = compose("Me <me@plain.example>")
GOOD = Mail(signed(_BANK, "bank.example"), "info@bank.example", BANK)
FORGED = Mail(_BANK, "x@plain.example", FORWARDER)
BY_A_LIST = Mail(compose("Your Bank <info@bank.example>", extra="List-Id: <tea.list.example>\r\nPrecedence: list\r\n"),
                 "x@plain.example", FORWARDER)
CHANGED = Mail(_SHOP, "x@plain.example", FORWARDER)  # p=quarantine
PLAIN = Mail(_PLAIN, "x@plain.example", FORWARDER)
TWO_FIELDS = Mail(compose("me@plain.example", extra="From: you@plain.example\r\n"), "x@plain.example", FORWARDER)
TWO_AUTHORS = Mail(compose("me@plain.example, you@elsewhere.example"), "x@plain.example", FORWARDER)
NO_AUTHOR = Mail(compose("undisclosed:;"), "x@plain.example", FORWARDER)
UNREADABLE = Mail(compose("me@plain.example you@plain.example"), "x@plain.example", FORWARDER)
SILENT = Mail(compose(f"Me <me@{BROKEN}>"), "news@club.example", CLUB)

# The option and its value; the mail; the action; how the reply begins; what is said to have decided.
OPTIONS = [
    ('on_reject = "mark"', FORGED, "accept", "250", "policy.on_reject = mark"),
    ('on_reject = "quarantine"', FORGED, "accept", "250", "policy.on_reject = quarantine"),
    ('on_reject = "quarantine"\non_quarantine = "hold"', FORGED, "quarantine", "250", "policy.on_reject = quarantine"),
    ('on_reject = "reject_direct"', FORGED, "reject", "550 5.7.26 ", "policy.on_reject = reject_direct"),
    ('on_reject = "reject_direct"', BY_A_LIST, "accept", "250", "policy.on_reject = reject_direct"),
    ('on_reject = "reject"', BY_A_LIST, "reject", "550 5.7.26 ", "policy.on_reject = reject"),
    ('on_quarantine = "mark"', CHANGED, "accept", "250", "policy.on_quarantine = mark"),
    ('on_quarantine = "hold"', CHANGED, "quarantine", "250", "policy.on_quarantine = hold"),
    ('on_quarantine = "reject"', CHANGED, "reject", "550 5.7.26 ", "policy.on_quarantine = reject"),
    ('spf_on_fail = "mark"', Mail(_PLAIN, "info@bank.example", STRANGER), "accept", "250", ""),
    ('spf_on_fail = "hold"', Mail(_PLAIN, "info@bank.example", STRANGER), "quarantine", "250",
     "policy.spf_on_fail = hold"),
    ('spf_on_fail = "reject"', Mail(_PLAIN, "info@bank.example", STRANGER), "reject", "550 5.7.23 ",
     "policy.spf_on_fail = reject"),
    ('spf_on_softfail = "hold"', Mail(_PLAIN, "news@club.example", STRANGER), "quarantine", "250",
     "policy.spf_on_softfail = hold"),
    ('spf_on_softfail = "reject"', Mail(_PLAIN, "news@club.example", STRANGER), "reject", "550 5.7.23 ",
     "policy.spf_on_softfail = reject"),
    ('spf_on_permerror = "hold"', Mail(_PLAIN, "x@muddled.example", STRANGER), "quarantine", "250",
     "policy.spf_on_permerror = hold"),
    ('spf_on_permerror = "reject"', Mail(_PLAIN, "x@muddled.example", STRANGER), "reject", "550 5.7.24 ",
     "policy.spf_on_permerror = reject"),
    ('iprev_on_fail = "hold"', Mail(_PLAIN, "x@plain.example", LIAR), "quarantine", "250", "policy.iprev_on_fail = hold"),
    ('iprev_on_fail = "reject"', Mail(_PLAIN, "x@plain.example", LIAR), "reject", "550 5.7.25 ",
     "policy.iprev_on_fail = reject"),
    ('iprev_on_permerror = "reject"', Mail(_PLAIN, "x@plain.example", STRANGER), "reject", "550 5.7.25 ",
     "policy.iprev_on_permerror = reject"),
    ('require_signature_from = ["club.example"]', Mail(_CLUB, "news@club.example", CLUB), "reject", "550 5.7.20 ",
     "policy.require_signature_from has club.example"),
    ('require_signature_from = ["club.example"]', Mail(signed(_CLUB, "shop.example"), "news@club.example", CLUB),
     "reject", "550 5.7.22 ", "policy.require_signature_from has club.example"),
    ('require_signature_from = ["club.example"]', Mail(signed(_CLUB, "club.example"), "news@club.example", CLUB),
     "accept", "250", ""),
    ('multiple_from = "accept"', TWO_FIELDS, "accept", "250", ""),
    ('multiple_from = "reject"', TWO_FIELDS, "reject", "550 5.7.1 ", "policy.multiple_from = reject"),
    ('multiple_authors = "accept"', TWO_AUTHORS, "accept", "250", ""),
    ('multiple_authors = "reject"', TWO_AUTHORS, "reject", "550 5.7.1 ", "policy.multiple_authors = reject"),
    ('no_from = "accept"', NO_AUTHOR, "accept", "250", ""),
    ('no_from = "reject"', NO_AUTHOR, "reject", "550 5.7.1 ", "policy.no_from = reject"),
    ('unparsable_from = "accept"', UNREADABLE, "accept", "250", ""),
    ('unparsable_from = "reject"', UNREADABLE, "reject", "550 5.7.1 ", "policy.unparsable_from = reject"),
    ('on_temperror = "accept"', SILENT, "accept", "250", ""),
    ('on_temperror = "tempfail"', SILENT, "tempfail", "451 4.4.3 ", "policy.on_temperror = tempfail"),
    ('dry_run = true', FORGED, "accept", "250", "dry run, would reject: policy.on_reject = reject_direct"),
    ('dry_run = true\nspf_on_fail = "reject"', Mail(_PLAIN, "info@bank.example", STRANGER), "accept", "250",
     "dry run, would reject: policy.spf_on_fail = reject"),
    ('url = "https://mx.example.org/{domain}?{client}"', FORGED, "reject", "550 5.7.26 ", "policy.on_reject = reject_direct"),
    ('reply = ["{what} ({client})"]', FORGED, "reject", "550 5.7.26 ", "policy.on_reject = reject_direct"),
]

# A condition that holds for the mail, and one of its kind that does not.
CONDITIONS = [
    ('client = ["198.51.100.0/24"]', 'client = ["192.0.2.0/24"]', PLAIN),
    ('client_name = [".forwarder.example"]', 'client_name = ["forwarder.example"]', PLAIN),
    ('helo = ["relay.forwarder.example"]', 'helo = ["other.example"]', PLAIN),
    ('sender = ["x@plain.example"]', 'sender = ["y@plain.example"]', PLAIN),
    ('recipient = ["example.org"]', 'recipient = ["other.example"]', PLAIN),
    ('author = ["plain.example"]', 'author = [".plain.example"]', PLAIN),
    ('list_id = ["tea.list.example"]', 'list_id = ["coffee.list.example"]', BY_A_LIST),
    ('arc_sealer = ["club.example"]', 'arc_sealer = ["bank.example"]',
     Mail(sealed(_PLAIN, "club.example"), "x@plain.example", FORWARDER)),
    ('spf = ["pass"]', 'spf = ["fail"]', GOOD),
    ('dkim = ["pass"]', 'dkim = ["fail", "none"]', GOOD),
    ('dmarc = ["pass"]', 'dmarc = ["fail"]', GOOD),
    ('arc = ["none"]', 'arc = ["pass", "fail"]', GOOD),
    ('iprev = ["pass"]', 'iprev = ["fail", "permerror"]', GOOD),
]


class OptionByOption(PolicyCase):
    stage = STAGE

    def configure(self, tables: str):
        STAGE.sekishod.configure(tables)
        STAGE.sekishod.reload("reloaded")

    def give(self, mail: Mail) -> str:
        return self.send(mail.message, mail.sender, mail.client)

    def test_options(self):
        for option, mail, action, reply, decided in OPTIONS:
            with self.subTest(option, mail=mail.sender):
                self.configure(f"[policy]\n{option}\n")
                self.assertTrue(self.give(mail).startswith(reply), self.reply)
                self.assert_agreed(action, decided)

    def test_conditions(self):
        for holds, does_not, mail in CONDITIONS:
            with self.subTest(holds):
                rule = '[[rule]]\nname = "first"\naction = "tempfail"\n{}\n[[rule]]\nname = "second"\naction = "reject"\n{}\n'
                self.configure(rule.format(does_not, holds))
                self.assertTrue(self.give(mail).startswith("550 5.7.1 "), self.reply)
                self.assert_agreed("reject", "rule 2 [second], action = reject")

    def test_a_rule_in_a_dry_run(self):
        self.configure('[[rule]]\nauthor = ["plain.example"]\naction = "reject"\ndry_run = true\n')
        self.assertTrue(self.give(PLAIN).startswith("250"), self.reply)
        self.assert_agreed("accept", "rule 1, dry run, would reject")

    def test_a_rule_turns_one_recipient_away(self):
        self.configure('[[rule]]\nrecipient = ["closed@example.org"]\naction = "reject"\n')
        with STAGE.connect(FORWARDER) as connection:
            connection.command(f"MAIL FROM:<{PLAIN.sender}>")
            refused = connection.command("RCPT TO:<closed@example.org>")
            spared = connection.command("RCPT TO:<open@example.org>")
        self.assertTrue(str(refused).startswith("550 5.7.1 "), refused)
        self.assertTrue(spared.accepted, spared)
        checked = self.check(PLAIN.message, PLAIN.sender, FORWARDER, ("closed@example.org", "open@example.org"))
        self.assertEqual(checked["disposition"]["action"], "accept")
        self.assertIn("RCPT TO:<closed@example.org> is refused: rule 1, action = reject: all its conditions hold",
                      checked["notes"])

    def test_discarded_mail_goes_nowhere(self):
        self.configure('[[rule]]\nauthor = ["plain.example"]\naction = "discard"\n')
        with STAGE.connect(FORWARDER) as connection:
            reply = connection.send(PLAIN.message, PLAIN.sender, ["nobody@example.org"])
        self.assertTrue(reply.accepted, reply)
        self.assertIn(" action=discard ", self.logged())
        self.assertFalse(STAGE.sink.has("nobody@example.org"))

    def test_a_list_in_a_file_is_read_again(self):
        names = STAGE.folder / "forwarders"
        names.write_text("# nobody yet\n")
        self.configure(f'[[rule]]\nclient_name = ["file:{names}"]\naction = "accept"\nreport = "trusted_forwarder"\n')
        self.assertTrue(self.give(FORGED).startswith("550 5.7.26 "), self.reply)
        names.write_text("# ours\nrelay.forwarder.example\n")
        STAGE.sekishod.reload("reloaded")
        self.assertTrue(self.give(FORGED).startswith("250"), self.reply)
        self.assert_agreed("accept", "rule 1, action = accept")

    def test_received_spf(self):
        top = 'header_received_spf = true\n'
        self.configure("")
        STAGE.sekishod.configuration.write_text(top + STAGE.sekishod.configuration.read_text())
        STAGE.sekishod.reload("reloaded")
        self.give(GOOD)
        self.assertRegex(STAGE.sink.wait_for(self.recipient).decode(),
                         r"(?s)\AReceived-SPF: pass \(.*client-ip=192\.0\.2\.10;.*\nAuthentication-Results:")


if __name__ == "__main__":
    unittest.main()
