"""`sekisho domain check --connect` comes to the verdict of Postfix (`posttls-finger -l dane`) on hosts with TLSA records,
in signed, unsigned and broken zones."""

import contextlib
import json
import os
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from .daemon import HOST
from .isolation import add_address
from .signed_zones import SignedZones
from .unbound import Unbound

_SEKISHO = Path(os.environ["SEKISHO_BUILD"]) / "tools/sekisho"
_DIGEST = "ab" * 32
# Where there are usable records: what else is wrong with a certificate matters to nobody.
_NOT_AUTHENTICATED = re.compile(r"^posttls-finger: server certificate verification failed", re.MULTILINE)


def openssl(folder: Path, *arguments: str):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class Certificates:
    """An authority, and certificates of it."""

    def __init__(self, folder: Path):
        self._folder = folder
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Test authority")

    def make(self, host: str, *, days: int = 30, with_authority: bool = False) -> str:
        name = f"{host}-{days}-{with_authority}"
        openssl(self._folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={host}")
        (self._folder / "names").write_text(f"subjectAltName=DNS:{host}\n")
        openssl(self._folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-out", f"{name}.pem", "-days", str(days), "-extfile", "names")
        chain = (self._folder / f"{name}.pem").read_text()
        (self._folder / f"{name}.chain").write_text(
            chain + ((self._folder / "ca.pem").read_text() if with_authority else ""))
        return name

    def context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / f"{name}.chain", self._folder / f"{name}.key")
        return context

    def record(self, name: str, usage: int, selector: int = 1, matching: int = 1) -> str:
        done = subprocess.run([_SEKISHO, "tlsa", "show", "--cert", str(self._folder / f"{name}.pem"), "--usage", str(usage),
                               "--selector", str(selector), "--matching", str(matching)],
                              capture_output=True, text=True, check=True)
        return done.stdout.strip().removeprefix("_25._tcp. 3600 IN ")


def talk(connection: socket.socket, context: ssl.SSLContext | None):
    stream = connection.makefile("rwb", buffering=0)
    stream.write(b"220 mx ESMTP\r\n")
    while line := stream.readline():
        verb = line.split()[0].upper()
        if verb == b"EHLO":
            stream.write(b"250-mx\r\n250-STARTTLS\r\n250 SIZE\r\n" if context else b"250-mx\r\n250 SIZE\r\n")
        elif verb == b"STARTTLS" and context:
            stream.write(b"220 go\r\n")
            with context.wrap_socket(connection, server_side=True) as tls, tls.makefile("rwb", buffering=0) as inner:
                while inner.readline()[:4].upper() == b"EHLO":
                    inner.write(b"250 mx\r\n")
                inner.write(b"221 bye\r\n")
            return
        else:
            stream.write(b"221 bye\r\n")
            return


class MailHost:
    """Serves port 25 of an address."""

    def __init__(self, address: str, context: ssl.SSLContext | None):
        self._context = context
        self._socket = socket.create_server((address, 25))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection, _ = self._socket.accept()
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        with contextlib.suppress(OSError, IndexError), connection:
            talk(connection, self._context)


class Dane(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="sekisho-dane-")))
        (cls.folder / "main.cf").write_text("compatibility_level = 3.6\ninet_protocols = ipv4\nmyhostname = sender.lab\n"
                                            f"mail_owner = postfix\ndata_directory = {cls.folder}\n")
        cls.certificates = Certificates(cls.folder)
        cls.addresses = 0
        cls.cases: dict[str, str] = {}  # domain -> the verdict
        cls.records = {"root": "", "plain": "", "bogus": ""}
        cls.make_cases()
        cls.start_name_servers()

    @classmethod
    def start_name_servers(cls):
        nsd = SignedZones(cls.folder / "nsd")
        root, bogus = nsd.key("."), nsd.key("bogus.")
        delegations = f"plain. NS ns.invalid.\nbogus. NS ns.invalid.\n{bogus.ds()}"
        nsd.add(".", cls.records["root"] + delegations, root)
        nsd.add("plain.", cls.records["plain"])
        nsd.add("bogus.", cls.records["bogus"], bogus, days=-2)
        cls.enterClassContext(nsd)
        cls.enterClassContext(Unbound(cls.folder / "unbound", nsd.port, nsd.names, root.file))
        resolv_conf = cls.folder / "resolv.conf"
        resolv_conf.write_text(f"nameserver {HOST}\noptions trust-ad\n")
        subprocess.run(["mount", "--bind", str(resolv_conf), "/etc/resolv.conf"], check=True)
        cls.addClassCleanup(subprocess.run, ["umount", "/etc/resolv.conf"], check=True)

    @classmethod
    def serve(cls, certificate: str | None) -> str:
        cls.addresses += 1
        address = f"192.0.2.{cls.addresses}"
        add_address(address, cls.addresses)
        MailHost(address, cls.certificates.context(certificate) if certificate else None)
        return address

    @classmethod
    def case(cls, name: str, verdict: str, *tlsa: str, certificate: str | None = "", mx_zone: str = "root",
             host_zone: str = "root", base: str = ""):
        """A domain with one host, whose certificate has its name, unless another is named. None: no TLS."""
        suffix = {"root": "lab.", "plain": "plain.", "bogus": "bogus."}
        host = f"mx.{name}.{suffix[host_zone]}"
        domain = f"{name}.{suffix[mx_zone]}"
        served = cls.certificates.make(host.rstrip(".")) if certificate == "" else certificate
        cls.records[mx_zone] += f"{domain} MX 10 {host}\n"
        cls.records[host_zone] += f"{host} A {cls.serve(served)}\n"
        for record in tlsa:
            own = cls.certificates.record(served, *map(int, record.split())) if re.fullmatch(r"\d \d \d", record) else record
            cls.records[host_zone] += f"_25._tcp.{base or host} {own}\n"
        cls.cases[domain.rstrip(".")] = verdict

    @classmethod
    def make_cases(cls):
        make, record = cls.certificates.make, cls.certificates.record
        other = record(make("other.lab"), 3)
        authority = record("ca", 2, 0, 1)
        # usage 3
        cls.case("key", "verified", "3 1 1")
        cls.case("certificate", "verified", "3 0 1")
        cls.case("sha512", "verified", "3 1 2")
        cls.case("whole", "verified", "3 0 0")
        cls.case("mismatch", "refused", other)
        cls.case("next-key", "verified", other, "3 1 1")
        cls.case("other-name", "verified", "3 1 1", certificate=make("somebody.lab"))
        cls.case("expired", "verified", "3 1 1", certificate=make("mx.expired.lab", days=-1))
        # usage 2
        cls.case("authority", "verified", authority,
                 certificate=make("mx.authority.lab", with_authority=True))
        cls.case("authority-key", "verified", record("ca", 2, 1, 1),
                 certificate=make("mx.authority-key.lab", with_authority=True))
        cls.case("domain-name", "verified", authority, certificate=make("domain-name.lab", with_authority=True))
        cls.case("authority-not-sent", "refused", authority)
        cls.case("authority-other-name", "refused", authority,
                 certificate=make("somebody-else.lab", with_authority=True))
        cls.case("authority-expired", "refused", authority,
                 certificate=make("mx.authority-expired.lab", days=-1, with_authority=True))
        # records that senders do not use
        cls.case("usage-1", "not authenticated", f"TLSA 1 1 1 {_DIGEST}")
        cls.case("usage-0", "not authenticated", f"TLSA 0 0 1 {_DIGEST}")
        cls.case("cut", "not authenticated", "TLSA 3 1 1 abcd")
        cls.case("unknown-selector", "not authenticated", f"TLSA 3 7 1 {_DIGEST}")
        cls.case("unknown-matching", "not authenticated", f"TLSA 3 1 9 {_DIGEST}")
        cls.case("one-unusable", "verified", f"TLSA 1 1 1 {_DIGEST}", "3 1 1")
        cls.case("one-unusable-one-wrong", "refused", f"TLSA 1 1 1 {_DIGEST}", other)
        cls.case("unusable-without-tls", "refused", f"TLSA 1 1 1 {_DIGEST}", certificate=None)
        cls.case("no-tlsa", "not authenticated")
        cls.case("no-tls", "refused", other, certificate=None)
        # zones
        cls.case("host", "not authenticated", other, host_zone="plain")
        cls.case("host-broken", "refused", "3 1 1", host_zone="bogus")
        cls.case("mx-broken", "refused", "3 1 1", mx_zone="bogus")
        cls.case("tlsa-broken", "refused", "CNAME tlsa.bogus.")
        cls.case("tlsa-plain", "not authenticated", "CNAME tlsa.plain.")
        cls.records["bogus"] += f"tlsa {other}\n"
        cls.records["plain"] += f"tlsa {other}\n"
        cls.make_aliases(other)

    @classmethod
    def make_aliases(cls, other: str):
        """The host of the MX record is an alias."""
        def alias(name: str, verdict: str, at_target: str, at_alias: str, target_zone: str = "root"):
            target = f"real-{name}.{'lab.' if target_zone == 'root' else target_zone + '.'}"
            served = cls.certificates.make(target.rstrip("."))
            records = {"own": cls.certificates.record(served, 3), "other": other}
            cls.records["root"] += f"{name}.lab. MX 10 mx.{name}.lab.\nmx.{name}.lab. CNAME {target}\n"
            cls.records[target_zone] += f"{target} A {cls.serve(served)}\n"
            if at_target:
                cls.records[target_zone] += f"_25._tcp.{target} {records[at_target]}\n"
            if at_alias:
                cls.records["root"] += f"_25._tcp.mx.{name}.lab. {records[at_alias]}\n"
            cls.cases[f"{name}.lab"] = verdict
        alias("alias-target", "verified", "own", "")
        alias("alias-target-wrong", "refused", "other", "own")
        alias("alias-name", "verified", "", "own")
        alias("alias-none", "not authenticated", "", "")
        alias("alias-plain", "verified", "other", "own", "plain")
        alias("alias-broken", "refused", "own", "own", "bogus")

    def judged_by_postfix(self, domain: str) -> str:
        done = subprocess.run(["posttls-finger", "-c", "-t10", "-T10", "-l", "dane", "-L", "summary", domain],
                              env={**os.environ, "MAIL_CONFIG": str(self.folder)}, capture_output=True, text=True,
                              check=False, timeout=60)
        self.log = done.stdout + done.stderr
        established = re.search(r"(\w+) TLS connection established", self.log)
        if not established:
            return "refused"
        if established[1] == "Verified":
            return "verified"
        return "refused" if _NOT_AUTHENTICATED.search(self.log) else "not authenticated"

    def judged_by_us(self, domain: str) -> str:
        done = subprocess.run([_SEKISHO, "domain", "check", domain, "--connect", "--allow-private", "--format", "json",
                               "--all", "--dns-timeout", "5"], capture_output=True, text=True, check=False, timeout=60)
        self.report = json.loads(done.stdout)
        found = {row["id"] for row in self.report["findings"]}
        unknown = {row["id"] for row in self.report["unknown"] if row["tried"]}
        if unknown & {"domain.nxdomain", "mx.no-address", "dane.lookup-fails"}:
            return "refused"  # temporarily: a sender keeps the message and tries again
        if found & {"dane.mismatch", "dane.ta-not-sent", "dane.name", "dane.no-starttls"}:
            return "refused"
        self.assertNotIn("dane.insecure-mx", found)
        usable = [record for record in self.report["dane"][0]["tlsa"] if record["usable"]]
        return "not authenticated" if not usable or "dane.insecure-zone" in found else "verified"

    def test_the_verdict_is_that_of_postfix(self):
        for domain, verdict in self.cases.items():
            with self.subTest(domain):
                self.assertEqual(self.judged_by_postfix(domain), verdict, self.log)
                self.assertEqual(self.judged_by_us(domain), verdict)

    def test_what_is_wrong_with_a_host_below_an_authority_is_named(self):
        for domain, expected in {"authority-not-sent.lab": "dane.ta-not-sent", "authority-other-name.lab": "dane.name",
                                 "authority-expired.lab": "dane.mismatch", "mismatch.lab": "dane.mismatch"}.items():
            with self.subTest(domain):
                self.judged_by_us(domain)
                self.assertIn(expected, [row["id"] for row in self.report["findings"]])
