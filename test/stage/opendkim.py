"""OpenDKIM: as a sender has it, a milter of his own Postfix, and by itself in its test mode."""

import re
import subprocess
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


_VERIFIER = """\
Socket inet:{port}@{host}
Background no
Syslog no
Mode v
AuthservID {authserv_id}
TestDNSData file:{folder}/records
"""


class VerifyingOpendkim(Daemon):
    """As a receiver has it. It knows these records alone."""

    def __init__(self, folder: Path, authserv_id: str, records: dict[str, str]):
        super().__init__("opendkim", folder, free_port())
        (folder / "records").write_text("".join(f"{owner} {text}\n" for owner, text in records.items()))
        (folder / "opendkim.conf").write_text(
            _VERIFIER.format(folder=folder, host=HOST, port=self.port, authserv_id=authserv_id))

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
              Postfix(folder / "postfix", (opendkim.port,), sink.port) as postfix):
            with Connection(postfix.port, client) as connection:
                connection.send(message, f"info@{domain}", ["out@example.org"])
            return sink.wait_for("out@example.org")


_TEST_CONFIGURATION = """\
Syslog no
Mode s
RequireSafeKeys no
Domain {domain}
Selector {selector}
KeyFile {folder}/private.pem
Canonicalization {canonicalization}
SignatureAlgorithm {algorithm}
OversignHeaders From
"""


def sign_with_opendkim(message: bytes, domain: str, selector: str, key: Key, canonicalization: str) -> bytes:
    """The field that its test mode would insert, with CRLF."""
    with tempfile.TemporaryDirectory(prefix="sekisho-opendkim-") as name:
        folder = Path(name)
        (folder / "private.pem").write_bytes(key.pem)
        (folder / "opendkim.conf").write_text(_TEST_CONFIGURATION.format(
            folder=folder, domain=domain, selector=selector, canonicalization=canonicalization,
            algorithm=key.algorithm))
        printed = _run_test_mode(folder / "opendkim.conf", message)
    value = printed.partition("hname='DKIM-Signature' hvalue='")[2].partition("'")[0]
    return f"DKIM-Signature: {value}\n".replace("\n", "\r\n").encode()


def verify_with_opendkim(message: bytes, records: dict[str, str]) -> dict[str, str]:
    """Results by selector."""
    with tempfile.TemporaryDirectory(prefix="sekisho-opendkim-") as name:
        folder = Path(name)
        (folder / "records").write_text("".join(f"{owner} {text}\n" for owner, text in records.items()))
        (folder / "opendkim.conf").write_text(f"Syslog no\nMode v\nTestDNSData file:{folder}/records\n")
        printed = _run_test_mode(folder / "opendkim.conf", message)
    results = printed.partition("Authentication-Results")[2].partition("### ")[0]
    return {selector: result
            for result, selector in re.findall(r"dkim=(\w+)[^;]*?\bheader\.s=([\w.-]+)", results)}


def _run_test_mode(configuration: Path, message: bytes) -> str:
    """What its test mode prints of the header edits it would make."""
    command = ["/usr/sbin/opendkim", "-x", str(configuration), "-vvv", "-t", "-"]
    done = subprocess.run(command, input=message, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    return done.stdout.decode(errors="replace")
