"""`sekisho why` as its users run it, over messages that `sekisho sign` and `sekisho seal` have made."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_KEYS = _ROOT / "test/data/crypto"
_NOW = "1700000000"
_RSA = ("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCyyDBXnJS4kMv3bfGMQIGzCc+J5Yj2PpefFaThJnnM8qRhxl2XK11P0OfXV9Lj6ZWAoDFLBAXl"
        "2PFfmkpbTPnbSVJVTpQSemiRMMnsDIYlf1XkcIpTk9XpO6nvA5RzDJXyUFQq53OFLP+q45+RNdk+FoB+5TeZU72fqLcf0/vdsQIDAQAB")
_ZONE = f"""\
$ORIGIN .
$TTL 300
r._domainkey.example.org. TXT "v=DKIM1; p={_RSA[:200]}" "{_RSA[200:]}"
e._domainkey.list.example. TXT "v=DKIM1; k=ed25519; p=EKUSr656D85LCPIAEd/MGYhC5MaguCsrorKWNq85T0s="
"""
_MESSAGE = (b"From: Joe <joe@example.org>\nTo: list@list.example\nSubject: Dinner\n\n"
            b"Shall we meet at seven in the old house?\n\nJoe.\n")
_FOOTER = b"--\nThe list, https://list.example\n"


class Why(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-why-")))
        for name in ("rsa-pkcs1.pem", "ed25519.pem"):
            shutil.copyfile(_KEYS / name, self.folder / name)
            (self.folder / name).chmod(0o600)
        (self.folder / "zone").write_text(_ZONE)

    def run_sekisho(self, *arguments: str, message: bytes = b""):
        return subprocess.run([_SEKISHO, *arguments], input=message, capture_output=True, check=False,
                              cwd=self.folder)

    def sign(self, message: bytes = _MESSAGE, selector: str = "r") -> bytes:
        done = self.run_sekisho("sign", "--now", _NOW, "--domain", "example.org", "--selector", selector, "--key",
                                "rsa-pkcs1.pem", message=message)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def seal(self, message: bytes) -> bytes:
        done = self.run_sekisho("seal", "--domain", "list.example", "--selector", "e", "--key", "ed25519.pem", "--zone",
                                "zone", "--now", _NOW, "--authserv-id", "mx.list.example", message=message)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def explain(self, message: bytes, *arguments: str) -> dict:
        done = self.run_sekisho("why", "--zone", "zone", "--now", _NOW, "--format", "json", *arguments, message=message)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return json.loads(done.stdout)

    def text(self, message: bytes, *arguments: str) -> str:
        done = self.run_sekisho("why", "--zone", "zone", "--now", _NOW, *arguments, message=message)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode("ascii")

    def test_a_list_that_adds_a_footer_and_a_tag(self):
        changed = self.sign().replace(b"Subject: ", b"Subject: [list] ") + _FOOTER
        found = self.explain(changed)
        signature = found["signatures"][0]
        self.assertEqual((signature["index"], signature["domain"], signature["result"]), (1, "example.org", "fail"))
        self.assertEqual(signature["key"], "made_by_published")
        self.assertEqual(signature["body"], {"state": "explained", "changes": [
            {"id": "body.tail", "line": 4, "lines": 2, "part": 0}]})
        self.assertEqual(signature["header"], {"state": "explained", "recovered": True, "changes": [
            {"id": "head.subject-tag", "field": "Subject", "instance": 1}]})
        self.assertEqual(found["class"], "list")
        self.assertGreater(signature["hashes"], 0)
        text = self.text(changed)
        self.assertIn("2 lines were added at the end (from line 4 on)  [body.tail, proved by bh=]", text)
        self.assertIn('Subject had no "[list]"', text)
        self.assertNotIn("Dinner", text)
        self.assertNotIn("old house", self.text(changed, "--show"))

    def test_the_host_that_changed_it_stands_between_two_seals(self):
        sealed = self.seal(self.sign())
        changed = self.seal(sealed + _FOOTER)
        between = self.explain(changed)["signatures"][0]["between"]
        self.assertEqual((between["after"], between["before"]), ("mx.list.example", "mx.list.example"))
        self.assertIn("after mx.list.example sealed it (ARC i=1), before mx.list.example sealed it (ARC i=2)",
                      self.text(changed))

    def test_a_signature_that_passes_is_left_alone(self):
        found = self.explain(self.sign())
        self.assertEqual(found["signatures"][0]["result"], "pass")
        self.assertEqual((found["class"], found["advice"]), ("unknown", []))

    def test_another_selector_of_the_zone_has_the_key(self):
        signature = self.explain(self.sign(selector="old"))["signatures"][0]
        self.assertEqual((signature["key"], signature["fits"], signature["header"]["state"]), ("gone", "r", "same"))

    def test_the_original_explains_what_the_search_does_not(self):
        original = self.folder / "original.eml"
        original.write_bytes(_MESSAGE)
        changed = self.sign().replace(b"seven", b"eight").replace(b"Dinner", b"Supper")
        before = self.explain(changed)["signatures"][0]
        self.assertEqual((before["body"]["state"], before["header"]["state"]), ("changed", "changed"))
        after = self.explain(changed, "--original", str(original))["signatures"][0]
        self.assertEqual(after["body"], {"state": "explained", "changes": [
            {"id": "body.block", "line": 1, "lines": 1, "part": 0}]})
        self.assertEqual([change["field"] for change in after["header"]["changes"]], ["Subject"])
        self.assertEqual(after["header"]["state"], "explained")

    def test_refusals(self):
        for arguments, status in ((["--effort", "soon"], 2), (["--effort", "nan"], 2), (["--signature", "2"], 1),
                                  (["--domain", "a.example"], 1), (["/nowhere.eml"], 1)):
            with self.subTest(arguments=arguments):
                done = self.run_sekisho("why", "--zone", "zone", *arguments, message=self.sign())
                self.assertEqual((done.returncode, done.stdout), (status, b""))


if __name__ == "__main__":
    unittest.main()
