"""README.md: what was found, as a table. The test writes it anew and compares."""

import re

from .attack import Attack, escaped
from .runners import Finding
from .smuggling import Smuggled

_HEAD = """\
# Results of attacks

Each row is an attack. A test carries it out in four ways: the raw message through `sekisho check`, through a milter
session, and over SMTP through Postfix 3.7.11 and Sendmail 8.17.1.9 of Debian 12. The test generates this page, and
fails if the page differs from the results; `SEKISHO_WRITE_TABLE=1 python3 test/stage/run.py attacks.gate_test` writes
it again. For each attack, the test checks that no domain passes that did not authenticate, and that no octet of the
attacker gets into our Authentication-Results, log, reply or DNS questions.

The domain `legitimate.example` is the victim. Its policy is reject, and the attacker has signed messages of it if this
helps the attack. The domain `attack.example` belongs to the attacker: its host passes SPF, and its signatures are
valid. All options have their defaults. If a verdict has `dmarc=pass`, the author domain in brackets did authenticate.
⏎ stands for a line end (CRLF).

Attacks by our own users after login (espoofer's client_a1 to client_a3: two From fields, two authors, another
person's name) are in `test/stage/departure_test.py`; the results are refused, refused, and not signed.

The MTA and the milter protocol change messages before we see them:

- NUL ends a value in the milter protocol, so a message with NUL is judged by the text before it. Postfix refuses such
  mail with `message_reject_characters = \\0`, which we recommend. Sendmail removes NUL from a field and delivers the rest.
- A first line that begins with `From ` belongs to a mailbox file: Postfix renames it to `X-Mailbox-Line:`, Sendmail
  removes it.
- Both remove a blank before the colon. Postfix truncates a field after 60,000 octets; Sendmail refuses a header of more
  than 32,768.
- Postfix treats a bare LF as the end of a line; Sendmail refuses a bare LF and a bare CR.
- Sendmail removes a field without a value.
- Debian's Sendmail does not support SMTPUTF8, but accepts octets beyond ASCII in a header.
"""
_COLUMNS = ("| attack | what is sent | Postfix hands over | Sendmail hands over | our verdict | why |\n"
            "|---|---|---|---|---|---|\n")
_SMUGGLING = """\
## SMTP smuggling

One server treats these sequences as the end of a message, another as a part of it. Some of them end the message in
Postfix with its defaults (`smtpd_forbid_bare_newline = no` in this version); the text after them becomes a second
message, here from legitimate.example. We judge it as mail of the same client. If that client is a relay from which
somebody else smuggles, only a signature can show the difference. Set `smtpd_forbid_bare_newline = normalize`, as in
contrib/postfix/: then the second message stays a part of the first one's body.

| sequence | to Postfix it | to Postfix with the lines in contrib it | to Sendmail it |
|---|---|---|---|
"""


def page(chapters: dict[str, list[Attack]], raw: dict[str, Finding], milter: dict[str, Finding],
         by_mta: dict[str, dict[str, Finding]], smuggled: list[dict[bytes, Smuggled]]) -> str:
    text = _HEAD
    for title, attacks in chapters.items():
        text += f"\n## {title}\n\n" + _COLUMNS
        text += "".join(_row(attack, raw[attack.name], milter[attack.name],
                             {mta: found[attack.name] for mta, found in by_mta.items()}) for attack in attacks)
    text += "\n" + _SMUGGLING
    for sequence in smuggled[0]:
        text += f"| `{escaped(sequence)}` | " + " | ".join(str(found[sequence]) for found in smuggled) + " |\n"
    return text


def _row(attack: Attack, raw: Finding, milter: Finding, by_mta: dict[str, Finding]) -> str:
    verdict = _verdict(raw)
    if _verdict(milter) != verdict:
        verdict += "; by milter " + _verdict(milter)
    for mta, found in by_mta.items():
        if _verdict(found) != _verdict(milter):
            verdict += f"; by {mta} " + _verdict(found)
    cells = (attack.name, _sent(attack), *(_handed_over(attack, found) for found in by_mta.values()), verdict, attack.why)
    return "| " + " | ".join(cells) + " |\n"


def _verdict(found: Finding) -> str:
    words = [f"{method}={result}" for method, result in found.words.items() if (method, result) != ("arc", "none")]
    passed = re.findall(r"dmarc=pass\s+header\.from=(\S+)", found.results)
    words += [f"({name})" for name in passed]
    action = re.match(r"\d{3} \d\.\d\.\d+|\w+", found.action)[0]
    return " ".join(words) + (" → " if words else "") + f"**{action}**"


def _sent(attack: Attack) -> str:
    envelope = []
    if attack.sender != "any@attack.example":
        envelope.append(f"MAIL FROM `<{_code(attack.sender)}>`")
    if attack.client.helo not in ("attack.example", "mail.legitimate.example", "pc99.provider.example"):
        envelope.append(f"HELO `{_code(attack.client.helo)}`")
    shown = [] if attack.shape.startswith(("MAIL", "HELO")) else envelope
    return ", ".join([*shown, attack.shown])


def _code(text: str) -> str:
    return escaped(text.encode())


def _handed_over(attack: Attack, found: Finding) -> str:
    if not found.reached_us and not found.handed_over:
        return "nothing: refused"
    sent = _fields_of(attack.raw)
    if list(found.handed_over) == sent:
        return "as sent"
    if not found.handed_over:
        return "no header field: all is body"
    changed = [field for field in found.handed_over if field not in sent]
    shown = "; ".join("`" + _cut(escaped(name + b":" + value)) + "`" for name, value in changed[:3])
    fewer = len(found.handed_over) < len(sent) - 1
    return ", ".join(part for part in (shown, f"the first {len(found.handed_over)} fields" if fewer else "") if part) or (
        f"{len(found.handed_over)} fields")


def _fields_of(message: bytes) -> list[tuple[bytes, bytes]]:
    """As a strict reader has them, folds as the milter protocol gives them."""
    section = message.partition(b"\r\n\r\n")[0].removesuffix(b"\r\n")
    lines = re.split(rb"\r\n(?![ \t])", section) if section else []
    return [(name, value.replace(b"\r\n", b"\n")) for name, _, value in (line.partition(b":") for line in lines)]


def _cut(text: str) -> str:
    return text if len(text) <= 100 else text[:97] + "..."
