"""The sending side: SMTP as any client on the Internet would speak it, from the address that a test chooses."""

import base64
import re
import smtplib
import ssl
from dataclasses import dataclass

from .daemon import HOST


@dataclass(frozen=True)
class Client:
    """Who connects. Postfix is told by XCLIENT; to Sendmail the address is that of the connection, and the name is
    in /etc/hosts."""

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
        """Postfix says "queued as ID", Sendmail "ID Message accepted for delivery"."""
        return re.search(r"queued as (\S+)|(\w+) Message accepted", self.text)[0].removeprefix("queued as ").split()[0]

    def __str__(self):
        return f"{self.code} {self.text}"


class Connection:
    """One SMTP session; commands are sent as they are given, well-formed or not."""

    def __init__(self, port: int, client: Client, *, xclient: bool = True,
                 tls: bool | ssl.SSLContext = False):
        source = None if xclient else (client.address, 0)
        self._smtp = smtplib.SMTP(HOST, port, timeout=60, source_address=source)
        self._smtp.command_encoding = "utf-8"
        if xclient:
            self.command("EHLO stage")
            introduced = self.command(f"XCLIENT ADDR={client.address} NAME={client.name}")
            if not introduced.accepted:  # else it would pass for a client on this host
                raise smtplib.SMTPConnectError(introduced.code, introduced.text)
        if tls:
            self._smtp.starttls(context=ssl._create_unverified_context() if tls is True else tls)
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
