"""What the package brings for other programs of a host (fail2ban, logcheck, AppArmor), with the log of a real daemon."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_BUILD = Path(os.environ["SEKISHO_BUILD"])
_SESSION = _BUILD / "test/milter/milter_session"
_LINE = re.compile(r"^\S+ sekishod\[(\d+)\] (\w+): (.*)$", re.MULTILINE)
_TWO_AUTHORS = "From: a@bank.example\r\nFrom: b@bank.example\r\n\r\nx\r\n"
_ONE_AUTHOR = "From: a@example.org\r\n\r\nx\r\n"


class HostFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="sekisho-host-")))
        (cls.folder / "sekisho.toml").write_text(
            f'socket = "unix:{cls.folder}/s"\nauthserv_id = "mx.example.org"\n[dns]\nnameservers = ["127.0.0.1:9"]\n'
            f'timeout = "100ms"\n[signing]\ninternal_networks = ["192.0.2.1"]\n[proof]\nkey_file = "{cls.folder}/proof"\n'
            '[metrics]\nlisten = "127.0.0.1:0"\n')
        with (cls.folder / "log").open("w") as log:
            daemon = subprocess.Popen([_BUILD / "milter/sekishod", "-c", cls.folder / "sekisho.toml"], stderr=log)
        deadline = time.monotonic() + 60
        while "ready: listening" not in (cls.folder / "log").read_text() and time.monotonic() < deadline:
            time.sleep(0.01)
        for client, message in (("203.0.113.66", _TWO_AUTHORS), ("192.0.2.1", _ONE_AUTHOR)):
            subprocess.run([_SESSION, f"unix:{cls.folder}/s", client, "action=reject", "a@example.org"], check=True,
                           input=message, text=True, stdout=subprocess.DEVNULL)
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
        # As syslog and the journal have them; the messages of a warning are for the operator.
        cls.lines = [f"Dec  1 03:00:00 mx sekishod[{process}]: {text}"
                     for process, level, text in _LINE.findall((cls.folder / "log").read_text()) if level == "info"]

    def test_there_are_lines_of_both_kinds(self):
        text = "\n".join(self.lines)
        for part in ("client=203.0.113.66 ", " action=reject ", "client=192.0.2.1 ", " action=accept ", ": stopped"):
            self.assertIn(part, text)

    def test_logcheck_ignores_normal_operation_and_nothing_else(self):
        rules = _ROOT / "contrib/logcheck/sekisho"
        others = ["Dec  1 03:00:00 mx sekishod[1]: not reloaded: the previous configuration and keys stay in use",
                  "Dec  1 03:00:00 mx sekishod[1]: runs as root: the option user names whom to become"]
        stamped = [line.replace("Dec  1 03:00:00", "2026-12-01T03:00:00.123456+00:00") for line in self.lines]
        done = subprocess.run(["grep", "-E", "-v", "-f", rules], input="\n".join([*self.lines, *stamped, *others]) + "\n",
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout.splitlines(), others)

    def test_fail2ban_finds_refusals_alone(self):
        text = (_ROOT / "contrib/fail2ban/sekisho.conf").read_text()
        pattern = re.search(r"^failregex = (.*)$", text, re.MULTILINE)[1]
        pattern = pattern.replace("%(__prefix_line)s", r"\w{3} [ :\d]{11} mx sekishod\[\d+\]: ").replace("<ADDR>", r"(\S+)")
        found = [match[1] for line in self.lines if (match := re.search(pattern, line))]
        self.assertEqual(found, ["203.0.113.66"])

    @unittest.skipUnless(shutil.which("fail2ban-regex"), "fail2ban is not installed")
    def test_fail2ban_itself_reads_the_filter(self):
        (self.folder / "mail.log").write_text("\n".join(self.lines) + "\n")
        for file in (_ROOT / "contrib/fail2ban/sekisho.conf", Path("/etc/fail2ban/filter.d/common.conf")):
            shutil.copy(file, self.folder)
        said = subprocess.run(["fail2ban-regex", self.folder / "mail.log", self.folder / "sekisho.conf"],
                              capture_output=True, text=True, check=True).stdout
        self.assertRegex(said, rf"Lines: {len(self.lines)} lines, 0 ignored, 1 matched")

    @unittest.skipUnless(shutil.which("apparmor_parser"), "AppArmor is not installed")
    def test_apparmor_compiles_the_profile(self):
        profile = _ROOT / "contrib/apparmor/usr.sbin.sekishod"
        subprocess.run(["apparmor_parser", "--skip-kernel-load", "--skip-cache", profile], check=True, capture_output=True)
        self.assertIn("flags=(complain)", profile.read_text())


if __name__ == "__main__":
    if not _SESSION.exists():
        print("cannot run without milter_session")
        sys.exit(1 if os.environ.get("CI") else 77)
    unittest.main()
