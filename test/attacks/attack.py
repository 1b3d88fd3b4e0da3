"""What an attack is: a message and its envelope, and what has to come of it."""

from dataclasses import dataclass

from stage.smtp import Client

# The attacker's own host and domain authenticate as well as anybody's do: SPF passes, signatures hold.
ATTACKER = Client("203.0.113.66", "out.attack.example", "attack.example")
# The host that may send for legitimate.example, whose policy is reject.
LEGITIMATE = Client("192.0.2.10", "mail.legitimate.example", "mail.legitimate.example")
# One that sends for nobody.
STRANGER = Client("198.51.100.99", "[UNAVAILABLE]", "pc99.provider.example")

COMMON = (b"To: <victim@example.org>", b"Subject: tea", b"Date: Tue, 01 Sep 2026 12:00:00 +0000",
          b"Message-ID: <1@mail.example>", b"MIME-Version: 1.0", b"Content-Type: text/plain")


@dataclass(frozen=True)
class Attack:
    """The expected verdicts are words that it must have: `dmarc=fail`, `dkim=permerror`, `accept`, or how
    the reply begins. Empty: as on the way before."""

    name: str
    fields: tuple[bytes, ...]
    expected: str  # of the command, which sees every octet
    why: str
    shape: str = ""  # in words; empty: the hostile fields themselves
    sender: str = "any@attack.example"
    client: Client = ATTACKER
    body: bytes = b"At five?\r\n"
    common: tuple[bytes, ...] = COMMON
    message: bytes = b""  # whole, where it was signed
    by_milter: str = ""  # its protocol cuts a value at NUL
    by_postfix: str = ""  # which changes some messages, and refuses some itself
    by_sendmail: str = ""  # which changes others, and refuses more
    authenticated: tuple[str, ...] = ()  # author domains that may pass
    parameters: str = ""  # of MAIL
    removed: int = 0  # fields that we must take out

    @property
    def expected_by_milter(self) -> str:
        return self.by_milter or self.expected

    @property
    def expected_by_postfix(self) -> str:
        return self.by_postfix or self.expected_by_milter

    @property
    def expected_by_sendmail(self) -> str:
        return self.by_sendmail or self.expected_by_milter

    @property
    def raw(self) -> bytes:
        return self.message or compose(self.fields, self.body, self.common)

    @property
    def shown(self) -> str:
        return self.shape or "`" + " ⏎ ".join(escaped(one) for one in self.fields) + "`"


def compose(fields: tuple[bytes, ...], body: bytes = b"At five?\r\n", common: tuple[bytes, ...] = COMMON) -> bytes:
    return b"".join(one + b"\r\n" for one in (*fields, *common)) + b"\r\n" + body


def escaped(octets: bytes) -> str:
    """For a table of Markdown."""
    text = octets.decode("utf-8", "backslashreplace").replace("\r\n", "⏎")
    return "".join(one if one.isprintable() and one not in "|`" else f"\\x{ord(one):02x}" for one in text)
