"""A folder of its own in which `sekisho report` is run."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"


class ReportCase(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-report-")))

    def run_report(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run([SEKISHO, "report", *arguments], cwd=self.folder, capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        self.complaint = done.stderr
        return done.stdout
