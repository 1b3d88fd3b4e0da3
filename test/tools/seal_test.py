"""`sekisho seal` as its users run it. What it makes of a message is read by `sekisho check`."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_ZONE = """\
$ORIGIN .
$TTL 300
e._domainkey.list.example. TXT "v=DKIM1; k=ed25519; p=EKUSr656D85LCPIAEd/MGYhC5MaguCsrorKWNq85T0s="
author.example. TXT "v=spf1 ip4:192.0.2.1 -all"
"""
_GATE = ["--zone", "zone", "--now", "1700000000", "--authserv-id", "mx.list.example", "--ip", "192.0.2.1",
         "--helo", "mail.author.example", "--mail-from", "joe@author.example"]
_KEY = ["--domain", "list.example", "--selector", "e", "--key", "key.pem"]
_MESSAGE = b"From: Joe <joe@author.example>\nTo: list@list.example\nSubject: Hi\n\nHi.\n"


class Seal(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-seal-")))
        shutil.copyfile(_ROOT / "test/data/crypto/ed25519.pem", self.folder / "key.pem")
        (self.folder / "key.pem").chmod(0o600)
        (self.folder / "zone").write_text(_ZONE)

    def run_sekisho(self, *arguments: str, message: bytes = b""):
        return subprocess.run([_SEKISHO, *arguments], input=message, capture_output=True, check=False,
                              cwd=self.folder)

    def seal(self, message: bytes = _MESSAGE, warning: bytes = b"") -> bytes:
        done = self.run_sekisho("seal", *_KEY, *_GATE, message=message)
        self.assertEqual((done.returncode, done.stderr), (0, warning))
        return done.stdout

    def arc(self, message: bytes) -> dict:
        done = self.run_sekisho("check", "--zone", "zone", "--now", "1700000000", "--format", "json", "-",
                                message=message)
        return json.loads(done.stdout)["arc"]

    def test_the_set_is_on_top_and_the_message_as_it_was(self):
        sealed = self.seal()
        self.assertTrue(sealed.endswith(b"\n" + _MESSAGE))
        self.assertNotIn(b"\r", sealed)
        names = [line.split(b":")[0] for line in sealed.removesuffix(_MESSAGE).splitlines() if line[:1] > b" "]
        self.assertEqual(names, [b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results"])
        self.assertLessEqual(max(len(line.expandtabs()) for line in sealed.splitlines()), 77)

    def test_line_ends_are_those_of_the_message(self):
        sealed = self.seal(_MESSAGE.replace(b"\n", b"\r\n"))
        self.assertEqual(sealed.count(b"\n"), sealed.count(b"\r\n"))
        self.assertEqual(self.arc(sealed)["result"], "pass")

    def test_what_was_found_is_what_is_told(self):
        sealed = self.seal()
        self.assertIn(b"ARC-Authentication-Results: i=1; mx.list.example;\n", sealed)
        self.assertIn(b"spf=pass smtp.mailfrom=author.example;", sealed)
        self.assertIn(b"arc=none smtp.remote-ip=192.0.2.1;", sealed)
        self.assertIn(b" cv=none;", sealed)

    def test_chains_grow_until_they_fail(self):
        twice = self.seal(self.seal())
        self.assertEqual(self.arc(twice), {"result": "pass", "chain": ["list.example"] * 2, "sets": 2,
                                           "oldest_pass": 0, "reason": ""})
        failed = self.seal(twice + b"changed\n")
        self.assertTrue(failed.startswith(b"ARC-Seal: i=3; a=ed25519-sha256; cv=fail;"))
        self.assertEqual(self.arc(failed)["reason"], "seal of set 3: says cv=fail")
        warning = b"sekisho seal: warning: not sealed: the chain says that it failed, or has as many sets as may be\n"
        self.assertEqual(self.seal(failed, warning), failed)

    def test_the_configuration_names_the_key(self):
        """Whether or not the daemon is to seal."""
        (self.folder / "sekisho.toml").write_text('[arc]\ndomain = "list.example"\nselector = "e"\nkey_file = "key.pem"\n')
        done = self.run_sekisho("seal", "--config", "sekisho.toml", *_GATE, message=_MESSAGE)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(done.stdout, self.seal())
        (self.folder / "sekisho.toml").write_text('[arc]\ndomain = "list.example"\nselector = "e"\n')
        done = self.run_sekisho("seal", "--config", "sekisho.toml", *_GATE, message=_MESSAGE)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"arc.key_file", done.stderr)

    def test_what_cannot_be_done_is_refused(self):
        for arguments, status in (([], 2), ([*_KEY, *_KEY], 2), (_KEY[:4], 2),
                                  ([*_KEY, "--ip", "here"], 2), ([*_KEY, "nowhere.eml"], 1),
                                  ([*_KEY, "--zone", "nowhere"], 1)):
            with self.subTest(arguments):
                done = self.run_sekisho("seal", *arguments, message=_MESSAGE)
                self.assertEqual((done.returncode, done.stdout), (status, b""))
                self.assertTrue(done.stderr.startswith(b"sekisho seal: "), done.stderr)


if __name__ == "__main__":
    unittest.main()
