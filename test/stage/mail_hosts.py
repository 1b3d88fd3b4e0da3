"""Hosts that receive mail while they are being troubled: an MTA, its sekishod, and the store of its feedback."""

import contextlib
import math
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from .daemon import HOST
from .postgresql import PostgreSQL
from .sekishod import Sekishod
from .small_disk import SmallDisk
from .smtp import Client

COMMIT_INTERVAL = 0.1
OFFICE = Client("192.0.2.5", "office.example.org", "office.example.org")  # where our own users write
_TABLES = """
cache_entries = 0  # each message needs the DNS
attempt_timeout = "300ms"  # and asks again, so that nothing but its loss is felt

[policy]
url = "https://mx.example.org/{version}"

[signing]
internal_networks = ["127.0.0.1/32", "{office}/32"]

[[sign]]
domain = "example.org"
selector = "{version}"
key_file = "{key}"

[feedback]
store = "{store}"
spill_file = "{spill}"
commit_interval = "100ms"

[report]
email = "dmarc@example.org"
smarthost = "{smarthost}"
"""


class SqliteStore:
    """On a disk of its own. A context manager."""

    def __init__(self, folder: Path):
        self._disk = SmallDisk(folder / "disk")
        self.location = str(self._disk.folder / "feedback.db")

    def __enter__(self):
        self._disk.__enter__()
        return self

    def __exit__(self, *_):
        self._disk.__exit__()

    def lose(self):
        # Else there may be room in the journal.
        with contextlib.closing(sqlite3.connect(self.location)) as database:
            while database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] != 0:
                time.sleep(0.01)
            self._disk.fill()

    def bring_back(self):
        self._disk.clear()

    @contextlib.contextmanager
    def silence(self):
        """Somebody else has it."""
        with contextlib.closing(sqlite3.connect(self.location, timeout=10, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            yield


class PostgresqlStore:
    def __init__(self, folder: Path):
        self._server = PostgreSQL(folder / "postgresql")
        self.location = self._server.uri

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_):
        self._server.stop()

    def lose(self):
        self._server.stop()

    def bring_back(self):
        self._server.start()

    @contextlib.contextmanager
    def silence(self):
        """It is there and does not answer."""
        self._server.freeze()
        try:
            yield
        finally:
            self._server.thaw()


@dataclass
class Version:
    """One of two configurations, and when it may be in force, in time.monotonic()."""

    name: str
    since: float
    until: float = math.inf


class MailHost:
    """A context manager, within that of its store."""

    def __init__(self, name: str, folder: Path, make_mta, store, nsd_port: int, lmtp_port: int, key: Path):
        self.name, self.store = name, store
        self.spill = folder / "feedback.spill"
        self.sekishod = Sekishod(folder / "sekishod", nsd_port, top='message_timeout = "2s"\n')
        self.mta = make_mta(folder / "mta", (self.sekishod.port,), lmtp_port)
        self.versions = [Version("a", 0)]
        self.kills: list[tuple[float, float]] = []  # each with the time since when it may cost what was counted
        self._silent_since = math.inf
        self._key = key
        self.configure()

    def __enter__(self):
        self.sekishod.start()
        self.mta.start()
        return self

    def __exit__(self, *_):
        self.mta.stop()
        self.sekishod.stop()

    def configure(self, more: str = ""):
        self.sekishod.configure(_TABLES.format(
            version=self.versions[-1].name, office=OFFICE.address, key=self._key, store=self.store.location, spill=self.spill,
            smarthost=f"{HOST}:{self.mta.port}") + more)

    def reload(self):
        """To the other version."""
        before = self.versions[-1]
        self.versions.append(Version("b" if before.name == "a" else "a", time.monotonic()))
        self.configure()
        self.sekishod.reload("reloaded\n")
        before.until = time.monotonic()

    def reload_in_vain(self):
        self.configure("nonsense = true\n")
        self.sekishod.reload("not reloaded")
        self.configure()

    def stop(self):
        status = self.sekishod.stop()
        if status != 0:
            raise RuntimeError(f"sekishod of {self.name} ended with {status}")

    def kill(self):
        now = time.monotonic()
        self.kills.append((min(now - COMMIT_INTERVAL - 0.2, self._silent_since), now))
        self.sekishod.kill()

    @contextlib.contextmanager
    def silent_store(self):
        self._silent_since = time.monotonic()
        with self.store.silence():
            yield
        self._silent_since = math.inf

    def count_all(self):
        """What waits in memory and in the spill file goes into the store."""
        self.stop()
        self.sekishod.start()
        self.wait_until_counted()

    def wait_until_counted(self):
        """What was spilled."""
        deadline = time.monotonic() + 30
        while self.spill.stat().st_size > 0:
            if time.monotonic() > deadline:
                raise TimeoutError("what was spilled is not counted")
            time.sleep(0.05)
