"""The name servers of resolv.conf, as that file changes under a daemon that runs."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from .lmtp_sink import LmtpSink
from .message import compose
from .postfix import Postfix
from .sekishod import Sekishod
from .slow_names import SlowNames
from .smtp import Client

HONEST = Client("192.0.2.1", helo="mail.honest.example")
SYSTEM = "/etc/resolv.conf"


class ResolvConf(unittest.TestCase):

    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-resolv-conf-")))
        folder.chmod(0o755)
        self.file = folder / "resolv.conf"
        self.file.write_text("nameserver 127.0.0.3\n")  # where nobody listens
        subprocess.run(["mount", "--bind", str(self.file), SYSTEM], check=True)
        self.addCleanup(subprocess.run, ["umount", SYSTEM], check=True)
        self.names = self.enterContext(SlowNames("127.0.0.2", 53))
        sekishod = Sekishod(folder / "sekishod", 0)
        lines = sekishod.configuration.read_text().splitlines(keepends=True)
        sekishod.configuration.write_text("".join(line for line in lines if not line.startswith("nameservers")))
        self.sekishod = self.enterContext(sekishod)
        sink = self.enterContext(LmtpSink())
        self.mta = self.enterContext(Postfix(folder / "mta", (self.sekishod.port,), sink.port))
        self.sent = 0

    def send(self) -> str:
        self.sent += 1
        author = f"alice@honest{self.sent}.example"
        with self.mta.connect(HONEST) as connection:
            return str(connection.send(compose(f"Alice <{author}>"), author, ["user@example.org"]))

    def test_a_change_is_followed(self):
        self.assertRegex(self.send(), "^451 ")
        self.assertEqual(self.names.asked, 0)
        self.file.write_text("nameserver 127.0.0.2\n")  # of the same size
        self.assertRegex(self.send(), "^250 ")
        self.file.write_text("# 127.0.0.2 was good\nnameserver 127.0.0.3\n")
        self.assertRegex(self.send(), "^451 ")
        self.file.write_text("nameserver 127.0.0.2\n")
        self.sekishod.reload("reloaded")
        self.assertRegex(self.send(), "^250 ")
