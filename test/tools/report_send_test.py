"""`sekisho report send` and `sekisho report preview` as their users run them."""

import gzip
import json
import os
import socketserver
import subprocess
import tempfile
import threading
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_BUILD = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release"))
_DAY = 20_000  # 2024-10-04
_NOW = (_DAY + 1) * 86_400 + 3_600
_SPACE = "{urn:ietf:params:xml:ns:dmarc-2.0}"

_ZONE = """\
$ORIGIN .
$TTL 300
_dmarc.example.org. TXT "v=DMARC1; p=reject"
"""


class Dialogue(socketserver.StreamRequestHandler):
    """One SMTP session, with a smarthost that answers RCPT as `replies` say, and notes who got a mail."""

    def handle(self):
        recipient = ""
        self.reply("220 smarthost.example")
        for line in self.rfile:
            verb = line[:4].upper().decode()
            if verb == "RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
                self.reply(self.server.replies.get(recipient, "250 ok"))
            elif verb == "DATA":
                self.reply("354 go on")
                for text in self.rfile:
                    if text == b".\r\n":
                        break
                self.server.taken.append(recipient)
                self.reply("250 taken")
            elif verb == "QUIT":
                return self.reply("221 bye")
            else:
                self.reply("250 ok")

    def reply(self, text: str):
        self.wfile.write(text.encode() + b"\r\n")


class ReportSend(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-report-")))
        (self.folder / "zone").write_text(_ZONE)
        self.configure()

    def configure(self, report: str = 'email = "dmarc@receiver.example"\nsmarthost = "127.0.0.1:9"\n'):
        (self.folder / "sekisho.toml").write_text(f'[feedback]\nstore = "{self.folder}/store.db"\n[report]\n{report}')

    def fill(self, domain: str = "example.org", uri: str = "mailto:r@example.org", messages: int = 30, sources: int = 6,
             day: int = _DAY):
        subprocess.run([_BUILD / "test/tools/fill_store", self.folder / "store.db", str(day), str(messages),
                        str(sources), domain, *uri.split(",")], check=True)

    def start_smarthost(self, **replies: str) -> socketserver.TCPServer:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dialogue)
        self.addCleanup(server.server_close)
        server.daemon_threads, server.taken = True, []
        server.replies = {f"{name}@example.org": reply for name, reply in replies.items()}
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        self.configure(f'email = "dmarc@receiver.example"\nsmarthost = "127.0.0.1:{server.server_address[1]}"\n')
        return server

    def run_command(self, *arguments: str, now: int = _NOW) -> subprocess.CompletedProcess:
        return subprocess.run([_BUILD / "tools/sekisho", "report", *arguments, "--config", "sekisho.toml", "--zone",
                               "zone", "--now", str(now)], cwd=self.folder, capture_output=True, text=True, check=False)

    def send(self, *arguments: str, now: int = _NOW) -> tuple[int, dict]:
        done = self.run_command("send", "--format", "json", *arguments, now=now)
        self.errors = done.stderr
        return done.returncode, json.loads(done.stdout) if done.stdout else {}

    def test_a_dry_run_writes_what_would_be_sent(self):
        self.fill()
        status, done = self.send("--dry-run", "--output", "out/reports")
        self.assertEqual((status, self.errors), (0, ""))
        self.assertEqual(done["totals"]["prepared"], 1)
        report = done["reports"][0]
        self.assertEqual((report["messages"], report["records"], report["form"]), (30, 6, "rfc9990"))
        self.assertEqual(report["posted"][0]["address"], "r@example.org")
        root = ElementTree.fromstring(gzip.decompress((self.folder / "out/reports" / report["file_name"]).read_bytes()))
        counts = [int(count.text) for count in root.iter(f"{_SPACE}count")]
        self.assertEqual(counts, [5] * 6)

    def test_yesterday_is_the_day(self):
        for day in (_DAY - 1, _DAY, _DAY + 1):
            self.fill(day=day, messages=day)
        _, done = self.send("--dry-run")
        self.assertEqual([report["messages"] for report in done["reports"]], [_DAY])
        # Not before report.delay has passed.
        _, done = self.send("--dry-run", now=(_DAY + 1) * 86_400 + 60)
        self.assertEqual([report["messages"] for report in done["reports"]], [_DAY - 1])

    def test_each_day_has_a_report_of_its_own(self):
        for day in (_DAY - 2, _DAY - 1, _DAY):
            self.fill(day=day)
        _, done = self.send("--dry-run", "--since", "2024-10-02")
        self.assertEqual(done["totals"]["prepared"], 3)
        self.assertEqual(len({report["report_id"] for report in done["reports"]}), 3)
        _, done = self.send("--dry-run", "--since", "2024-10-02", "--until", "2024-10-03")
        self.assertEqual(done["totals"]["prepared"], 2)

    def test_days_that_cannot_be(self):
        self.fill()
        for arguments, complaint in (
                (["--since", "yesterday"], "not a date"),
                (["--since", "2024-13-01"], "not a date"),
                (["--since", "2024-10-04", "--until", "2024-10-03"], "first and the last"),
                (["--since", "2020-01-01"], "within a year"),
                (["--until", "2024-10-05"], "not over")):
            with self.subTest(arguments=arguments):
                status, done = self.send(*arguments)
                self.assertEqual((status, done), (2, {}))
                self.assertIn(complaint, self.errors)

    def test_a_smarthost_that_is_away_is_a_failure(self):
        self.fill()
        for _ in range(2):  # nothing is lost by trying
            status, done = self.send()
            self.assertEqual(status, 1)
            self.assertEqual(done["totals"]["unreachable"], 1)
            self.assertIn("127.0.0.1:9 takes no mail", self.errors)
        # For a week the daily run tries again; later it is old news.
        status, done = self.send(now=_NOW + 7 * 86_400)
        self.assertEqual(done["totals"]["unreachable"], 1)
        status, done = self.send(now=_NOW + 9 * 86_400)
        self.assertEqual((status, done["reports"]), (0, []))

    def test_whom_a_smarthost_defers_the_next_run_tries_again(self):
        self.fill(uri="mailto:a@example.org,mailto:b@example.org,mailto:c@example.org")
        smarthost = self.start_smarthost(b="451 later", c="550 nobody of that name")
        done = self.run_command("send")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"sent +2024-10-04 .* to a@example.org: the others are tried again\n")
        self.assertIn("deferred to b@example.org: 451 later (to RCPT)", done.stdout)
        self.assertIn("refused to c@example.org: 550 nobody of that name (to RCPT)", done.stdout)
        smarthost.replies = {}
        for _ in range(2):  # the second finds nothing to do
            status, _ = self.send(now=_NOW + 3 * 86_400)
            self.assertEqual(status, 0)
        self.assertEqual(smarthost.taken, ["a@example.org", "b@example.org"])

    def test_two_runs_at_once_send_each_report_once(self):
        domains = [f"d{number}.example.org" for number in range(20)]
        for domain in domains:
            self.fill(domain=domain, uri=f"mailto:{domain}@example.org", messages=3)
        smarthost = self.start_smarthost()
        command = [_BUILD / "tools/sekisho", "report", "send", "--config", "sekisho.toml", "--zone", "zone", "--now",
                   str(_NOW)]
        runs = [subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL) for _ in range(3)]
        self.assertEqual([run.wait(timeout=60) for run in runs], [0, 0, 0])
        self.assertEqual(sorted(smarthost.taken), sorted(f"{domain}@example.org" for domain in domains))

    def test_what_a_smarthost_that_is_away_left_is_sent_by_the_next_run(self):
        self.fill()
        self.fill(domain="sub.example.org")
        self.send()
        self.fill(day=_DAY + 1, messages=7)
        _, done = self.send("--dry-run", now=_NOW + 3 * 86_400)
        self.assertEqual([(report["domain"], report["messages"]) for report in done["reports"]],
                         [("example.org", 30), ("sub.example.org", 30), ("example.org", 7)])

    def test_nobody_is_somebody_who_did_not_agree(self):
        self.fill(uri="mailto:victim@stranger.example")
        done = self.run_command("send")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"nobody +2024-10-04  example.org")
        self.assertIn("not to mailto:victim@stranger.example: no DMARC record", done.stdout)

    def test_one_domain_alone(self):
        self.fill()
        self.fill(domain="sub.example.org")
        for name in ("sub.example.org", "Sub.Example.ORG."):
            _, done = self.send("--dry-run", "--domain", name)
            self.assertEqual([report["domain"] for report in done["reports"]], ["sub.example.org"])
        status, _ = self.send("--dry-run", "--domain", "not a domain")
        self.assertEqual(status, 2)

    def test_what_is_not_configured_is_said(self):
        self.fill()
        self.configure("")
        status, _ = self.send()
        self.assertEqual(status, 1)
        self.assertIn("report.email is not set", self.errors)
        (self.folder / "sekisho.toml").write_text('[report]\nemail = "dmarc@receiver.example"\n')
        self.send()
        self.assertIn("feedback.store is not set", self.errors)

    def test_a_store_that_is_not_there_is_not_made(self):
        for command in (("send",), ("preview", "example.org")):
            done = self.run_command(*command, "--store", "slip.db")
            self.assertEqual(done.returncode, 1)
            self.assertIn("slip.db: no such store", done.stderr)
            self.assertFalse((self.folder / "slip.db").exists())

    def test_an_output_that_cannot_be_written_is_a_failure(self):
        self.fill()
        (self.folder / "file").write_text("")
        status, _ = self.send("--dry-run", "--output", "file/out")
        self.assertEqual(status, 1)
        self.assertIn("cannot be written", self.errors)

    def test_a_preview_is_a_table(self):
        self.fill()
        done = self.run_command("preview", "example.org", "--sources", "2")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"prepared +2024-10-04  example.org +30 messages, 6 records, \d+ octets, to r@")
        self.assertIn("30 messages, 20 pass (66.7 %), 10 fail", done.stdout)
        self.assertIn("10.0.0.0", done.stdout)

    def test_a_preview_as_the_report_itself(self):
        self.fill()
        done = self.run_command("preview", "EXAMPLE.org", "--xml")
        root = ElementTree.fromstring(done.stdout)
        self.assertEqual(root.findtext(f"{_SPACE}policy_published/{_SPACE}domain"), "example.org")
        self.configure('email = "dmarc@receiver.example"\nform = "rfc7489"\n')
        root = ElementTree.fromstring(self.run_command("preview", "example.org", "--xml").stdout)
        self.assertEqual(root.findtext("policy_published/pct"), "100")
        self.assertEqual(root.findtext("policy_published/domain"), "example.org")

    def test_a_preview_is_what_is_sent_before_and_after(self):
        self.fill(uri="mailto:a@example.org,https://example.org/dmarc")
        self.start_smarthost()
        before = self.run_command("preview", "example.org", "--xml").stdout
        _, done = self.send("--output", "out")
        sent = gzip.decompress((self.folder / "out" / done["reports"][0]["file_name"]).read_bytes()).decode()
        after = self.run_command("preview", "example.org", "--xml").stdout
        self.assertIn("<error>rua=https://example.org/dmarc: not a mailto: URI</error>", sent)
        self.assertEqual((before.strip(), after.strip()), (sent.strip(), sent.strip()))
        self.assertRegex(self.run_command("preview", "example.org").stdout, r"sent before +2024-10-04  example.org +30 ")

    def test_a_preview_as_json(self):
        self.fill()
        done = json.loads(self.run_command("preview", "example.org", "--format", "json").stdout)
        self.assertEqual(done["domains"][0]["messages"], 30)

    def test_there_may_be_nothing_to_show(self):
        self.fill()
        done = self.run_command("preview", "example.net")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no message", done.stderr)
        self.assertEqual(self.run_command("preview", "not a domain").returncode, 2)


if __name__ == "__main__":
    unittest.main()
