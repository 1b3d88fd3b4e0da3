"""The command `sekisho`, fed with messages."""

import json
import subprocess
import tempfile
from pathlib import Path

from .nsd import txt
from .sekishod import SEKISHO


def verify(message: bytes, records: dict[str, str]) -> list[tuple[str, str]]:
    """Selectors and results in the order of the fields."""
    with tempfile.NamedTemporaryFile("w", suffix=".zone") as zone:
        zone.write("$ORIGIN .\n$TTL 300\n" + "".join(txt(*record) for record in records.items()))
        zone.flush()
        found = json.loads(_run(["check", "--zone", zone.name, "--format", "json", "-"], message))
    return [(result["selector"], f'{result["result"]} {result["reason"]}'.strip()) for result in found["dkim"]]


def sign(message: bytes, domain: str, keys: dict[str, Path], canonicalization: str) -> bytes:
    options = [word for selector, path in keys.items()
               for word in ("--domain", domain, "--selector", selector, "--key", str(path))]
    return _run(["sign", "--canonicalization", canonicalization, *options], message)


def _run(arguments: list[str], message: bytes) -> bytes:
    return subprocess.run([SEKISHO, *arguments], input=message, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=True).stdout
