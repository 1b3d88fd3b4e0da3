"""`sekisho sign` as its users run it. What it makes of a message is read by `sekisho check`."""

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

# The public halves of rsa-pkcs1.pem and ed25519.pem.
_ZONE = """\
$ORIGIN .
$TTL 300
r._domainkey.example.org. TXT "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCyyDBXnJS4kMv3bfGMQIGzCc+J5Y" \
"j2PpefFaThJnnM8qRhxl2XK11P0OfXV9Lj6ZWAoDFLBAXl2PFfmkpbTPnbSVJVTpQSemiRMMnsDIYlf1XkcIpTk9XpO6nvA5RzDJXyUFQq53OF" \
"LP+q45+RNdk+FoB+5TeZU72fqLcf0/vdsQIDAQAB"
e._domainkey.example.org. TXT "v=DKIM1; k=ed25519; p=EKUSr656D85LCPIAEd/MGYhC5MaguCsrorKWNq85T0s="
""".replace('" \\\n"', '" "')

_MESSAGE = b"From: Joe <joe@example.org>\nTo: ann@example.com\nSubject: folded\n  twice\n\nHi.\n\nJoe.\n"


class Sign(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-sign-")))
        for name in ("rsa-pkcs1.pem", "ed25519.pem", "rsa-pkcs8-encrypted.pem"):
            shutil.copyfile(_KEYS / name, self.folder / name)
            (self.folder / name).chmod(0o600)
        (self.folder / "zone").write_text(_ZONE)

    def run_sekisho(self, *arguments: str, message: bytes = b""):
        return subprocess.run([_SEKISHO, *arguments], input=message, capture_output=True, check=False,
                              cwd=self.folder)

    def key(self, selector: str, file: str, domain: str = "example.org") -> list[str]:
        return ["--domain", domain, "--selector", selector, "--key", file]

    def sign(self, *arguments: str, message: bytes = _MESSAGE) -> bytes:
        keys = self.key("r", "rsa-pkcs1.pem") + self.key("e", "ed25519.pem")
        done = self.run_sekisho("sign", "--now", _NOW, *keys, *arguments, message=message)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def refuse(self, *arguments: str, status: int, message: bytes = _MESSAGE) -> str:
        done = self.run_sekisho("sign", *arguments, message=message)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, b"")
        return done.stderr.decode()

    def assert_passes(self, message: bytes):
        done = self.run_sekisho("check", "--zone", "zone", "--now", _NOW, "--format", "json", "-", message=message)
        results = [(dkim["result"], dkim["selector"]) for dkim in json.loads(done.stdout)["dkim"]]
        self.assertEqual(results, [("pass", "r"), ("pass", "e")])

    def test_each_key_signs_in_the_order_of_the_command_line(self):
        for canonicalization in ("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"):
            with self.subTest(canonicalization):
                signed = self.sign("--canonicalization", canonicalization)
                self.assertEqual(signed.count(b"c=" + canonicalization.encode()), 2)
                self.assert_passes(signed)

    def configure(self, extra: str = "") -> list[str]:
        tables = "".join(f'[[sign]]\ndomain = "example.org"\nselector = "{selector}"\nkey_file = "{file}"\n'
                         for selector, file in (("r", "rsa-pkcs1.pem"), ("e", "ed25519.pem")))
        (self.folder / "sekisho.toml").write_text(f"[signing]\n{extra}\n{tables}")
        return ["--config", "sekisho.toml", "--now", _NOW]

    def test_the_configuration_names_keys_and_how_they_sign(self):
        config = self.configure('header_canonicalization = "simple"\nexpiry = "1d"')
        done = self.run_sekisho("sign", *config, message=_MESSAGE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count(b"c=simple/relaxed"), 2)
        self.assertEqual(done.stdout.count(b"x=1700086400"), 2)
        self.assert_passes(done.stdout)
        overridden = self.run_sekisho("sign", *config, "--canonicalization", "relaxed/simple",
                                      *self.key("r", "rsa-pkcs1.pem"), message=_MESSAGE)
        self.assertEqual(overridden.stdout.count(b"c=relaxed/simple"), 1)
        self.assertEqual(overridden.stdout.count(b"DKIM-Signature"), 1)

    def test_messages_that_the_configuration_does_not_sign(self):
        config = self.configure()
        for message, words in (
            (b"From: joe@example.com\n\n", "no key for example.com"),
            (b"From: joe@example.org\nFrom: ann@example.org\n\n", "From"),
            (b"From: joe@example.org, ann@example.org\n\n", "more than one author"),
            (b"Subject: x\n\n", "From"),
        ):
            with self.subTest(message):
                said = self.refuse(*config, status=1, message=message)
                self.assertIn("not signed: ", said)
                self.assertIn(words, said)
        (self.folder / "sekisho.toml").write_text("")
        self.assertIn("no key for example.org", self.refuse(*config, status=1))
        (self.folder / "sekisho.toml").write_text("[signing]\nexpire = 1\n")
        self.assertIn("sekisho.toml:2: ", self.refuse(*config, status=1))
        self.assertIn("cannot be read", self.refuse("--config", "nowhere", status=1))

    def test_the_message_stays_as_it_was(self):
        for name, message in {
            "LF": _MESSAGE,
            "CRLF": _MESSAGE.replace(b"\n", b"\r\n"),
            "no body": b"From: joe@example.org\n",
            "no line end at all": b"From: joe@example.org",
            "no last line end": _MESSAGE + b"end",
            "blank lines": b"From: joe@example.org\r\n\r\n\r\n\r\n",
            "8-bit and control octets": _MESSAGE + bytes(range(256)) * 300,
            "a long line": _MESSAGE + b"x" * 100_000,
        }.items():
            with self.subTest(name):
                signed = self.sign(message=message)
                self.assertTrue(signed.endswith(message))
                added = signed[:-len(message)]
                end = b"\r\n" if name in ("CRLF", "blank lines") else b"\n"
                self.assertEqual(added.count(b"\n"), added.count(end))
                self.assertEqual(added.count(b"\r"), added.count(b"\r\n"))
                self.assertLess(max(map(len, added.split(end))), 78)
                self.assert_passes(signed)

    def test_messages_come_from_files_pipes_and_standard_input(self):
        (self.folder / "message.eml").write_bytes(_MESSAGE)
        os.mkfifo(self.folder / "pipe")
        expected = self.sign()
        self.assertEqual(self.sign("message.eml", message=b""), expected)
        self.assertEqual(self.sign("-"), expected)
        with subprocess.Popen(["cp", "message.eml", "pipe"], cwd=self.folder):
            self.assertEqual(self.sign("pipe", message=b""), expected)

    def test_the_line_of_a_mailbox_file_stays_on_top(self):
        line = b"From joe@example.org Thu Jan  1 00:00:00 1970\n"
        signed = self.sign(message=line + _MESSAGE)
        self.assertTrue(signed.startswith(line + b"DKIM-Signature: "))
        self.assert_passes(signed)

    def test_a_key_that_others_can_read_is_warned_about(self):
        (self.folder / "ed25519.pem").chmod(0o640)
        done = self.run_sekisho("sign", *self.key("e", "ed25519.pem"), message=_MESSAGE)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"others than its owner", done.stderr)

    def test_keys_that_are_refused(self):
        for file, words in {"rsa-pkcs8-encrypted.pem": "passphrase", "missing.pem": "No such file",
                            "zone": "no valid private key", ".": "not a regular file"}.items():
            with self.subTest(file):
                said = self.refuse(*self.key("r", file), status=1)
                self.assertIn(file, said)
                self.assertIn(words, said)

    def test_command_lines_that_are_refused(self):
        key = self.key("r", "rsa-pkcs1.pem")
        for arguments, words in (
            ([], "--key"),
            (["--domain", "example.org"], "belong together"),
            ([*key, "--selector", "s"], "belong together"),
            (self.key("r", "rsa-pkcs1.pem", "org"), "--domain org"),
            (self.key("r", "rsa-pkcs1.pem", "a b.org"), "--domain a b.org"),
            (self.key("r;", "rsa-pkcs1.pem"), "--selector r;"),
            (self.key(".".join(["s" * 60] * 4), "rsa-pkcs1.pem"), "too long"),
            ([*key, "--canonicalization", "plain"], "--canonicalization plain"),
            ([*key, "--now", "253402300800"], "--now"),
            ([*key, "--now", "-1"], "--now"),
        ):
            with self.subTest(arguments):
                self.assertIn(words, self.refuse(*arguments, status=2))

    def test_messages_that_are_refused(self):
        key = self.key("r", "rsa-pkcs1.pem")
        for message, words in (
            (b"", "no From field"),
            (b"Subject: x\n\nFrom: joe@example.org\n", "no From field"),
            (b"From: joe@example.org\nfrom : eve@example.com\n\n", "several From fields"),
            (b"From: joe@example.org\n" + b"X: y\n" * 300_000, "too large"),
        ):
            with self.subTest(words):
                self.assertIn(words, self.refuse(*key, status=1, message=message))
        self.assertIn("cannot be opened", self.refuse(*key, "missing.eml", status=1))

    def test_idn_is_written_in_a_labels(self):
        done = self.run_sekisho("sign", *self.key("bücher", "ed25519.pem", "bücher.example"), message=_MESSAGE)
        self.assertIn(b"d=xn--bcher-kva.example; s=xn--bcher-kva;", done.stdout)


if __name__ == "__main__":
    unittest.main()
