"""The milters that are measured, each a process on a unix socket with the same DNS server."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

BUILD = Path(os.environ.get("SEKISHO_BUILD", Path(__file__).resolve().parents[2] / "build/release"))
PROGRAMS = BUILD / "test/bench"
_TICKS = os.sysconf("SC_CLK_TCK")


class NotStarted(RuntimeError):
    pass


class Milter:
    """A context manager. `name` is what the tables call it."""

    name = ""
    program = ""  # what must be installed
    next_socket = ""  # of a second one, which has each message from the first
    checked = False  # whether what it answers is held against what is expected
    signatures = 0  # which it adds to each message

    def __init__(self, folder: Path, dns: str):
        self.folder, self.dns = folder, dns
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "milter.sock"
        self._process = None

    @property
    def socket(self) -> str:
        return f"unix:{self.path}"

    @classmethod
    def is_installed(cls) -> bool:
        return os.access(cls.program, os.X_OK)

    def command(self) -> list[str]:
        raise NotImplementedError

    def __enter__(self):
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             start_new_session=True)
        self._wait_for(self.path)
        return self

    def _wait_for(self, path: Path):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(str(path))
                    return
                except OSError:
                    time.sleep(0.05)
        self.__exit__()
        raise NotStarted(f"{self.name}: {(self.folder / 'log').read_text(errors='replace')[-2000:]}")

    def __exit__(self, *_):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(timeout=10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass

    def _processes(self) -> list[int]:
        """It and its children; all are in a session of their own."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.getsid(int(entry.name)) == self._process.pid:
                        found.append(int(entry.name))
                except ProcessLookupError:
                    pass
        return found

    def processor_seconds(self) -> float:
        ticks = 0
        for process in self._processes():
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    def resident_kib(self) -> int:
        total = 0
        for process in self._processes():
            for line in Path(f"/proc/{process}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        return total


class Nothing(Milter):
    name, program = "nothing", str(PROGRAMS / "nothing")

    def command(self):
        return [self.program, self.socket]


class Sekisho(Milter):
    name, program, checked = "sekisho", str(BUILD / "milter/sekishod"), True
    tables = ""

    def command(self):
        configuration = self.folder / "sekisho.toml"
        configuration.write_text(f'socket = "{self.socket}"\nauthserv_id = "mx.example.net"\n'
                                 f'message_timeout = "20s"\n[dns]\nnameservers = ["{self.dns}"]\n{self.tables}')
        return [self.program, "-c", str(configuration)]


class SekishoWithStore(Sekisho):
    def __init__(self, folder: Path, dns: str):
        super().__init__(folder, dns)
        self.tables = f'[feedback]\nstore = "{folder}/feedback.db"\n'

    def reload(self):
        os.kill(self._process.pid, signal.SIGUSR1)


class SigningSekisho(Sekisho):
    """Signs what any client sends, with RSA-2048 and with Ed25519."""

    signatures = 2

    def __init__(self, folder: Path, dns: str):
        super().__init__(folder, dns)
        self.tables = '[signing]\ninternal_networks = ["0.0.0.0/0"]\nrequire_published = false\n'
        for algorithm in ("rsa", "ed25519"):
            self.tables += self._make_key(algorithm)

    def _make_key(self, algorithm: str) -> str:
        subprocess.run([str(BUILD / "tools/sekisho"), "key", "generate", "--selector", algorithm, "--algorithm",
                        algorithm, "--dir", str(self.folder), "signer.example"],
                       check=True, stdout=subprocess.DEVNULL)
        return (f'[[sign]]\ndomain = "*"\nsigning_domain = "signer.example"\nselector = "{algorithm}"\n'
                f'key_file = "{self.folder}/signer.example/{algorithm}.pem"\n')


class ProbedSekisho(SekishoWithStore):
    """Tells in the end which of its locks were waited for."""

    def command(self):
        return ["env", f"LD_PRELOAD={PROGRAMS}/lock_probe.so", *super().command()]

    def waits(self) -> str:
        """Ends it."""
        self._process.terminate()
        self._process.wait(timeout=60)
        return (self.folder / "log").read_text(errors="replace").partition("locks:\n")[2]


class Opendkim(Milter):
    name, program = "opendkim", "/usr/sbin/opendkim"

    def command(self):
        host, _, _ = self.dns.partition(":")  # without it its resolver asks the root servers
        configuration = self.folder / "opendkim.conf"
        configuration.write_text(
            f"Socket local:{self.path}\nBackground no\nSyslog no\nMode v\nUMask 000\n"
            f"AuthservID mx.example.net\nNameservers {host}\n")
        return [self.program, "-f", "-x", str(configuration)]


class OpendkimAndOpendmarc(Opendkim):
    """One after the other, as they are usually run. OpenDMARC knows no name server but the system's."""

    name = "+opendmarc"

    def __init__(self, folder: Path, dns: str):
        super().__init__(folder, dns)
        self._last = folder / "opendmarc.sock"
        self.next_socket = f"unix:{self._last}"

    def __enter__(self):
        super().__enter__()
        self._wait_for(self._last)
        return self

    @classmethod
    def is_installed(cls) -> bool:
        return super().is_installed() and os.access("/usr/sbin/opendmarc", os.X_OK)

    def command(self):
        configuration = self.folder / "opendmarc.conf"
        configuration.write_text(f"Socket local:{self._last}\nUMask 000\nAuthservID mx.example.net\n"
                                 "TrustedAuthservIDs mx.example.net\nSPFSelfValidate true\nSyslog false\n")
        return ["sh", "-c", f"{' '.join(super().command())} & exec /usr/sbin/opendmarc -f -c {configuration}"]


class Rspamd(Milter):
    name, program = "rspamd", "/usr/bin/rspamd"

    def command(self):
        (self.folder / "suffixes").write_text("com\norg\nexample\n")  # the system's take seconds to compile
        configuration = self.folder / "rspamd.conf"
        configuration.write_text(_RSPAMD.format(folder=self.folder, socket=self.path, dns=self.dns))
        return [self.program, "--insecure", "--no-fork", "--config", str(configuration)]


_RSPAMD = """\
options {{
  filters = "dkim";
  dns {{ nameserver = ["{dns}"]; timeout = 5s; }}
  local_addrs = [];
  max_message = 250M;
  allow_raw_input = true;
  tempdir = "{folder}";
  url_tld = "{folder}/suffixes";
  cache_file = "{folder}/symbols.cache";
  history_file = "{folder}/history";
  control_socket = "{folder}/control.sock mode=0600";
}}
logging {{ type = "console"; level = "error"; }}
worker "rspamd_proxy" {{
  bind_socket = "{socket} mode=0666";
  milter = yes;
  timeout = 120s;
  max_size = 250M;
  upstream "local" {{ default = yes; self_scan = yes; }}
  count = 1;
}}
dkim {{ }}
spf {{ }}
dmarc {{ }}
arc {{ }}
modules {{
  path = "/usr/share/rspamd/plugins/spf.lua";
  path = "/usr/share/rspamd/plugins/dmarc.lua";
  path = "/usr/share/rspamd/plugins/arc.lua";
}}
"""
