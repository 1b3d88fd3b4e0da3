"""Signatures as an attacker makes them: every tag is his choice, and the arithmetic is right."""

import base64
import hashlib
from collections.abc import Sequence

from dkim.canonicalization import Relaxed
from dkim.crypto import RSASSA_PKCS1_v1_5_sign, parse_pem_private_key

from stage.signers import Key

from .attack import COMMON, compose


def relaxed_body_hash(body: bytes) -> bytes:
    return base64.b64encode(hashlib.sha256(Relaxed.canonicalize_body(body)).digest())


def signature_field(fields: Sequence[bytes], body: bytes, key: Key, *, d: bytes, s: bytes = b"s", h: bytes = b"from",
                    extra: bytes = b"", bh: bytes | None = None, signed_body: bytes | None = None,
                    a: bytes = b"rsa-sha256", hashing=hashlib.sha256, name: bytes = b"DKIM-Signature",
                    version: bytes = b"v=1; ", bare: bool = False) -> bytes:
    """A field that signs the `h` of `fields`, the last of a name first (RFC 6376 §5.4.2). A `bare`
    one says nothing of what it signs, as ARC seals."""
    bh = relaxed_body_hash(body if signed_body is None else signed_body) if bh is None else bh
    value = b" " + version + b"a=" + a + b"; d=" + d + b"; s=" + s + b"; "
    if not bare:
        value += b"c=relaxed/relaxed; h=" + h + b"; bh=" + bh + b"; "
    value += extra + b"b="
    hashed = hashing(_signed_octets(fields, h, (name, value)))
    return name + b":" + value + base64.b64encode(RSASSA_PKCS1_v1_5_sign(hashed, parse_pem_private_key(key.pem)))


def signed(fields: tuple[bytes, ...], key: Key, *, d: bytes, body: bytes = b"At five?\r\n", **options) -> bytes:
    """The whole message, its signature on top."""
    return compose((signature_field((*fields, *COMMON), body, key, d=d, **options), *fields), body)


def _signed_octets(fields: Sequence[bytes], h: bytes, signature: tuple[bytes, bytes]) -> bytes:
    pairs = [tuple(one.split(b":", 1)) for one in fields if b":" in one]
    chosen = []
    for name in h.lower().split(b":"):
        last = next((i for i in range(len(pairs) - 1, -1, -1) if pairs[i][0].strip().lower() == name.strip()), None)
        if last is not None:
            found = pairs.pop(last)
            chosen.append((found[0], found[1] + b"\r\n"))
    canonical = Relaxed.canonicalize_headers([*chosen, signature])
    return b"".join(name + b":" + value for name, value in canonical).removesuffix(b"\r\n")
