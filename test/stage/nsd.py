"""A private NSD. It serves the root zone, so that whatever was not written there does not exist."""

import os
import signal
from pathlib import Path

from .daemon import HOST, Daemon, free_port

_SERVER = """\
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
  hide-version: yes
remote-control:
  control-enable: no
"""
_ZONE = """\
zone:
  name: "{name}"
  zonefile: "{file}"
"""
_HEAD = """\
$ORIGIN .
$TTL 300
. SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60
. NS ns.invalid.
"""


class ZoneServer(Daemon):
    """An NSD with these zones, by the names of their files in the folder. They are read at the start."""

    def __init__(self, folder: Path, zones: dict[str, str]):
        super().__init__("nsd", folder, free_port())
        self.zones = zones

    def command(self):
        configuration = _SERVER.format(host=HOST, port=self.port, folder=self.folder)
        configuration += "".join(_ZONE.format(name=name, file=file) for name, file in self.zones.items())
        (self.folder / "nsd.conf").write_text(configuration)
        return ["/usr/sbin/nsd", "-d", "-c", str(self.folder / "nsd.conf")]


class Nsd(ZoneServer):
    """`records` are lines of a master file with full names. Below the `broken` domains the answer
    is SERVFAIL."""

    def __init__(self, folder: Path, records: str, broken: tuple[str, ...] = ()):
        super().__init__(folder, {".": "root.zone"} | {name: "missing.zone" for name in broken})
        self.zone_file = folder / "root.zone"
        self.show(records)

    def show(self, records: str):
        """These from now on; one that runs reads them when it is told to reload()."""
        self.zone_file.write_text(_HEAD + records)

    def reload(self):
        os.kill(self.pid, signal.SIGHUP)


def txt(name: str, text: str) -> str:
    """A TXT record, cut into strings of at most 255 octets."""
    strings = [text[i:i + 255] for i in range(0, len(text), 255)] or [""]
    quoted = ('"' + "".join(map(_escaped, s)) + '"' for s in strings)
    return f"{name}. TXT {' '.join(quoted)}\n"


def _escaped(character: str) -> str:
    if character in '\\"':
        return "\\" + character
    return character if character.isprintable() else f"\\{ord(character):03d}"
