"""Messages through a real Postfix."""

import unittest

from . import mta_cases
from .postfix import CONTRIB, Postfix
from .sekishod import ROOT

STAGE = mta_cases.make_stage(Postfix)
globals().update(mta_cases.tests_of(STAGE, __name__))


def setUpModule():
    unittest.enterModuleContext(STAGE)


class Documents(unittest.TestCase):
    def test_readme_shows_the_lines(self):
        readme = (ROOT / "README.md").read_text()
        for name in ("main.cf", "master.cf"):
            self.assertIn((CONTRIB / name).read_text(), readme)


if __name__ == "__main__":
    unittest.main()
