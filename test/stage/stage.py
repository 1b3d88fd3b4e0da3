"""All players together."""

import contextlib
import itertools
import ssl
import tempfile
from pathlib import Path

from .lmtp_sink import LmtpSink
from .nsd import Nsd
from .postfix import Postfix
from .sekishod import Sekishod
from .smtp import Client, Connection, Reply


class Stage:
    """NSD, sekishod, an MTA and the place where mail ends, up for as long as the context lasts. Mail is for example.org
    and alumni.example; the receiving host is mx.example.org."""

    def __init__(self, records: str, broken: tuple[str, ...] = (), *, top: str = "", tables: str = "", mta=Postfix):
        self._records, self._broken = records, broken
        self._top, self._tables, self._make_mta = top, tables, mta
        self._closing = contextlib.ExitStack()
        self._numbers = itertools.count(1)

    def __enter__(self):
        with contextlib.ExitStack() as opened:
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="sekisho-stage-")))
            folder.chmod(0o755)  # the daemons of Postfix are not root
            self.folder = folder
            self.nsd = opened.enter_context(Nsd(folder / "nsd", self._records, self._broken))
            self.sekishod = opened.enter_context(Sekishod(
                folder / "sekishod", self.nsd.port, top=self._top, tables=self._tables))
            self.sink = opened.enter_context(LmtpSink())
            self.mta = opened.enter_context(self._make_mta(folder / "mta", (self.sekishod.port,), self.sink.port))
            self._closing = opened.pop_all()
        return self

    def __exit__(self, *_):
        self._closing.close()

    def connect(self, client: Client, *, port: int = 0, tls: bool | ssl.SSLContext = False) -> Connection:
        return self.mta.connect(client, port=port, tls=tls)

    def new_recipient(self, domain: str = "example.org") -> str:
        return f"user{next(self._numbers)}@{domain}"

    def send(self, message: bytes, sender: str, client: Client, parameters: str = "",
             domain: str = "example.org", *, port: int = 0, tls: bool = False) -> tuple[Reply, bytes]:
        """One message in a session of its own: what the MTA answered, and what was delivered (nothing
        where it was refused or held)."""
        recipient = self.new_recipient(domain)
        with self.connect(client, port=port, tls=tls) as connection:
            reply = connection.send(message, sender, [recipient], parameters)
        if not reply.accepted or reply.queue_id in self.mta.held():
            return reply, b""
        return reply, self.sink.wait_for(recipient)
