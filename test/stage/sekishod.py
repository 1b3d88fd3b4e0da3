"""The daemon under test."""

import os
from pathlib import Path

from .daemon import HOST, Daemon, free_port

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SEKISHO_BUILD", ROOT / "build/release"))
SEKISHO = BUILD / "tools/sekisho"

_CONFIGURATION = """\
socket = "inet:{port}@{host}"
authserv_id = "{authserv_id}"

{top}
[dns]
nameservers = ["{host}:{dns_port}"]
timeout = "2s"

{tables}
"""


class Sekishod(Daemon):
    """`top` and `tables` are further lines of the configuration: options without a table, and tables."""

    def __init__(self, folder: Path, dns_port: int, *, authserv_id: str = "mx.example.org",
                 top: str = "", tables: str = ""):
        super().__init__("sekishod", folder, free_port())
        self.configuration = folder / "sekisho.toml"
        self.configuration.write_text(_CONFIGURATION.format(
            host=HOST, port=self.port, dns_port=dns_port, authserv_id=authserv_id, top=top, tables=tables))

    def command(self):
        return [str(BUILD / "milter/sekishod"), "-c", str(self.configuration)]
