"""`sekisho report breakage` as its users run it."""

import json
import sqlite3
import unittest

from report_case import ReportCase

_DAY = 1795564800  # 2026-11-25
_NOW = str(_DAY + 10 * 86400)
_ROWS = [("change", _DAY, "bank.example", "list:members.list.example", "body.tail", 38),
         ("change", _DAY + 86400, "shop.example", "list:members.list.example", "header", 2),
         ("change", _DAY, "bank.example", "host:relay.example", "body", 4),
         ("change", _DAY, "", "", "body.tail", 1),
         ("change", _DAY - 40 * 86400, "bank.example", "host:old.example", "body", 9),
         ("sent", _DAY, "bank.example", "gmail", "", 1000)]
_TEXT = """\
list members.list.example: 40 messages, 2026-11-25 to 2026-11-26
    body.tail        38  lines were added at the end of the body
    header            2  a signed header field was changed
    of         bank.example 38, shop.example 2
host relay.example: 4 messages, 2026-11-25 to 2026-11-25
    body              4  the body was changed
    of         bank.example 4
unknown: 1 message, 2026-11-25 to 2026-11-25
    body.tail         1  lines were added at the end of the body
    of         others 1
"""


class Breakage(ReportCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        (self.folder / "empty").write_text("")
        self.run_report("import-history", "--store", "a.db", "empty", status=1)  # makes the store
        with sqlite3.connect(self.folder / "a.db") as store:
            store.executemany("INSERT INTO tallies (kind, begin_time, author, party, detail, messages) "
                              "VALUES (?, ?, ?, ?, ?, ?)", _ROWS)

    def breakage(self, *arguments: str) -> str:
        return self.run_report("breakage", "--store", "a.db", "--now", _NOW, *arguments)

    def test_parties_are_listed_with_what_they_broke(self):
        self.assertEqual(self.breakage(), _TEXT)

    def test_an_author_and_a_day(self):
        self.assertEqual(self.breakage("--domain", "shop.example"),
                         "list members.list.example: 2 messages, 2026-11-26 to 2026-11-26\n"
                         "    header            2  a signed header field was changed\n"
                         "    of         shop.example 2\n")
        self.assertIn("host old.example: 9 messages", self.breakage("--since", "2026-10-01"))
        self.assertEqual(self.breakage("--since", "2026-12-01"),
                         "no signature of an author was broken since 2026-12-01\n")

    def test_json_has_stable_keys(self):
        found = json.loads(self.breakage("--format", "json"))
        self.assertEqual(found["since"], "2026-11-05")
        self.assertEqual(found["parties"][0],
                         {"list": "members.list.example", "host": None, "messages": 40, "first": "2026-11-25",
                          "last": "2026-11-26", "changes": {"body.tail": 38, "header": 2},
                          "authors": {"bank.example": 38, "shop.example": 2}})
        self.assertEqual([(each["list"], each["host"]) for each in found["parties"][1:]],
                         [(None, "relay.example"), (None, None)])

    def test_what_is_wrong_is_told(self):
        self.run_report("breakage", "--store", "none.db", status=1)
        self.assertIn("none.db: no such store", self.complaint)
        for option, value, words in (("--since", "soon", "not a date"), ("--domain", "a..b", "not a domain")):
            self.run_report("breakage", "--store", "a.db", option, value, status=2)
            self.assertIn(words, self.complaint)


if __name__ == "__main__":
    unittest.main()
