"""OpenDKIM as a sender has it: a milter of his own Postfix."""

import tempfile
from pathlib import Path

from .daemon import HOST, Daemon, free_port
from .lmtp_sink import LmtpSink
from .postfix import Postfix
from .signers import Key
from .smtp import Client, Connection

_CONFIGURATION = """\
Socket inet:{port}@{host}
Background no
Syslog no
Mode s
RequireSafeKeys no
InternalHosts {client}
Domain {domain}
Selector {selector}
KeyFile {folder}/private.pem
Canonicalization {canonicalization}
SignatureAlgorithm rsa-sha256
OversignHeaders From
"""


class Opendkim(Daemon):
    def __init__(self, folder: Path, key: Key, **settings: str):
        super().__init__("opendkim", folder, free_port())
        (folder / "private.pem").write_bytes(key.pem)
        (folder / "opendkim.conf").write_text(
            _CONFIGURATION.format(folder=folder, host=HOST, port=self.port, **settings))

    def command(self):
        return ["/usr/sbin/opendkim", "-f", "-x", str(self.folder / "opendkim.conf")]


def sign_with_opendkim_filter(message: bytes, client: Client, domain: str, selector: str, key: Key,
                              canonicalization: str) -> bytes:
    """The message as it leaves a Postfix with OpenDKIM."""
    with tempfile.TemporaryDirectory(prefix="sekisho-sender-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        settings = {"client": client.address, "domain": domain, "selector": selector,
                    "canonicalization": canonicalization}
        with (Opendkim(folder / "opendkim", key, **settings) as opendkim, LmtpSink() as sink,
              Postfix(folder / "postfix", f"inet:{HOST}:{opendkim.port}", sink.port) as postfix):
            with Connection(postfix.port, client) as connection:
                connection.send(message, f"info@{domain}", ["out@example.org"])
            return sink.wait_for("out@example.org")
