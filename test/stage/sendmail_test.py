"""Messages through a real Sendmail."""

import unittest

from . import mta_cases
from .sendmail import CONTRIB, Sendmail
from .sekishod import ROOT

STAGE = mta_cases.make_stage(Sendmail)
globals().update(mta_cases.tests_of(STAGE, __name__))


def setUpModule():
    unittest.enterModuleContext(STAGE)


class Documents(unittest.TestCase):
    def test_readme_shows_the_lines(self):
        self.assertIn((CONTRIB / "sekisho.mc").read_text(), (ROOT / "README.md").read_text())


if __name__ == "__main__":
    unittest.main()
