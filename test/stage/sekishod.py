"""The daemon under test."""

import os
import signal
import time
from pathlib import Path

from .daemon import HOST, Daemon, free_port

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SEKISHO_BUILD", ROOT / "build/release"))
SEKISHO = BUILD / "tools/sekisho"

_CONFIGURATION = """\
socket = "inet:{port}@{host}"
authserv_id = "{authserv_id}"

{top}
[dns]
nameservers = ["{host}:{dns_port}"]
timeout = "2s"

{tables}
"""


class Sekishod(Daemon):
    """`top` and `tables` are further lines of the configuration: options without a table, and tables."""

    def __init__(self, folder: Path, dns_port: int, *, authserv_id: str = "mx.example.org",
                 top: str = "", tables: str = ""):
        super().__init__("sekishod", folder, free_port())
        self.configuration = folder / "sekisho.toml"
        self._dns_port, self._authserv_id, self._top = dns_port, authserv_id, top
        self.configure(tables)

    def configure(self, tables: str):
        """Other tables from now on; a daemon that runs reads them when it is told to reload()."""
        self.configuration.write_text(_CONFIGURATION.format(
            host=HOST, port=self.port, dns_port=self._dns_port, authserv_id=self._authserv_id, top=self._top,
            tables=tables))

    def command(self):
        return [str(BUILD / "milter/sekishod"), "-c", str(self.configuration)]

    def reload(self, until: str) -> str:
        """What the log said since, as soon as it has said what is waited for."""
        before = self.log.stat().st_size
        os.kill(self.pid, signal.SIGUSR1)
        return self.wait_for_log(until, before)

    def wait_for_log(self, text: str, begin: int = 0, seconds: float = 30) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            said = self.log.read_bytes()[begin:].decode(errors="replace")
            if text in said:
                return said
            time.sleep(0.02)
        raise TimeoutError(f"the log does not say {text!r}:\n{said}")

    def line_of(self, queue_id: str) -> str:
        """Of a message."""
        return next(line for line in self.wait_for_log(f"{queue_id}: client=").splitlines() if f"{queue_id}: " in line)
