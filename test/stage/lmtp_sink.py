"""Where mail ends: it keeps what it is given."""

import collections
import threading

from .mail_server import MailServer


class LmtpSink(MailServer):
    def __init__(self):
        super().__init__()
        self._changed = threading.Condition()
        self._messages = collections.defaultdict(list)

    def take(self, sender: str, recipients: list[str], message: bytes):
        with self._changed:
            for recipient in recipients:
                self._messages[recipient].append(message)
            self._changed.notify_all()

    def wait_for(self, recipient: str, seconds: float = 20) -> bytes:
        """The last message that was delivered to the address."""
        with self._changed:
            if not self._changed.wait_for(lambda: recipient in self._messages, seconds):
                raise TimeoutError(f"nothing was delivered to {recipient}")
            return self._messages[recipient][-1]

    def has(self, recipient: str) -> bool:
        with self._changed:
            return recipient in self._messages

    def received(self) -> dict[str, list[bytes]]:
        """All that was delivered so far, by address."""
        with self._changed:
            return {recipient: list(messages) for recipient, messages in self._messages.items()}
