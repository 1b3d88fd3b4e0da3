"""An attack through a real Postfix by senders whose DNS is slow: 25 MAIL a second, each from another such domain. The
mail of others is accepted, at once. SEKISHO_ATTACK_SECONDS says for how long."""

import contextlib
import os
import tempfile
import threading
import time
import unittest
from pathlib import Path

from .lmtp_sink import LmtpSink
from .message import compose
from .postfix import Postfix
from .sekishod import Sekishod
from .slow_names import SlowNames
from .smtp import Client

SECONDS = float(os.environ.get("SEKISHO_ATTACK_SECONDS", "6"))
RATE = 25
SESSIONS = 5
KEPT = 10  # connections of a session; all the attackers' are the half of what Postfix serves
HONEST = Client("192.0.2.1", helo="mail.honest.example")


class DnsAttack(unittest.TestCase):

    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-attack-")))
        folder.chmod(0o755)
        self.names = self.enterContext(SlowNames())
        self.sekishod = self.enterContext(Sekishod(folder / "sekishod", self.names.port))
        self.sink = self.enterContext(LmtpSink())
        self.mta = self.enterContext(Postfix(folder / "mta", (self.sekishod.port,), self.sink.port))
        self.over = threading.Event()

    def attack(self, number: int, addresses: int, command: str):
        """One session that says MAIL and RCPT over and over, and then RSET, or DATA and nothing more."""
        client = Client(f"198.18.{number % addresses}.66", helo="attack.example")
        connections = []
        for i in range(1_000_000):
            if self.over.wait(SESSIONS / RATE):
                break
            with contextlib.suppress(OSError):
                if not connections or command == "DATA":
                    connections.append(self.mta.connect(client))
                if len(connections) > KEPT:
                    connections.pop(0).close()
                for line in (f"MAIL FROM:<x@slow{number}-{i}.example>", "RCPT TO:<user@example.org>", command):
                    connections[-1].command(line)
        for connection in connections:
            connection.close()

    def send_honest(self, number: int) -> str:
        message = compose(f"Alice <alice@honest{number}.example>")
        with self.mta.connect(HONEST) as connection:
            reply = connection.send(message, f"alice@honest{number}.example", ["user@example.org"])
        return str(reply)

    def check_others_are_served(self, addresses: int, command: str):
        attackers = [threading.Thread(target=self.attack, args=(i, addresses, command)) for i in range(SESSIONS)]
        for attacker in attackers:
            attacker.start()
        end, replies = time.monotonic() + SECONDS, []
        while time.monotonic() < end:
            replies.append(self.send_honest(len(replies)))
            time.sleep(0.1)
        self.over.set()
        for attacker in attackers:
            attacker.join()
        delayed = [reply for reply in replies if not reply.startswith("2")]
        self.assertEqual(delayed, [], f"of {len(replies)}, with {self.names.asked} questions")

    def test_given_up_from_one_address(self):
        self.check_others_are_served(1, "RSET")

    def test_kept_waiting_from_one_address(self):
        self.check_others_are_served(1, "DATA")

    def test_given_up_from_several_addresses(self):
        self.check_others_are_served(SESSIONS, "RSET")

    def test_kept_waiting_from_several_addresses(self):
        self.check_others_are_served(SESSIONS, "DATA")
