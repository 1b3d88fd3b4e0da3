"""ARC sets that an attacker wrote (RFC 8617). Nobody trusts him as a sealer."""

from .attack import COMMON, Attack, compose
from .signing import signature_field
from .world import World

VICTIM_FROM = b"From: <admin@legitimate.example>"
BODY = b"At five?\r\n"
FORGED = "dmarc=fail 550 5.7.26"
MARKED = "dmarc=fail accept"  # an ARC chain that passes is a sign of an indirect flow: not refused, but marked


def attacks(world: World) -> list[Attack]:
    def row(name, sets, expected, why, shape):
        return Attack(name, (), expected, why, shape=shape, message=compose((*sets, VICTIM_FROM), BODY, COMMON))

    one = _set(world, 1)
    return [
        row("arc-by-the-attacker", one, "arc=pass " + MARKED,
            "a valid chain of a sealer nobody trusts lends its claim to nobody", "one valid set that says dmarc=pass"),
        row("arc-without-seal", one[1:], "arc=fail dmarc=fail 550 5.7.26", "a set has three fields", "a set without its seal"),
        row("arc-gap", (*_set(world, 3), *one), "arc=fail " + FORGED, "instances go up by one", "sets 1 and 3"),
        row("arc-twice", (*one, *one), "arc=fail " + FORGED, "each instance comes once", "set 1 twice"),
        row("arc-not-a-seal", (b"ARC-Seal: x", *one), "arc=fail " + FORGED, "what cannot be read is no set",
            "`ARC-Seal: x` above a good set"),
        row("arc-51", tuple(field for i in range(51, 0, -1) for field in _set(world, i, b"x")), "arc=fail " + FORGED,
            "fifty sets at most (RFC 8617 §4.2.1)", "51 sets"),
        row("arc-cv-fail", _set(world, 1, seal_status=b"fail"), "arc=fail " + FORGED, "a failed chain stays failed",
            "a set with cv=fail"),
        row("arc-cv-pass-first", _set(world, 1, seal_status=b"pass"), "arc=fail " + FORGED,
            "the first set has cv=none", "a first set with cv=pass"),
        row("arc-instance-0", _set(world, 0), "arc=fail " + FORGED, "instances begin at 1", "i=0"),
        row("arc-instance-huge", _set(world, 99_999_999_999_999_999_999), "arc=fail " + FORGED, "instances end at 50",
            "i= with 20 digits"),
        row("arc-sealed-as-the-victim", _set(world, 1, d=b"legitimate.example"), "arc=fail " + FORGED,
            "the seal must fit the key of its domain", "a set with the victim's d= and the attacker's key"),
    ]


def _set(world: World, instance: int, signature: bytes = b"", *, d: bytes = b"attack.example",
         seal_status: bytes = b"") -> tuple[bytes, ...]:
    """Seal, message signature, results. With `signature` given the arithmetic is left out."""
    number = str(instance).encode()
    status = seal_status or (b"none" if instance == 1 else b"pass")
    results = b"ARC-Authentication-Results: i=" + number + b"; mx.example.org; dmarc=pass header.from=legitimate.example"
    if signature:
        return (b"ARC-Seal: i=" + number + b"; a=rsa-sha256; cv=" + status + b"; d=" + d + b"; s=s; b=" + signature,
                b"ARC-Message-Signature: i=" + number + b"; a=rsa-sha256; d=" + d + b"; s=s; h=from; bh=eA==; b=" + signature,
                results)
    version = b"i=" + number + b"; "
    message = signature_field((VICTIM_FROM, *COMMON), BODY, world.attacker, d=d, name=b"ARC-Message-Signature",
                              version=version)
    return _seal(world, version, status, d, results, message), message, results


def _seal(world: World, version: bytes, status: bytes, d: bytes, results: bytes, message: bytes) -> bytes:
    return signature_field((results, message), b"", world.attacker, d=d, name=b"ARC-Seal",
                           version=version + b"cv=" + status + b"; ", bare=True,
                           h=b"arc-authentication-results:arc-message-signature")
