"""A server of SMTP (RFC 5321) and LMTP (RFC 2033) that takes whatever comes, byte for byte."""

import socketserver

from .loopback_server import LoopbackServer


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 stage")
        is_lmtp, sender, recipients = False, "", []
        while line := self.rfile.readline():
            verb = line.split(maxsplit=1)[0].upper() if line.strip() else b""
            if verb in (b"EHLO", b"LHLO"):
                is_lmtp = verb == b"LHLO"
                self._say("250-stage", "250-8BITMIME", "250-SMTPUTF8", "250 SIZE")
            elif verb == b"RCPT":
                recipients.append(_path(line))
                self._say("250 2.1.5 ok")
            elif verb == b"DATA":
                self._say("354 go on")
                self.server.take(sender, recipients, self._read_message())
                self._say(*["250 2.0.0 kept"] * (len(recipients) if is_lmtp else 1))
                recipients = []
            elif verb == b"QUIT":
                self._say("221 2.0.0 bye")
                return
            else:  # MAIL, RSET, NOOP
                sender, recipients = _path(line) if verb == b"MAIL" else "", []
                self._say("250 2.0.0 ok")

    def _read_message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


def _path(line: bytes) -> str:
    return line[line.index(b"<") + 1:line.rindex(b">")].decode()


class MailServer(LoopbackServer):
    def __init__(self):
        super().__init__(_Session)

    def take(self, sender: str, recipients: list[str], message: bytes):
        raise NotImplementedError
