"""`sekisho report import` and `sekisho report advise` as their users run them."""

import contextlib
import json
import sqlite3
import unittest

from report_case import ReportCase

_FIRST = 1_790_000_000 // 86_400 * 86_400
_DAY = 86_400

_RECORD = """<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated>
<disposition>none</disposition><dkim>{result}</dkim><spf>{result}</spf></policy_evaluated></row>
<identifiers><header_from>{domain}</header_from></identifiers><auth_results>
<dkim><domain>{signer}</domain><selector>s</selector><result>pass</result></dkim></auth_results></record>"""


def record(source: str, count: int, signer: str = "example.org", domain: str = "example.org") -> str:
    result = "pass" if signer == domain else "fail"
    return _RECORD.format(source=source, count=count, result=result, signer=signer, domain=domain)


def report(day: int, *records: str, org: str = "receiver.example") -> str:
    begin = _FIRST + day * _DAY
    return (f"<feedback><report_metadata><org_name>{org}</org_name><report_id>{day}</report_id>"
            f"<date_range><begin>{begin}</begin><end>{begin + _DAY - 1}</end></date_range></report_metadata>"
            f"<policy_published><domain>example.org</domain><p>none</p></policy_published>"
            + "".join(records) + "</feedback>")


class Advice(ReportCase):
    def setUp(self):
        super().setUp()
        (self.folder / "reports").mkdir()
        for day in range(31):
            self.keep(day, record("192.0.2.1", 96), record("203.0.113.5", 4, "esp.example"))

    def keep(self, day: int, *records: str):
        (self.folder / "reports" / f"{day}.xml").write_text(report(day, *records))

    def advise(self, *arguments: str) -> dict:
        return json.loads(self.run_report("advise", "example.org", "--format", "json", *arguments))

    def test_reports_are_kept_once(self):
        self.assertEqual(self.run_report("import", "--store", "a.db", "reports"), "31 reports kept\n")
        self.assertEqual(self.run_report("import", "--store", "a.db", "reports"),
                         "0 reports kept, 31 known before\n")

    def test_what_cannot_be_read_is_said_and_the_rest_kept(self):
        (self.folder / "reports/broken.xml").write_text("<feedback><")
        self.assertEqual(self.run_report("import", "--store", "a.db", "reports", status=1), "31 reports kept\n")
        self.assertIn("sekisho report import: reports/broken.xml: ", self.complaint)
        self.run_report("import", "--store", "a.db", "/dev/null", status=1)
        self.run_report("import", "--store", "none/a.db", "reports", status=1)
        self.run_report("import", "--store", "a.db", status=2)

    def test_notes_and_what_is_not_kept_are_said(self):
        undated = report(40, record("192.0.2.1", 5)).replace("<begin>", "<begin>soon ")
        (self.folder / "undated.xml").write_text(undated)
        (self.folder / "mended.xml").write_text(report(41, record("192.0.2.1", 5)).replace("receiver", "a & b", 1))
        self.assertEqual(self.run_report("import", "--store", "a.db", "undated.xml", "mended.xml", status=1),
                         "1 report kept, 1 without a date not kept\n"
                         "note: a bare & in the XML was taken for text (1 report)\n")
        self.assertIn("undated.xml: not kept: it has no dates that can be read", self.complaint)

    def test_the_same_name_every_day_is_a_report_every_day(self):
        for day in (50, 51):
            text = report(day, record("192.0.2.1", 5)).replace(f"<report_id>{day}<", "<report_id>example.org<")
            (self.folder / f"{day}.xml").write_text(text)
        self.assertEqual(self.run_report("import", "--store", "a.db", "50.xml", "51.xml", "50.xml"),
                         "2 reports kept, 1 known before\n")

    def test_tls_reports_are_kept(self):
        (self.folder / "tls.json").write_text(json.dumps({
            "organization-name": "receiver.example", "report-id": "1",
            "date-range": {"start-datetime": "2026-01-01T00:00:00", "end-datetime": "2026-01-01T23:59:59"},
            "policies": [{"policy": {"policy-type": "sts", "policy-domain": "example.org"},
                          "summary": {"total-successful-session-count": 5, "total-failure-session-count": 2}}]}))
        self.assertEqual(self.run_report("import", "--store", "a.db", "tls.json"), "1 report kept\n")
        self.assertEqual(self.run_report("import", "--store", "a.db", "tls.json"), "0 reports kept, 1 known before\n")
        with contextlib.closing(sqlite3.connect(self.folder / "a.db")) as store:
            self.assertEqual(store.execute("SELECT domain, successful, failed FROM received_tls_policies").fetchall(),
                             [("example.org", 5, 2)])

    def test_store_and_files_say_the_same(self):
        self.run_report("import", "--store", "a.db", "reports")
        now = str(_FIRST + 31 * _DAY)
        stored = self.advise("--store", "a.db", "--record", "v=DMARC1; p=none", "--now", now)
        self.assertEqual(stored, self.advise("--record", "v=DMARC1; p=none", "reports", "reports"))
        self.assertEqual((stored["step"], stored["next"], stored["reporters"]), ("stay", "none", 1))
        self.assertEqual(stored["total"]["messages"], 3100)
        self.assertAlmostEqual(stored["shares"]["at_risk"], 0.04)
        self.assertEqual([(sender["name"], sender["kind"], sender["messages"], sender["recent"]["messages"])
                          for sender in stored["senders"]],
                         [("192.0.2.1", "signs", 2976, 672), ("esp.example", "stranger", 124, 28)])

    def test_who_is_not_ours_is_no_hindrance(self):
        found = self.advise("--record", "v=DMARC1; p=none; rua=mailto:d@example.org", "--not-ours", "ESP.example",
                            "reports")
        self.assertEqual((found["step"], found["record"]),
                         ("advance", "v=DMARC1; p=quarantine; rua=mailto:d@example.org"))

    def test_the_record_comes_from_the_dns(self):
        (self.folder / "zone").write_text('$ORIGIN .\n$TTL 60\n_dmarc.example.org. TXT "v=DMARC1; p=reject"\n'
                                          '_dmarc.example.net. TXT "v=DMARC1; p=none"\n')
        self.assertEqual(self.advise("--zone", "zone", "reports")["policy"], "reject")
        (self.folder / "zone").write_text('$ORIGIN .\n$TTL 60\nexample.org. TXT "v=spf1 -all"\n')
        found = self.advise("--zone", "zone", "reports")
        self.assertEqual((found["policy"], found["step"]), (None, "publish"))

    def test_reports_before_a_day_are_left_out(self):
        found = self.advise("--record", "", "--since", "2026-10-14", "reports")
        self.assertLess(found["total"]["messages"], 3100)
        self.assertEqual(found["days"][0]["day"], "2026-10-14")

    def test_for_people(self):
        text = self.run_report("advise", "example.org", "--record", "v=DMARC1; p=none", "reports")
        for line in ("example.org: 3100 messages in reports of 31 days by 1 reporter\n", "Stay at p=none.",
                     "esp.example (124 messages): authenticates as itself alone",
                     '_dmarc.example.org. IN TXT "v=DMARC1; p=none"'):
            self.assertIn(line, text)

    def test_what_is_refused(self):
        self.run_report("advise", "not a domain", "reports", status=2)
        self.run_report("advise", "example.org", "--since", "yesterday", "reports", status=2)
        self.run_report("advise", "example.org", "--record", "", "--config", "none.toml", status=1)
        self.run_report("advise", "example.org", "--record", "", "none.xml", status=1)
        self.run_report("advise", "example.org", "--record", "", "--store", "none.db", status=1)
        self.assertFalse((self.folder / "none.db").exists())


if __name__ == "__main__":
    unittest.main()
