"""Where mail ends: an LMTP server (RFC 2033) in a thread that keeps what it is given, byte for byte."""

import collections
import socketserver
import threading

from .loopback_server import LoopbackServer


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 stage LMTP")
        recipients = []
        while line := self.rfile.readline():
            verb = line.split(maxsplit=1)[0].upper() if line.strip() else b""
            if verb == b"LHLO":
                self._say("250-stage", "250-8BITMIME", "250-SMTPUTF8", "250 SIZE")
            elif verb == b"RCPT":
                recipients.append(line[line.index(b"<") + 1:line.rindex(b">")].decode())
                self._say("250 2.1.5 ok")
            elif verb == b"DATA":
                self._say("354 go on")
                self._take(recipients)
                recipients = []
            elif verb == b"QUIT":
                self._say("221 2.0.0 bye")
                return
            else:  # MAIL, RSET, NOOP
                recipients = []
                self._say("250 2.0.0 ok")

    def _take(self, recipients):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        message = b"".join(lines)
        for recipient in recipients:
            self.server.keep(recipient, message)
            self._say("250 2.0.0 kept")

    def _say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class LmtpSink(LoopbackServer):
    def __init__(self):
        super().__init__(_Session)
        self._changed = threading.Condition()
        self._messages = collections.defaultdict(list)

    def keep(self, recipient: str, message: bytes):
        with self._changed:
            self._messages[recipient].append(message)
            self._changed.notify_all()

    def wait_for(self, recipient: str, seconds: float = 20) -> bytes:
        """The last message that was delivered to the address."""
        with self._changed:
            if not self._changed.wait_for(lambda: recipient in self._messages, seconds):
                raise TimeoutError(f"nothing was delivered to {recipient}")
            return self._messages[recipient][-1]

    def received(self) -> dict[str, list[bytes]]:
        """All that was delivered so far, by address."""
        with self._changed:
            return {recipient: list(messages) for recipient, messages in self._messages.items()}

    def has(self, recipient: str) -> bool:
        with self._changed:
            return recipient in self._messages
