"""The command `sekisho`, fed with messages."""

import contextlib
import json
import subprocess
import tempfile
from pathlib import Path

from .nsd import txt
from .sekishod import SEKISHO


def verify(message: bytes, records: dict[str, str]) -> list[tuple[str, str]]:
    """Selectors and results in the order of the fields."""
    found = check(message, records)
    return [(result["selector"], f'{result["result"]} {result["reason"]}'.strip()) for result in found["dkim"]]


def check(message: bytes, records: dict[str, str]) -> dict:
    """The JSON object of `sekisho check`."""
    with _zone_of(records) as zone:
        return json.loads(_run(["check", "--zone", zone.name, "--format", "json", "-"], message))


def seal(message: bytes, domain: str, selector: str, key: Path, records: dict[str, str]) -> bytes:
    with _zone_of(records) as zone:
        return _run(["seal", "--domain", domain, "--selector", selector, "--key", str(key), "--zone", zone.name,
                     "--authserv-id", f"mx.{domain}", "--ip", "192.0.2.1", "--mail-from", "joe@example.org"], message)


@contextlib.contextmanager
def _zone_of(records: dict[str, str]):
    with tempfile.NamedTemporaryFile("w", suffix=".zone") as zone:
        zone.write("$ORIGIN .\n$TTL 300\n" + "".join(txt(*record) for record in records.items()))
        zone.flush()
        yield zone


def sign(message: bytes, domain: str, keys: dict[str, Path], canonicalization: str) -> bytes:
    options = [word for selector, path in keys.items()
               for word in ("--domain", domain, "--selector", selector, "--key", str(path))]
    return _run(["sign", "--canonicalization", canonicalization, *options], message)


def _run(arguments: list[str], message: bytes) -> bytes:
    return subprocess.run([SEKISHO, *arguments], input=message, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=True).stdout
