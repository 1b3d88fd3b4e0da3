"""Broken XML as reporters send it: `sekisho report read` against Python's HTML parser, which takes anything."""

import html.parser
import json
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_FILES = 150

_RECORD = """<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated>
<disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
<identifiers><header_from>example.org</header_from></identifiers><auth_results>
<dkim><domain>example.org</domain><result>pass</result></dkim></auth_results></record>
"""


class Judge(html.parser.HTMLParser):
    """Messages by source, of the records that end."""

    def __init__(self, text: str):
        super().__init__()
        self.sums: dict[str, int] = {}
        self.fields: dict[str, str] = {}
        self.element = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "record":
            self.end_record()
        self.element = tag

    def handle_data(self, data):
        if self.element in ("source_ip", "count"):
            self.fields[self.element] = self.fields.get(self.element, "") + data

    def handle_endtag(self, tag):
        if tag in ("record", "feedback"):
            self.end_record()
        self.element = ""

    def end_record(self):
        if len(self.fields) == 2:
            source = self.fields["source_ip"].strip()
            self.sums[source] = self.sums.get(source, 0) + int(self.fields["count"])
        self.fields = {}


def report(number: int, chance: random.Random) -> str:
    records = "".join(_RECORD.format(source=f"10.{number}.0.{chance.randrange(1, 9)}", count=chance.randrange(1, 1000))
                      for _ in range(chance.randrange(1, 6)))
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<feedback><report_metadata><org_name>Org</org_name>'
            f"<email>d@reporter.example</email><extra_contact_info>https://reporter.example/</extra_contact_info>"
            f"<report_id>{number}</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range>"
            f"</report_metadata>\n<policy_published><domain>example.org</domain><p>none</p></policy_published>\n"
            f"{records}</feedback>\n")


def cut(text: str, chance: random.Random) -> str:
    return text[:chance.randrange(text.index("</record>") + 9, text.rindex("</feedback>"))]


# Each takes a report and breaks it in one way that leaves the records whole, or some of them.
_BREAKS = {
    "ampersand": lambda text, chance: text.replace("example/<", "example/?a=1&b=2&&amp;c<"),
    "address": lambda text, chance: text.replace("d@reporter.example", "D <d@reporter.example>"),
    "less-than": lambda text, chance: text.replace(">Org<", "> 1 < 2 <3 Org<"),
    "latin1": lambda text, chance: text.replace(">Org<", ">Sue\xf1o<"),
    "nul": lambda text, chance: text + "\0" * chance.randrange(1, 9),
    "tail": lambda text, chance: text + "-- \nlist & footer <http://list.example/>\n",
    "schema": lambda text, chance: text.replace("<feedback>", '<xs:schema xmlns:xs="u">\n<feedback>'),
    "utf16": lambda text, chance: text.replace("UTF-8", "utf-16"),
    "open leaf": lambda text, chance: text.replace("</extra_contact_info>", ""),
    "open record": lambda text, chance: text.replace("</record>", "", 1),
    "end tag": lambda text, chance: text.replace("</row>", "</row></rows>"),
    "attribute": lambda text, chance: text.replace("<feedback>", '<feedback a=b a="c" d xmlns:e=\'f>g&h\'>'),
    "cut": cut,
    "head": lambda text, chance: "\r\n\r\n" + text,
}


class Broken(unittest.TestCase):
    def test_the_sums_are_those_of_another_reader(self):
        chance = random.Random(13)
        expected: dict[str, int] = {}
        names = {}
        with tempfile.TemporaryDirectory(prefix="sekisho-broken-") as folder:
            for number in range(_FILES):
                text = report(number, chance)
                broken = chance.sample(sorted(_BREAKS), chance.randrange(1, 4))
                for name in broken:
                    text = _BREAKS[name](text, chance)
                (Path(folder) / f"{number}.xml").write_bytes(text.encode("latin-1"))
                expected |= Judge(text).sums
                names[number] = broken
            done = subprocess.run([_SEKISHO, "report", "read", "--no-names", "--format", "json", folder],
                                  capture_output=True, check=False)
        found = json.loads(done.stdout)
        sums = {source["address"]: source["messages"]
                for domain in found["domains"] for source in domain["sources"]}
        for source in sorted(expected | sums):
            with self.subTest(source=source, broken=names[int(source.split(".")[1])]):
                self.assertEqual(sums.get(source), expected.get(source))
        self.assertTrue(found["notes"])
        # Only what is cut off is a problem.
        for problem in found["problems"]:
            with self.subTest(problem):
                self.assertIn("cut", names[int(Path(problem["file"]).stem)])


if __name__ == "__main__":
    unittest.main()
