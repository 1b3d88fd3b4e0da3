"""Postfix as Debian has it: its smtpd is chrooted to the queue folder, and finds a socket there. The daemon was started
by root and is somebody else by then; the folder is as contrib/systemd/sekisho.tmpfiles makes it."""

import shutil
import stat
import tempfile
import time
import unittest
from pathlib import Path

from .lmtp_sink import LmtpSink
from .nsd import Nsd
from .postfix import Postfix
from .sekishod import BUILD
from .daemon import Daemon, NotStarted
from .smtp import Connection
from .world import BANK, STRANGER, World

MESSAGE = b"From: Bank <info@bank.example>\r\nTo: user@example.org\r\nSubject: tea\r\n\r\nAt five?\r\n"


class SekishodInSpool(Daemon):
    """At a unix socket, as its own user."""

    def __init__(self, folder: Path, socket: Path, dns_port: int):
        super().__init__("sekishod", folder, 0)
        self.socket, self.configuration = socket, folder / "sekisho.toml"
        self.configuration.write_text(f'socket = "unix:{socket}"\nauthserv_id = "mx.example.org"\nuser = "nobody"\n'
                                      f'[dns]\nnameservers = ["127.0.0.1:{dns_port}"]\n')

    def command(self):
        return [str(BUILD / "milter/sekishod"), "-c", str(self.configuration)]

    def _wait_until_ready(self, seconds: float = 30):
        deadline = time.monotonic() + seconds
        while not self.socket.exists():
            if time.monotonic() > deadline or not self.is_running():
                self.stop()
                raise NotStarted(self.log.read_text())
            time.sleep(0.02)


class Chroot(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-stage-")))
        self.folder.chmod(0o755)
        nsd = self.enterContext(Nsd(self.folder / "nsd", World().records))
        self.sink = self.enterContext(LmtpSink())
        self.postfix = Postfix(self.folder / "postfix", ("unix:sekisho/sekisho.sock",), self.sink.port, chroot=True)
        place = self.folder / "postfix/queue/sekisho"
        place.mkdir()
        shutil.chown(place, "nobody", "postfix")
        place.chmod(0o2750)
        self.sekishod = self.enterContext(SekishodInSpool(self.folder / "sekishod", place / "sekisho.sock", nsd.port))
        self.enterContext(self.postfix)

    def enterContext(self, manager):
        value = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        return value

    def send(self, client):
        with Connection(self.postfix.port, client) as connection:
            return connection.send(MESSAGE, "info@bank.example", ["user@example.org"], "")

    def test_the_socket_is_for_postfix(self):
        self.assertEqual(stat.S_IMODE(self.sekishod.socket.stat().st_mode), 0o660)
        self.assertEqual((self.sekishod.socket.owner(), self.sekishod.socket.group()), ("nobody", "postfix"))

    def test_mail_is_checked(self):
        self.assertTrue(self.send(BANK).accepted)
        self.assertIn(b"mx.example.org;", self.sink.wait_for("user@example.org"))
        refused = self.send(STRANGER)
        self.assertFalse(refused.accepted)
        self.assertIn("5.7.26", str(refused))

    def test_the_daemon_goes_and_comes_back(self):
        self.assertEqual(self.sekishod.stop(), 0)
        self.assertFalse(self.sekishod.socket.exists())
        self.assertIn("4.7.1", str(self.send(BANK)))
        self.sekishod.start()
        self.assertTrue(self.send(BANK).accepted)


if __name__ == "__main__":
    unittest.main()
