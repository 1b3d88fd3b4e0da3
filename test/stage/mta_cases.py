"""End to end: messages go to a real MTA over SMTP, and what it answered and delivered is read. What has to come of it
is the same for every MTA: `postfix_test.py` and `sendmail_test.py` bring theirs, and make these cases their tests."""

import base64
import ssl
import tempfile
import unittest
from pathlib import Path

import dkim

from . import after_queue_filter, signers
from .message import authentication_results, body, compose, header_fields
from .nsd import txt
from .opendkim import sign_with_opendkim_filter
from .scenarios import all_scenarios
from .smtp import Client, Connection
from .stage import Stage
from .world import BANK, BROKEN, CLUB, FORWARDER, SHOP, STRANGER, World

WORLD = World()
KEYS = tempfile.TemporaryDirectory(prefix="sekisho-keys-")
OFFICE = Client("192.0.2.5", "office.example.org", "office.example.org")  # where our own users write
_TABLES = f"""
[signing]
internal_networks = ["127.0.0.1/32", "{OFFICE.address}/32"]

[[sign]]
domain = "example.org"
selector = "ours"
key_file = "{KEYS.name}/ours.pem"

[arc]
seal = "forwarded"
local_domains = ["example.org"]
domain = "example.org"
selector = "ours"
key_file = "{KEYS.name}/ours.pem"

[[rule]]
sender = ["doubtful@plain.example"]
action = "hold"

[[rule]]
sender = ["careful@plain.example"]
tls = "<1.3"
action = "reject"

[[rule]]
sender = ["partner@plain.example"]
certificate = [".example"]
action = "hold"

[[rule]]
login = ["eve"]
action = "reject"
reason = "write to the postmaster first"
"""


def make_stage(mta) -> Stage:
    """With a key of example.org."""
    path = Path(KEYS.name) / "ours.pem"
    path.touch(0o600)
    path.write_bytes(WORLD.rsa.pem)
    records = WORLD.records + txt("ours._domainkey.example.org", WORLD.rsa.record)
    return Stage(records, broken=(BROKEN,), top="header_login = true\n", tables=_TABLES, mta=mta)


def from_bank(**parts) -> bytes:
    return compose("Your Bank <info@bank.example>", **parts)


def signed(message: bytes, **options) -> bytes:
    return signers.sign_with_dkimpy(message, "bank.example", "rsa", WORLD.rsa, **options)


def encoded_word(text: bytes, encoding: str) -> str:
    return f"=?utf-8?{encoding}?{base64.b64encode(text).decode()}?="


def look_up_key(name: bytes, **_) -> bytes:
    """As dkimpy asks the DNS for what we sign with."""
    return {b"ours._domainkey.example.org.": WORLD.rsa.record.encode()}[name]


def tests_of(stage: Stage, module: str) -> dict[str, type]:
    """All cases with this stage, for a module to have."""
    return {case.__name__: type(case.__name__, (case,), {"stage": stage, "__module__": module})
            for case in EndToEnd.__subclasses__()}


class EndToEnd(unittest.TestCase):
    """`stage` is set where the cases are made tests."""

    maxDiff = None
    stage: Stage

    def deliver(self, message, sender="info@bank.example", client=BANK, parameters="", domain="example.org", **way):
        reply, delivered = self.stage.send(message, sender, client, parameters, domain, **way)
        self.assertTrue(reply.accepted, reply)
        return delivered

    def refuse(self, message, sender="info@bank.example", client=BANK):
        reply, _ = self.stage.send(message, sender, client)
        self.assertFalse(reply.accepted, reply)
        return reply

    def results(self, delivered):
        """The one field of ours, which is the topmost of all."""
        name, _ = header_fields(delivered)[0]
        self.assertEqual(name, "Authentication-Results")
        ours = [field for field in authentication_results(delivered) if field.authserv_id == "mx.example.org"]
        self.assertEqual(len(ours), 1)
        return ours[0]

    def assert_passes(self, delivered, method="dkim"):
        self.assertEqual(self.results(delivered).word(method), "pass", delivered.decode(errors="replace")[:2000])


class Results(EndToEnd):
    def test_scenarios(self):
        for scenario in all_scenarios(WORLD):
            with self.subTest(scenario.title):
                reply, delivered = self.stage.send(scenario.message, scenario.sender, scenario.client)
                self.assertTrue(str(reply).startswith(scenario.reply), reply)
                if reply.accepted:
                    self.assertEqual(self.results(delivered).summary(),
                                     [scenario.spf, scenario.dkim, scenario.dmarc])

    def test_properties_say_who_was_checked(self):
        found = self.results(self.deliver(signed(from_bank())))
        self.assertEqual(found.of("spf", "smtp.mailfrom")[0]["smtp.mailfrom"], "bank.example")
        self.assertEqual(found.of("spf", "smtp.helo")[0]["smtp.helo"], "mail.bank.example")
        self.assertEqual(found.of("dkim")[0]["header.d"], "bank.example")
        self.assertEqual(found.of("dkim")[0]["header.s"], "rsa")
        self.assertEqual(found.of("dkim")[0]["header.a"], "rsa-sha256")
        self.assertEqual(found.of("dmarc")[0]["header.from"], "bank.example")
        self.assertEqual(found.word("iprev"), "pass")

    def test_null_sender_is_judged_by_helo(self):
        found = self.results(self.deliver(signed(from_bank()), sender=""))
        self.assertEqual([result["smtp.helo"] for result in found.of("spf")], ["mail.bank.example"])

    def test_one_signature_per_result(self):
        twice = signers.sign_with_dkimpy(signed(from_bank()), "bank.example", "ed", WORLD.ed25519)
        found = self.results(self.deliver(twice))
        self.assertEqual([result["header.a"] for result in found.of("dkim")], ["ed25519-sha256", "rsa-sha256"])
        self.assertEqual(found.word("dkim"), "pass, pass")

    def test_refusal_says_why(self):
        reply = self.refuse(from_bank(), client=STRANGER)
        self.assertRegex(str(reply), r"^550 5\.7\.26 .*bank\.example")


class Encryption(EndToEnd):
    """What the MTA says of TLS (RFC 3207) reaches log and rules."""

    def send(self, sender: str, tls):
        with self.stage.connect(STRANGER, tls=tls) as connection:
            self.reply = connection.send(compose(f"<{sender}>"), sender, [self.stage.new_recipient()])
        return [line for line in self.stage.sekishod.log.read_text().splitlines() if " action=" in line][-1]

    def test_the_log_has_version_and_cipher(self):
        context = self.stage.mta.tls_context
        for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
            self.assertRegex(self.send("a@plain.example", context(version)), rf" tls={name} cipher=\S+ bits=\d+ from=")
        self.assertNotIn(" tls=", self.send("a@plain.example", False))

    def test_a_verified_certificate_is_named(self):
        context = self.stage.mta.tls_context(certificate=True)
        self.assertIn(" cert=partner.example cert_issuer=partner.example ", self.send("a@plain.example", context))
        self.assertIn(" action=quarantine ", self.send("partner@plain.example", context))
        self.assertIn(" action=accept ", self.send("partner@plain.example", self.stage.mta.tls_context()))

    def test_a_rule_demands_a_version(self):
        context = self.stage.mta.tls_context
        for tls in (False, context(ssl.TLSVersion.TLSv1_2)):
            self.assertIn(" action=reject ", self.send("careful@plain.example", tls))
            self.assertRegex(str(self.reply), r"^550 5\.7\.10 The encryption of the connection is not accepted")
        self.assertIn(" action=accept ", self.send("careful@plain.example", context()))


class Signers(EndToEnd):
    """Signatures of other programs hold, through Postfix and its milter protocol."""

    def test_dkimpy_in_every_canonicalization(self):
        for header in (b"simple", b"relaxed"):
            for content in (b"simple", b"relaxed"):
                with self.subTest(header=header, body=content):
                    message = from_bank(subject="Folded\r\n  and  spaced \t out",
                                        body="A line with blanks  \t \r\n\r\n.a dot\r\n..\r\n\r\n\r\n")
                    self.assert_passes(self.deliver(signed(message, canonicalize=(header, content))))

    def test_mail_dkim(self):
        for method in ("simple/simple", "relaxed/simple", "simple/relaxed", "relaxed/relaxed"):
            with self.subTest(method):
                message = signers.sign_with_mail_dkim(from_bank(), "bank.example", "rsa", WORLD.rsa, method)
                self.assert_passes(self.deliver(message))

    def test_opendkim_as_the_senders_filter(self):
        for canonicalization in ("simple/simple", "relaxed/relaxed"):
            with self.subTest(canonicalization):
                message = sign_with_opendkim_filter(from_bank(), BANK, "bank.example", "rsa", WORLD.rsa,
                                                    canonicalization)
                self.assert_passes(self.deliver(message))

    def test_rsa_sha1_never_passes(self):
        message = signers.sign_with_opendkim_library(from_bank(), "bank.example", "rsa", WORLD.rsa)
        self.assertIn(b"a=rsa-sha1", message)
        self.assertNotIn("pass", self.results(self.deliver(message)).word("dkim"))

    def test_empty_body(self):
        for content in (b"simple", b"relaxed"):
            with self.subTest(content):
                self.assert_passes(self.deliver(signed(from_bank(body=""), canonicalize=(b"relaxed", content))))


class Fields(EndToEnd):
    def test_forged_results_are_removed_and_foreign_ones_stay(self):
        forged = ("mx.example.org; dmarc=pass header.from=bank.example", "MX.Example.ORG; spf=pass",
                  "(a comment) mx.example.org (another) ; dkim=pass", '"mx.example.org" 1; dkim=pass',
                  "\r\n\tmx.example.org\r\n\t; dkim=pass")
        foreign = "mx.elsewhere.example; dkim=pass header.d=bank.example"
        extra = "".join(f"Authentication-Results: {value}\r\nAuthentication-Results: {foreign}\r\n"
                        for value in forged)
        delivered = self.deliver(compose("Me <me@plain.example>", extra=extra), "me@plain.example", STRANGER)
        fields = authentication_results(delivered)
        self.assertEqual(len(fields), 1 + len(forged))
        self.assertEqual(fields[0].word("dkim"), "none")
        self.assertEqual({field.authserv_id for field in fields[1:]}, {"mx.elsewhere.example"})

    def test_a_disguise_of_our_name_is_seen_through(self):
        disguised = (encoded_word(b"mx.example.org; dmarc=pass header.from=bank.example", "B"),
                     encoded_word(b"mx.example.org", "B") + "; dmarc=pass", "mx.example.or=?utf-8?q?g?=; dmarc=pass",
                     "=?utf-7?Q?mx+AC4-example+AC4-org?=; dmarc=pass", "mx。example．org; dmarc=pass",
                     "ｍｘ.example.org; dmarc=pass", "mx\u200b.example.org; dmarc=pass")
        extra = "".join(f"Authentication-Results: {value}\r\n" for value in disguised)
        extra += "AUTHENTICATION-RESULTS : mx.example.org; dmarc=pass\r\n"
        extra += "Authentication-Results\t: mx.example.org; dmarc=pass\r\n"
        delivered = self.deliver(compose("Me <me@plain.example>", extra=extra), "me@plain.example", STRANGER,
                                 parameters="BODY=8BITMIME")
        self.assertEqual([field.word("dmarc") for field in authentication_results(delivered)], ["none"])

    def test_received_spf_in_our_name_is_removed(self):
        foreign = "pass (mx.elsewhere.example: domain of a@mx.example.org) receiver=mx.elsewhere.example"
        extra = "".join(f"Received-SPF: {value}\r\n" for value in (
            "pass (mx.example.org: domain of info@bank.example)", foreign, "pass\r\n receiver=\"mx.example.org\"",
            "pass receiver=" + encoded_word(b"mx.example.org", "B")))
        delivered = self.deliver(compose("Me <me@plain.example>", extra=extra), "me@plain.example", STRANGER)
        self.assertEqual([value.strip() for name, value in header_fields(delivered) if name == "Received-SPF"],
                         [foreign])

    def test_hundreds_of_forged_fields_are_refused(self):
        extra = "Authentication-Results: mx.example.org; spf=pass\r\n"
        with self.stage.connect(STRANGER) as connection:
            for count, code in ((100, 250), (500, 550), (1, 250)):
                with self.subTest(count):
                    recipient = self.stage.new_recipient()
                    reply = connection.send(compose("Me <me@plain.example>", extra=extra * count), "me@plain.example",
                                            [recipient])
                    self.assertEqual(reply.code, code, reply)
                    if code == 250:
                        self.assertEqual(len(authentication_results(self.stage.sink.wait_for(recipient))), 1)
                    else:
                        self.assertIn("5.7.1 Message has more than 100 header fields that only this host may add",
                                      str(reply))

    def test_sixty_signatures_leave_room_for_dmarc(self):
        name = ".".join(("d" * 63, "e" * 63, "f" * 63, "plain.example"))
        extra = "".join(f"DKIM-Signature: v=1; a=rsa-sha256; d={name}; s={name};\r\n i={'c' * 200}@{name}; h=from;"
                        f"\r\n bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b={'A' * 496}{number:04d}\r\n"
                        for number in range(self.stage.mta.most_signatures))
        with self.stage.connect(BANK) as connection:
            for message in (extra.encode() + signed(from_bank()), signed(from_bank())):
                recipient = self.stage.new_recipient(domain="alumni.example")
                reply = connection.send(message, "info@bank.example", [recipient])
                self.assertTrue(reply.accepted, reply)
                delivered = self.stage.sink.wait_for(recipient)
                found = authentication_results(delivered)[0]
                self.assertEqual((found.word("dmarc"), found.word("arc")), ("pass", "none"))
                self.assertIn("bank.example", [result["header.d"] for result in found.of("dkim")[:5]])
                cv, _, reason = dkim.arc_verify(delivered, dnsfunc=look_up_key)
                self.assertEqual(cv, b"pass", reason)

    def test_the_rest_of_the_message_is_not_touched(self):
        message = signed(from_bank(body="æøå\r\n.\r\n ..\r\n\ttabs  \r\n"))
        delivered = self.deliver(message, parameters="BODY=8BITMIME")
        kept = [field for field in header_fields(delivered)
                if field[0] not in ("Authentication-Results", "Received", "Sekisho-Proof")]
        self.assertEqual(kept, header_fields(message))
        self.assertEqual(body(delivered), body(message))

    def test_several_recipients_get_the_same(self):
        recipients = [self.stage.new_recipient() for _ in range(3)]
        with self.stage.connect(BANK) as connection:
            self.assertTrue(connection.send(signed(from_bank()), "info@bank.example", recipients).accepted)
        for recipient in recipients:
            self.assert_passes(self.stage.sink.wait_for(recipient), "dmarc")


class Quarantine(EndToEnd):
    def test_what_is_held_has_its_results(self):
        reply, delivered = self.stage.send(compose("me@plain.example"), "doubtful@plain.example", STRANGER)
        self.assertTrue(reply.accepted, reply)
        self.assertEqual(delivered, b"")
        found = self.results(self.stage.mta.read_held(reply.queue_id))
        self.assertEqual(found.summary(), ["none", "none", "none"])
        self.assertIn(" action=quarantine ", self.stage.sekishod.line_of(reply.queue_id))


class Departure(EndToEnd):
    """What leaves is signed and sealed as the MTA sends it."""

    def test_a_user_is_signed(self):
        message = self.deliver(compose("Ann <ann@example.org>", subject="Folded\r\n  and  spaced"), "ann@example.org",
                               OFFICE)
        self.assertEqual(header_fields(message)[0][0], "DKIM-Signature")
        self.assertTrue(dkim.verify(message, dnsfunc=look_up_key), message.decode())

    def test_a_stranger_is_not(self):
        message = self.deliver(compose("Ann <ann@elsewhere.example>"), "ann@elsewhere.example", STRANGER)
        self.assertNotIn(b"DKIM-Signature", message)

    def test_what_goes_on_is_sealed(self):
        message = self.deliver(signed(from_bank()), domain="alumni.example")
        self.assertEqual([name for name, _ in header_fields(message)[:4]],
                         ["ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results", "Authentication-Results"])
        cv, _, reason = dkim.arc_verify(message, dnsfunc=look_up_key)
        self.assertEqual(cv, b"pass", reason)


class Submission(EndToEnd):
    """What users send who log in, over TLS."""

    message = compose("Ann <ann@example.org>")

    def submit(self, client: Client, *, tls: bool = True):
        return self.stage.send(self.message, "ann@example.org", client, port=self.stage.mta.submission_port, tls=tls)

    def test_a_user_who_logged_in_over_tls_is_signed(self):
        reply, message = self.submit(Client("203.0.113.5", login="ann"))
        self.assertTrue(reply.accepted, reply)
        self.assertEqual(header_fields(message)[0][0], "DKIM-Signature")
        self.assertEqual(authentication_results(message)[0].of("auth"), [{"auth": "pass", "smtp.auth": "ann"}])
        self.assertIn(" origin=authenticated login=ann ", self.stage.sekishod.line_of(reply.queue_id))

    def test_a_rule_knows_the_login(self):
        reply, _ = self.submit(Client("203.0.113.5", login="eve"))
        self.assertRegex(str(reply), r"^550 5\.7\.1 .*write to the postmaster first")

    def test_nobody_else_gets_in_there(self):
        for client in (Client("203.0.113.5"), Client("203.0.113.5", login="ann")):
            with self.subTest(client):
                reply, _ = self.submit(client, tls=False)  # without TLS there is no PLAIN
                self.assertEqual(reply.code, 530, reply)


class AfterQueueFilter(EndToEnd):
    """Mail goes through Sekisho into the queue, from there to a filter, and comes back from this host."""

    def deliver_filtered(self, message, sender, client):
        delivered = self.deliver(message, sender, client, port=self.stage.mta.filtered_port)
        self.assertIn(after_queue_filter.MARK, delivered)
        return delivered

    def signatures(self, delivered) -> int:
        return sum(name == "DKIM-Signature" and "d=example.org" in value for name, value in header_fields(delivered))

    def second_line(self):
        """What the log says of the latest message that came back."""
        self.stage.sekishod.wait_for_log("client=127.0.0.1 ")
        return [line for line in self.stage.sekishod.log.read_text().splitlines() if "client=127.0.0.1 " in line][-1]

    def test_what_was_found_first_stays(self):
        delivered = self.deliver_filtered(signed(from_bank()), "info@bank.example", BANK)
        fields = authentication_results(delivered)
        self.assertEqual([field.authserv_id for field in fields], ["mx.example.org"])
        self.assertEqual(fields[0].summary(), ["pass", "pass", "pass"])
        self.assertEqual(self.signatures(delivered), 0)
        line = self.second_line()
        self.assertIn(" origin=returned ", line)
        self.assertNotIn(" spf=", line)
        self.assertNotIn(" dmarc=", line)

    def test_a_failure_is_not_washed_clean(self):
        message = compose("Ann <ann@example.org>")
        delivered = self.deliver_filtered(message, "x@plain.example", STRANGER)
        self.assertEqual([field.word("dmarc") for field in authentication_results(delivered)], ["none"])
        self.assertEqual(self.signatures(delivered), 0)
        self.assertIn(' dkim=unsigned why="it came from outside, and DMARC did not pass" ', self.second_line())

    def test_a_forgery_does_not_get_to_the_filter(self):
        reply, _ = self.stage.send(from_bank(), "info@bank.example", STRANGER, port=self.stage.mta.filtered_port)
        self.assertRegex(str(reply), r"^550 5\.7\.26 ")

    def test_mail_of_ours_is_signed_as_it_leaves_the_filter(self):
        delivered = self.deliver_filtered(compose("Ann <ann@example.org>"), "ann@example.org", OFFICE)
        self.assertTrue(dkim.verify(delivered, dnsfunc=look_up_key))
        self.assertEqual(self.signatures(delivered), 2)

    def test_a_way_back_past_the_milter_signs_once(self):
        self.stage.mta.filter.return_port = self.stage.mta.quiet_port
        self.addCleanup(setattr, self.stage.mta.filter, "return_port", self.stage.mta.port)
        delivered = self.deliver_filtered(compose("Ann <ann@example.org>"), "ann@example.org", OFFICE)
        self.assertTrue(dkim.verify(delivered, dnsfunc=look_up_key))
        self.assertEqual(self.signatures(delivered), 1)


class Sessions(EndToEnd):
    def exchange(self, connection: Connection, message: bytes, sender: str):
        recipient = self.stage.new_recipient()
        reply = connection.send(message, sender, [recipient])
        return reply, self.results(self.stage.sink.wait_for(recipient)) if reply.accepted else None

    def test_messages_of_a_connection_do_not_mix(self):
        with self.stage.connect(BANK) as connection:
            _, first = self.exchange(connection, signed(from_bank()), "info@bank.example")
            refused, _ = self.exchange(connection, compose("info@shop.example\r\nFrom: x@y.example"), "")
            _, third = self.exchange(connection, compose("me@plain.example"), "me@plain.example")
            _, fourth = self.exchange(connection, signed(from_bank()), "info@bank.example")
        self.assertEqual(refused.code, 550)
        self.assertEqual([first.word("dkim"), third.word("dkim"), fourth.word("dkim")], ["pass", "none", "pass"])
        self.assertEqual([first.word("dmarc"), third.word("dmarc"), fourth.word("dmarc")], ["pass", "none", "pass"])

    def test_reset_and_a_new_helo_forget_the_message(self):
        with self.stage.connect(BANK) as connection:
            connection.command("MAIL FROM:<info@bank.example>")
            connection.command("RSET")
            connection.command("EHLO other.example")
            _, found = self.exchange(connection, compose("me@plain.example"), "me@plain.example")
        self.assertEqual(found.of("spf", "smtp.mailfrom")[0]["smtp.mailfrom"], "plain.example")
        self.assertEqual(found.of("spf", "smtp.helo")[0]["smtp.helo"], "other.example")

    def test_a_client_that_leaves_in_the_middle_does_no_harm(self):
        for lines in ([], ["MAIL FROM:<info@bank.example>"],
                      ["MAIL FROM:<info@bank.example>", "RCPT TO:<gone@example.org>", "DATA", "From: info@bank.example"]):
            connection = self.stage.connect(BANK)
            for line in lines[:3]:
                connection.command(line)
            connection.close()
        self.assert_passes(self.deliver(signed(from_bank())))
        self.assertTrue(self.stage.sekishod.is_running())


class Extensions(EndToEnd):
    def test_8bitmime(self):
        message = signed(from_bank(body="Grüße, naïve façade\r\n", extra="MIME-Version: 1.0\r\nContent-Type: "
                                   "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"))
        self.assert_passes(self.deliver(message, parameters="BODY=8BITMIME"), "dmarc")

    def test_smtputf8(self):
        if not self.stage.mta.has_smtputf8:
            self.skipTest("the MTA does not offer SMTPUTF8")
        message = compose("Bücher <büro@bücher.example>", subject="Grüße")
        message = signers.sign_with_dkimpy(message, "xn--bcher-kva.example", "rsa", WORLD.rsa)
        delivered = self.deliver(message, "büro@bücher.example", BANK, "SMTPUTF8 BODY=8BITMIME")
        found = self.results(delivered)
        self.assertEqual(found.summary(), ["pass", "pass", "pass"])
        self.assertEqual(found.of("dmarc")[0]["header.from"], "xn--bcher-kva.example")

    def test_25_megabytes_do_not_make_the_daemon_grow(self):
        self.deliver(signed(from_bank()))
        before = resident_kilobytes(self.stage.sekishod.pid)
        line = "The quick brown fox jumps over the lazy dog, and then does so again and again.\r\n"
        message = signed(from_bank(body=line * (25_000_000 // len(line))))
        delivered = self.deliver(message)
        self.assert_passes(delivered)
        self.assertEqual(body(delivered), body(message))
        self.assertLess(resident_kilobytes(self.stage.sekishod.pid) - before, 4096)


def resident_kilobytes(pid: int) -> int:
    """The most that the process ever held."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
