"""What the MTAs of the stage have in common: beside the port where mail comes in, one where users log in, over TLS and with
Cyrus SASL; and one whose mail goes through a filter that gives it back."""

import contextlib
import ssl
import subprocess
from pathlib import Path

from .after_queue_filter import AfterQueueFilter
from .daemon import Daemon, free_port
from .login_service import LoginService

_SASL = "pwcheck_method: saslauthd\nsaslauthd_path: {home}/logins\nmech_list: PLAIN\n"


def _make_certificate(name: str, key: Path, certificate: Path):
    """Signed by itself."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", f"/CN={name}", "-keyout", key, "-out", certificate],
                   stderr=subprocess.DEVNULL, check=True)


class Mta(Daemon):
    """`sasl_file` is where its Cyrus SASL finds what to do; `home` is where it sees its folder."""

    has_smtputf8: bool
    most_signatures: int  # large ones, that a message may have and is still let in

    def __init__(self, name: str, folder: Path, sasl_file: Path, home: Path):
        super().__init__(name, folder, free_port())
        self.submission_port, self.filtered_port = free_port(), free_port()
        self.quiet_port = free_port()  # where no milter is asked
        self.filter = AfterQueueFilter(self.port)
        self._closing = contextlib.ExitStack()
        sasl_file.parent.mkdir(parents=True)
        sasl_file.write_text(_SASL.format(home=home))
        _make_certificate("mx.example.org", folder / "key.pem", folder / "certificate.pem")
        # Clients with this certificate are verified.
        _make_certificate("partner.example", folder / "partner-key.pem", folder / "partner.pem")

    def start(self):
        with contextlib.ExitStack() as opened:
            opened.enter_context(LoginService(self.folder / "logins"))
            opened.enter_context(self.filter)
            super().start()
            self._closing = opened.pop_all()
        return self

    def tls_context(self, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3, *,
                    certificate: bool = False) -> ssl.SSLContext:
        """For a client, with the certificate that is verified here or none."""
        context = ssl._create_unverified_context()
        context.maximum_version = version
        if certificate:
            context.load_cert_chain(self.folder / "partner.pem", self.folder / "partner-key.pem")
        return context

    def stop(self):
        status = super().stop()
        self._closing.close()
        return status
