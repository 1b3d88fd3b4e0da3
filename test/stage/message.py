"""Messages: making them, and reading what was delivered."""

import re
import time
from email.utils import formatdate, make_msgid

_BODY = "The goods will be ready on Thursday.\r\n\r\nKind regards\r\n"


def compose(author: str, *, subject: str = "Your order", body: str = _BODY, extra: str = "") -> bytes:
    """`author` is the value of From; `extra`, whole header fields with CRLF, goes on top."""
    return (f"{extra}From: {author}\r\nTo: user@example.org\r\nSubject: {subject}\r\n"
            f"Date: {formatdate(time.time())}\r\nMessage-ID: {make_msgid(domain='mail.example')}\r\n"
            f"\r\n{body}").encode()


def header_fields(message: bytes) -> list[tuple[str, str]]:
    """Names, and values with their folds, in order."""
    section = message.partition(b"\r\n\r\n")[0].decode("utf-8", "surrogateescape")
    fields = re.split(r"\r\n(?![ \t])", section)
    return [(name, value) for name, _, value in (field.partition(":") for field in fields)]


def body(message: bytes) -> bytes:
    return message.partition(b"\r\n\r\n")[2]


class AuthenticationResults:
    """What a field says, as far as Sekisho writes it: no comments, at most quoted values."""

    def __init__(self, value: str):
        self.authserv_id, *results = (part.split() for part in _outside_quotes(value))
        self.authserv_id = self.authserv_id[0]
        self.results = [dict(word.partition("=")[::2] for word in words) for words in results]

    def of(self, method: str, having: str = "") -> list[dict[str, str]]:
        """One dictionary a result of the method: {"spf": "pass", "smtp.mailfrom": …}, of those alone
        that have the property, if one is given."""
        return [result for result in self.results
                if method in result and (not having or having in result)]

    def word(self, method: str, having: str = "") -> str:
        """Its results, `-` where it is not told."""
        return ", ".join(result[method] for result in self.of(method, having)) or "-"

    def summary(self) -> list[str]:
        """SPF of the sender, DKIM, DMARC."""
        return [self.word("spf", "smtp.mailfrom"), self.word("dkim"), self.word("dmarc")]


def _outside_quotes(value: str) -> list[str]:
    value = re.sub(r'"((?:[^"\\]|\\.)*)"', lambda quoted: re.sub(r"[\s;]", "_", quoted[1]), value)
    return value.split(";")


def authentication_results(message: bytes) -> list[AuthenticationResults]:
    return [AuthenticationResults(value) for name, value in header_fields(message)
            if name.lower() == "authentication-results"]
