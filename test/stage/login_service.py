"""Who may log in to an MTA of the stage: everybody, with any password."""

import base64
import socketserver
import threading
from pathlib import Path

from .loopback_server import LoopbackServer


class _DovecotSession(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("VERSION\t1\t1", "MECH\tPLAIN\tplaintext", "SPID\t1", "CUID\t1", f"COOKIE\t{'0' * 32}", "DONE")
        for line in self.rfile:
            command, *words = line.decode().rstrip("\n").split("\t")
            if command == "AUTH":
                response = next(word for word in words if word.startswith("resp=")).removeprefix("resp=")
                _, login, _ = base64.b64decode(response).decode().split("\0")
                self._say(f"OK\t{words[0]}\tuser={login}")

    def _say(self, *lines):
        self.wfile.write("".join(f"{line}\n" for line in lines).encode())


class LoginService(LoopbackServer):
    """For Postfix: the protocol of Dovecot's authentication service."""

    def __init__(self):
        super().__init__(_DovecotSession)


class _SaslauthdSession(socketserver.StreamRequestHandler):
    def handle(self):
        for _ in ("login", "password", "service", "realm"):
            self.rfile.read(int.from_bytes(self.rfile.read(2), "big"))
        self.wfile.write(b"\0\2OK")


class SaslauthdService(socketserver.ThreadingUnixStreamServer):
    """For Sendmail: the protocol of Cyrus SASL's saslauthd. A context manager."""

    daemon_threads = True

    def __init__(self, path: Path):
        super().__init__(str(path), _SaslauthdSession)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
