"""`sekisho report import-history` as its users run it."""

import json
import unittest

from report_case import ReportCase

_MESSAGE = """\
job {job}
reporter mx.example.net
received 1795000000
ipaddr 192.0.2.1
from example.org
mfrom example.org
spf 0
pdomain example.org
policy 15
rua {rua}
pct 100
adkim 114
aspf 114
p 114
sp 0
align_dkim 5
align_spf 4
action 2
"""
_DAY = "2026-11-18"  # of 1795000000


class History(ReportCase):
    def import_history(self, text: str, status: int = 0) -> str:
        (self.folder / "history").write_text(text)
        return self.run_report("import-history", "--store", "a.db", "history", status=status)

    def counted(self) -> int:
        (self.folder / "zone").write_text('$ORIGIN .\n$TTL 60\n_dmarc.example.org. TXT "v=DMARC1; p=reject"\n')
        (self.folder / "sekisho.toml").write_text('authserv_id = "mx.example.net"\n[report]\nemail = "d@example.net"\n')
        found = json.loads(self.run_report("preview", "example.org", "--since", _DAY, "--until", _DAY, "--store", "a.db",
                                           "--config", "sekisho.toml", "--zone", "zone", "--format", "json"))
        return found["messages"]

    def test_a_file_counts_once(self):
        history = "".join(_MESSAGE.format(job=f"4A{i}", rua="mailto:d@example.org") for i in range(3))
        said = "3 messages to be reported, 0 that nobody asks about, 0 that cannot be read\n"
        self.assertEqual(self.import_history(history), said)
        self.assertEqual(self.import_history(history),
                         said + "3 of them were imported before, and are not counted again\n")
        self.assertEqual(self.counted(), 3)

    def test_what_nobody_asks_about_is_told_apart(self):
        history = _MESSAGE.format(job="4A1", rua="mailto:d@example.org") + _MESSAGE.format(job="4A2", rua="-")
        self.assertEqual(self.import_history(history),
                         "1 messages to be reported, 1 that nobody asks about, 0 that cannot be read\n")

    def test_a_file_of_something_else_is_refused(self):
        self.assertEqual(self.import_history("", status=1), "")
        self.assertIn("history: no history", self.complaint)
        self.run_report("import-history", "--store", "a.db", "missing", status=1)
        self.assertIn("missing: cannot be read", self.complaint)


if __name__ == "__main__":
    unittest.main()
