"""A private NSD. It serves the root zone, so that whatever was not written there does not exist."""

import os
import signal
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
  hide-version: yes
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: "root.zone"
"""
_BROKEN = """\
zone:
  name: "{name}"
  zonefile: "missing.zone"
"""
_HEAD = """\
$ORIGIN .
$TTL 300
. SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60
. NS ns.invalid.
"""


class Nsd(Daemon):
    """`records` are lines of a master file with full names. Below the `broken` domains the answer
    is SERVFAIL."""

    def __init__(self, folder: Path, records: str, broken: tuple[str, ...] = ()):
        super().__init__("nsd", folder, free_port())
        self.zone_file = folder / "root.zone"
        self.show(records)
        configuration = _CONFIGURATION.format(host=HOST, port=self.port, folder=folder)
        configuration += "".join(_BROKEN.format(name=name) for name in broken)
        (folder / "nsd.conf").write_text(configuration)

    def show(self, records: str):
        """These from now on; one that runs reads them when it is told to reload()."""
        self.zone_file.write_text(_HEAD + records)

    def reload(self):
        os.kill(self.pid, signal.SIGHUP)

    def command(self):
        return ["/usr/sbin/nsd", "-d", "-c", str(self.folder / "nsd.conf")]


def txt(name: str, text: str) -> str:
    """A TXT record, cut into strings of at most 255 octets."""
    strings = [text[i:i + 255] for i in range(0, len(text), 255)] or [""]
    quoted = ('"' + "".join(map(_escaped, s)) + '"' for s in strings)
    return f"{name}. TXT {' '.join(quoted)}\n"


def _escaped(character: str) -> str:
    if character in '\\"':
        return "\\" + character
    return character if character.isprintable() else f"\\{ord(character):03d}"
