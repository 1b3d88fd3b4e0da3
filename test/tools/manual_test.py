"""sekisho(1) and sekishod(8) describe the subcommands and options that --help prints, and no others."""

import os
import re
import subprocess
import unittest
from pathlib import Path

BUILD = Path(os.environ["SEKISHO_BUILD"])
MAN = Path(__file__).resolve().parents[2] / "man"
_COMMAND = re.compile(r"^  ([a-z][a-z-]*)  ", re.MULTILINE)
_OPTION = re.compile(r"^  (?:-\w,)?--([a-z-]+)", re.MULTILINE)
_SECTION = re.compile(r"^\.Ss (sekisho .*)\n((?:(?!^\.S[sh]).*\n)*)", re.MULTILINE)


def help_of(*command: str) -> str:
    return subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout


def options_in(text: str) -> set[str]:
    return set(_OPTION.findall(text)) - {"help", "version"}


def subcommands(*command: str) -> dict[str, set[str]]:
    """The options of each subcommand that has none below it."""
    text = help_of(str(BUILD / "tools/sekisho"), *command)
    names = _COMMAND.findall(text.partition("\nSubcommands:\n")[2])
    if not names:
        return {" ".join(("sekisho", *command)): options_in(text)}
    return {key: value for name in names for key, value in subcommands(*command, name).items()}


def listed(lines: str) -> set[str]:
    """The options of a list: .It Fl -one Ar x , Fl -other"""
    items = re.findall(r"^\.It (Fl .*)$", lines.replace("\\\n", ""), re.MULTILINE)
    return {name for item in items for name in re.findall(r"Fl -([a-z-]+)", item)}


def command_pages() -> list[str]:
    """sekisho(1), and sekisho-NAME(1) of each subcommand that has a page of its own."""
    return [page.read_text() for page in sorted(MAN.glob("sekisho*.1"))]


class Manual(unittest.TestCase):
    def test_sekisho_has_the_subcommands_and_options_of_its_help(self):
        page = {name: text for page in command_pages() for name, text in _SECTION.findall(page)}
        printed = subcommands()
        self.assertEqual(set(page), set(printed))
        for name, options in printed.items():
            with self.subTest(subcommand=name):
                self.assertEqual(listed(page[name]), options)

    def test_the_synopsis_has_every_subcommand(self):
        synopsis = "".join(page.partition(".Sh SYNOPSIS")[2].partition(".Sh DESCRIPTION")[0]
                           for page in command_pages())
        commands = {f"sekisho {name}" for name in re.findall(r"^\.Cm ([a-z -]+)$", synopsis, re.MULTILINE)}
        self.assertEqual(set(subcommands()) - commands, set())

    def test_sekishod_has_the_options_of_its_help(self):
        page = (MAN / "sekishod.8").read_text()
        for option in options_in(help_of(str(BUILD / "milter/sekishod"))):
            with self.subTest(option=option):
                self.assertRegex(page, rf"Fl [^\n]*-{option}\b")


if __name__ == "__main__":
    unittest.main()
