"""DMARC aggregate reports: messages in through Postfix, the reports out through the same Postfix, and what arrives."""

import contextlib
import json
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from . import postgresql, reporting, signers, verifiers
from .daemon import HOST, free_port
from .lmtp_sink import LmtpSink
from .message import compose
from .nsd import Nsd, txt
from .postfix import Postfix
from .postgresql import PostgreSQL
from .report_mail import ReportMail, Row
from .sekishod import SEKISHO, Sekishod
from .smtp import Connection
from .world import BANK, CLUB, FORWARDER, FORWARDER_RULE, SHOP, STRANGER, World

_KEY = signers.rsa_key()
_TABLES = """
[feedback]
store = "{store}"
commit_interval = "100ms"

[report]
email = "dmarc@example.org"
org_name = "Empfänger & Söhne"
smarthost = "{smarthost}"

[[sign]]
domain = "example.org"
selector = "out"
key_file = "{key}"

""" + FORWARDER_RULE


class _World(World):
    """That of the other suites, whose domains ask for reports."""

    @property
    def records(self) -> str:
        asking = {
            "bank.example": "v=DMARC1; p=reject; adkim=s; aspf=s; fo=1; rua=mailto:bank@example.org",
            # One who agrees, one who does not, and one who takes little.
            "shop.example": "v=DMARC1; p=quarantine; t=y; rua=mailto:victim@stranger.example,mailto:shop@example.org,"
                            "mailto:small@example.org!1k",
            "club.example": "v=DMARC1; p=none; sp=reject; rua=mailto:club@example.org",
        }
        lines = super().records.splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(tuple(f"_dmarc.{domain}." for domain in asking))]
        kept += [txt(f"_dmarc.{domain}", record) for domain, record in asking.items()]
        kept += [txt(f"{domain}._report._dmarc.example.org", "v=DMARC1") for domain in asking]
        kept += [txt("out._domainkey.example.org", _KEY.record),
                 txt("_dmarc.example.org", "v=DMARC1; p=reject; rua=mailto:own@example.org")]
        return "".join(kept)


class House:
    """A host that receives: sekishod, and Postfix in front of it."""

    def __init__(self, folder, nsd: Nsd, sink: LmtpSink, store: str):
        key = folder / "key.pem"
        folder.mkdir()
        key.write_bytes(_KEY.pem)
        key.chmod(0o600)
        self.sekishod = Sekishod(folder / "sekishod", nsd.port)
        self.postfix = Postfix(folder / "postfix", (self.sekishod.port,), sink.port)
        self._tables = {"store": store or folder / "sekishod/feedback.db", "key": key}
        self.errors = ""
        self.set_smarthost(self.postfix.port)

    def set_smarthost(self, port: int):
        self.sekishod.configure(_TABLES.format(smarthost=f"{HOST}:{port}", **self._tables))

    def receive(self, message: bytes, sender: str, client, times: int = 1, recipient: str = "user@example.org"):
        with Connection(self.postfix.port, client) as connection:
            for _ in range(times):
                connection.send(message, sender, [recipient])

    def start_report(self, *arguments: str) -> subprocess.Popen:
        return reporting.start_report(self.sekishod.configuration, *arguments)

    def report(self, *arguments: str) -> tuple[int, dict]:
        """Exit status, and what it printed."""
        status, done, self.errors = reporting.send_reports(self.sekishod.configuration, *arguments)
        return status, done

    def wait_for_messages(self, count: int, seconds: float = 20):
        """Until the store has so many of today."""
        deadline = time.monotonic() + seconds
        seen = 0
        while seen != count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{seen} of {count} messages are in the store: {self.errors}")
            _, done = self.report("--dry-run", *reporting.tomorrow())
            seen = sum(report["messages"] for report in done.get("reports", []))
            time.sleep(0.1)


@contextlib.contextmanager
def _temporary_folder():
    with tempfile.TemporaryDirectory(prefix="sekisho-reports-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the daemons of Postfix are not root
        yield folder


class Scene(contextlib.ExitStack):
    """As many houses as are asked for, on one DNS and one place where mail ends."""

    def __init__(self, folder, houses: int, world: _World, store: str = ""):
        super().__init__()
        self.nsd = self.enter_context(Nsd(folder / "nsd", world.records))
        self.sink = self.enter_context(LmtpSink())
        self.houses = []
        for number in range(houses):
            house = House(folder / f"house{number}", self.nsd, self.sink, store)
            self.enter_context(house.sekishod)
            self.enter_context(house.postfix)
            self.houses.append(house)


def _signed(message: bytes, domain: str, world: _World) -> bytes:
    return signers.sign_with_dkimpy(message, domain, "rsa", world.rsa)


def _bank(**parts) -> bytes:
    return compose("Your Bank <info@bank.example>", **parts)


class Reports(unittest.TestCase):
    """In the order of their names: one day's reports and what becomes of them."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        reporting.avoid_midnight()
        cls.world = _World()
        folder = cls.enterClassContext(_temporary_folder())
        cls.scene = cls.enterClassContext(Scene(folder, 1, cls.world))
        cls.house = cls.scene.houses[0]
        cls._receive_all(cls.house, cls.world)

    @classmethod
    def _receive_all(cls, house: House, world: _World):
        signed = _signed(_bank(), "bank.example", world)
        house.receive(signed, "info@bank.example", BANK, 3)
        house.receive(_bank(), "info@bank.example", STRANGER, 2)
        house.receive(signed, "info@bank.example", SHOP)  # forwarded as it is
        house.receive(signed + b"-- \r\nA footer\r\n", "info@bank.example", FORWARDER)
        house.receive(compose("orders@shop.example"), "orders@shop.example", SHOP, 4)
        house.receive(compose("orders@shop.example"), "", STRANGER)
        house.receive(compose("chair@club.example"), "chair@club.example", CLUB)
        house.receive(compose("x@www.club.example"), "chair@club.example", CLUB)
        house.receive(compose("a@plain.example"), "a@plain.example", CLUB)  # asks for nothing
        house.receive(_bank(), "info@bank.example", BANK, recipient="dmarc@example.org")  # a report, say
        house.wait_for_messages(14)

    def test_1_a_smarthost_that_is_down_costs_nothing(self):
        self.house.set_smarthost(free_port())
        status, done = self.house.report(*reporting.tomorrow())
        self.assertEqual(status, 1)
        self.assertEqual(done["totals"]["sent"], 0)
        self.assertEqual(done["totals"]["unreachable"], 1)
        self.assertIn("takes no mail", self.house.errors)
        self.house.set_smarthost(self.house.postfix.port)

    def test_2_when_it_is_up_again_all_reports_go_out(self):
        status, done = self.house.report(*reporting.tomorrow())
        self.assertEqual((status, self.house.errors), (0, ""))
        self.assertEqual(done["totals"]["sent"], 3)
        self.assertEqual(len(done["reports"]), 3)
        for name in ("bank", "shop", "club"):
            self.scene.sink.wait_for(f"{name}@example.org")
        self.assertFalse(self.scene.sink.has("small@example.org"))
        shop = next(report for report in done["reports"] if report["domain"] == "shop.example")
        self.assertEqual([ignored["uri"] for ignored in shop["ignored"]],
                         ["mailto:victim@stranger.example", "mailto:small@example.org"])

    def test_3_a_report_is_sent_once(self):
        status, done = self.house.report(*reporting.tomorrow())
        self.assertEqual(status, 0)
        self.assertEqual(done["totals"]["sent before"], 3)
        self.assertEqual(done["totals"]["sent"], 0)

    def report_to(self, name: str) -> ReportMail:
        return ReportMail(self.scene.sink.wait_for(f"{name}@example.org"))

    def test_4_the_mail_is_what_rfc_9990_wants(self):
        mail = self.report_to("bank")
        self.assertEqual(mail.complaints(), "")
        begin = int(time.time()) // reporting.DAY * reporting.DAY
        report_id = mail.text("report_metadata/report_id")
        self.assertEqual(mail.message["Subject"],
                         f"Report Domain: bank.example Submitter: example.org Report-ID: <{report_id}>")
        self.assertEqual(mail.file_name,
                         f"example.org!bank.example!{begin}!{begin + reporting.DAY - 1}!{report_id}.xml.gz")
        self.assertEqual(mail.type, "application/gzip")
        self.assertEqual(mail.message["Auto-Submitted"], "auto-generated")
        author = mail.message["From"].addresses[0]
        self.assertEqual((author.display_name, author.addr_spec), ("Empfänger & Söhne", "dmarc@example.org"))
        self.assertEqual(mail.text("report_metadata/org_name"), "Empfänger & Söhne")
        self.assertEqual(mail.text("report_metadata/date_range/begin"), str(begin))
        self.assertTrue(mail.text("report_metadata/generator").startswith("Sekisho "))

    def test_5_sekisho_itself_has_signed_it(self):
        mail = self.scene.sink.wait_for("bank@example.org")
        results = verifiers.verify_with_dkimpy(mail, {"out._domainkey.example.org": _KEY.record})
        self.assertEqual(results, {"out": "pass"})

    def test_6_it_says_what_was_sent_in(self):
        passed = (("bank.example", "rsa", "pass"),)
        mail = self.report_to("bank")
        self.assertEqual([mail.text(f"policy_published/{tag}") for tag in
                          ("domain", "p", "sp", "np", "adkim", "aspf", "discovery_method", "testing")],
                         ["bank.example", "reject", "reject", "reject", "s", "s", "treewalk", "n"])
        self.assertEqual(mail.rows(), [
            Row(BANK.address, 3, "pass", "pass", "pass", "bank.example", passed, (("bank.example", "pass"),)),
            Row(SHOP.address, 1, "pass", "pass", "fail", "bank.example", passed, (("bank.example", "fail"),)),
            Row(FORWARDER.address, 1, "none", "fail", "fail", "bank.example", (("bank.example", "rsa", "fail"),),
                (("bank.example", "fail"),), (("trusted_forwarder", mail.rows()[2].reasons[0][1]),)),
            Row(STRANGER.address, 2, "reject", "fail", "fail", "bank.example", (), (("bank.example", "fail"),)),
        ])
        self.assertIn("forwards for our members", mail.rows()[2].reasons[0][1])

    def test_7_testing_and_null_senders_are_told(self):
        mail = self.report_to("shop")
        self.assertEqual(mail.complaints(), "")
        self.assertEqual(mail.text("policy_published/testing"), "y")
        rows = mail.rows()
        self.assertEqual([(row.source, row.count, row.disposition, row.spf) for row in rows],
                         [(SHOP.address, 4, "none", "pass"), (STRANGER.address, 1, "none", "fail")])
        self.assertEqual([kind for kind, _ in rows[1].reasons], ["policy_test_mode"])

    def test_8_a_subdomain_stands_in_the_report_of_its_policy_domain(self):
        mail = self.report_to("club")  # RFC 9990 §3.1.2
        self.assertEqual(mail.complaints(), "")
        self.assertEqual([(row.header_from, row.count, row.disposition, row.spf) for row in mail.rows()],
                         [("club.example", 1, "none", "pass"), ("www.club.example", 1, "pass", "pass")])

    def test_9_the_reports_themselves_are_not_reported(self):
        _, done = self.house.report("--dry-run", *reporting.tomorrow())
        self.assertEqual({report["domain"] for report in done["reports"]},
                         {"bank.example", "shop.example", "club.example"})


@unittest.skipUnless(postgresql.AVAILABLE, "PostgreSQL is not installed")
class OneStore(unittest.TestCase):
    def test_two_hosts_send_one_report_with_the_sum(self):
        reporting.avoid_midnight()
        world = _World()
        folder = self.enterContext(_temporary_folder())
        database = self.enterContext(PostgreSQL(folder / "postgresql"))
        scene = self.enterContext(Scene(folder, 2, world, database.uri))
        signed = _signed(_bank(), "bank.example", world)
        for house, times in zip(scene.houses, (3, 4)):
            house.receive(signed, "info@bank.example", BANK, times)
        scene.houses[0].wait_for_messages(7)
        processes = [house.start_report(*reporting.tomorrow()) for house in scene.houses * 2]
        runs = [json.loads(process.communicate()[0]) for process in processes]
        self.assertEqual(sorted(run["totals"]["sent"] for run in runs), [0, 0, 0, 1])
        mail = ReportMail(scene.sink.wait_for("bank@example.org"))
        self.assertEqual(mail.complaints(), "")
        self.assertEqual([(row.source, row.count) for row in mail.rows()], [(BANK.address, 7)])
