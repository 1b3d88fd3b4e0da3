"""Zones that are signed, and served by an NSD of their own: healthy ones and broken ones."""

import subprocess
import time
from pathlib import Path

from .nsd import ZoneServer


class Key:
    """The one key of a zone."""

    def __init__(self, folder: Path, zone: str):
        made = subprocess.run(["ldns-keygen", "-k", "-a", "ECDSAP256SHA256", "-r", "/dev/urandom", zone], cwd=folder,
                              check=True, capture_output=True, text=True)
        self.name = made.stdout.strip()
        self.file = folder / f"{self.name}.key"

    def ds(self) -> str:
        done = subprocess.run(["ldns-key2ds", "-n", "-2", str(self.file)], check=True, capture_output=True, text=True)
        return done.stdout


class SignedZones(ZoneServer):
    def __init__(self, folder: Path):
        super().__init__(folder, {})

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.zones)

    def key(self, zone: str) -> Key:
        return Key(self.folder, zone)

    def add(self, zone: str, records: str, key: Key | None = None, *, days: int = 30):
        """`records` have full names, or names below the zone. Without a key, the zone is unsigned. The signatures end
        in `days`; validators take them for up to a day longer (val-sig-skew-max of unbound.conf)."""
        file = f"{zone.strip('.') or 'root'}.zone"
        head = "@ SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60\n@ NS ns.invalid.\n"
        (self.folder / file).write_text(f"$ORIGIN {zone}\n$TTL 300\n{head}{records}")
        if key:
            now = int(time.time())
            subprocess.run(["ldns-signzone", "-i", str(now - 40 * 86_400), "-e",
                            str(now + days * 86_400), "-f", f"{file}.signed", file,
                            key.name], cwd=self.folder, check=True, capture_output=True)
            file += ".signed"
        self.zones[zone] = file
