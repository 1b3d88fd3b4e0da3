"""A private Unbound: it validates from the key of the root, and asks an NSD for everything."""

from pathlib import Path

from .daemon import HOST, Daemon

_CONFIGURATION = """\
server:
  interface: {host}@53
  directory: "{folder}"
  chroot: ""
  username: ""
  pidfile: ""
  logfile: ""
  use-syslog: no
  do-ip6: no
  do-not-query-localhost: no
  qname-minimisation: no
  trust-anchor-file: "{anchor}"
remote-control:
  control-enable: no
"""
_STUB = """\
stub-zone:
  name: "{name}"
  stub-addr: {host}@{port}
"""


class Unbound(Daemon):
    """`zones` are the names of the zones that the server at `port` has."""

    def __init__(self, folder: Path, port: int, zones: tuple[str, ...], anchor: Path):
        super().__init__("unbound", folder, 53)
        configuration = _CONFIGURATION.format(host=HOST, folder=folder, anchor=anchor)
        configuration += "".join(_STUB.format(name=name, host=HOST, port=port) for name in zones)
        (folder / "unbound.conf").write_text(configuration)

    def command(self):
        return ["/usr/sbin/unbound", "-d", "-c", str(self.folder / "unbound.conf")]
