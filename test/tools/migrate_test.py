"""`sekisho migrate` as a postmaster uses it: what comes out is in order, and nothing is lost silently."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_DATA = _ROOT / "test/data/migrate"


class Migrate(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-migrate-")))

    def run_sekisho(self, *arguments: str):
        return subprocess.run([_SEKISHO, *arguments], capture_output=True, text=True, check=False, cwd=self.folder)

    def take(self, example: str):
        """The example's files, with /etc in the folder of this test, and keys for its tables."""
        for source in (_DATA / example).rglob("*"):
            if source.is_file():
                target = self.folder / "etc" / source.relative_to(_DATA / example)
                target.parent.mkdir(parents=True, exist_ok=True)
                text = source.read_text().replace("/etc/", f"{self.folder}/etc/")
                target.write_text(text.replace("/usr/share/publicsuffix", str(self.folder)))
        (self.folder / "public_suffix_list.dat").write_text("com\norg\n")

    def make_key(self, domain: str):
        (self.folder / "made").mkdir(mode=0o700, exist_ok=True)
        self.assertEqual(self.run_sekisho("key", "generate", domain, "--selector", "s", "--dir", "made").returncode, 0)
        target = self.folder / f"etc/opendkim/keys/{domain}.pem"
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / f"made/{domain}/s.pem").rename(target)

    def assert_lacks_folders_of_the_host_only(self):
        """The socket's and the package's, which are not there where the tests are run."""
        checked = self.run_sekisho("config", "check", "--config", "sekisho.toml")
        problems = [line for line in checked.stderr.splitlines()[1:] if "there is no folder /var/" not in line]
        self.assertEqual(problems, [], checked.stderr)

    def migrate(self, *arguments: str):
        return self.run_sekisho("migrate", "--output", "sekisho.toml", *arguments)

    def test_what_debian_ships_becomes_a_configuration_in_order(self):
        self.take("debian")
        done = self.migrate("--opendkim", "etc/opendkim.conf", "--opendkim-defaults", "etc/default-opendkim",
                            "--opendmarc", "etc/opendmarc.conf", "--spf-policyd", "etc/policyd-spf.conf")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("Lost, since there is no counterpart:\n  etc/policyd-spf.conf:4: HELO_reject\n", done.stderr)
        self.assert_lacks_folders_of_the_host_only()
        lines = (self.folder / "sekisho.toml").read_text().splitlines()
        for line in lines:
            with self.subTest(line):
                self.assertTrue(not line or line.startswith(("#", "[")) or "  # " in line, "no origin")

    def test_a_strict_one_signs_and_seals_with_its_keys(self):
        self.take("howto")
        self.make_key("example.org")
        self.make_key("example.net")
        done = self.migrate("--opendkim", "etc/opendkim.conf", "--opendmarc", "etc/opendmarc.conf",
                            "--openarc", "etc/openarc.conf", "--spf-policyd", "etc/policyd-spf.conf",
                            "--format", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        notes = json.loads(done.stderr)
        self.assertIn(("lost", "etc/opendkim.conf", 24, "On-BadSignature"),
                      [(note["kind"], note["file"], note["line"], note["option"]) for note in notes])
        self.assert_lacks_folders_of_the_host_only()
        (self.folder / "message").write_text("From: a@example.net\n\nHello\n")
        signed = self.run_sekisho("sign", "--config", "sekisho.toml", "message")
        self.assertIn("d=example.net; s=default;", signed.stdout.replace("\n\t", " ").replace("\n ", " "))

    def test_a_key_that_cannot_be_read_is_told(self):
        (self.folder / "opendkim.conf").write_text("Domain example.org\nSelector s\nKeyFile /nowhere/key\n")
        done = self.migrate("--opendkim", "opendkim.conf")
        self.assertEqual(done.returncode, 0)
        self.assertIn("To be done by hand:", done.stderr)
        self.assertIn("/nowhere/key", done.stderr)

    def test_nothing_is_written_where_something_is_wrong(self):
        (self.folder / "opendkim.conf").write_text("Syslog yes\nDNSTimeout soon\n")
        for arguments, status, said in (
                ((), 2, "name a configuration"),
                (("--opendkim", "none"), 1, "none: No such file or directory"),
                (("--opendkim", "opendkim.conf"), 1, "opendkim.conf:2: DNSTimeout: not a whole number")):
            with self.subTest(said):
                refused = self.migrate(*arguments)
                self.assertEqual((refused.returncode, refused.stdout), (status, ""))
                self.assertIn(said, refused.stderr)
                self.assertFalse((self.folder / "sekisho.toml").exists())

    def test_a_file_that_is_there_stays(self):
        (self.folder / "opendkim.conf").write_text("Mode v\n")
        (self.folder / "sekisho.toml").write_text("mine")
        refused = self.migrate("--opendkim", "opendkim.conf")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("sekisho.toml: is there already, and stays", refused.stderr)
        self.assertEqual((self.folder / "sekisho.toml").read_text(), "mine")
        self.assertIn("# --socket\n", self.run_sekisho("migrate", "--opendkim", "opendkim.conf", "--socket",
                                                       "inet:1@127.0.0.1").stdout)


if __name__ == "__main__":
    unittest.main()
