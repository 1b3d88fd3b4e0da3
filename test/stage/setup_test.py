"""`sekisho setup` beside a Postfix whose services are those of a fresh Debian: set up, used, run again, taken back."""

import contextlib
import itertools
import json
import os
import pty
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from . import postfix as stage_postfix
from .chroot_test import MESSAGE, SekishodInSpool
from .daemon import HOST
from .lmtp_sink import LmtpSink
from .nsd import Nsd
from .opendkim import VerifyingOpendkim
from .postfix import Postfix
from .sekishod import SEKISHO
from .smtp import Client, Connection
from .world import BANK, World

DEBIAN_SERVICES = Path("/usr/share/postfix/master.cf.dist")
OURS = Client("127.0.0.1", helo="localhost")
OUR_MESSAGE = b"From: Alice <alice@example.org>\r\nTo: user@example.org\r\nSubject: tea\r\n\r\nAt five?\r\n"


class FreshPostfix(Postfix):
    """No milter is in main.cf, and master.cf is Debian's, but for the port."""

    def __init__(self, folder: Path, lmtp_port: int):
        super().__init__(folder, (), lmtp_port)
        self.main, self.master = folder / "etc/main.cf", folder / "etc/master.cf"
        self.main.write_text(stage_postfix._MAIN.format(folder=folder, host=HOST, lmtp_port=lmtp_port))
        self.master.write_text(DEBIAN_SERVICES.read_text().replace("\nsmtp      inet", f"\n{HOST}:{self.port} inet", 1))
        self.before = self.main.read_bytes(), self.master.read_bytes()

    def ask_milters(self, *milters: str):
        """As a host has it that asks others already."""
        with self.main.open("a") as main:
            main.write(f"smtpd_milters = {', '.join(milters)}\nnon_smtpd_milters = $smtpd_milters\n")
        self.before = self.texts()
        subprocess.run(["/usr/sbin/postfix", "-c", self.folder / "etc", "reload"], check=True, capture_output=True)

    def texts(self) -> tuple[bytes, bytes]:
        return self.main.read_bytes(), self.master.read_bytes()


class Setup(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-stage-")))
        self.folder.chmod(0o755)
        self.world, self.numbers = World(), itertools.count(1)
        self.nsd = self.enterContext(Nsd(self.folder / "nsd", self.world.records))
        self.sink = self.enterContext(LmtpSink())
        self.postfix = self.enterContext(FreshPostfix(self.folder / "postfix", self.sink.port))
        self.sekishod = SekishodInSpool(self.folder / "sekishod",
                                        self.folder / "postfix/queue/sekisho/sekisho.sock", self.nsd.port)
        text = self.sekishod.configuration.read_text()
        self.sekishod.configuration.write_text(text.replace(f"unix:{self.sekishod.socket}", "inet:8891@127.0.0.1"))
        self.keys = self.folder / "keys"
        self.keys.mkdir(0o700)
        shutil.chown(self.keys, "nobody")

    def enterContext(self, manager):
        value = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        return value

    def command(self, *arguments: str) -> list:
        return [SEKISHO, "setup", "--config", self.sekishod.configuration, "--dir", self.keys,
                "--postfix-dir", self.folder / "postfix/etc", "--nameserver", f"{HOST}:{self.nsd.port}",
                "--address", "192.0.2.25", *arguments]

    def run_setup(self, *arguments: str) -> str:
        done = subprocess.run(self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def answer_setup(self, answers: tuple[tuple[str, str], ...]) -> str:
        """What a person sees at a terminal who answers each question, named by a part of it."""
        ours, terminal = pty.openpty()
        command = subprocess.Popen(self.command("--domain", "example.org"), stdin=terminal, stdout=terminal, stderr=terminal,
                                   start_new_session=True)
        os.close(terminal)
        shown, begin = "", 0
        with contextlib.suppress(OSError):  # the end of a terminal
            while part := os.read(ours, 4096):
                shown += part.decode(errors="replace")
                if answers and re.search(answers[0][0] + r".* ?$", shown[begin:]):
                    os.write(ours, answers[0][1].encode() + b"\n")
                    begin, answers = len(shown), answers[1:]
        os.close(ours)
        self.assertEqual(command.wait(), 0, shown)
        self.assertEqual(answers, (), shown)
        return shown

    def publish(self):
        records = json.loads(self.run_setup("--dry-run", "--format", "json"))["records"]
        self.nsd.show(self.world.records + "".join(record["zone"] for record in records))
        self.nsd.reload()

    def send(self, message: bytes, sender: str, client: Client) -> bytes:
        """What was delivered."""
        recipient = f"user{next(self.numbers)}@example.org"
        with Connection(self.postfix.port, client, xclient=client is not OURS) as connection:
            reply = connection.send(message, sender, [recipient], "")
        self.assertTrue(reply.accepted, str(reply))
        return self.sink.wait_for(recipient)

    def test_it_is_set_up_used_and_taken_back(self):
        shown = self.run_setup("--dry-run", "--domain", "example.org")
        self.assertIn("make the key", shown)
        self.assertEqual(self.postfix.texts(), self.postfix.before)

        shown = self.run_setup("--yes", "--domain", "example.org", "--submission", "--no-test")
        self.assertIn("_domainkey.example.org. IN TXT (", shown)
        self.assertIn("start sekishod again", shown)
        self.publish()
        self.enterContext(self.sekishod)

        self.assertIn(b"mx.example.org;", self.send(MESSAGE, "info@bank.example", BANK))
        self.assertEqual(self.send(OUR_MESSAGE, "alice@example.org", OURS).count(b"DKIM-Signature:"), 2)

        texts = self.postfix.texts()
        self.assertIn(b"milter_macro_daemon_name=ORIGINATING", texts[1].splitlines()[-1])
        shown = self.run_setup("--yes", "--test-to", "user@example.org", "--log", str(self.sekishod.log))
        self.assertNotIn("to do", shown)
        self.assertRegex(shown, r"The message was signed with \d+-rsa, \d+-ed25519\.")
        self.assertEqual(self.postfix.texts(), texts)

        self.run_setup("--undo", "--yes")
        self.assertEqual(self.postfix.texts(), self.postfix.before)
        self.assertFalse((self.sekishod.configuration.parent / "setup.json").exists())
        self.assertEqual(list((self.sekishod.configuration.parent / "conf.d").glob("*")), [])
        self.sekishod.stop()
        self.assertNotIn(b"mx.example.org;", self.send(MESSAGE, "info@bank.example", BANK))

    def test_a_person_is_asked(self):
        questions = (("Address for DMARC reports", ""), ("Show a record for TLS reports as well", "y"),
                     ("Offer submission .port 587. for users who log in", "yes"))
        shown = self.answer_setup((*questions, ("Make the keys and the configuration", "y"),
                                   ("Change the mail server as shown", "what"), ("Change the mail server", "n"),
                                   ("Send a test message", "n")))
        self.assertIn("rua=mailto:postmaster@example.org", shown)
        self.assertIn("_smtp._tls.example.org. ", shown)
        self.assertIn("Still missing:", shown)
        self.assertEqual(self.postfix.texts(), self.postfix.before)
        self.assertEqual(len(list(self.keys.rglob("*.pem"))), 2)

        self.answer_setup((*questions, ("Change the mail server as shown", ""), ("Send a test message", "n")))
        self.assertIn(b"sekisho.sock", self.postfix.texts()[0])
        self.assertEqual(len(list(self.keys.rglob("*.pem"))), 2)

    def test_beside_opendkim(self):
        opendkim = VerifyingOpendkim(self.folder / "opendkim", "opendkim.example.org", {})
        with (self.folder / "opendkim/opendkim.conf").open("a") as configuration:
            configuration.write("AlwaysAddARHeader yes\n")
        self.enterContext(opendkim)
        self.postfix.ask_milters(f"inet:{HOST}:{opendkim.port}")
        self.assertIn(b"opendkim.example.org;", self.send(MESSAGE, "info@bank.example", BANK))

        shown = self.run_setup("--yes", "--domain", "example.org", "--no-test")
        self.assertIn("inet:" + f"{HOST}:{opendkim.port}", shown)
        self.enterContext(self.sekishod)
        delivered = self.send(MESSAGE, "info@bank.example", BANK)
        self.assertIn(b"mx.example.org;", delivered)
        self.assertIn(b"opendkim.example.org;", delivered)

        self.run_setup("--release")
        self.sekishod.stop()
        delivered = self.send(MESSAGE, "info@bank.example", BANK)
        self.assertNotIn(b"mx.example.org;", delivered)
        self.assertIn(b"opendkim.example.org;", delivered)

    def test_a_removal_leaves_other_changes(self):
        self.run_setup("--yes", "--domain", "example.org", "--no-test")
        with self.postfix.main.open("a") as main:
            main.write("smtpd_banner = ours\n")
        self.run_setup("--release")
        text = self.postfix.main.read_text()
        self.assertNotIn("sekisho.sock", text)
        self.assertIn("smtpd_banner = ours\n", text)
        self.assertNotIn(b"mx.example.org;", self.send(MESSAGE, "info@bank.example", BANK))


if __name__ == "__main__":
    unittest.main()
