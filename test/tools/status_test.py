"""sekisho status against a daemon, and where there is none."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

BUILD = Path(os.environ.get("SEKISHO_BUILD", Path(__file__).resolve().parents[2] / "build/release"))


class Status(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.control = self.folder / "control.sock"
        self.configuration = self.configure(f'[control]\nsocket = "unix:{self.control}"\n')

    def configure(self, tables: str) -> Path:
        path = self.folder / "sekisho.toml"
        path.write_text(f'socket = "unix:{self.folder}/mail.sock"\n[dns]\nnameservers = ["127.0.0.1:1"]\n{tables}')
        return path

    def start(self):
        daemon = subprocess.Popen([BUILD / "milter/sekishod", "-c", self.configuration], stderr=subprocess.DEVNULL)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)
        while not self.control.exists():
            self.assertIsNone(daemon.poll())
            time.sleep(0.05)
        return daemon

    def status(self, *arguments) -> subprocess.CompletedProcess:
        return subprocess.run([BUILD / "tools/sekisho", "status", "--config", self.configuration, *arguments],
                              capture_output=True, text=True, check=False, timeout=60)

    def answer_with(self, text: bytes):
        """Stands in for the daemon, once."""
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.control))
        listener.listen()

        def answer():
            connection, _ = listener.accept()
            connection.sendall(text)
            connection.close()
            listener.close()

        thread = threading.Thread(target=answer)
        thread.start()
        self.addCleanup(thread.join)

    def test_a_person_reads_how_the_daemon_fares(self):
        daemon = self.start()
        found = self.status()
        self.assertEqual((found.returncode, found.stderr), (0, ""))
        for text in (f"process {daemon.pid}\n", f"configuration   {self.configuration}\n", "last reload     never\n",
                     "messages        none\n", "under way       0 of 5000\n", "\nspf             none\n"):
            self.assertIn(text, found.stdout)

    def test_a_program_reads_json(self):
        daemon = self.start()
        found = self.status("--format", "json")
        document = json.loads(found.stdout)
        self.assertEqual(document["process"], daemon.pid)
        self.assertEqual(document["messages"]["actions"]["accept"], 0)
        self.assertEqual(document["refusals"], [])

    def test_refusals_are_told_with_their_reasons(self):
        self.start()
        document = json.loads(self.status("--format", "json").stdout)
        document["refusals"] = [{"time": "2026-11-22T10:00:00Z", "queue_id": "4X", "action": "reject",
                                 "client": "192.0.2.1", "sender": "a\x1b[2J@example.org", "author": "example.org",
                                 "reason": "DMARC failed"}]
        document["messages"]["actions"]["reject"] = 1
        document["reloads"]["last"] = {"time": "2026-11-22T10:00:00Z", "good": False, "reason": "line 3"}
        self.control.unlink()
        self.answer_with(json.dumps(document).encode())
        found = self.status()
        self.assertIn("\nmessages        reject 1\n", found.stdout)
        self.assertIn("refused, what was before goes on: line 3\n", found.stdout)
        self.assertIn("2026-11-22T10:00:00Z 4X reject from 192.0.2.1 <a [2J@example.org> author example.org\n"
                      "    DMARC failed\n", found.stdout)

    def test_without_a_daemon_it_says_so(self):
        found = self.status()
        self.assertEqual(found.returncode, 1)
        self.assertIn(f"no daemon answers at {self.control}", found.stderr)

    def test_without_a_control_socket_it_says_so(self):
        self.configure("")
        found = self.status()
        self.assertEqual(found.returncode, 1)
        self.assertIn("control.socket is empty", found.stderr)

    def test_a_daemon_is_asked_while_its_file_is_bad(self):
        daemon = self.start()
        self.configure("zeal = 1\n")
        daemon.send_signal(signal.SIGUSR1)
        refused = self.status()
        self.assertEqual(refused.returncode, 1)
        self.assertIn("zeal: no such option", refused.stderr)
        self.assertIn("--socket unix:PATH asks the daemon all the same\n", refused.stderr)
        deadline = time.monotonic() + 30
        while "refused" not in (told := self.status("--socket", f"unix:{self.control}").stdout):
            self.assertLess(time.monotonic(), deadline, told)
        self.assertIn("zeal: no such option", told)
        for other in ("inet:1@127.0.0.1", str(self.control)):
            self.assertEqual(self.status("--socket", other).returncode, 2)

    def test_an_answer_of_something_else_is_refused(self):
        for text in (b"", b"hello\n", b"{}", b"[]", b'{"version": 1}'):
            with self.subTest(text):
                self.control.unlink(missing_ok=True)
                self.answer_with(text)
                found = self.status()
                self.assertEqual(found.returncode, 1)
                self.assertIn("not understood", found.stderr)


if __name__ == "__main__":
    unittest.main()
