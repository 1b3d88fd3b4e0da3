"""The sending side: SMTP as any client on the Internet would speak it, from the address that a test chooses."""

import base64
import smtplib
from dataclasses import dataclass

from .daemon import HOST


@dataclass(frozen=True)
class Client:
    """Who connects. Postfix is told by XCLIENT."""

    address: str
    name: str = "[UNAVAILABLE]"
    helo: str = "client.example"
    login: str = ""  # SASL


@dataclass(frozen=True)
class Reply:
    code: int
    text: str

    @property
    def accepted(self) -> bool:
        return 200 <= self.code < 300

    @property
    def queue_id(self) -> str:
        return self.text.rpartition(" ")[2]

    def __str__(self):
        return f"{self.code} {self.text}"


class Connection:
    """One SMTP session; commands are sent as they are given, well-formed or not."""

    def __init__(self, port: int, client: Client):
        self._smtp = smtplib.SMTP(HOST, port, timeout=60)
        self._smtp.command_encoding = "utf-8"
        self.command("EHLO stage")
        self.command(f"XCLIENT ADDR={client.address} NAME={client.name}")
        self.greeting = self.command(f"EHLO {client.helo}")
        if client.login:
            words = f"\0{client.login}\0password".encode()
            self.command(f"AUTH PLAIN {base64.b64encode(words).decode()}")

    def command(self, line: str) -> Reply:
        return self._reply(self._smtp.docmd(line))

    def say(self, octets: bytes) -> Reply:
        """Octets as they are, and the first reply to them."""
        self._smtp.send(octets)
        return self._reply(self._smtp.getreply())

    def send(self, message: bytes, sender: str, recipients: list[str], parameters: str = "") -> Reply:
        """The reply to DATA, or the first one before it that refused."""
        for line in (f"MAIL FROM:<{sender}> {parameters}".rstrip(),
                     *(f"RCPT TO:<{recipient}>" for recipient in recipients)):
            reply = self.command(line)
            if not reply.accepted:
                self.command("RSET")
                return reply
        try:
            return self._reply(self._smtp.data(message))
        except smtplib.SMTPDataError as refused:
            return self._reply((refused.smtp_code, refused.smtp_error))

    def close(self):
        self._smtp.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._smtp.quit()
        except smtplib.SMTPException:
            pass

    @staticmethod
    def _reply(answer) -> Reply:
        code, text = answer
        return Reply(code, text.decode(errors="replace").replace("\n", " "))
