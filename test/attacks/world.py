"""The DNS of the attacks. legitimate.example is the victim; all of attack.example is the attacker's."""

import base64

from stage.nsd import txt
from stage.signers import Key, ed25519_key, rsa_key

from .attack import ATTACKER, LEGITIMATE, STRANGER

VICTIM = "legitimate.example"


class World:
    """Keys are made anew each time."""

    def __init__(self):
        self.attacker, self.victim = rsa_key(), rsa_key()
        self.short = rsa_key(512)
        self.ed25519 = ed25519_key()

    @property
    def records(self) -> str:
        return "".join([
            txt(VICTIM, f"v=spf1 ip4:{LEGITIMATE.address} -all"),
            txt(f"_dmarc.{VICTIM}", "v=DMARC1; p=reject"),
            txt(f"s._domainkey.{VICTIM}", self.victim.record),
            txt(f"short._domainkey.{VICTIM}", self.short.record),
            txt(f"mail.{VICTIM}", "v=spf1 a -all"),
            # Its name in German, and a Cyrillic letter in its name.
            txt("xn--lgitimate-b4a.example", f"v=spf1 ip4:{LEGITIMATE.address} -all"),
            txt("_dmarc.xn--lgitimate-b4a.example", "v=DMARC1; p=reject"),
            *self._keys(), *self._attacker(), *self._spf(),
            *(_host(client) for client in (ATTACKER, LEGITIMATE)),
            # An attacker's PTR record may hold what he likes.
            f"{_reverse(STRANGER.address)} PTR pc99\\032dmarc=pass\\;.provider.example.\n",
        ])

    def _attacker(self) -> list[str]:
        """Whatever he may publish to be believed."""
        names = ("attack.example", "helo.attack.example", "any.attack.example", "33.attack.example",
                 "a.attack.example", "xn--attck-ira.example")
        return [*(txt(name, f"v=spf1 ip4:{ATTACKER.address} -all") for name in names),
                *(txt(f"s._domainkey.{name}", self.attacker.record) for name in names),
                txt("s._domainkey.legitimate.example'a.attack.example", self.attacker.record),
                txt("s._domainkey.legitimate.example%.attack.example", self.attacker.record),
                txt("_dmarc.attack.example", "v=DMARC1; p=none"),
                txt("_dmarc.xn--attck-ira.example", "v=DMARC1; p=none")]

    def _keys(self) -> list[str]:
        """Key records with a flaw each, below the victim's name: that they were his is the worst case."""
        good = self.victim.record.partition("p=")[2]
        records = {
            "revoked": "v=DKIM1; k=rsa; p=",
            "testing": f"v=DKIM1; t=y; p={good}",
            "strict": f"v=DKIM1; t=s; p={good}",
            "sha1": f"v=DKIM1; h=sha1; p={good}",
            "other-service": f"v=DKIM1; s=other; p={good}",
            "other-kind": f"v=DKIM1; k=ed25519; p={good}",
            "nul": f"v=DKIM1; n=\0; p={good}",
            "twice": f"v=DKIM1; p={good}; p={good}",
            "huge": "v=DKIM1; k=rsa; p=" + base64.b64encode(_rsa_public_key(16_384)).decode(),
            "ed25519-of-33": "v=DKIM1; k=ed25519; p=" + base64.b64encode(bytes(33)).decode(),
        }
        two = txt(f"two._domainkey.{VICTIM}", self.victim.record) + txt(f"two._domainkey.{VICTIM}", self.attacker.record)
        return [two, *(txt(f"{selector}._domainkey.{VICTIM}", record) for selector, record in records.items())]

    @staticmethod
    def _spf() -> list[str]:
        """Records that cost more than they are worth, or that write what the receiver is to say."""
        return [
            txt("loop.attack.example", "v=spf1 include:loop.attack.example -all"),
            txt("deep.attack.example", "v=spf1 " + " ".join(f"include:d{i}.deep.attack.example" for i in range(11))
                + " -all"),
            *(txt(f"d{i}.deep.attack.example", "v=spf1 ?all") for i in range(11)),
            txt("voids.attack.example", "v=spf1 a:v1.attack.example a:v2.attack.example a:v3.attack.example +all"),
            txt("two.attack.example", "v=spf1 +all"), txt("two.attack.example", "v=spf1 -all"),
            txt("long.attack.example", "v=spf1 " + "exists:%{ir}.%{l1r+-}._spf.%{d}" * 120 + " +all"),
            txt("broken.attack.example", "v=spf1 x:dmarc=pass -all"),
            txt("includes.attack.example", "v=spf1 include:%{l} -all"),
            txt("explains.attack.example", "v=spf1 -all exp=why.attack.example"),
            txt("why.attack.example", "x\r\ndmarc=pass (%{s} %{h})"),
            txt("macro.attack.example", "v=spf1 exists:%{l}.%{h}.%{s}.attack.example -all"),
        ]


def _host(client) -> str:
    return f"{client.name}. A {client.address}\n{_reverse(client.address)} PTR {client.name}.\n"


def _reverse(address: str) -> str:
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa."


def _rsa_public_key(bits: int) -> bytes:
    """PKCS#1, with a modulus that is none."""
    modulus = b"\x00\xc5" + b"\x5b" * (bits // 8 - 1)
    return _der(0x30, _der(0x02, modulus) + _der(0x02, b"\x01\x00\x01"))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    octets = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (bytes([size]) if size < 0x80 else bytes([0x80 | len(octets)]) + octets) + content
