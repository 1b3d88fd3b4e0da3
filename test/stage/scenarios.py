"""The messages that contrib/quickstart shows and that postfix_test.py holds to their results."""

from dataclasses import dataclass

from .message import compose
from .signers import sign_with_dkimpy
from .smtp import Client
from .world import BANK, BROKEN, CLUB, FORWARDER, SHOP, STRANGER, World


@dataclass(frozen=True)
class Scenario:
    title: str
    client: Client
    sender: str
    message: bytes
    # what has to come of it
    spf: str
    dkim: str
    dmarc: str
    reply: str = "250"


def all_scenarios(world: World) -> list[Scenario]:
    def rsa(message: bytes, domain: str) -> bytes:
        return sign_with_dkimpy(message, domain, "rsa", world.rsa)

    def ed25519(message: bytes, domain: str) -> bytes:
        return sign_with_dkimpy(message, domain, "ed", world.ed25519)

    bank = compose("Your Bank <info@bank.example>", subject="Your statement")
    shop = compose("The Shop <orders@shop.example>")
    club = compose("The Club <news@club.example>", subject="Next meeting")
    return [
        Scenario("Signed mail from the bank's own host",
                 BANK, "info@bank.example", rsa(bank, "bank.example"), "pass", "pass", "pass"),
        Scenario("The same, signed with Ed25519",
                 BANK, "info@bank.example", ed25519(bank, "bank.example"), "pass", "pass", "pass"),
        Scenario("Forwarded: SPF fails, the signature is valid",
                 FORWARDER, "info@bank.example", rsa(bank, "bank.example"), "fail", "pass", "pass"),
        Scenario("Forged with the bank's name (p=reject)",
                 STRANGER, "info@bank.example", bank, "fail", "none", "fail", "550 5.7.26"),
        Scenario("The same with the forger's own envelope sender",
                 FORWARDER, "x@plain.example", bank, "none", "none", "fail", "550 5.7.26"),
        Scenario("Shop mail, changed in transit (p=quarantine)",
                 FORWARDER, "orders@shop.example", rsa(shop, "shop.example").replace(b"Thursday", b"Friday"),
                 "fail", "fail", "fail"),
        Scenario("Unsigned mail from the shop's own host",
                 SHOP, "orders@shop.example", shop, "pass", "none", "pass"),
        Scenario("A sub-domain that sends no mail (sp=reject)",
                 STRANGER, "news@www.club.example", compose("The Club <news@www.club.example>"),
                 "none", "none", "fail", "550 5.7.26"),
        Scenario("Unsigned mail with an SPF softfail (p=none)",
                 STRANGER, "news@club.example", club, "softfail", "none", "fail"),
        Scenario("A domain without SPF, DKIM and DMARC records",
                 STRANGER, "me@plain.example", compose("Me <me@plain.example>"), "none", "none", "none"),
        Scenario("The sender's DNS does not answer",
                 STRANGER, f"me@{BROKEN}", compose(f"Me <me@{BROKEN}>"), "temperror", "none", "temperror",
                 "451 4.4.3"),
        Scenario("Two From fields",
                 CLUB, "news@club.example", compose("news@club.example", extra="From: info@bank.example\r\n"),
                 "pass", "none", "-", "550 5.7.1"),
    ]
