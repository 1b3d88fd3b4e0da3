"""`sekisho report read` as its users run it."""

import csv
import gzip
import html.parser
import io
import json
import os
import pty
import subprocess
import tempfile
import unittest
import zipfile
from email.message import EmailMessage
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_DATA = _ROOT / "test/data/report"

_ZONE = """\
$ORIGIN .
$TTL 300
10.2.0.192.in-addr.arpa. PTR mail.example.org.
mail.example.org. A 192.0.2.10
77.113.0.203.in-addr.arpa. PTR liar.example.
liar.example. A 192.0.2.1
"""

_RECORD = """<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated>
<disposition>{disposition}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row>
<identifiers><header_from>{domain}</header_from></identifiers><auth_results/></record>"""


def record(source="192.0.2.10", count=1, disposition="none", dkim="pass", spf="pass", domain="example.org") -> str:
    return _RECORD.format(source=source, count=count, disposition=disposition, dkim=dkim, spf=spf, domain=domain)


def report(*records: str, org="reporter.example", name="1", begin=1767225600, end=1767311999) -> str:
    return (f"<feedback><report_metadata><org_name>{org}</org_name><report_id>{name}</report_id>"
            f"<date_range><begin>{begin}</begin><end>{end}</end></date_range></report_metadata>"
            f"<policy_published><domain>example.org</domain><p>reject</p></policy_published>"
            + "".join(records) + "</feedback>")


class Page(html.parser.HTMLParser):
    """Notes the elements and attributes of a page, and its text."""

    def __init__(self, page: str):
        super().__init__()
        self.elements, self.attributes, self.text, self.open = [], [], "", []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


class ReportRead(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-report-")))
        self.keep("zone", _ZONE)

    def keep(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    def run_sekisho(self, *arguments, stdin: bytes = b""):
        return subprocess.run([_SEKISHO, "report", "read", *arguments], input=stdin, capture_output=True,
                              check=False, cwd=self.folder)

    def read(self, *arguments, stdin: bytes = b"") -> str:
        names = () if "--zone" in arguments else ("--no-names",)
        done = self.run_sekisho(*names, *arguments, stdin=stdin)
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ""))
        return done.stdout.decode()

    def read_json(self, *arguments, stdin: bytes = b""):
        return json.loads(self.read("--format", "json", *arguments, stdin=stdin))

    def mail(self, name: str, octets: bytes, subtype: str) -> bytes:
        message = EmailMessage()
        message["From"], message["To"] = "dmarc@reporter.example", "dmarc@example.org"
        message["Subject"] = "Report Domain: example.org"
        message.set_content("A report is attached.")
        message.add_attachment(octets, maintype="application", subtype=subtype, filename=name)
        return message.as_bytes()

    def test_the_samples_as_a_table(self):
        text = self.read("--zone", "zone", *(_DATA / f"{name}.xml" for name in ("google", "microsoft", "yahoo")))
        lines = [line.split() for line in text.splitlines()]
        self.assertEqual(lines[0], ["example.org", "p=quarantine", "sp=reject"])
        self.assertIn("  152 messages, 147 pass (96.7 %), 5 fail; 151 delivered, 1 quarantined, 0 rejected", text)
        self.assertIn("147 147 0 147 130 147 0 0 192.0.2.10 mail.example.org".split(), lines)
        # The name is not confirmed: its address is another.
        self.assertIn("2 0 2 0 0 0 2 0 203.0.113.77 -".split(), lines)
        self.assertTrue(text.endswith("3 reports, 2026-01-01\n"), text)
        self.assertNotIn("\x1b", text)

    def test_json_has_it_all(self):
        found = self.read_json("--zone", "zone", _DATA / "google.xml", _DATA / "rfc8460.json")
        self.assertEqual((found["reports"], found["messages"], found["pass"], found["fail"]), (2, 134, 130, 4))
        [domain] = found["domains"]
        self.assertEqual(domain["policy"]["np"], "reject")
        self.assertEqual(domain["reporters"], {"google.example": 134})
        self.assertEqual([day["date"] for day in domain["days"]], ["2026-01-01"])
        self.assertEqual([(source["address"], source["name"], source["fail"]) for source in domain["sources"]],
                         [("2001:db8::25", "", 4), ("192.0.2.10", "mail.example.org", 0)])
        [tls] = found["tls"]
        self.assertEqual((tls["domain"], tls["failed"], tls["failures"]["certificate-expired"]),
                         ("company-y.example", 303, 100))

    def test_csv_is_a_line_a_source(self):
        text = self.read("--format", "csv", _DATA / "google.xml", _DATA / "yahoo.xml")
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual([(row["domain"], row["source"], row["fail"], row["quarantined"]) for row in rows],
                         [("example.org", "2001:db8::25", "4", "0"), ("example.org", "192.0.2.10", "0", "0"),
                          ("shop.example.org", "203.0.113.77", "2", "2")])

    def test_what_fails_comes_first_then_what_sends_most(self):
        self.keep("r.xml", report(record("192.0.2.1", 500), record("192.0.2.2", 900),
                                  record("192.0.2.3", 7, "reject", "fail", "fail"),
                                  record("192.0.2.4", 8, "reject", "fail", "fail"),
                                  record(count=9000, domain="sub.example.org")))
        found = self.read_json("r.xml")
        self.assertEqual([domain["domain"] for domain in found["domains"]], ["example.org", "sub.example.org"])
        self.assertEqual([source["address"][-1] for source in found["domains"][0]["sources"]], list("4321"))
        text = self.read("--sources", "1", "r.xml")
        self.assertIn("     1407      1400         7 from 3 more sources", text)

    def test_reports_in_any_wrapping(self):
        def xml(number):
            return report(record(count=10**number), name=str(number)).encode()

        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("r.xml", xml(2))
        mail = self.mail("r.xml.gz", gzip.compress(xml(3)), "gzip")
        self.keep("plain.xml", xml(0))
        self.keep("r.xml.gz", gzip.compress(xml(1)))
        self.keep("r.zip", packed.getvalue())
        self.keep("one.eml", mail)
        self.keep("two.mbox", b"".join(
            b"From x Thu Jan  1 00:00:00 2026\n" + self.mail("r.xml", xml(number), "octet-stream") + b"\n"
            for number in (4, 5)))
        self.keep("Maildir/new/1", self.mail("r.zip", packed.getvalue(), "zip"))
        self.keep("Maildir/cur/2:2,S", self.mail("r.xml.gz", gzip.compress(xml(6)), "gzip"))
        self.keep("Maildir/cur/3:2,S", b"From: a@example.org\nSubject: lunch\n\nToday?\n")
        self.keep("Maildir/tmp/4", b"not to be read")
        found = self.read_json("plain.xml", "r.xml.gz", "r.zip", "one.eml", "two.mbox", "Maildir", "-",
                               stdin=gzip.compress(xml(7)))
        self.assertEqual(found["messages"], 11111111)
        self.assertEqual((found["reports"], found["duplicates"], found["other_mails"]), (8, 1, 1))

    def test_what_cannot_be_read_is_named_and_the_rest_is_read(self):
        self.keep("good.xml", report(record(count=5)))
        self.keep("bomb.gz", gzip.compress(b"<feedback>" + b" " * 50_000_000))
        self.keep("empty.xml", "")
        done = self.run_sekisho("--no-names", "--format", "json", "bomb.gz", _DATA / "hostile-entities.xml",
                                "empty.xml", "none.xml", "good.xml")
        self.assertEqual(done.returncode, 1)
        found = json.loads(done.stdout)
        self.assertEqual(found["messages"], 5)
        self.assertEqual(done.stderr.decode().splitlines(), [
            "sekisho report read: none.xml: no such file",
            "sekisho report read: bomb.gz: grows too large when it is unpacked",
            f"sekisho report read: {_DATA}/hostile-entities.xml: "
            "line 2: a document type (DOCTYPE) has no place in a report",
            "sekisho report read: empty.xml: empty",
        ])
        self.assertEqual([problem["file"] for problem in found["problems"]],
                         ["none.xml", "bomb.gz", f"{_DATA}/hostile-entities.xml", "empty.xml"])

    def failure_report(self, source: str, kind: str = "auth-failure") -> str:
        return ("From: dmarc@reporter.example\nTo: ruf@example.org\nContent-Type: multipart/report; "
                "report-type=feedback-report; boundary=b\n\n--b\n\nA report.\n--b\n"
                f"Content-Type: message/feedback-report\n\nFeedback-Type: {kind}\nAuth-Failure: dmarc\n"
                f"Source-IP: {source}\nReported-Domain: example.org\n--b\nContent-Type: text/rfc822-headers\n\n"
                "From: The Boss <boss@example.org>\nTo: victim@example.net\nSubject: invoice\n--b--\n")

    def test_failure_reports_are_summed_up_without_names_of_people(self):
        self.keep("1.eml", self.failure_report("203.0.113.9"))
        self.keep("2.eml", self.failure_report("203.0.113.9"))
        self.keep("3.eml", self.failure_report("203.0.113.10"))
        self.keep("4.eml", self.failure_report("203.0.113.9", "abuse"))
        files = ["1.eml", "2.eml", "3.eml", "4.eml"]
        found = self.read_json("--no-names", *files)
        self.assertEqual((found["failure_reports"], found["other_feedback"], found["duplicates"], found["other_mails"]),
                         (2, {"abuse": 1}, 1, 0))
        self.assertEqual(found["failures"], [{"domain": "example.org", "messages": 2, "failed": {"dmarc": 2},
                                              "sources": {"203.0.113.10": 1, "203.0.113.9": 1},
                                              "reporters": {"reporter.example": 2}}])
        page = ["--html", "page.html"]
        text = self.read("--no-names", *page, *files)
        self.assertIn("example.org  failure reports\n  2 messages: dmarc (2)\n", text)
        self.assertIn("0 reports, 2 failure reports, 1 abuse report, 1 duplicate left out\n", text)
        html_page = (self.folder / "page.html").read_text()
        for secret in ("boss", "victim", "invoice"):
            self.assertNotIn(secret, json.dumps(found) + text + html_page)
        shown = self.read_json("--no-names", "--show", *files)["failed_messages"]
        self.assertEqual([(one["from"], one["to"], one["subject"]) for one in shown],
                         [("The Boss <boss@example.org>", "victim@example.net", "invoice")] * 2)
        self.assertIn("The Boss <boss@example.org>", self.read("--no-names", "--show", *files))

    def test_folders_in_folders(self):
        self.keep("all/2026/01/r.xml", report(record(count=3), name="1"))
        self.keep("all/r.xml", report(record(count=4), name="2"))
        self.assertEqual(self.read_json("--no-names", "all")["messages"], 7)

    def test_what_is_cut_off_is_counted_as_far_as_it_is_whole_and_named(self):
        text = report(record(count=3), record("192.0.2.2", 4))
        self.keep("r.xml", text[:text.rindex("</identifiers>")])
        done = self.run_sekisho("--no-names", "--format", "json", "r.xml")
        self.assertEqual((done.returncode, json.loads(done.stdout)["messages"]), (1, 3))
        self.assertIn(b"r.xml: ends before the report does", done.stderr)

    def test_exit_statuses(self):
        self.keep("good.xml", report(record()))
        self.keep("mail.eml", "From: a@example.org\n\nHello.\n")
        for status, arguments in ((0, ["--no-names", "good.xml"]), (1, ["mail.eml"]), (1, ["."]),
                                  (1, ["--zone", "none", "good.xml"]), (1, ["--no-names", "--html", "no/p", "good.xml"]),
                                  (2, []), (2, ["--format", "xml", "good.xml"]), (2, ["--sources", "-1", "good.xml"]),
                                  (2, ["--nameserver", "localhost", "good.xml"])):
            with self.subTest(arguments):
                done = self.run_sekisho(*arguments)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertEqual(done.stderr == b"", status == 0)

    def test_the_page_needs_nothing_else_and_escapes_everything(self):
        evil = "&lt;script src=&apos;//x&apos;&gt;&amp;&quot;"
        self.keep("r.xml", report(record(count=1234567), record("192.0.2.9", 5, "reject", "fail", "fail"),
                                  record(domain=evil), org=evil, name="1"))
        self.keep("s.xml", report(record(), name="2", begin=1775000000, end=1775000001))
        self.keep("t.json", json.dumps({"report-id": "1", "organization-name": "<b>", "policies": [
            {"policy": {"policy-domain": "example.org"}, "summary": {"total-failure-session-count": 1},
             "failure-details": [{"result-type": "<img src=x>", "failed-session-count": 1}]}]}))
        self.keep("<i>.xml", "x")
        done = self.run_sekisho("--no-names", "--html", "page.html", "r.xml", "s.xml", "t.json", "<i>.xml")
        self.assertEqual(done.returncode, 1)
        text = (self.folder / "page.html").read_text()
        page = Page(text)
        self.assertEqual(page.open, [])
        self.assertFalse({"script", "img", "b>", "link", "iframe", "a"} & set(page.elements))
        names = {name for name, _ in page.attributes}
        self.assertFalse({name for name in names if name.startswith("on") or name in ("src", "href")})
        self.assertNotIn("url(", text)
        self.assertNotIn("http", text.replace("http-equiv", ""))
        self.assertIn("<script src='//x'>&\"", page.text)
        self.assertIn("1\u202f234\u202f568 aligned by DKIM and SPF", page.text)
        self.assertIn("svg", page.elements)

    def test_a_terminal_has_colours_and_progress(self):
        self.keep("r.xml", report(record(count=2, dkim="fail", spf="fail")))
        screen, terminal = pty.openpty()
        with subprocess.Popen([_SEKISHO, "report", "read", "--no-names", "r.xml"], stdout=terminal,
                              cwd=self.folder) as process:
            self.assertEqual(process.wait(), 0)
        os.close(terminal)
        self.assertIn(b"\x1b[31m", os.read(screen, 10_000))
        os.close(screen)


if __name__ == "__main__":
    unittest.main()
