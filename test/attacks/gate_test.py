"""Every attack through a milter session, through Postfix and through Sendmail, and the table of what came of them."""

import os
import unittest
from pathlib import Path

from . import smuggling, table
from .catalogue import chapters
from .checks import Checks
from .runners import ByCommand, ByMilter, ByMta, Gate, advised_postfix, postfix, sendmail
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

    def walk_mta(self, make_mta, expected):
        with ByMta(GATE, make_mta) as mta:
            return self.walk(mta, expected), self.smuggle(mta)

    def smuggle(self, mta):
        found = {}
        for sequence in smuggling.SEQUENCES:
            with self.subTest(sequence):
                found[sequence] = smuggled = smuggling.smuggle(mta, sequence)
                self.assertNotIn("pass", [verdict.get("dmarc") for verdict in smuggled.verdicts[1:]])
        return found

    def test_attacks(self):
        with ByCommand(WORLD) as command:
            raw = {attack.name: command.run(attack) for attack in ATTACKS}
        milter = self.walk(ByMilter(GATE), lambda attack: attack.expected_by_milter)
        by_postfix, postfix_smuggled = self.walk_mta(postfix, lambda attack: attack.expected_by_postfix)
        by_sendmail, sendmail_smuggled = self.walk_mta(sendmail, lambda attack: attack.expected_by_sendmail)
        with ByMta(GATE, advised_postfix) as mta:
            advised_smuggled = self.smuggle(mta)
        text = table.page(CHAPTERS, raw, milter, {"Postfix": by_postfix, "Sendmail": by_sendmail},
                          [postfix_smuggled, advised_smuggled, sendmail_smuggled])
        if os.environ.get("SEKISHO_WRITE_TABLE"):
            README.write_text(text)
        self.assertEqual(README.read_text(), text, "SEKISHO_WRITE_TABLE=1 writes the table anew")


if __name__ == "__main__":
    unittest.main()
