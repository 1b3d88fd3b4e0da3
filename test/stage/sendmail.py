"""A private Sendmail: own configuration, queue and port, and its own /etc/hosts and host name, for it asks for both. It
delivers over LMTP to the stage; for all other mail it has neither DNS nor network."""

import ssl
import subprocess
from pathlib import Path

from . import sendmail_package
from .daemon import HOST
from .isolation import add_address
from .mta import Mta
from .sekishod import ROOT
from .smtp import Client, Connection

# What the administrator is shown.
CONTRIB = ROOT / "contrib/sendmail"

_MC = """\
include(`{cf}/m4/cf.m4')dnl
OSTYPE(`linux')dnl
define(`QUEUE_DIR', `{folder}/queue')dnl
define(`STATUS_FILE', `{folder}/statistics')dnl
define(`HELP_FILE', `{folder}/helpfile')dnl
define(`ALIAS_FILE', `')dnl
define(`confPID_FILE', `{folder}/pid')dnl
define(`confSERVICE_SWITCH_FILE', `{folder}/service.switch')dnl
define(`confTO_IDENT', `0')dnl
define(`confQUEUE_LA', `1000')dnl
define(`confREFUSE_LA', `1000')dnl
define(`confSERVER_CERT', `{folder}/certificate.pem')dnl
define(`confSERVER_KEY', `{folder}/key.pem')dnl
define(`confCACERT', `{folder}/partner.pem')dnl
define(`confCACERT_PATH', `{folder}')dnl
define(`confAUTH_MECHANISMS', `PLAIN')dnl
define(`confAUTH_OPTIONS', `p')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Name=MTA, Family=inet, Addr={host}, Port={port}')dnl
DAEMON_OPTIONS(`Name=FILTERED, Family=inet, Addr={host}, Port={filtered}')dnl
DAEMON_OPTIONS(`Name=QUIET, Family=inet, Addr={host}, Port={quiet}, InputMailFilters=')dnl
{shown}
LOCAL_CONFIG
Cw example.org alumni.example
ESASL_CONF_PATH={folder}/sasl
MAILER(`smtp')dnl
MAILER_DEFINITIONS
Mstage, P=[IPC], F=lsDFMnqXz/@:|am8, S=EnvFromSMTP/HdrFromSMTP, R=EnvToSMTP/HdrFromSMTP, E=\\r\\n,
	T=DNS/RFC822/SMTP, A=TCP [{host}] {lmtp_port}
Mfilter, P=[IPC], F=mDFMuXa8, S=EnvFromSMTP/HdrFromSMTP, R=EnvToSMTP/HdrFromSMTP, E=\\r\\n,
	T=DNS/RFC822/SMTP, A=TCP [{host}] {filter}
LOCAL_RULE_0
R$+ < @ $=w . >	$: < $&{{daemon_name}} > $1 < @ $2 . >
R< FILTERED > $+ < @ $=w . >	$#filter $@ {host} $: $1 < @ $2 . >
R< $* > $+ < @ $=w . >	$#stage $@ {host} $: $2 < @ $3 . >
"""
_NSSWITCH = "hosts: files\npasswd: files\ngroup: files\n"
_SERVICE_SWITCH = "hosts files\naliases files\npasswd files\n"
_HOSTS = "127.0.0.1 localhost\n192.0.2.1 mx.example.org mx\n"
# Where it sees its folder: it trusts no file below /tmp, where anybody may write.
_HOME = "/mnt"
# Its own view of the hosts that there are, its own name, its own home.
_PLACE = f"""\
mount --bind . {_HOME} &&
mount --bind hosts /etc/hosts && mount --bind nsswitch.conf /etc/nsswitch.conf && hostname mx.example.org && exec "$@"
"""


class Sendmail(Mta):
    """`milters` are ports; `settings` are further lines of the .mc file."""

    has_smtputf8 = False  # Debian's is built without
    most_signatures = 20  # MaxHeadersLength is 32 KB

    def __init__(self, folder: Path, milters: tuple[int, ...], lmtp_port: int, settings: str = ""):
        super().__init__("sendmail", folder, folder / "sasl/Sendmail.conf", Path(_HOME))
        self._hosts, self._clients = folder / "hosts", set()
        (folder / "queue").mkdir(0o700)
        (folder / "helpfile").write_text("")
        (folder / "service.switch").write_text(_SERVICE_SWITCH)
        (folder / "nsswitch.conf").write_text(_NSSWITCH)
        self._hosts.write_text(_HOSTS)
        shown = (CONTRIB / "sekisho.mc").read_text()
        for port in milters:
            shown = shown.replace("inet:8891@127.0.0.1", f"inet:{port}@{HOST}")
        shown = shown.replace("Port=submission", f"Port={self.submission_port}, Addr={HOST}")
        self._make_configuration(_MC.format(
            cf=sendmail_package.CONFIGURATION, folder=_HOME, host=HOST, port=self.port, lmtp_port=lmtp_port,
            filtered=self.filtered_port, filter=self.filter.port, quiet=self.quiet_port, shown=shown + settings))

    def command(self):
        return ["unshare", "--mount", "--uts", f"--wd={self.folder}", "--", "sh", "-c", _PLACE, "sh",
                str(sendmail_package.PROGRAM), "-C", f"{_HOME}/sendmail.cf", "-bD"]

    def connect(self, client: Client, *, port: int = 0, tls: bool | ssl.SSLContext = False) -> Connection:
        self._introduce(client)
        return Connection(port or self.port, client, xclient=False, tls=tls)

    def held(self) -> list[str]:
        """The queue ids of what waits in quarantine."""
        return sorted(path.name[2:] for path in (self.folder / "queue").glob("hf*"))

    def read_held(self, queue_id: str) -> bytes:
        """Header and body of a message in quarantine, as it would go out."""
        lines = (self.folder / f"queue/hf{queue_id}").read_bytes().split(b"\n")
        lines = [line for line in lines if not line.startswith(b"H?P?")]  # a Return-Path, for a mailer that wants one
        fields = [line.split(b"?", 2)[2] if line.startswith(b"H?") else line
                  for line in lines if line.startswith((b"H?", b"\t", b" "))]
        body = (self.folder / f"queue/df{queue_id}").read_bytes()
        return (b"\n".join(fields) + b"\n\n" + body).replace(b"\n", b"\r\n")

    def _introduce(self, client: Client):
        """Its address is an address of ours, and has its name."""
        if client.address in self._clients:
            return
        self._clients.add(client.address)
        add_address(client.address, len(self._clients))
        if not client.name.startswith("["):
            with self._hosts.open("a") as hosts:
                hosts.write(f"{client.address} {client.name}\n")

    def _make_configuration(self, mc: str):
        made = subprocess.run(["m4", f"-D_CF_DIR_={sendmail_package.CONFIGURATION}/", "-"], input=mc.encode(),
                              stdout=subprocess.PIPE, check=True)
        (self.folder / "sendmail.cf").write_bytes(made.stdout)
