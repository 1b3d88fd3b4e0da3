"""The version is in CMakeLists.txt; CHANGELOG.md has its entry, and no other file repeats it."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERSION = re.search(r"^project\(sekisho VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE).group(1)
TEXTS = {".txt", ".cmake", ".md", ".cpp", ".hpp", ".py", ".in", ".json", ".toml", ".1", ".5", ".8"}


def texts() -> list[Path]:
    """Everything but test cases, where a number of three parts means something else."""
    folders = (ROOT / name for name in ("contrib", "etc", "lib", "man", "milter", "tools"))
    files = [*ROOT.glob("*"), *(file for folder in folders for file in folder.rglob("*"))]
    return [file for file in files if file.suffix in TEXTS and file.is_file()]


class Release(unittest.TestCase):
    def test_the_newest_entry_of_the_changelog_is_the_version(self):
        headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
        newest = next(heading for heading in headings if heading != "Unreleased")
        self.assertRegex(newest, rf"^{re.escape(VERSION)} \(\d{{4}}-\d\d-\d\d\)$")

    def test_no_other_file_repeats_the_version(self):
        number = re.compile(rf"(?<![\d.]){re.escape(VERSION)}(?![\d.])")
        found = {str(file.relative_to(ROOT)) for file in texts() if number.search(file.read_text())}
        self.assertEqual(found, {"CMakeLists.txt", "CHANGELOG.md"})


if __name__ == "__main__":
    unittest.main()
