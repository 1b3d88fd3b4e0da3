"""The domains of the stage, what their DNS says, and the hosts that send mail for them or claim to."""

from .nsd import txt
from .signers import ed25519_key, rsa_key
from .smtp import Client

BANK = Client("192.0.2.10", "mail.bank.example", "mail.bank.example")
SHOP = Client("192.0.2.20", "out.shop.example", "out.shop.example")
CLUB = Client("192.0.2.30", "mx.club.example", "mx.club.example")
FORWARDER = Client("198.51.100.25", "relay.forwarder.example", "relay.forwarder.example")
STRANGER = Client("203.0.113.66", "[UNAVAILABLE]", "pc66.provider.example")
HOSTS = (BANK, SHOP, CLUB, FORWARDER)
SIGNERS = ("bank.example", "shop.example", "club.example", "xn--bcher-kva.example")

# The operator trusts one.
FORWARDER_RULE = """\
[[rule]]
name = "forwarder"
client_name = [".forwarder.example"]
author = ["bank.example"]
dmarc = ["fail"]
action = "accept"
report = "trusted_forwarder"
reason = "forwards for our members"
"""

# A domain below this one gets no answer but SERVFAIL.
BROKEN = "broken.example"


class World:
    """Keys are made anew each time; `records` is what NSD serves."""

    def __init__(self):
        self.rsa, self.ed25519 = rsa_key(), ed25519_key()

    @property
    def records(self) -> str:
        return "".join([
            # A bank: everything is signed, nothing else is to be accepted.
            txt("bank.example", f"v=spf1 ip4:{BANK.address} -all"),
            txt("_dmarc.bank.example", "v=DMARC1; p=reject; adkim=s; aspf=s"),
            # A shop: wants doubtful mail put aside.
            txt("shop.example", f"v=spf1 ip4:{SHOP.address} -all"),
            txt("_dmarc.shop.example", "v=DMARC1; p=quarantine"),
            # A club: only watches, but no mail at all comes from its sub-domains.
            txt("club.example", f"v=spf1 ip4:{CLUB.address} ~all"),
            txt("_dmarc.club.example", "v=DMARC1; p=none; sp=reject"),
            "www.club.example. A 192.0.2.31\n",
            # A bookshop whose name is not ASCII, with the bank's host.
            txt("xn--bcher-kva.example", f"v=spf1 ip4:{BANK.address} -all"),
            txt("_dmarc.xn--bcher-kva.example", "v=DMARC1; p=reject"),
            # Somebody who has published nothing.
            "plain.example. A 192.0.2.40\n",
            *(self._keys(domain) for domain in SIGNERS),
            *(self._host(host) for host in HOSTS),
        ])

    def _keys(self, domain: str) -> str:
        return (txt(f"rsa._domainkey.{domain}", self.rsa.record) +
                txt(f"ed._domainkey.{domain}", self.ed25519.record))

    @staticmethod
    def _host(host: Client) -> str:
        reverse = ".".join(reversed(host.address.split(".")))
        return (f"{host.name}. A {host.address}\n{reverse}.in-addr.arpa. PTR {host.name}.\n" +
                txt(host.name, "v=spf1 a -all"))
