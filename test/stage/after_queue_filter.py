"""A filter that an MTA sends its mail through after it has taken it, and that gives it back at another port."""

from .daemon import HOST
from .mail_server import MailServer
from .smtp import Client, Connection

MARK = b"X-Filter: seen\r\n"


class AfterQueueFilter(MailServer):
    """Puts its mark on top of each message. `return_port` is where it gives them back."""

    def __init__(self, return_port: int):
        super().__init__()
        self.return_port = return_port

    def take(self, sender: str, recipients: list[str], message: bytes):
        with Connection(self.return_port, Client(HOST, helo="localhost"), xclient=False) as connection:
            reply = connection.send(MARK + message, sender, recipients)
            if not reply.accepted:
                raise RuntimeError(f"the MTA does not take back what it gave: {reply}")
