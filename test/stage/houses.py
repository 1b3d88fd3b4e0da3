"""A house that sends mail, and two that receive it: one trusts its seals, the other does not."""

import contextlib
import itertools
import tempfile
from pathlib import Path

from .daemon import HOST, free_port
from .lmtp_sink import LmtpSink
from .nsd import Nsd, txt
from .opendkim import VerifyingOpendkim
from .postfix import CONTRIB, Postfix
from .sekishod import Sekishod
from .signers import Key, ed25519_key, rsa_key
from .smtp import Client, Connection, Reply
from .world import World

OURS = "ours.example"
LATE = "late.example"  # hosted in the house, too; the DNS shows its key when it is told to
# Where the house's mail comes from: not 127.0.0.1, which is everybody's own.
ADDRESS = "127.0.0.2"
USER = Client("203.0.113.5", login="alice")
INTERNAL = Client("192.0.2.77", "lists.ours.example", "lists.ours.example")

_HOUSE = """\
myhostname = mx.ours.example
virtual_mailbox_domains = ours.example, late.example
virtual_alias_domains = alumni.example, alumni.test
virtual_alias_maps = inline:{{ {{@alumni.example=@example.org}}, {{@alumni.test=@example.net}} }}
transport_maps = inline:{{ {{example.org=smtp:[{host}]:{trusting}}}, {{example.net=smtp:[{host}]:{strict}}} }}
smtp_bind_address = {address}
mynetworks = {internal}
smtpd_sasl_auth_enable = yes
smtpd_relay_restrictions = permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination
"""
_SUBMISSION = """\
{host}:{port} inet n - n - - smtpd
  -o syslog_name=submission
  -o mynetworks=203.0.113.0/24
""" + (CONTRIB / "master.cf").read_text()
_SIGNING = """\
[signing]
internal_networks = ["127.0.0.1/32", "{internal}/32"]
login_map = "{folder}/logins"
"""
_SIGN = """
[[sign]]
domain = "{domain}"
selector = "{selector}"
key_file = "{folder}/{selector}.pem"
"""
_ARC = """
[arc]
seal = "forwarded"
local_domains = ["ours.example", "late.example"]
domain = "ours.example"
selector = "arc"
key_file = "{folder}/arc.pem"
"""
_STRICT = """\
myhostname = mx.example.net
virtual_mailbox_domains = example.net
"""


class MailHost:
    """Postfix, its sekishod, and where its mail ends."""

    def __init__(self, sekishod: Sekishod, sink: LmtpSink, postfix: Postfix):
        self.sekishod, self.sink, self.postfix = sekishod, sink, postfix

    def send(self, message: bytes, client: Client, sender: str, recipient: str, *, port: int = 0) -> Reply:
        with Connection(port or self.postfix.port, client) as connection:
            return connection.send(message, sender, [recipient])


class Houses:
    """The `house` is mx.ours.example, which signs and seals and hosts lists; `trusting` is mx.example.org, with
    OpenDKIM behind Sekisho; `strict` is mx.example.net, which holds what fails DMARC. All up for as long as the
    context lasts."""

    def __init__(self):
        self.world = World()
        self.keys = {"rsa": rsa_key(), "ed": ed25519_key(), "arc": rsa_key()}
        self.late = rsa_key()
        self._closing = contextlib.ExitStack()
        self._numbers = itertools.count(1)

    def __enter__(self):
        with contextlib.ExitStack() as opened:
            self.folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="sekisho-hosts-")))
            self.folder.chmod(0o755)  # the daemons of Postfix are not root
            self.nsd = opened.enter_context(Nsd(self.folder / "nsd", self.records))
            self.trusting = self._open_trusting(opened)
            self.strict = self._open_strict(opened)
            self.house = self._open_house(opened)
            self._closing = opened.pop_all()
        return self

    def __exit__(self, *_):
        self._closing.close()

    @property
    def key_records(self) -> dict[str, str]:
        return {f"{selector}._domainkey.{OURS}": key.record for selector, key in self.keys.items()}

    @property
    def records(self) -> str:
        reverse = ".".join(reversed(ADDRESS.split(".")))
        domains = "".join(txt(domain, f"v=spf1 ip4:{ADDRESS} -all") + txt(f"_dmarc.{domain}", "v=DMARC1; p=reject")
                          for domain in (OURS, LATE))
        return (self.world.records + domains + "".join(txt(*record) for record in self.key_records.items()) +
                f"mx.ours.example. A {ADDRESS}\n{reverse}.in-addr.arpa. PTR mx.ours.example.\n")

    @property
    def late_record(self) -> str:
        return txt(f"late._domainkey.{LATE}", self.late.record)

    def new_address(self, domain: str) -> str:
        return f"user{next(self._numbers)}@{domain}"

    def tables(self, signing: str = "") -> str:
        """The house's, with other keys that sign where they are given."""
        parts = {"folder": self.folder / "keys", "internal": INTERNAL.address}
        keys = "".join(_SIGN.format(domain=domain, selector=selector, **parts)
                       for selector, domain in (("rsa", OURS), ("ed", OURS), ("late", LATE)))
        return _SIGNING.format(**parts) + (signing or keys) + _ARC.format(**parts)

    def write_key(self, name: str, key: Key):
        path = self.folder / "keys" / f"{name}.pem"
        path.touch(0o600)
        path.write_bytes(key.pem)

    def _open_house(self, opened) -> MailHost:
        (self.folder / "keys").mkdir()
        for name, key in {**self.keys, "late": self.late}.items():
            self.write_key(name, key)
        (self.folder / "keys/logins").write_text("alice ours.example late.example\nmallory mallory@ours.example\n")
        self.submission_port = free_port()
        settings = _HOUSE.format(host=HOST, address=ADDRESS, internal=INTERNAL.address,
                                 trusting=self.trusting.postfix.port, strict=self.strict.postfix.port)
        return self._open(opened, "house", authserv_id="mx.ours.example", tables=self.tables(), settings=settings,
                          services=_SUBMISSION.format(host=HOST, port=self.submission_port))

    def _open_trusting(self, opened) -> MailHost:
        opendkim = opened.enter_context(
            VerifyingOpendkim(self.folder / "opendkim", "opendkim.example.org", self.key_records))
        return self._open(opened, "trusting", authserv_id="mx.example.org", further_milters=(opendkim.port,),
                          tables='[policy]\non_reject = "reject"\n[arc]\ntrusted_sealers = ["ours.example"]\n')

    def _open_strict(self, opened) -> MailHost:
        return self._open(opened, "strict", authserv_id="mx.example.net", settings=_STRICT,
                          tables='[policy]\non_quarantine = "hold"\n')

    def _open(self, opened, name: str, *, authserv_id: str, tables: str, further_milters=(), settings: str = "",
              services: str = "") -> MailHost:
        sekishod = opened.enter_context(
            Sekishod(self.folder / name / "sekishod", self.nsd.port, authserv_id=authserv_id, tables=tables))
        sink = opened.enter_context(LmtpSink())
        milters = (sekishod.port, *further_milters)
        postfix = opened.enter_context(
            Postfix(self.folder / name / "postfix", milters, sink.port, settings, services))
        return MailHost(sekishod, sink, postfix)
