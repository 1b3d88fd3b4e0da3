"""Every attack through `sekisho check`, which sees all of its octets."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

try:
    import dkim  # noqa: F401: signs the attackers' messages
except ImportError:
    print("cannot run without: python3-dkim")
    sys.exit(77)

from attacks.catalogue import all_attacks  # noqa: E402
from attacks.checks import Checks  # noqa: E402
from attacks.runners import ByCommand  # noqa: E402
from attacks.world import World  # noqa: E402


class Command(Checks):
    def test_attacks(self):
        world = World()
        with ByCommand(world) as command:
            for attack in all_attacks(world):
                with self.subTest(attack.name):
                    self.check(attack, command.run(attack), attack.expected)


if __name__ == "__main__":
    unittest.main()
