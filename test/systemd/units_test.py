"""The units of contrib/systemd: valid, tight, and no tighter than the daemon can live with."""

import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SEKISHO_BUILD", ROOT / "build/release"))
UNITS = ROOT / "contrib/systemd"
SERVICES = ("sekishod.service.in", "sekishod@.service.in", "sekisho-report.service.in", "sekisho-deliver.service.in",
            "sekisho-domain.service.in")
MOST_EXPOSED = 20  # in tenths, as --threshold wants it

# Refused with EPERM where they are not needed, and the daemon goes on: limits come from the unit.
TOLERATED = {"setrlimit", "prlimit64"}


def run(*command, **more) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **more)


def system_calls(names: list[str]) -> set[str]:
    """Of systemd's groups, with the groups in them."""
    calls = set()
    for name in names:
        if not name.startswith("@"):
            calls.add(name)
            continue
        words = [line.strip() for line in run("systemd-analyze", "syscall-filter", name).stdout.splitlines()[1:]]
        calls |= system_calls([word for word in words if word and not word.startswith("#")])
    return calls


def allowed_by(unit: Path) -> set[str]:
    """Line by line, as systemd reads SystemCallFilter=."""
    allowed = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit.read_text(), re.MULTILINE):
        if line.startswith("~"):
            allowed -= system_calls(line[1:].split())
        else:
            allowed |= system_calls(line.split())
    return allowed


class Units(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def put(self, name: str) -> Path:
        """A unit as systemd-analyze takes it: with a program that is there, and an instance."""
        text = re.sub(r"@CMAKE_INSTALL_PREFIX@\S+", "/bin/true", (UNITS / name).read_text())
        unit = self.folder / name.removesuffix(".in").replace("@", "@inbound")
        unit.write_text(text)
        return unit

    def test_they_leave_little_open(self):
        for service in SERVICES:
            with self.subTest(service):
                found = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                            f"--threshold={MOST_EXPOSED}", self.put(service))
                self.assertEqual(found.returncode, 0, found.stdout)

    def test_they_are_valid(self):
        units = [self.put(name) for name in (*SERVICES, "sekisho-report.timer", "sekisho-deliver.timer",
                                               "sekisho-domain.timer")]
        for unit in units:
            with self.subTest(unit.name):
                found = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit)
                self.assertEqual((found.returncode, found.stdout), (0, ""))

    def test_an_instance_differs_in_its_configuration_alone(self):
        single, template = ((UNITS / service).read_text().splitlines() for service in SERVICES[:2])
        differing = [line for line in template if line not in single]
        self.assertEqual([line.partition("=")[0] for line in differing], ["Description", "ExecStart"])
        for line in differing[1:]:
            self.assertIn("/etc/sekisho/%i.toml", line)

    def test_the_mail_server_starts_after_the_daemon_and_stops_before_it(self):
        for service in SERVICES[:2]:
            with self.subTest(service):
                before = re.search(r"^Before=(.*)$", (UNITS / service).read_text(), re.MULTILINE)
                self.assertLessEqual({"postfix@-.service", "sendmail.service"}, set(before[1].split()))

    def test_the_daemon_makes_no_call_that_is_forbidden(self):
        if not shutil.which("strace") or os.getuid() != 0:
            self.skipTest("needs strace and root")
        used = self.trace_daemon()
        self.assertIn("rt_sigtimedwait", used)  # it came as far as its end
        self.assertLessEqual(used - TOLERATED, allowed_by(UNITS / "sekishod.service.in"))

    def trace_daemon(self) -> set[str]:
        """Start as the user of the unit, a connection, a reload, a stop."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.chown(folder, "nobody")
            folder.chmod(0o755)
            shutil.copy(BUILD / "milter/sekishod", folder / "sekishod")
            (folder / "sekisho.toml").write_text(f'socket = "unix:{folder}/socket"\nsocket_group = "nogroup"\n')
            user = pwd.getpwnam("nobody")
            with (folder / "log").open("wb") as log:
                process = subprocess.Popen(
                    ["strace", "-f", "-qq", "-o", str(folder / "trace"), str(folder / "sekishod"),
                     "-c", str(folder / "sekisho.toml")],
                    stdout=log, stderr=log, user=user.pw_uid, group=user.pw_gid, extra_groups=[])
            try:
                self.wait_for(folder / "log", "ready: listening")
                daemon = int(run("pgrep", "-P", process.pid).stdout)
                message = (ROOT / "test/fuzz/corpus/message/plain").read_bytes()
                subprocess.run([BUILD / "test/milter/milter_session", f"unix:{folder}/socket", "192.0.2.1",
                                "mail.example.org", "alice@example.org"], input=message, check=True,
                               stdout=subprocess.DEVNULL)
                os.kill(daemon, signal.SIGUSR1)
                self.wait_for(folder / "log", "reloaded")
                os.kill(daemon, signal.SIGTERM)
                self.assertEqual(process.wait(timeout=30), 0)
            finally:
                process.kill()
                process.wait()
            return set(re.findall(r"^\d+ +([a-z0-9_]+)\(", (folder / "trace").read_text(), re.MULTILINE))

    def wait_for(self, log: Path, text: str):
        deadline = time.monotonic() + 30
        while text not in log.read_text():
            self.assertLess(time.monotonic(), deadline, log.read_text())
            time.sleep(0.05)


class UserAndFolders(unittest.TestCase):
    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("needs root")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "etc").mkdir()

    def create(self):
        contrib = ROOT / "contrib/systemd"
        users = run("systemd-sysusers", f"--root={self.root}", contrib / "sekisho.sysusers")
        self.assertEqual(users.returncode, 0, users.stdout)
        return run("systemd-tmpfiles", f"--root={self.root}", "--create", contrib / "sekisho.tmpfiles")

    def id_of(self, database: str, name: str) -> int:
        lines = (self.root / "etc" / database).read_text().splitlines()
        return next(int(line.split(":")[2]) for line in lines if line.startswith(name + ":"))

    def test_keys_are_for_the_daemon_alone(self):
        self.create()
        status = (self.root / "etc/sekisho/keys").stat()
        self.assertEqual(stat.S_IMODE(status.st_mode), 0o700)
        self.assertEqual(status.st_uid, self.id_of("passwd", "sekisho"))

    def test_postfix_gets_a_folder_in_its_chroot(self):
        (self.root / "etc/group").write_text("postfix:x:115:\n")
        made = self.create()
        self.assertEqual(made.returncode, 0, made.stdout)
        status = (self.root / "var/spool/postfix/sekisho").stat()
        self.assertEqual(stat.S_IMODE(status.st_mode), 0o2750)
        self.assertEqual((status.st_uid, status.st_gid), (self.id_of("passwd", "sekisho"), 115))

    def test_without_postfix_there_is_none(self):
        self.create()
        self.assertFalse((self.root / "var/spool/postfix").exists())


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        print("cannot run without: systemd-analyze")
        sys.exit(1 if os.environ.get("CI") else 77)
    unittest.main(verbosity=2)
