"""Load and faults together: mail flows through Postfix and through Sendmail while their milters are reloaded, stopped and
killed, and the DNS and the store go away and come back. Counted at both ends: whatever was sent is answered rightly, and
delivered once. SEKISHO_FAULT_SECONDS says for how long, SEKISHO_FAULT_SEED in which order."""

import collections
import os
import tempfile
import time
import unittest
from pathlib import Path

import dkim

from . import postgresql, reporting, signers
from .disturbances import Disturbances
from .lmtp_sink import LmtpSink
from .mail_flow import Attempt, Kind, Letter, Sender
from .mail_hosts import OFFICE, MailHost, PostgresqlStore, SqliteStore
from .message import authentication_results, compose, header_fields
from .nsd import Nsd, txt
from .postfix import Postfix
from .report_mail import ReportMail
from .sendmail import Sendmail
from .world import BANK, FORWARDER, STRANGER, World

SECONDS = float(os.environ.get("SEKISHO_FAULT_SECONDS", "0"))  # but each of them once
SEED = int(os.environ.get("SEKISHO_FAULT_SEED", "1"))


class _World(World):
    """Its bank asks for reports, and example.org shows its key."""

    @property
    def records(self) -> str:
        kept = [line for line in super().records.splitlines(keepends=True) if not line.startswith("_dmarc.bank.example.")]
        return "".join([
            *kept, txt("_dmarc.bank.example", "v=DMARC1; p=reject; rua=mailto:bank@example.org"),
            txt("bank.example._report._dmarc.example.org", "v=DMARC1"), txt("_dmarc.example.org", "v=DMARC1; p=reject"),
            *(txt(f"{version}._domainkey.example.org", self.rsa.record) for version in ("a", "b"))])


WORLD = _World()
_bank = compose("Your Bank <info@bank.example>")
HONEST = Kind("honest", BANK, "info@bank.example", signers.sign_with_dkimpy(_bank, "bank.example", "rsa", WORLD.rsa))
FORGED = Kind("forged", STRANGER, "info@bank.example", _bank, is_forged=True)
DOUBTFUL = Kind("doubtful", FORWARDER, "orders@shop.example", compose("The Shop <orders@shop.example>"))
OURS = Kind("ours", OFFICE, "ann@example.org", compose("Ann <ann@example.org>"), needs_dns=False)
KINDS = (HONEST, FORGED, DOUBTFUL, OURS)


class Flow:
    """All that one host is sent."""

    def __init__(self, host: MailHost):
        self.host = host
        for kind in KINDS:
            host.mta.connect(kind.client).close()  # Sendmail is told who they are
        self.senders = [Sender(kind, host.name, host.mta.connect) for kind in KINDS]

    def start(self):
        for sender in self.senders:
            sender.start()

    def end(self):
        for sender in self.senders:
            sender.finish()
        for sender in self.senders:
            sender.join(60)
            if sender.trouble:
                raise sender.trouble

    def letters(self, kind: Kind) -> list[Letter]:
        return next(sender.letters for sender in self.senders if sender.kind is kind)

    @property
    def all_letters(self) -> list[Letter]:
        return [letter for sender in self.senders for letter in sender.letters]


@unittest.skipUnless(postgresql.AVAILABLE, "PostgreSQL is not installed")
class Faults(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        reporting.avoid_midnight(SECONDS + 120)
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="sekisho-faults-")))
        folder.chmod(0o755)  # the daemons of Postfix are not root
        key = folder / "key.pem"
        key.touch(0o600)
        key.write_bytes(WORLD.rsa.pem)
        nsd = cls.enterClassContext(Nsd(folder / "nsd", WORLD.records))
        cls.sink = cls.enterClassContext(LmtpSink())
        cls.hosts = []
        for name, mta, make_store in (("postfix", Postfix, SqliteStore), ("sendmail", Sendmail, PostgresqlStore)):
            store = cls.enterClassContext(make_store(folder / name))
            host = MailHost(name, folder / name, mta, store, nsd.port, cls.sink.port, key)
            cls.hosts.append(cls.enterClassContext(host))
        cls.flows = [Flow(host) for host in cls.hosts]
        cls.disturbances = Disturbances(nsd, cls.hosts)
        cls._run()

    @classmethod
    def _run(cls):
        for flow in cls.flows:
            flow.start()
        cls.disturbances.go_on_for(SECONDS, SEED)
        for flow in cls.flows:
            flow.end()
        cls._wait_for_delivery()
        cls.received = cls.sink.received()
        for host in cls.hosts:
            host.count_all()
        cls.rows = {flow.host: cls._reported(flow.host) for flow in cls.flows}
        cls._print_table()

    @classmethod
    def _wait_for_delivery(cls):
        """Of all that was accepted, and then a little longer for what should not come."""
        deadline = time.monotonic() + 60
        accepted = {letter.recipient for flow in cls.flows for letter in flow.all_letters if letter.last.reply.accepted}
        while accepted - cls.sink.received().keys() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1)

    @classmethod
    def _reported(cls, host: MailHost) -> collections.Counter:
        """Messages by source and disposition, as the owner of bank.example reads of them."""
        before = len(cls.sink.received().get("bank@example.org", []))
        status, done, errors = reporting.send_reports(host.sekishod.configuration, *reporting.tomorrow())
        assert status == 0 and done["totals"]["sent"] == 1, (done, errors)
        deadline = time.monotonic() + 30
        while len(cls.sink.received().get("bank@example.org", [])) == before and time.monotonic() < deadline:
            time.sleep(0.1)
        rows = collections.Counter()
        for row in ReportMail(cls.sink.received()["bank@example.org"][-1]).rows():
            rows[row.source, row.disposition] += row.count
        return rows

    def test_every_letter_is_answered_rightly(self):
        self.assert_nothing(self.wrong_answers(flow.host, letter) for flow in self.flows for letter in flow.all_letters)

    def wrong_answers(self, host: MailHost, letter: Letter):
        for attempt in letter.attempts[:-1]:
            if not any(period.excuses(attempt, letter.kind, host) for period in self.disturbances.periods):
                yield f"turned away without need: {attempt}"
        if not letter.is_settled:
            yield "never answered"
            return
        reply = letter.last.reply
        if not letter.kind.is_forged:
            if not reply.accepted:
                yield f"refused: {reply}"
            return
        versions = [f"5.7.26 https://mx.example.org/{name}" for name in self.versions(host, letter.last)]
        if not str(reply).startswith("550 5.7.26 ") or not str(reply).endswith(tuple(versions)):
            yield f"not refused as it should be by {versions}: {reply}"

    def test_every_letter_is_delivered_once_as_it_should_be(self):
        self.assert_nothing(self.wrong_deliveries(flow.host, letter) for flow in self.flows for letter in flow.all_letters)
        senders = {letter.recipient for flow in self.flows for letter in flow.all_letters}
        self.assertEqual(self.received.keys() - senders, set())

    def wrong_deliveries(self, host: MailHost, letter: Letter):
        came = self.received.get(letter.recipient, [])
        if len(came) != (0 if letter.kind.is_forged else 1):
            yield f"delivered {len(came)} times: {letter.attempts}"
        for message in came:
            if letter.kind is OURS:
                yield from self.wrong_signature(message, self.versions(host, letter.last))
            else:
                yield from self.wrong_results(message, letter)

    def wrong_signature(self, message: bytes, versions: set[str]):
        fields = [value for name, value in header_fields(message) if name == "DKIM-Signature"]
        if len(fields) != 1 or not any(f" s={version};" in fields[0] for version in versions):
            yield f"signed by none of {versions}, or more often: {fields}"
        elif not dkim.verify(message, dnsfunc=lambda name, **_: WORLD.rsa.record.encode()):
            yield "its signature does not hold"

    def wrong_results(self, message: bytes, letter: Letter):
        right = {"pass" if letter.kind is HONEST else "fail"}
        if self.disturbances.was("dns", letter.last):
            right.add("temperror")
        fields = [field for field in authentication_results(message) if field.authserv_id == "mx.example.org"]
        if len(fields) != 1 or fields[0].word("dmarc") not in right:
            yield f"other results than {right}: {[field.results for field in fields]}"
        if b"DKIM-Signature" in message and b"d=example.org" in message:
            yield "signed"

    @staticmethod
    def versions(host: MailHost, attempt: Attempt) -> set[str]:
        return {version.name for version in host.versions if attempt.overlaps(version.since, version.until)}

    def test_the_store_counts_what_was_answered(self):
        for flow in self.flows:
            for kind, row in ((HONEST, (BANK.address, "pass")), (FORGED, (STRANGER.address, "reject"))):
                with self.subTest(kind.name, host=flow.host.name):
                    answered = sum(self.is_reported(letter) for letter in flow.letters(kind))
                    fewest, most = self.tolerance(flow.host, flow.letters(kind))
                    counted = self.rows[flow.host][row]
                    self.assertTrue(answered - fewest <= counted <= answered + most,
                                    f"{counted} counted, {answered} answered, -{fewest} +{most}")
            self.assertLessEqual({source for source, _ in self.rows[flow.host]}, {BANK.address, STRANGER.address})

    def is_reported(self, letter: Letter) -> bool:
        """Not where the DNS did not say who wants a report."""
        if letter.kind.is_forged:
            return True
        return authentication_results(self.received[letter.recipient][0])[0].word("dmarc") != "temperror"

    @staticmethod
    def tolerance(host: MailHost, letters: list[Letter]) -> tuple[int, int]:
        """A process that is killed may take what it counted last along, and answers that nobody has got yet: those come
        again."""
        attempts = [attempt for letter in letters for attempt in letter.attempts]
        lost = sum(attempt.overlaps(since, kill) for attempt in attempts for since, kill in host.kills)
        doubled = sum(attempt.overlaps(kill, kill) for attempt in attempts for _, kill in host.kills)
        return lost, doubled

    def assert_nothing(self, complaints):
        told = [complaint for each in complaints for complaint in each]
        self.assertEqual(told[:20], [], f"{len(told)} complaints")

    @classmethod
    def _print_table(cls):
        done = ", ".join(f"{count} {name}" for name, count in cls.disturbances.counts.items())
        print(f"\n{done}\n{'':20}{'sent':>8}{'later':>8}{'no DNS':>8}{'250':>8}{'550':>8}{'delivered':>11}{'counted':>9}")
        for flow in cls.flows:
            for kind in KINDS:
                cls._print_row(flow, kind)

    @classmethod
    def _print_row(cls, flow: Flow, kind: Kind):
        letters = flow.letters(kind)
        later = [attempt.reply for letter in letters for attempt in letter.attempts[:-1]]
        without_dns = sum(str(reply).startswith("451 4.4.3 ") for reply in later)
        settled = [letter.last.reply for letter in letters if letter.is_settled]
        accepted = sum(reply.accepted for reply in settled)
        delivered = sum(len(cls.received.get(letter.recipient, [])) for letter in letters)
        counted = sum(count for (source, _), count in cls.rows[flow.host].items() if source == kind.client.address)
        print(f"{flow.host.name + ' ' + kind.name:20}{len(letters):8}{len(later):8}{without_dns:8}{accepted:8}"
              f"{len(settled) - accepted:8}{delivered:11}{counted or '':>9}")


if __name__ == "__main__":
    unittest.main()
