"""The completions of the shells, as a shell asks for them."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

_SEKISHO = Path(os.environ["SEKISHO_BUILD"]) / "tools/sekisho"


def completion(shell: str) -> str:
    return subprocess.run([_SEKISHO, "--completion", shell], capture_output=True, text=True, check=True).stdout


def offered(line: str) -> list[str]:
    """What bash offers for the last word of the line."""
    words = " ".join(f"'{word}'" for word in line.split(" "))
    ask = f'COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _sekisho; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", "compopt() { :; }\n" + completion("bash") + ask], capture_output=True, text=True,
                          check=True)
    return done.stdout.split()


class Completion(unittest.TestCase):
    def test_bash_offers_commands_options_and_words(self):
        self.assertLessEqual({"check", "config", "key", "report", "status"}, set(offered("sekisho ")))
        self.assertEqual(offered("sekisho che"), ["check"])
        self.assertEqual(sorted(offered("sekisho config ")), ["check", "show"])
        self.assertEqual(offered("sekisho config show --fo"), ["--format"])
        self.assertEqual(offered("sekisho config show --format "), ["text", "json"])
        self.assertIn("--zone", offered("sekisho key status example.org --"))
        self.assertIn("/etc/passwd", offered("sekisho config check --config /etc/passw"))
        self.assertEqual(offered("sekisho key generate --dir /etc/passw"), [])
        self.assertIn("/etc/passwd", offered("sekisho check /etc/passw"))

    def test_each_shell_reads_its_file(self):
        for shell in ("bash", "zsh", "fish"):
            with self.subTest(shell), tempfile.NamedTemporaryFile("w") as file:
                text = completion(shell)
                self.assertIn("sekisho config show", text)
                self.assertIn("bits", text)
                if shutil.which(shell):
                    file.write(text)
                    file.flush()
                    subprocess.run([shell, "-n", file.name], check=True)

    def test_another_shell_is_refused(self):
        done = subprocess.run([_SEKISHO, "--completion", "csh"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (2, "--completion: expected bash, zsh or fish\n"))


if __name__ == "__main__":
    unittest.main()
