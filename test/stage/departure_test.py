"""End to end, what leaves: mail goes through a Postfix whose Sekisho signs and seals, over SMTP to a second one, and is
read as that one delivered it, behind its own Sekisho and OpenDKIM."""

import re
import subprocess
import time
import unittest

from . import sekisho
from .houses import INTERNAL, LATE, OURS, USER, Houses
from .mailing_list import distribute
from .message import AuthenticationResults, compose, header_fields
from .signers import rsa_key, sign_with_dkimpy
from .smtp import Client
from .world import BANK, STRANGER

HOUSES = Houses()
ALICE = "Alice <alice@ours.example>"


def setUpModule():
    unittest.enterModuleContext(HOUSES)


def values(message: bytes, name: str) -> list[str]:
    return [value for field, value in header_fields(message) if field.lower() == name.lower()]


def results_of(message: bytes, authserv_id: str) -> AuthenticationResults:
    """The one field of that name."""
    fields = [value for value in values(message, "Authentication-Results") if value.split(";")[0].strip() == authserv_id]
    assert len(fields) == 1, fields
    return AuthenticationResults(fields[0])


def signers_in(message: bytes) -> list[str]:
    """d= and s= of the signatures, from the top."""
    return [re.search(r"\bd=([^;]+);", value)[1] + " " + re.search(r"\bs=([^;]+);", value)[1]
            for value in values(message, "DKIM-Signature")]


class Departure(unittest.TestCase):
    maxDiff = None

    def leave(self, message: bytes, client: Client, sender: str, *, port: int = 0, to: str = "example.org"):
        """As the trusting host delivered it, and what our log said."""
        recipient = HOUSES.new_address(to)
        reply = HOUSES.house.send(message, client, sender, recipient, port=port)
        self.assertTrue(reply.accepted, reply)
        arrived = recipient.replace("@alumni.example", "@example.org")
        return HOUSES.trusting.sink.wait_for(arrived), HOUSES.house.sekishod.line_of(reply.queue_id)

    def arrive(self, message: bytes, client: Client, sender: str) -> bytes:
        """At a list of the house, as its software reads it."""
        recipient = HOUSES.new_address(OURS)
        reply = HOUSES.house.send(message, client, sender, recipient)
        self.assertTrue(reply.accepted, reply)
        return HOUSES.house.sink.wait_for(recipient)

    def results(self, message: bytes) -> AuthenticationResults:
        return results_of(message, "mx.example.org")

    def assert_signed(self, message: bytes):
        """By both keys of ours, as both verifiers say."""
        found = self.results(message)
        self.assertEqual(found.summary(), ["pass", "pass, pass", "pass"], message[:4000].decode())
        self.assertEqual({(dkim["header.d"], dkim["header.s"]) for dkim in found.of("dkim")}, {(OURS, "rsa"), (OURS, "ed")})
        opendkim = [value for value in values(message, "Authentication-Results") if "opendkim.example.org" in value]
        self.assertEqual(re.findall(r"\bdkim=(\w+)", opendkim[0]), ["pass", "pass"], opendkim)


class Ours(Departure):
    def test_a_user_who_logged_in(self):
        message, line = self.leave(compose(ALICE), USER, "alice@ours.example")
        self.assert_signed(message)
        self.assertEqual(signers_in(message), [f"{OURS} ed", f"{OURS} rsa"])
        self.assertIn(" origin=authenticated login=alice ", line)
        self.assertIn(" dkim=signed d=ours.example s=rsa dkim=signed d=ours.example s=ed ", line)
        self.assertEqual(values(message, "ARC-Seal"), [])

    def test_a_host_of_ours(self):
        message, line = self.leave(compose(ALICE), INTERNAL, "alice@ours.example")
        self.assert_signed(message)
        self.assertIn(" origin=internal ", line)

    def test_a_service_of_ours(self):
        message, line = self.leave(compose(ALICE), Client("203.0.113.9"), "alice@ours.example",
                                   port=HOUSES.submission_port)
        self.assert_signed(message)
        self.assertIn(" origin=daemon ", line)

    def test_shapes(self):
        mime = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        for name, message in {
            "8-bit": compose(ALICE, body="Grüße\r\n", extra=mime),
            "no body": compose(ALICE, body=""),
            "blank lines": compose(ALICE, body="\r\n\r\n\r\n"),
            "dots and blanks": compose(ALICE, body=".\r\n..\r\n a  \t\r\n\r\n\r\n", subject="Folded\r\n  and  spaced \t out"),
            "encoded words": compose("=?ISO-2022-JP?B?GyRCNFg9ahsoQg==?= <alice@ours.example>",
                                     subject="=?ISO-2022-JP?B?GyRCNFg9ahsoQg==?="),
            "results of others": compose(ALICE, extra="Authentication-Results: mx.elsewhere.example; dkim=none\r\n"),
            "large": compose(ALICE, body="The quick brown fox jumps over the lazy dog.\r\n" * 50_000),
        }.items():
            with self.subTest(name):
                self.assert_signed(self.leave(message, USER, "alice@ours.example")[0])

    def test_forged_results_of_a_user_are_removed(self):
        forged = "Authentication-Results: mx.ours.example; dmarc=pass header.from=bank.example\r\n"
        message, line = self.leave(compose(ALICE, extra=forged), USER, "alice@ours.example")
        self.assertIn(' dkim=unsigned why="it has results in our name that are not proved" ', line)
        self.assertNotIn(b"mx.ours.example; dmarc", message)

    def test_other_authors_are_not_signed(self):
        message, line = self.leave(compose("me@plain.example"), INTERNAL, "me@plain.example")
        self.assertEqual(values(message, "DKIM-Signature"), [])
        self.assertIn(' dkim=unsigned why="no key for plain.example" ', line)

    def test_the_outside_is_not_signed(self):
        recipient = HOUSES.new_address(OURS)
        reply = HOUSES.house.send(compose(ALICE), STRANGER, "alice@ours.example", recipient)
        self.assertEqual(reply.code, 550)
        reply = HOUSES.house.send(compose(ALICE, extra="List-Id: <a.b>\r\nList-Help: <mailto:a@b>\r\n"), STRANGER, "alice@ours.example", recipient)
        self.assertTrue(reply.accepted, reply)
        self.assertEqual(values(HOUSES.house.sink.wait_for(recipient), "DKIM-Signature"), [])

    def test_authors_that_are_not_one_are_refused(self):
        for name, message, words in (
            ("espoofer client_a1: two fields", compose(ALICE, extra="From: bob@ours.example\r\n"), "occurs more than once"),
            ("two domains", compose("alice@ours.example, bob@late.example"), "more than one author"),
            ("espoofer client_a2: two authors and a Sender",
             compose("alice@ours.example, bob@ours.example", extra="Sender: alice@ours.example\r\n"),
             "more than one author"),
        ):
            for client, port in ((USER, 0), (STRANGER, HOUSES.submission_port)):
                with self.subTest(name, port=port):
                    reply = HOUSES.house.send(message, client, "alice@ours.example", HOUSES.new_address("example.org"),
                                              port=port)
                    self.assertEqual(reply.code, 550, reply)
                    self.assertIn(words, str(reply))

    def test_the_login_map_says_who_may(self):
        """Else espoofer's client_a3 gets the signature of the one whom it names."""
        mallory = Client("203.0.113.6", login="mallory")
        for author, may in (("mallory@ours.example", True), ("alice@ours.example", False)):
            with self.subTest(author):
                message, line = self.leave(compose(author), mallory, author)
                self.assertEqual(bool(values(message, "DKIM-Signature")), may)
                self.assertEqual(' dkim=unsigned why="the login may not write for this author" ' in line, not may)


class Forwarded(Departure):
    """Mail from outside to an address that is an alias of another house's."""

    def assert_sealed(self, message: bytes):
        names = [name for name, _ in header_fields(message) if name.startswith("ARC-")]
        self.assertEqual(names, ["ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"])
        self.assertEqual(self.results(message).word("arc"), "pass")

    def test_a_trusted_seal_saves_what_the_forward_breaks(self):
        message, line = self.leave(compose("Your Bank <info@bank.example>"), BANK, "info@bank.example", to="alumni.example")
        self.assert_sealed(message)
        self.assertIn(" dmarc=pass ", line)
        self.assertIn(" sealed=1 ", line)
        self.assertEqual(self.results(message).summary(), ["fail", "none", "fail"])
        field = next(value for value in values(message, "Authentication-Results") if "mx.example.org;" in value)
        self.assertIn("arc=pass as[1].d=ours.example as[1].s=arc", re.sub(r"\s+", " ", field))
        log = HOUSES.trusting.sekishod.wait_for_log("local_policy, arc=pass as[1].d=ours.example")
        self.assertIn("action=accept", log)

    def test_without_trust_it_is_held(self):
        recipient = HOUSES.new_address("alumni.test")
        reply = HOUSES.house.send(compose("Your Bank <info@bank.example>"), BANK, "info@bank.example", recipient)
        self.assertTrue(reply.accepted, reply)
        log = HOUSES.strict.sekishod.wait_for_log("action=quarantine")
        self.assertIn(" arc=pass dmarc=fail p=reject ", log)
        held = wait_for(HOUSES.strict.postfix.held)
        self.assertIn(b"ARC-Seal: i=1;", HOUSES.strict.postfix.read_held(held[0]))

    def test_what_stays_in_the_house_is_not_sealed(self):
        message = self.arrive(compose("Your Bank <info@bank.example>"), BANK, "info@bank.example")
        self.assertEqual(values(message, "ARC-Seal"), [])

    def test_signatures_live_through_the_forward(self):
        signed = sign_with_dkimpy(compose("Your Bank <info@bank.example>"), "bank.example", "rsa", HOUSES.world.rsa)
        message, _ = self.leave(signed, BANK, "info@bank.example", to="alumni.example")
        self.assert_sealed(message)
        self.assertEqual(self.results(message).summary(), ["fail", "pass", "pass"])

    def test_a_chain_goes_on(self):
        first, _ = self.leave(compose("Your Bank <info@bank.example>"), BANK, "info@bank.example", to="alumni.example")
        first = first[first.index(b"ARC-Seal"):]
        second, _ = self.leave(first, STRANGER, "x@plain.example", to="alumni.example")
        self.assertEqual([value.split(";")[0].strip() for value in values(second, "ARC-Seal")], ["i=2", "i=1"])
        self.assertEqual(self.results(second).word("arc"), "pass")


class Lists(Departure):
    """Mail from outside for a list of the house, which sends it on from within."""

    BOUNCES = "team-bounces@ours.example"

    def test_a_list_that_keeps_the_author(self):
        came = self.arrive(compose("Your Bank <info@bank.example>"), BANK, "info@bank.example")
        message, line = self.leave(distribute(came), INTERNAL, self.BOUNCES)
        self.assertEqual(results_of(message, "mx.ours.example").summary(), ["pass", "none", "pass"])
        self.assertEqual(values(message, "DKIM-Signature"), [])
        self.assertIn(' dkim=unsigned why="no key for bank.example" ', line)
        self.assertIn(" sealed=1 ", line)
        aar = values(message, "ARC-Authentication-Results")[0]
        self.assertIn(f"smtp.remote-ip={BANK.address}", aar)
        self.assertIn("dmarc=pass", aar)
        found = self.results(message)
        self.assertEqual(found.word("arc"), "pass")
        self.assertEqual(found.word("dmarc"), "fail")

    def test_a_list_that_writes_itself_into_from(self):
        came = self.arrive(compose("Your Bank <info@bank.example>"), BANK, "info@bank.example")
        message, line = self.leave(distribute(came, author="Bank via Team <team@ours.example>"), INTERNAL, self.BOUNCES)
        self.assert_signed(message)
        self.assertEqual(self.results(message).word("arc"), "pass")
        self.assertIn(" sealed=1 ", line)

    def test_the_order_of_the_fields(self):
        came = self.arrive(compose("Your Bank <info@bank.example>"), BANK, "info@bank.example")
        message, _ = self.leave(distribute(came, author="Bank via Team <team@ours.example>"), INTERNAL, self.BOUNCES)
        fields = header_fields(message)
        first = next(number for number, (_, value) in enumerate(fields) if "from mx.ours.example" in value)
        watched = {"Authentication-Results", "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results",
                   "DKIM-Signature", "Received"}
        names = [name for name, _ in fields[first:] if name in watched]
        self.assertEqual(names, ["Received", "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results",
                                 "DKIM-Signature", "DKIM-Signature", "Received", "Authentication-Results", "Received"])

    def test_a_chain_that_came_in_goes_on(self):
        sealed, _ = self.leave(compose("Your Bank <info@bank.example>"), BANK, "info@bank.example", to="alumni.example")
        came = self.arrive(sealed[sealed.index(b"ARC-Seal"):], STRANGER, "x@plain.example")
        message, line = self.leave(distribute(came), INTERNAL, self.BOUNCES)
        self.assertIn(" sealed=2 ", line)
        self.assertEqual(self.results(message).word("arc"), "pass")

    def test_a_forged_author_of_ours_is_not_signed(self):
        came = self.arrive(compose(ALICE, extra="List-Id: <a.b>\r\nList-Help: <mailto:a@b>\r\n"), STRANGER, "x@plain.example")
        self.assertEqual(results_of(came, "mx.ours.example").word("dmarc"), "fail")
        recipient = HOUSES.new_address("example.org")
        reply = HOUSES.house.send(distribute(came), INTERNAL, self.BOUNCES, recipient)
        line = HOUSES.house.sekishod.line_of(reply.queue_id)
        self.assertIn(' dkim=unsigned why="it came from outside, and DMARC did not pass" ', line)
        self.assertIn(" sealed=1 ", line)

    def test_mail_of_ours_through_our_list(self):
        came = self.arrive(compose(ALICE), USER, "alice@ours.example")
        message, _ = self.leave(distribute(came), INTERNAL, self.BOUNCES)
        found = self.results(message)
        self.assertEqual(found.word("dmarc"), "pass")
        self.assertEqual(sorted(found.word("dkim").split(", ")), ["fail", "fail", "pass", "pass"])


class KeyLife(Departure):
    def setUp(self):
        self.addCleanup(self.restore)

    def restore(self):
        sekishod = HOUSES.house.sekishod
        HOUSES.write_key("rsa", HOUSES.keys["rsa"])
        sekishod.configure(HOUSES.tables())
        sekishod.reload("reloaded")

    def test_a_key_signs_when_the_dns_shows_it(self):
        author = f"bob@{LATE}"
        message, line = self.leave(compose(author), USER, author)
        self.assertEqual(values(message, "DKIM-Signature"), [])
        self.assertIn(' dkim=unsigned why="the DNS shows no key for late.example" ', line)
        HOUSES.house.sekishod.wait_for_log("key late._domainkey.late.example: missing")

        HOUSES.nsd.show(HOUSES.records + HOUSES.late_record)
        HOUSES.nsd.reload()
        wait_for(lambda: "published" in self.check_keys(LATE))
        HOUSES.house.sekishod.reload("key late._domainkey.late.example: published")
        message, _ = self.leave(compose(author), USER, author)
        self.assertEqual(signers_in(message), [f"{LATE} late"])
        self.assertEqual(self.results(message).word("dmarc"), "pass")

    def check_keys(self, domain: str) -> str:
        return subprocess.run([sekisho.SEKISHO, "key", "check", "--config", HOUSES.house.sekishod.configuration, domain],
                              stdout=subprocess.PIPE, text=True, check=False).stdout

    def test_a_broken_key_at_reload_changes_nothing(self):
        sekishod = HOUSES.house.sekishod
        (HOUSES.folder / "keys/rsa.pem").write_text("-----BEGIN PRIVATE KEY-----\nbroken\n")
        said = sekishod.reload("not reloaded")
        self.assertIn("keys/rsa.pem", said)
        self.assert_signed(self.leave(compose(ALICE), USER, "alice@ours.example")[0])

    def test_a_new_key_at_reload_that_the_dns_contradicts(self):
        HOUSES.write_key("rsa", rsa_key())
        HOUSES.house.sekishod.reload("key rsa._domainkey.ours.example: mismatch")
        message, line = self.leave(compose(ALICE), USER, "alice@ours.example")
        self.assertEqual(signers_in(message), [f"{OURS} ed"])

    def test_keys_that_keep_the_daemon_from_starting(self):
        for name, mode, words in (("broken", 0o600, "no valid private key"), ("open", 0o644, "others than its owner")):
            with self.subTest(name):
                key = HOUSES.folder / f"{name}.pem"
                key.write_bytes(b"x" if name == "broken" else HOUSES.late.pem)
                key.chmod(mode)
                configuration = HOUSES.folder / f"{name}.toml"
                configuration.write_text(f'socket = "inet:0@127.0.0.1"\n[[sign]]\ndomain = "{LATE}"\nselector = "late"\n'
                                         f'key_file = "{key}"\n')
                done = subprocess.run([*HOUSES.house.sekishod.command()[:-1], configuration], capture_output=True,
                                      text=True, timeout=30, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(str(key), done.stderr)
                self.assertIn(words, done.stderr)

    def test_opendkims_tables(self):
        keys = HOUSES.folder / "keys"
        (keys / "KeyTable").write_text(f"r ours.example:rsa:{keys}/rsa.pem\ne ours.example:ed:{keys}/ed.pem\nbad line\n")
        (keys / "SigningTable").write_text("*@ours.example r\nalice@* e\n")
        tables = (f'multiple_signatures = true\nkey_table = "file:{keys}/KeyTable"\n'
                  f'signing_table = "refile:{keys}/SigningTable"\n')
        HOUSES.house.sekishod.configure(HOUSES.tables(tables))
        said = HOUSES.house.sekishod.reload("reloaded")
        self.assertIn("KeyTable:3: ", said)
        self.assert_signed(self.leave(compose(ALICE), USER, "alice@ours.example")[0])
        message, _ = self.leave(compose("bob@ours.example"), USER, "bob@ours.example")
        self.assertEqual(signers_in(message), [f"{OURS} rsa"])


def wait_for(condition, seconds: float = 30):
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


if __name__ == "__main__":
    unittest.main()
