"""Mail without end: senders who put numbered letters through an MTA, and try again later what was not taken, as an MTA
does. They keep account of every try."""

import collections
import itertools
import smtplib
import threading
import time
from dataclasses import dataclass, field
from typing import Callable

from .smtp import Client, Reply

_LETTERS_PER_SESSION = 3
_MOST_WAITING = 6  # then nothing new is begun
_RETRY_AFTER = 0.3
_PAUSE = 0.02


@dataclass(frozen=True)
class Kind:
    """Letters that differ in nothing but their addressee."""

    name: str
    client: Client
    sender: str
    message: bytes
    is_forged: bool = False
    needs_dns: bool = True


@dataclass(frozen=True)
class Attempt:
    """`begin` is when its session was opened."""

    begin: float
    end: float
    reply: Reply | None  # None: the session broke

    def overlaps(self, begin: float, end: float) -> bool:
        return self.begin <= end and begin <= self.end


@dataclass
class Letter:
    kind: Kind
    recipient: str
    attempts: list[Attempt] = field(default_factory=list)
    due: float = 0

    @property
    def last(self) -> Attempt:
        return self.attempts[-1]

    @property
    def is_settled(self) -> bool:
        reply = self.attempts[-1].reply if self.attempts else None
        return reply is not None and (reply.accepted or reply.code >= 500)


class Sender(threading.Thread):
    """Of letters of one kind to one MTA; `connect` opens a session with it."""

    def __init__(self, kind: Kind, place: str, connect: Callable):
        super().__init__(daemon=True)
        self.kind, self.letters = kind, []
        self.trouble: Exception | None = None
        self._connect, self._enough = connect, threading.Event()
        self._waiting = collections.deque()
        self._addresses = (f"{kind.name}.{number}.{place}@example.org" for number in itertools.count(1))

    def finish(self):
        """Begins nothing new; what is under way is tried until there is an answer."""
        self._enough.set()

    def run(self):
        try:
            while self._waiting or not self._enough.is_set():
                self._send(self._next_letters())
                time.sleep(_PAUSE)
        except Exception as trouble:  # to be told by the thread that asks
            self.trouble = trouble

    def _next_letters(self) -> list[Letter]:
        now = time.monotonic()
        due = [letter for letter in self._waiting if letter.due <= now][:_LETTERS_PER_SESSION]
        for letter in due:
            self._waiting.remove(letter)
        while len(due) < _LETTERS_PER_SESSION and len(self._waiting) + len(due) < _MOST_WAITING and not self._enough.is_set():
            due.append(Letter(self.kind, next(self._addresses)))
            self.letters.append(due[-1])
        return due

    def _send(self, letters: list[Letter]):
        begin = time.monotonic()
        replies = self._session(letters) if letters else []
        for letter, reply in itertools.zip_longest(letters, replies):
            letter.attempts.append(Attempt(begin, time.monotonic(), reply))
            if not letter.is_settled:
                letter.due = time.monotonic() + _RETRY_AFTER
                self._waiting.append(letter)

    def _session(self, letters: list[Letter]) -> list[Reply]:
        """As many replies as there were before the session broke."""
        replies = []
        try:
            with self._connect(self.kind.client) as connection:
                for letter in letters:
                    replies.append(connection.send(self.kind.message, self.kind.sender, [letter.recipient]))
        except (smtplib.SMTPException, OSError):
            pass
        return replies
