"""`sekisho domain check --connect` against web servers and mail hosts on loopback, good and bad ones."""

import contextlib
import http.server
import json
import os
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from .isolation import add_address

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ["SEKISHO_BUILD"]) / "tools/sekisho"
_WEB, _MX = "192.0.2.80", "192.0.2.25"
_POLICY = "version: STSv1\nmode: enforce\nmx: mx1.shop.example\nmax_age: 2000000\n"
_ZONE = f"""\
$ORIGIN shop.example.
@ MX 10 mx1
mx1 A {_MX}
mta-sts A {_WEB}
_mta-sts TXT "v=STSv1; id=1"
"""


def openssl(folder: Path, *arguments: str):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_authority(folder: Path):
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
            "-subj", "/CN=Test authority")


def make_certificate(folder: Path, name: str, host: str, days: int = 30):
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj",
            f"/CN={host}")
    (folder / "names").write_text(f"subjectAltName=DNS:{host}\n")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
            f"{name}.pem", "-days", str(days), "-extfile", "names")


class Server:
    """Serves each connection with `talk(socket)`, in a thread; counts them."""

    def __init__(self, address: str, port: int, talk):
        self.connections = 0
        self._talk = talk
        self._socket = socket.create_server((address, port), reuse_port=True,
                                            family=socket.AF_INET6 if ":" in address else socket.AF_INET)
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):  # stopped already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        with contextlib.suppress(OSError), connection:
            self._talk(connection)


class DomainConnect(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keys = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="sekisho-domain-connect-")))
        make_authority(cls.keys)
        make_certificate(cls.keys, "web", "mta-sts.shop.example")
        make_certificate(cls.keys, "mx", "mx1.shop.example")
        make_certificate(cls.keys, "other", "other.example")
        for number, address in enumerate((_WEB, _MX), 1):
            add_address(address, number)

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-domain-connect-")))

    def check(self, *arguments: str, zone: str = _ZONE, private: bool = True) -> dict:
        (self.folder / "zone").write_text(zone)
        done = subprocess.run(
            [_SEKISHO, "domain", "check", "shop.example", "--zone", "zone", "--connect", "--authorities",
             str(self.keys / "ca.pem"), "--format", "json", "--all", *(["--allow-private"] if private else []), *arguments],
            capture_output=True, text=True, check=False, cwd=self.folder, timeout=120)
        self.assertEqual(done.stderr, "")
        self.assertIn(done.returncode, (0, 3))
        return json.loads(done.stdout)

    def ids(self, report: dict, *prefixes: str) -> list[str]:
        return sorted({row["id"] for row in report["findings"] if row["id"].startswith(prefixes)})

    def unknown(self, report: dict, *prefixes: str) -> list[str]:
        return sorted({row["id"] for row in report["unknown"] if row["id"].startswith(prefixes)})

    def context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.keys / f"{name}.pem", self.keys / f"{name}.key")
        return context

    def web(self, answer: bytes | None = None, certificate: str = "web", body: str = _POLICY,
            content_type: str = "text/plain", address: str = _WEB):
        if answer is None:
            answer = (f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
                      f"Connection: close\r\n\r\n{body}").encode()

        def talk(connection):
            with self.context(certificate).wrap_socket(connection, server_side=True) as tls:
                tls.recv(65536)
                tls.sendall(answer)
                with contextlib.suppress(OSError):
                    tls.unwrap()
        return self.enterContext(Server(address, 443, talk))

    def mail(self, certificate: str | None = "mx", greeting: str = "220 mx1 ESMTP", starttls: str = "220 go",
             versions: tuple | None = None):
        said = []

        def talk(connection):
            with contextlib.ExitStack() as stack:
                dialogue(connection, stack)

        def dialogue(connection, stack):
            stream = connection.makefile("rwb", buffering=0)
            stream.write(f"{greeting}\r\n".encode())
            while line := stream.readline():
                said.append(line.decode().strip())
                verb = line.split()[0].upper()
                if verb == b"EHLO":
                    offer = "250-mx1\r\n250-STARTTLS\r\n250 SIZE" if certificate else "250-mx1\r\n250 SIZE"
                    stream.write(f"{offer}\r\n".encode())
                elif verb == b"STARTTLS":
                    stream.write(f"{starttls}\r\n".encode())
                    if not starttls.startswith("220"):
                        continue
                    context = self.context(certificate)
                    if versions:
                        context.minimum_version, context.maximum_version = versions
                        context.set_ciphers("ALL:@SECLEVEL=0")
                    stream = stack.enter_context(context.wrap_socket(connection, server_side=True)).makefile("rwb", buffering=0)
                else:
                    stream.write(b"221 bye\r\n")
                    return
        server = self.enterContext(Server(_MX, 25, talk))
        server.said = said
        return server

    # MTA-STS

    def test_a_host_and_a_policy_in_order(self):
        self.web()
        mail = self.mail()
        report = self.check()
        self.assertEqual(self.ids(report, "sts", "tls.", "dane.mismatch"), [])
        self.assertEqual(self.unknown(report, "sts", "tls."), [])
        self.assertEqual([line.split()[0] for line in mail.said], ["EHLO", "STARTTLS", "QUIT"])
        self.assertEqual(report["mta_sts"]["policy"]["mode"], "enforce")
        self.assertEqual(report["dane"][0]["addresses"][0]["version"], "TLSv1.3")

    def test_what_is_wrong_with_a_policy_server(self):
        self.mail()
        cases = {
            "404": (dict(answer=b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), ["sts.fetch"]),
            "redirect": (dict(answer=b"HTTP/1.1 302 Found\r\nLocation: https://other.example/\r\n"
                                     b"Content-Length: 0\r\n\r\n"), ["sts.fetch"]),
            "another name": (dict(certificate="other"), ["sts.fetch"]),
            "70 KB": (dict(body="x" * 70_000), ["sts.fetch"]),
            "HTML": (dict(content_type="text/html"), ["sts.fetch"]),
            "no policy": (dict(body="<html>"), ["sts.policy"]),
            "nmx:": (dict(body=_POLICY.replace("mx:", "nmx:")), ["sts.policy"]),
            "an address": (dict(body=_POLICY.replace("mx1.shop.example", "192.0.2.25")), ["sts.policy"]),
            "another host": (dict(body=_POLICY.replace("mx1", "mx2")), ["sts.mx"]),
            "a wildcard of one label": (dict(body=_POLICY.replace("mx1.shop", "*")), ["sts.mx"]),
            "short": (dict(body=_POLICY.replace("2000000", "86400")), ["sts.short"]),
            "testing": (dict(body=_POLICY.replace("enforce", "testing")), ["sts.testing"]),
            "mode none": (dict(body="version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n"), []),
        }
        for what, (server, expected) in cases.items():
            with self.subTest(what), contextlib.ExitStack() as stack:
                web = self.web(**server)
                stack.callback(web.__exit__)
                self.assertEqual(self.ids(self.check(), "sts"), expected)

    def test_a_policy_that_is_served_without_the_record(self):
        self.mail()
        zone = _ZONE.replace("_mta-sts TXT", "; ")
        self.assertEqual(self.ids(self.check(zone=zone), "sts"), ["sts.record"])
        self.web()
        self.assertEqual(self.ids(self.check(zone=zone), "sts"), ["sts.none-removal", "sts.record"])

    def test_a_policy_server_that_is_not_there_is_unknown(self):
        self.mail()
        report = self.check()
        self.assertEqual(self.ids(report, "sts"), [])
        self.assertEqual(self.unknown(report, "sts"), ["sts.fetch"])

    # the addresses that strangers name

    def test_no_connection_goes_to_an_address_that_is_not_public(self):
        for number, address in enumerate(("169.254.169.254", "10.0.0.1"), 11):
            add_address(address, number)
        traps = [self.web(address=address) for address in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "::1")]
        for record in ("A 127.0.0.1", "A 169.254.169.254", "A 10.0.0.1", "AAAA ::1", "AAAA ::ffff:10.0.0.1",
                       "AAAA 64:ff9b::a00:1", "AAAA 2002:a00:1::1", "A 0.0.0.0"):
            zone = _ZONE.replace(f"mta-sts A {_WEB}", f"mta-sts {record}")
            with self.subTest(record):
                report = self.check(zone=zone, private=False)
                self.assertEqual(self.ids(report, "sts"), ["sts.fetch"])
                self.assertEqual([trap.connections for trap in traps], [0, 0, 0, 0])

    def test_no_mail_host_is_reached_at_an_address_that_is_not_public(self):
        self.web()
        mail = self.mail()
        report = self.check(private=False)
        self.assertEqual(mail.connections, 0)
        self.assertEqual(self.unknown(report, "tls."), ["tls.none"])

    def test_a_proxy_of_the_environment_is_not_asked(self):
        self.mail()
        self.web()
        os.environ["https_proxy"] = os.environ["ALL_PROXY"] = "http://127.0.0.1:1"
        self.addCleanup(os.environ.pop, "https_proxy")
        self.addCleanup(os.environ.pop, "ALL_PROXY")
        self.assertEqual(self.ids(self.check(), "sts"), [])

    # TLS and DANE

    def test_what_is_wrong_with_a_mail_host(self):
        self.web()
        old = (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1)
        cases = {
            "no STARTTLS": (dict(certificate=None), ["tls.none"], []),
            "STARTTLS refused": (dict(starttls="454 not now"), ["tls.starttls"], []),
            "another name": (dict(certificate="other"), ["tls.name"], []),
            "TLS 1.1": (dict(versions=old), ["tls.version"], []),
            "busy": (dict(greeting="421 too busy"), [], ["tls.none"]),
            "no SMTP": (dict(greeting="SSH-2.0"), [], ["tls.none"]),
        }
        for what, (server, expected, unknown) in cases.items():
            with self.subTest(what), contextlib.ExitStack() as stack:
                mail = self.mail(**server)
                stack.callback(mail.__exit__)
                report = self.check()
                self.assertEqual(self.ids(report, "tls."), expected)
                self.assertEqual(self.unknown(report, "tls."), unknown)

    def test_a_mail_host_that_hangs_up_in_the_handshake_ends_nothing(self):
        self.web()

        def hang_up(connection):
            for line in (b"220 mx1\r\n", b"250 STARTTLS\r\n"):
                connection.sendall(line)
                connection.recv(65536)
            connection.sendall(b"220 go\r\n")
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            incoming.write(connection.recv(65536))
            with contextlib.suppress(ssl.SSLWantReadError):
                self.context("mx").wrap_bio(incoming, outgoing, server_side=True).do_handshake()
            connection.sendall(outgoing.read())
            connection.shutdown(socket.SHUT_WR)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        with Server(_MX, 25, hang_up):
            self.check()  # has its own exit status, and not that of SIGPIPE

    def record(self, usage: int, selector: int, matching: int, certificate: str = "mx") -> str:
        done = subprocess.run([_SEKISHO, "tlsa", "show", "--cert", str(self.keys / f"{certificate}.pem"), "--usage",
                               str(usage), "--selector", str(selector), "--matching", str(matching)],
                              capture_output=True, text=True, check=True)
        return done.stdout.strip().removeprefix("_25._tcp. 3600 IN ")

    def test_tlsa_records_are_compared_with_the_certificate(self):
        self.web()
        self.mail()
        digest = "0" * 64
        cases = {
            "3 1 1": (self.record(3, 1, 1), []),
            "3 1 2": (self.record(3, 1, 2), []),
            "3 0 1": (self.record(3, 0, 1), ["dane.rollover"]),
            "3 0 0": (self.record(3, 0, 0), ["dane.full-data", "dane.rollover"]),
            "of another certificate": (self.record(3, 1, 1, "other"), ["dane.mismatch"]),
            "usage 1": (f"TLSA 1 1 1 {digest}", ["dane.unusable"]),
            "cut": ("TLSA 3 1 1 00ff", ["dane.unusable"]),
            "an authority that is not sent": (self.record(2, 0, 1, "ca"), ["dane.ta-not-sent"]),
        }
        for what, (record, expected) in cases.items():
            with self.subTest(what):
                report = self.check(zone=f"{_ZONE}_25._tcp.mx1 {record}\n")
                self.assertEqual(self.ids(report, "dane."), expected)

    def test_tlsa_records_without_starttls(self):
        self.web()
        self.mail(certificate=None)
        self.assertEqual(self.ids(self.check(zone=f"{_ZONE}_25._tcp.mx1 {self.record(3, 1, 1)}\n"), "dane."),
                         ["dane.no-starttls"])

    def test_a_certificate_ends_at_a_later_time(self):
        self.web()
        self.mail()
        later = str(int(time.time()) + 40 * 86_400)
        self.assertEqual(self.ids(self.check("--at", later), "tls."), ["tls.expired"])
        zone = f"{_ZONE}_25._tcp.mx1 {self.record(3, 1, 1)}\n"
        self.assertEqual(self.ids(self.check("--at", later, zone=zone), "dane."), [])  # RFC 7672 §3.1.1
