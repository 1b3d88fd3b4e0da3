"""The Debian package under a systemd that runs as process 1: what the units, the sandbox and the maintainer scripts are
like where they are at home, and mail through a chrooted Postfix beside them."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from package import clean_root  # noqa: E402: only now is it found
from systemd.machine import CannotBoot, Machine  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SEKISHO_BUILD", ROOT / "build/release"))
HOST_NAME = "mx.example.org"
MIGRATED = ROOT / "test/data/migrate/debian"
QUEUE_SOCKET = "unix:/var/spool/postfix/sekisho/sekisho.sock"

# No name server is there: look-ups end at once.
INBOUND = f"""\
socket = "{QUEUE_SOCKET}"
authserv_id = "{HOST_NAME}"
[dns]
nameservers = ["127.0.0.1"]
timeout = "100ms"
"""
MAIN_CF = f"""\
compatibility_level = 3.6
myhostname = {HOST_NAME}
mydestination = {HOST_NAME}
inet_interfaces = loopback-only
alias_maps =
alias_database =
smtpd_milters = unix:sekisho/sekisho.sock
milter_default_action = tempfail
"""
# As somebody who is not of this host, to one of its users.
SEND = """\
import smtplib
with smtplib.SMTP("127.0.0.1", 25, "mail.bank.example") as server:
    server.sendmail("bob@bank.example", ["games@mx.example.org"], b"From: bob@bank.example\\r\\nSubject: tea\\r\\n\\r\\nAt five?\\r\\n")
"""


class Boot(unittest.TestCase):
    """The tests stand in the order of a package's life."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="sekisho-boot-")
        cls.addClassCleanup(folder.cleanup)
        root = Path(folder.name) / "root"
        cls.packed = cls.pack(Path(folder.name) / "packed")
        clean_root.borrow(root)
        cls.addClassCleanup(subprocess.run, ["umount", "-l", root, root.parent / "over"], check=False)
        cls.machine = Machine(root, HOST_NAME)
        cls.machine.prepare()
        cls.configure_postfix(root)
        (root / "var/lib/man-db/auto-update").unlink(missing_ok=True)  # it would look at every page of this machine
        (root / "opt/sekisho.deb").write_bytes(cls.packed.read_bytes())
        cls.addClassCleanup(cls.machine.stop)
        try:
            cls.machine.boot()
        except CannotBoot as reason:
            raise unittest.SkipTest(str(reason)) from reason

    @staticmethod
    def pack(folder: Path) -> Path:
        subprocess.run(["cpack", "--config", BUILD / "CPackConfig.cmake", "-B", folder], check=True,
                       stdout=subprocess.DEVNULL)
        return next(folder.glob("*.deb"))

    @staticmethod
    def configure_postfix(root: Path):
        """As Debian has it, chrooted."""
        (root / "etc/postfix/main.cf").write_text(MAIN_CF)
        (root / "etc/postfix/master.cf").write_bytes((root / "usr/share/postfix/master.cf.dist").read_bytes())
        wanted = root / "etc/systemd/system/multi-user.target.wants"
        wanted.mkdir(exist_ok=True)
        (wanted / "postfix.service").symlink_to("/lib/systemd/system/postfix.service")

    def run_in(self, *command, **more) -> str:
        done = self.machine.run(*command, **more)
        self.assertEqual(done.returncode, 0, f"{command}: {done.stdout}\n{self.journal()}")
        return done.stdout

    def journal(self, unit: str = "") -> str:
        return self.machine.run("journalctl", "--no-pager", "-o", "cat", *(("-u", unit) if unit else ())).stdout

    def property_of(self, unit: str, name: str) -> str:
        return self.run_in("systemctl", "show", "--value", "-p", name, unit).strip()

    def wait_for(self, what: str, is_there):
        deadline = time.monotonic() + 60
        while not is_there():
            self.assertLess(time.monotonic(), deadline, f"{what} does not come\n{self.journal()}")
            time.sleep(0.1)

    def write(self, path: str, text: str):
        file = self.machine.root / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)

    def send(self) -> str:
        """A message through Postfix; what was delivered."""
        mailbox = self.machine.root / "var/mail/games"
        before = mailbox.stat().st_size if mailbox.exists() else 0
        self.run_in("/usr/bin/python3", "-", stdin=None, input=SEND)
        self.wait_for("the message", lambda: mailbox.exists() and mailbox.stat().st_size > before)
        return mailbox.read_text()[before:]

    def test_1_the_package_starts_the_daemon(self):
        self.assertIn("sekisho setup", self.run_in("dpkg", "--force-unsafe-io", "-i", "/opt/sekisho.deb"))
        self.assertEqual(self.run_in("systemctl", "is-active", "sekishod"), "active\n")
        self.assertEqual(self.property_of("sekishod", "StatusText"), "listening at inet:8891@127.0.0.1")
        self.assertEqual(self.run_in("systemctl", "is-enabled", "sekishod"), "enabled\n")

    def test_2_the_sandbox_holds(self):
        process = self.property_of("sekishod", "MainPID")
        status = self.run_in("cat", f"/proc/{process}/status")
        for line in ("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"):
            self.assertIn(line, status)
        user = self.run_in("id", "-u", "sekisho").strip()
        self.assertIn(f"Uid:\t{user}\t{user}\t{user}\t{user}\n", status)
        inside = ("nsenter", f"--target={process}", "--mount", "--")
        for path in ("/etc/sekisho", "/usr", "/var/lib", "/var/spool/postfix"):
            self.assertNotEqual(self.machine.run(*inside, "touch", f"{path}/x").returncode, 0, path)
        self.run_in(*inside, "touch", "/var/lib/sekisho/x", "/run/sekisho/x")
        self.assertEqual(self.run_in(*inside, "find", "/home", "/root", "/tmp", "-mindepth", "1"), "")

    def test_3_a_chrooted_postfix_reaches_an_instance(self):
        self.write("etc/sekisho/inbound.toml", INBOUND)
        self.run_in("systemctl", "enable", "--now", "sekishod@inbound")
        self.assertEqual(self.run_in("sekisho", "config", "check", "--config", "/etc/sekisho/inbound.toml"),
                         "/etc/sekisho/inbound.toml: in order\n")
        self.assertIn(f"Authentication-Results: {HOST_NAME};", self.send())

    def test_4_the_journal_has_fields(self):
        entries = [json.loads(line) for line in self.run_in(
            "journalctl", "-u", "sekishod@inbound", "-o", "json", "--no-pager").splitlines()]
        ours = [entry for entry in entries if entry.get("SYSLOG_IDENTIFIER") == "sekishod"]
        message = next(entry for entry in ours if "client=127.0.0.1" in entry["MESSAGE"])
        self.assertRegex(message["MESSAGE"], r"^[0-9A-F]+: client=")
        self.assertEqual((message["PRIORITY"], message["_SYSTEMD_UNIT"]), ("6", "sekishod@inbound.service"))
        found = self.run_in("journalctl", "-o", "json", "--no-pager", "SEKISHO_SENDER=bob@bank.example",
                            "SEKISHO_AUTHOR=bank.example", "SEKISHO_ACTION=accept").splitlines()
        self.assertTrue(message["MESSAGE"].startswith(json.loads(found[0])["SEKISHO_QUEUE_ID"] + ":"))

    def test_5_a_reload_tells_how_it_went(self):
        self.run_in("systemctl", "reload", "sekishod@inbound")
        self.assertEqual(self.property_of("sekishod@inbound", "StatusText"), "serving, reloaded")
        self.write("etc/sekisho/inbound.toml", INBOUND + "nonsense = 1\n")
        self.assertNotEqual(self.machine.run("systemctl", "reload", "sekishod@inbound").returncode, 0)
        self.assertIn("nonsense", self.property_of("sekishod@inbound", "StatusText"))
        self.assertIn("Authentication-Results", self.send())
        self.write("etc/sekisho/inbound.toml", INBOUND)
        self.run_in("systemctl", "reload", "sekishod@inbound")

    def test_6_the_watchdog_ends_one_that_hangs(self):
        self.write("etc/systemd/system/sekishod@.service.d/quick.conf", "[Service]\nWatchdogSec=1\n")
        self.run_in("systemctl", "daemon-reload")
        self.run_in("systemctl", "restart", "sekishod@inbound")
        hanging = self.property_of("sekishod@inbound", "MainPID")
        self.run_in("kill", "-STOP", hanging)
        self.wait_for("another daemon", lambda: self.property_of("sekishod@inbound", "NRestarts") == "1")
        self.wait_for("its start", lambda: self.machine.run("systemctl", "is-active", "sekishod@inbound").returncode == 0)
        self.assertIn("Authentication-Results", self.send())

    def test_7_systemd_listens_for_the_daemon(self):
        configuration = self.machine.root / "etc/sekisho/sekisho.toml"
        unedited = configuration.read_text()
        self.write("etc/sekisho/sekisho.toml", re.sub(
            "^socket = .*$", 'socket = "fd:3"', unedited, count=1, flags=re.MULTILINE))
        example = self.run_in("cat", "/usr/share/doc/sekisho/examples/systemd/sekishod.socket")
        self.write("etc/systemd/system/sekishod.socket", example)
        for command in re.findall(r"^# +(systemctl .*)$", example, re.MULTILINE):
            self.run_in(*command.split())
        self.run_in("systemctl", "stop", "sekishod")
        self.run_in("/usr/bin/python3", "-c", "import socket; socket.create_connection(('127.0.0.1', 8891))")
        self.wait_for("the daemon", lambda: self.property_of("sekishod", "StatusText") == "listening at fd:3")
        self.run_in("systemctl", "reload", "sekishod")
        self.run_in("systemctl", "disable", "--now", "sekishod.socket")
        self.write("etc/sekisho/sekisho.toml", unedited)
        self.run_in("systemctl", "restart", "sekishod")

    def test_8_the_timers_services_live_in_their_sandbox(self):
        self.write("etc/sekisho/conf.d/reports.toml",
                   '[feedback]\nstore = "/var/lib/sekisho/feedback.db"\n[report]\nemail = "dmarc@example.org"\n'
                   '[failure]\nenabled = true\ndomains = ["bank.example"]\n[domains]\nwatch = ["bank.example"]\n')
        self.run_in("systemctl", "restart", "sekishod")
        self.run_in("systemctl", "start", "sekisho-report", "sekisho-deliver", "sekisho-domain")
        self.assertIn("no reports are due", self.journal("sekisho-report"))
        self.assertTrue((self.machine.root / "var/lib/sekisho/domains/counts").read_text().startswith("bank.example "))
        timers = ("sekisho-report.timer", "sekisho-deliver.timer", "sekisho-domain.timer")
        self.run_in("systemctl", "enable", "--now", *timers)
        for timer in timers:
            self.assertEqual(self.property_of(timer, "ActiveState"), "active")
        (self.machine.root / "etc/sekisho/conf.d/reports.toml").unlink()

    def test_8_a_stop_is_clean(self):
        self.run_in("systemctl", "stop", "sekishod")
        self.assertEqual(self.property_of("sekishod", "Result"), "success")
        self.assertEqual(self.property_of("sekishod", "ExecMainStatus"), "0")
        self.run_in("systemctl", "start", "sekishod")

    def test_8_what_debian_has_of_others_is_replaced_as_the_readme_says(self):
        """OpenDKIM is that of this machine; of OpenDMARC there is the configuration alone."""
        self.write("etc/opendkim.conf", (MIGRATED / "opendkim.conf").read_text())
        self.write("etc/opendmarc.conf", (MIGRATED / "opendmarc.conf").read_text())
        self.run_in("update-rc.d", "-f", "opendkim", "remove")  # of which prepare() left a half
        self.run_in("update-rc.d", "opendkim", "defaults")
        self.run_in("systemctl", "enable", "--now", "opendkim")
        self.run_in("systemctl", "disable", "--now", "sekishod@inbound")  # which has the place
        section = (ROOT / "README.md").read_text().partition("\n## Moving from")[2].partition("\n## ")[0]
        commands = [command.replace(" opendmarc", "") if command.startswith("systemctl") else command
                    for command in re.findall(r"^[$#] (.*)$", section, re.MULTILINE)]
        self.assertEqual((len(commands), commands[0].split()[0], commands[-1]), (8, "mv", "postfix reload"))
        for command in commands:
            self.run_in("sh", "-c", command)
        self.assertNotEqual(self.machine.run("systemctl", "is-active", "opendkim").returncode, 0)
        *doubts, last = self.run_in("sekisho", "config", "check").splitlines()
        self.assertEqual(last, "/etc/sekisho/sekisho.toml: in order")
        self.assertEqual(len(doubts), 1, doubts)
        self.assertIn("there is no key: nothing is signed", doubts[0])  # in Debian's file KeyFile is a comment
        self.assertEqual(self.property_of("sekishod", "StatusText"), f"listening at {QUEUE_SOCKET}")
        self.assertIn(f"Authentication-Results: {HOST_NAME};", self.send())

        self.run_in("mv", "/etc/sekisho/sekisho.toml.packaged", "/etc/sekisho/sekisho.toml")
        self.run_in("systemctl", "restart", "sekishod")
        self.run_in("systemctl", "enable", "--now", "sekishod@inbound")

    def test_9_an_upgrade_takes_all_of_them_along(self):
        units = ("sekishod", "sekishod@inbound")
        before = [self.property_of(unit, "MainPID") for unit in units]
        self.run_in("dpkg", "--force-unsafe-io", "-i", "/opt/sekisho.deb")
        for unit, process in zip(units, before):
            self.assertEqual(self.run_in("systemctl", "is-active", unit), "active\n")
            self.assertNotEqual(self.property_of(unit, "MainPID"), process)

    def test_9_it_is_set_up_and_taken_back(self):
        self.run_in("systemctl", "disable", "--now", "sekishod@inbound")  # which has the place
        fresh = MAIN_CF.replace("smtpd_milters = unix:sekisho/sekisho.sock\n", "")
        self.write("etc/postfix/main.cf", fresh)
        self.run_in("postfix", "reload")
        shown = self.run_in("sekisho", "setup", "--yes", "--domain", "example.org")
        self.assertIn("  250 2.0.0 Ok: queued as ", shown)
        self.assertIn("origin=internal", shown)
        self.assertEqual(self.property_of("sekishod", "StatusText"), f"listening at {QUEUE_SOCKET}")
        self.assertIn(f"Authentication-Results: {HOST_NAME};", self.send())
        self.assertNotIn("to do", self.run_in("sekisho", "setup", "--yes", "--no-test"))

        self.run_in("sekisho", "setup", "--undo", "--yes")
        self.assertEqual((self.machine.root / "etc/postfix/main.cf").read_text(), fresh)
        self.assertEqual(self.property_of("sekishod", "StatusText"), "listening at inet:8891@127.0.0.1")
        self.assertNotIn("Authentication-Results:", self.send())

        self.run_in("sekisho", "setup", "--yes", "--domain", "example.org", "--enforce")
        self.assertIn("Authentication-Results:", self.send())

    def test_9_nothing_is_left_running_or_enabled(self):
        self.run_in("dpkg", "--force-unsafe-io", "-r", "sekisho")
        self.assertNotIn("Authentication-Results:", self.send())
        self.run_in("dpkg", "--force-unsafe-io", "-P", "sekisho")
        self.assertNotIn("Authentication-Results:", self.send())
        self.assertNotEqual(self.machine.run("pgrep", "-x", "sekishod").returncode, 0)
        links = (self.machine.root / "etc/systemd/system").glob("*.wants/sekisho*")
        self.assertEqual([str(link) for link in links], [])
        failed = self.run_in("systemctl", "list-units", "--failed", "--plain", "--no-legend")
        self.assertNotIn("sekisho", failed)


def what_is_missing() -> list[str]:
    programs = ("cpack", "dpkg-deb", "nsenter", "setpriv", "systemctl", "postconf")
    return [name for name in programs if not shutil.which(name)] + (["root"] if os.getuid() != 0 else [])


if __name__ == "__main__":
    if missing := what_is_missing():
        print("cannot run without:", ", ".join(missing))
        sys.exit(1 if os.environ.get("CI") else 77)
    if os.environ.get("SEKISHO_OWN_MOUNTS") is None:
        os.environ["SEKISHO_OWN_MOUNTS"] = "yes"
        os.execvp("unshare", ["unshare", "--mount", "--", sys.executable, *sys.argv])
    result = unittest.main(verbosity=2, exit=False).result
    sys.exit(1 if not result.wasSuccessful() else 77 if result.skipped else 0)
