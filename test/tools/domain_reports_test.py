"""`sekisho domain check` with stored aggregate reports: what a record would do to the mail, and what reports tell."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_ZONE = _ROOT / "test/data/domain_check/base.zone"
_NOW = 1_796_000_000
_DAY = 86_400

_RECORD = """<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated>
<disposition>none</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row>
<identifiers><header_from>shop.example</header_from></identifiers><auth_results>
<dkim><domain>shop.example</domain><selector>2026a</selector><result>{dkim}</result></dkim>
<spf><domain>shop.example</domain><scope>mfrom</scope><result>{spf}</result></spf></auth_results></record>"""


def record(source: str, count: int, dkim: str = "pass", spf: str = "pass") -> str:
    return _RECORD.format(source=source, count=count, dkim=dkim, spf=spf)


def report(days_ago: int, *records: str) -> str:
    begin = _NOW - days_ago * _DAY
    return (f"<feedback><report_metadata><org_name>receiver.example</org_name><report_id>{days_ago}</report_id>"
            f"<date_range><begin>{begin}</begin><end>{begin + _DAY - 1}</end></date_range></report_metadata>"
            f"<policy_published><domain>shop.example</domain><p>none</p></policy_published>"
            + "".join(records) + "</feedback>")


class StoredReports(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-domain-reports-")))
        (self.folder / "sekisho.toml").write_text(f'[feedback]\nstore = "{self.folder}/reports.db"\n')

    def keep(self, reports: dict[int, tuple[str, ...]]):
        (self.folder / "reports").mkdir()
        for days_ago, records in reports.items():
            (self.folder / f"reports/{days_ago}.xml").write_text(report(days_ago, *records))
        subprocess.run([_SEKISHO, "report", "import", "--store", "reports.db", "reports"], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL)

    def run_check(self, *arguments: str) -> str:
        done = subprocess.run([_SEKISHO, "domain", "check", "shop.example", "--zone", str(_ZONE), "--now", str(_NOW),
                               "--config", "sekisho.toml", *arguments],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def check(self, *arguments: str) -> dict:
        return json.loads(self.run_check("--format", "json", *arguments))

    def effect(self, *arguments: str) -> dict[str, tuple[int, dict[str, int]]]:
        effect = self.check(*arguments)["effect"]
        self.assertEqual((effect["days"], effect["messages"], effect["unknown"]), (30, 1260, 0))
        return {change["change"]: (change["messages"], {row["source"]: row["messages"] for row in change["sources"]})
                for change in effect["changes"]}

    def keep_a_month(self):
        self.keep({day: (record("192.0.2.1", 900), record("198.51.100.7", 210, dkim="fail"),
                         record("192.0.2.9", 150, dkim="fail", spf="fail")) if day == 3 else
                   (record("192.0.2.1", 7),) for day in (3, 45)})

    def test_what_a_record_would_do_to_the_mail(self):
        self.keep_a_month()
        self.assertIsNone(self.check()["effect"])
        self.assertEqual(self.effect("--with", "news A 192.0.2.81"), {})
        lost = (210, {"198.51.100.7": 210})
        self.assertEqual(self.effect("--with", '@ TXT "v=spf1 mx -all"'),
                         {"spf_lost": lost, "dmarc_lost": lost, "refused": lost})
        gained = (150, {"192.0.2.9": 150})
        self.assertEqual(self.effect("--with", '@ TXT "v=spf1 mx ip4:192.0.2.9 include:_spf.mailer.example -all"'),
                         {"spf_gained": gained, "dmarc_gained": gained, "delivered": gained})
        self.assertEqual(self.effect("--with", '_dmarc TXT "v=DMARC1; p=quarantine"'), {"quarantined": gained})
        # the mail of the first address passes SPF, too
        self.assertEqual(self.effect("--with", '2026a._domainkey TXT "v=DKIM1; p="'), {})
        self.assertEqual(self.effect("--with", '2026a._domainkey TXT "v=DKIM1; p="', "--with", '@ TXT "v=spf1 -all"'),
                         {"spf_lost": (1110, {"192.0.2.1": 900, "198.51.100.7": 210}),
                          "dmarc_lost": (1110, {"192.0.2.1": 900, "198.51.100.7": 210}),
                          "refused": (1110, {"192.0.2.1": 900, "198.51.100.7": 210})})

    def test_for_people(self):
        self.keep_a_month()
        text = self.run_check("--with", '@ TXT "v=spf1 mx -all"')
        self.assertIn("of 1,260 messages of the last 30 days\n"
                      "           210  would no longer pass SPF\n"
                      "                  210 from 198.51.100.7\n", text)
        self.assertIn("nothing would change", self.run_check("--with", "news A 192.0.2.81"))

    def test_a_key_that_is_in_use_for_more_than_a_year(self):
        self.keep({day: (record("192.0.2.1", 5),) for day in (360, 20)})
        self.assertNotIn("dkim.age", [row["id"] for row in self.check("--all")["findings"]])
        (self.folder / "reports/367.xml").write_text(report(367, record("192.0.2.1", 5)))
        subprocess.run([_SEKISHO, "report", "import", "--store", "reports.db", "reports"], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL)
        found = [row for row in self.check("--all")["findings"] if row["id"] == "dkim.age"]
        self.assertEqual([(row["name"], row["evidence"], row["level"]) for row in found],
                         [("2026a._domainkey.shop.example", "reports have this selector for 367 days", "advice")])

    def test_a_policy_that_can_go_on(self):
        none = ("--with", '_dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@shop.example"', "--all")
        self.keep({day: (record("192.0.2.1", 90),) for day in range(1, 32)})
        found = [row for row in self.check(*none)["findings"] if row["id"] == "dmarc.policy"]
        self.assertEqual([row["publish"] for row in found],
                         ['_dmarc.shop.example. 3600 IN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@shop.example"'])
        for other in (("--all",), ("--all", "--with", '_dmarc TXT "v=DMARC1; p=none"')):
            self.assertNotIn("dmarc.policy", [row["id"] for row in self.check(*other)["findings"]])


if __name__ == "__main__":
    unittest.main()
