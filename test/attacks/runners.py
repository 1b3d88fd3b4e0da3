"""The ways to the gate: the command, a milter session, and an MTA."""

import contextlib
import json
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from stage.daemon import HOST
from stage.lmtp_sink import LmtpSink
from stage.message import header_fields
from stage.nsd import Nsd
from stage.postfix import Postfix
from stage.sekishod import BUILD, SEKISHO, Sekishod
from stage.sendmail import Sendmail

from .attack import Attack
from .listening import DnsTap, MilterTap
from .world import World

AUTHSERV_ID = "mx.example.org"
MILTER_SESSION = BUILD / "test/milter/milter_session"


@dataclass(frozen=True)
class Finding:
    """What came of an attack on one way: `action` is `accept`, `quarantine`, or the reply."""

    words: dict[str, str]  # method: result
    action: str
    results: str = ""  # our Authentication-Results
    log: str = ""
    handed_over: tuple[tuple[bytes, bytes], ...] = ()  # the fields that the MTA told
    removed: int = 0  # fields that we took out
    reached_us: bool = True

    def has(self, expected: str) -> bool:
        """`expected` as in Attack."""
        words = [word for word in expected.split() if "=" in word]
        action = " ".join(word for word in expected.split() if "=" not in word)
        return self.action.startswith(action) and all(
            self.words.get(method) == result for method, _, result in (word.partition("=") for word in words))

    def __str__(self):
        return " ".join([*(f"{method}={result}" for method, result in self.words.items()), self.action])


class ByCommand:
    """`sekisho check`, with the zone in a file."""

    def __init__(self, world: World):
        self._records = world.records

    def __enter__(self):
        self._zone = tempfile.NamedTemporaryFile("w", suffix=".zone")
        self._zone.write("$ORIGIN .\n$TTL 300\n" + self._records)
        self._zone.flush()
        return self

    def __exit__(self, *_):
        self._zone.close()

    def run(self, attack: Attack) -> Finding:
        done = subprocess.run(
            [SEKISHO, "check", "--zone", self._zone.name, "--format", "json", "--authserv-id", AUTHSERV_ID,
             "--ip", attack.client.address, "--helo", attack.client.helo, "--mail-from", attack.sender, "-"],
            input=attack.raw, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{attack.name}: exit status {done.returncode}\n{done.stderr.decode()}")
        return self._read(json.loads(done.stdout))

    @staticmethod
    def _read(found: dict) -> Finding:
        words = {"spf": found["spf"]["mailfrom"]["result"],
                 "dkim": found["dkim"][0]["result"] if found["dkim"] else "none",
                 "arc": found["arc"]["result"], "dmarc": found["dmarc"]["result"]}
        disposition = found["disposition"]
        action = disposition["action"]
        if action == "reject":
            action = f'{disposition["code"]} {disposition["text"]}'
        return Finding(words, action, found["authentication_results"], json.dumps(found))


class Gate:
    """A daemon with its DNS, which is listened to."""

    def __init__(self, world: World):
        self._world = world
        self._closing = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as opened:
            self.folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="sekisho-attacks-")))
            self.folder.chmod(0o755)
            nsd = opened.enter_context(Nsd(self.folder / "nsd", self._world.records))
            self.dns = opened.enter_context(DnsTap(nsd.port))
            self.daemon = opened.enter_context(Sekishod(self.folder / "sekishod", self.dns.port, authserv_id=AUTHSERV_ID))
            self._read = self.daemon.log.stat().st_size
            self._closing = opened.pop_all()
        return self

    def __exit__(self, *_):
        self._closing.close()

    def forget(self):
        self._read = self.daemon.log.stat().st_size
        self.dns.names.clear()

    def log_lines(self, at_least: int = 1, seconds: float = 10) -> list[str]:
        """What was logged of messages since forget()."""
        deadline = time.monotonic() + seconds
        while True:
            text = self.daemon.log.read_bytes()[self._read:].decode()
            lines = [line for line in text.split("\n") if " action=" in line]
            if len(lines) >= at_least or time.monotonic() > deadline:
                return lines
            time.sleep(0.01)


class ByMilter:
    """A milter session without an MTA: fields arrive as they stand in the message."""

    def __init__(self, gate: Gate):
        self._gate = gate

    def run(self, attack: Attack) -> Finding:
        self._gate.forget()
        done = subprocess.run(
            [MILTER_SESSION, f"inet:{self._gate.daemon.port}@{HOST}", attack.client.address, attack.client.helo,
             attack.sender], input=attack.raw, stdout=subprocess.PIPE, check=True, timeout=120)
        outcome = json.loads(done.stdout)
        log = self._gate.log_lines()[-1]
        inserted = [edit["value"] for edit in outcome["edits"]
                    if edit["insert"] and edit["name"] == "Authentication-Results"]
        action = outcome["reply"] if outcome["code"] == "y" else "quarantine" if outcome["quarantine"] else "accept"
        removed = sum(not edit["insert"] for edit in outcome["edits"])
        return Finding(words_in(log), action, inserted[0] if inserted else "", log, removed=removed)


class ByMta:
    """SMTP to an MTA with the gate as its milter."""

    def __init__(self, gate: Gate, make_mta):
        self.gate, self._make_mta = gate, make_mta
        self._closing = contextlib.ExitStack()
        self._number = 0

    def __enter__(self):
        with contextlib.ExitStack() as opened:
            self.tap = opened.enter_context(MilterTap(self.gate.daemon.port))
            self.sink = opened.enter_context(LmtpSink())
            self.mta = opened.enter_context(self._make_mta(self.gate.folder, self.tap.port, self.sink.port))
            self._closing = opened.pop_all()
        return self

    def __exit__(self, *_):
        self._closing.close()

    def run(self, attack: Attack) -> Finding:
        self.gate.forget()
        self.tap.forget()
        self._number += 1
        recipient = f"user{self._number}@example.org"
        with self.mta.connect(attack.client) as connection:
            reply = connection.send(attack.raw, attack.sender, [recipient], attack.parameters)
        log = (self.gate.log_lines(1, 10 if reply.accepted else 0.2) or [""])[-1]
        found = {"words": words_in(log), "log": log, "handed_over": tuple(self.tap.fields), "reached_us": bool(log)}
        if not reply.accepted:
            return Finding(action=str(reply), **found)
        fields = header_fields(self.sink.wait_for(recipient))
        (name, ours), *others = fields
        assert name == "Authentication-Results", name
        removed = _watched(header_fields(attack.raw)) - _watched(others)
        return Finding(action="accept", results=ours, removed=removed, **found)


def postfix(folder: Path, milter_port: int, sink_port: int) -> Postfix:
    """With its own defaults for what it refuses by itself."""
    return Postfix(folder / "postfix", (milter_port,), sink_port, "message_reject_characters =\n"
                   "smtpd_forbid_bare_newline = no\nheader_size_limit = 102400\nsmtpd_command_filter =\n")


def advised_postfix(folder: Path, milter_port: int, sink_port: int) -> Postfix:
    return Postfix(folder / "advised", (milter_port,), sink_port)


def sendmail(folder: Path, milter_port: int, sink_port: int) -> Sendmail:
    return Sendmail(folder / "sendmail", (milter_port,), sink_port)


def _watched(fields) -> int:
    return sum(name.strip().lower().startswith(("authentication-results", "bimi-")) for name, _ in fields)


def words_in(log: str) -> dict[str, str]:
    """The first result of each method in a line of the log; what stands in quotes is nobody's result."""
    if not log:
        return {}
    pairs = re.findall(r' (\w+)=("(?:[^"\\]|\\.)*"|\S*)', log)
    first = {key: value for key, value in reversed(pairs)}
    return {method: first.get(method, "none") for method in ("spf", "dkim", "arc", "dmarc")}
