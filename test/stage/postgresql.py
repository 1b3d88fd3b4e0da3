"""A private PostgreSQL server with one empty database."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from .daemon import HOST, Daemon, free_port

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
AVAILABLE = bool(_PROGRAMS)


class PostgreSQL(Daemon):
    """It refuses to run as root, so it is the user of Debian's package."""

    stop_signal = signal.SIGINT  # does not wait until all clients are gone

    def __init__(self, folder: Path):
        super().__init__("postgresql", folder, free_port())
        self._data, self._home = folder / "data", _PROGRAMS[-1].parent
        shutil.chown(folder, "postgres", "postgres")
        subprocess.run(self._as_its_user("initdb", "-D", self._data, "-A", "trust", "-U", "sekisho", "--no-sync"),
                       stdout=subprocess.DEVNULL, check=True)

    @property
    def uri(self) -> str:
        return f"postgresql://sekisho@{HOST}:{self.port}/postgres"

    def command(self):
        return self._as_its_user("postgres", "-D", self._data, "-h", HOST, "-p", str(self.port), "-k", "", "-F")

    def _end(self, number: int):
        """Its children have sessions of their own, and end with it."""
        if number in (signal.SIGSTOP, signal.SIGCONT):
            for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
                os.kill(int(child), number)
        super()._end(number)

    def _as_its_user(self, program: str, *arguments) -> list[str]:
        user = pwd.getpwnam("postgres")
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--",
                str(self._home / program), *map(str, arguments)]
