"""The corpora, the DNS server and the load driver of one run."""

import json
import subprocess
from pathlib import Path

from stage.isolation import add_address

from .contestants import PROGRAMS, Milter


class Failed(RuntimeError):
    """Sekisho answered something else than is expected, or a peer is no longer there."""


class DnsServer:
    """For the zone of a corpus; each answer waits `delay` milliseconds. A context manager."""

    place = []

    def __init__(self, zone: Path, delay: int = 0):
        self._command = [str(PROGRAMS / "dns_server"), "--delay", str(delay), *self.place, str(zone)]

    @classmethod
    def replace_the_systems(cls, folder: Path):
        """For programs that know no other, or none below 127. Only within isolate(), which has a mount namespace,
        too."""
        host = "192.0.2.53"
        add_address(host, 53)
        resolver = folder / "resolv.conf"
        resolver.write_text(f"nameserver {host}\n")
        subprocess.run(["mount", "--bind", str(resolver), "/etc/resolv.conf"], check=True)
        cls.place = ["--host", host, "--port", "53"]

    def __enter__(self):
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_):
        self._process.communicate()


def make_corpus(folder: Path, messages: int, octets: int = 0, *more: str) -> Path:
    subprocess.run([str(PROGRAMS / "make_corpus"), "--messages", str(messages), "--octets", str(octets), *more,
                    str(folder)], check=True)
    return folder


def floor_of(corpus: Path, *more: str) -> float:
    """CPU seconds per 1000 messages."""
    return float(subprocess.run([str(PROGRAMS / "floor"), *more, str(corpus)], check=True, capture_output=True,
                                text=True).stdout)


def load(milter: Milter, corpus: Path, *, messages: int = 0, connections: int = 4, per_connection: int = 1) -> dict:
    """What the driver found. Raises Failed where Sekisho answers something else than is expected; a peer that turns
    messages away has `wrong` ones."""
    command = [str(PROGRAMS / "milterload"), "--json", "--connections", str(connections), "--messages", str(messages),
               "--per-connection", str(per_connection)]
    if not milter.checked:
        command.append("--any-result")
    if milter.signatures:
        command += ["--signatures", str(milter.signatures)]
    if milter.next_socket:
        command += ["--then", milter.next_socket]
    done = subprocess.run([*command, milter.socket, str(corpus)], capture_output=True, text=True, check=False)
    if done.returncode != 0 and (milter.checked or not done.stdout):
        raise Failed(f"{milter.name}: {done.stderr}{done.stdout}")
    return json.loads(done.stdout)


class Held:
    """Connections that stay where they are: `where` is idle or body. A context manager."""

    def __init__(self, milter: Milter, corpus: Path, where: str, connections: int):
        self._command = [str(PROGRAMS / "milterload"), "--hold", where, "--connections", str(connections),
                         milter.socket, str(corpus)]

    def __enter__(self):
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if not self._process.stdout.readline().startswith("held"):
            raise RuntimeError("the connections could not be held")
        return self

    def __exit__(self, *_):
        self._process.communicate()
