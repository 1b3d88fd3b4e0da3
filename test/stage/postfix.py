"""A private Postfix: own configuration, queue, data and ports. It delivers over LMTP to the stage and
nowhere else."""

import shutil
import ssl
import subprocess
from pathlib import Path

from .daemon import HOST
from .mta import Mta
from .sekishod import ROOT
from .smtp import Client, Connection

# What the administrator is shown.
CONTRIB = ROOT / "contrib/postfix"

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = /dev/stdout
myhostname = mx.example.org
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
alias_maps =
alias_database =

# Every address of these exists; its mail goes to the stage.
virtual_mailbox_domains = example.org, alumni.example
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:{host}:{lmtp_port}
default_transport = error:nothing leaves the stage
relay_transport = error:nothing leaves the stage
smtpd_relay_restrictions = reject_unauth_destination
# The stage speaks for clients of every address; none of them is local.
smtpd_authorized_xclient_hosts = {host}
local_header_rewrite_clients =

smtputf8_enable = yes
message_size_limit = 300000000
virtual_mailbox_limit = 0
lmtp_line_length_limit = 0
disable_mime_output_conversion = yes
smtpd_sasl_type = cyrus
smtpd_tls_cert_file = {folder}/certificate.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = may
smtpd_tls_ask_ccert = yes
smtpd_tls_CAfile = {folder}/partner.pem
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
"""
_MASTER = """\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
showq unix n - n - - showq
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
{host}:{filtered} inet n - n - - smtpd
  -o content_filter=smtp:[{host}]:{filter}
{host}:{quiet} inet n - n - - smtpd
  -o receive_override_options=no_milters
{host}:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
{shown}
# Ready is who listens here, too.
{host}:{port} inet n - {chroot} - - smtpd
"""


class Postfix(Mta):
    """`milters` are ports, or where else milters listen, as Postfix writes it; `settings` are further lines of main.cf,
    `services` of master.cf. With `chroot` smtpd sees nothing but the queue folder, as Debian has it."""

    has_smtputf8 = True
    most_signatures = 60

    def __init__(self, folder: Path, milters: tuple[int | str, ...], lmtp_port: int, settings: str = "",
                 services: str = "", chroot: bool = False):
        super().__init__("postfix", folder, folder / "etc/sasl/smtpd.conf", folder)
        (folder / "queue").mkdir()
        (folder / "data").mkdir()
        shutil.chown(folder / "data", "postfix")
        main = _MAIN.format(folder=folder, host=HOST, lmtp_port=lmtp_port)
        listed = ", ".join(f"inet:{HOST}:{one}" if isinstance(one, int) else one for one in milters)
        shown = (CONTRIB / "main.cf").read_text().replace("inet:127.0.0.1:8891", listed)
        (folder / "etc/main.cf").write_text(main + shown + settings)
        (folder / "etc/master.cf").write_text(_MASTER.format(
            host=HOST, port=self.port, chroot="y" if chroot else "n", filtered=self.filtered_port,
            filter=self.filter.port, quiet=self.quiet_port, submission=self.submission_port,
            shown=(CONTRIB / "master.cf").read_text()) + services)

    def command(self):
        return ["/usr/sbin/postfix", "-c", str(self.folder / "etc"), "start-fg"]

    def stop(self):
        if self.is_running():  # its master process is in a session of its own
            subprocess.run([*self.command()[:-1], "stop"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
        return super().stop()

    def connect(self, client: Client, *, port: int = 0, tls: bool | ssl.SSLContext = False) -> Connection:
        return Connection(port or self.port, client, tls=tls)

    def held(self) -> list[str]:
        """The queue ids of what waits in quarantine."""
        return sorted(path.name for path in (self.folder / "queue/hold").rglob("*") if path.is_file())

    def read_held(self, queue_id: str) -> bytes:
        """Header and body of a message in quarantine, as it would go out."""
        return subprocess.run(
            ["/usr/sbin/postcat", "-c", str(self.folder / "etc"), "-h", "-b", "-q", queue_id],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.replace(b"\n", b"\r\n")
