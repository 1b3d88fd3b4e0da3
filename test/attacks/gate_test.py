"""Every attack through a milter session and through Postfix, and the table of what came of them."""

import os
import unittest
from pathlib import Path

from . import smuggling, table
from .catalogue import chapters
from .checks import Checks
from .runners import ByCommand, ByMilter, ByMta, Gate, postfix
from .world import World

WORLD = World()
CHAPTERS = chapters(WORLD)
ATTACKS = [attack for chapter in CHAPTERS.values() for attack in chapter]
GATE = Gate(WORLD)
README = Path(__file__).with_name("README.md")


def setUpModule():
    unittest.enterModuleContext(GATE)


class TheGate(Checks):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.mta = cls.enterClassContext(ByMta(GATE, postfix))

    def walk(self, way, expected):
        found = {}
        for attack in ATTACKS:
            with self.subTest(attack.name):
                found[attack.name] = finding = way.run(attack)
                self.check(attack, finding, expected(attack))
                self.check_questions(GATE.dns.names)
                if finding.action == "accept":
                    self.assertEqual(finding.removed, attack.removed)
        self.assertTrue(GATE.daemon.is_running())
        return found

    def test_attacks(self):
        with ByCommand(WORLD) as command:
            raw = {attack.name: command.run(attack) for attack in ATTACKS}
        milter = self.walk(ByMilter(GATE), lambda attack: attack.expected_by_milter)
        mta = self.walk(self.mta, lambda attack: attack.expected_by_postfix)
        smuggled = [smuggling.smuggle(self.mta, sequence) for sequence in smuggling.SEQUENCES]
        for one in smuggled:
            with self.subTest(one.sequence):
                self.assertNotIn("pass", [verdict.get("dmarc") for verdict in one.verdicts[1:]])
        text = table.page(CHAPTERS, raw, milter, mta, smuggled)
        if os.environ.get("SEKISHO_WRITE_TABLE"):
            README.write_text(text)
        self.assertEqual(README.read_text(), text, "SEKISHO_WRITE_TABLE=1 writes the table anew")


if __name__ == "__main__":
    unittest.main()
