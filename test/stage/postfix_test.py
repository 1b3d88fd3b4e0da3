"""Messages through a real Postfix."""

import unittest

from . import mta_cases
from .postfix import CONTRIB, Postfix
from .sekishod import ROOT

STAGE = mta_cases.make_stage(Postfix)


def setUpModule():
    unittest.enterModuleContext(STAGE)


class Results(mta_cases.Results):
    stage = STAGE


class Signers(mta_cases.Signers):
    stage = STAGE


class Fields(mta_cases.Fields):
    stage = STAGE


class Quarantine(mta_cases.Quarantine):
    stage = STAGE


class Departure(mta_cases.Departure):
    stage = STAGE


class Sessions(mta_cases.Sessions):
    stage = STAGE


class Extensions(mta_cases.Extensions):
    stage = STAGE


class Documents(unittest.TestCase):
    def test_readme_shows_the_lines(self):
        readme = (ROOT / "README.md").read_text()
        for name in ("main.cf", "master.cf"):
            self.assertIn((CONTRIB / name).read_text(), readme)


if __name__ == "__main__":
    unittest.main()
