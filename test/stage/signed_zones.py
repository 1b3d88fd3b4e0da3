"""Zones that are signed, and served by an NSD of their own: healthy ones and broken ones."""

import subprocess
import time
from pathlib import Path

from .daemon import HOST, Daemon, free_port

_CONFIGURATION = """\
server:
  ip-address: {host}@{port}
  zonesdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  database: ""
  pidfile: ""
  username: ""
  server-count: 1
remote-control:
  control-enable: no
"""
_ZONE = """\
zone:
  name: "{name}"
  zonefile: "{file}"
"""


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


class SignedZones(Daemon):
    def __init__(self, folder: Path):
        super().__init__("nsd", folder, free_port())
        self._zones: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._zones)

    def key(self, zone: str) -> Key:
        return Key(self.folder, zone)

    def add(self, zone: str, records: str, key: Key | None = None, *, days: int = 30):
        """`records` have full names, or names below the zone. Without a key, the zone is unsigned. The signatures end
        in `days`."""
        file = f"{zone.strip('.') or 'root'}.zone"
        head = "@ SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60\n@ NS ns.invalid.\n"
        (self.folder / file).write_text(f"$ORIGIN {zone}\n$TTL 300\n{head}{records}")
        if key:
            now = int(time.time())
            subprocess.run(["ldns-signzone", "-i", str(now - 40 * 86_400), "-e",
                            str(now + days * 86_400), "-f", f"{file}.signed", file,
                            key.name], cwd=self.folder, check=True, capture_output=True)
            file += ".signed"
        self._zones[zone] = file

    def command(self):
        configuration = _CONFIGURATION.format(host=HOST, port=self.port, folder=self.folder)
        configuration += "".join(_ZONE.format(name=name, file=file) for name, file in self._zones.items())
        (self.folder / "nsd.conf").write_text(configuration)
        return ["/usr/sbin/nsd", "-d", "-c", str(self.folder / "nsd.conf")]
