"""Messages signed by the programs that sign the world's mail."""

import base64
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import dkim

_PERL = Path(__file__).with_name("sign_with_mail_dkim.pl")


@dataclass(frozen=True)
class Key:
    """A private key (PEM) and the record that shows its public half."""

    pem: bytes
    record: str
    algorithm: str


def rsa_key(bits: int = 2048) -> Key:
    return _key("rsa", "rsa-sha256", ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}"])


def ed25519_key() -> Key:
    return _key("ed25519", "ed25519-sha256", ["-algorithm", "ED25519"])


def _key(kind: str, algorithm: str, options: list[str]) -> Key:
    pem = _run(["openssl", "genpkey", *options])
    public = _run(["openssl", "pkey", "-pubout", "-outform", "DER"], pem)
    if kind == "ed25519":
        public = public[-32:]  # RFC 8463 §4: the bare key
    return Key(pem, f"v=DKIM1; k={kind}; p={_base64(public)}", algorithm)


def bare_ed25519(key: Key) -> bytes:
    """The 32 octets of RFC 8463 §A.1, which end the PKCS#8 form."""
    return _run(["openssl", "pkey", "-outform", "DER"], key.pem)[-32:]


def sign_with_dkimpy(message: bytes, domain: str, selector: str, key: Key, *,
                     canonicalize: tuple[bytes, bytes] = (b"relaxed", b"relaxed"), **options) -> bytes:
    private = key.pem
    if key.algorithm == "ed25519-sha256":
        private = _base64(bare_ed25519(key)).encode()
    return dkim.sign(message, selector.encode(), domain.encode(), private, canonicalize=canonicalize,
                     signature_algorithm=key.algorithm.encode(), **options) + message


def sign_with_opendkim_library(message: bytes, domain: str, selector: str, key: Key) -> bytes:
    """By opendkim-testmsg, which takes the library's default: rsa-sha1."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(key.pem)
        file.flush()
        return _run(["/usr/sbin/opendkim-testmsg", "-C", "-d", domain, "-s", selector, "-k", file.name], message)


def sign_with_mail_dkim(message: bytes, domain: str, selector: str, key: Key,
                        canonicalization: str = "relaxed/relaxed") -> bytes:
    with tempfile.NamedTemporaryFile() as file:
        file.write(key.pem)
        file.flush()
        field = _run(["/usr/bin/perl", str(_PERL), domain, selector, key.algorithm, canonicalization, file.name],
                     message)
    return field + message


def _run(command: list[str], data: bytes = b"") -> bytes:
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout


def _base64(data: bytes) -> str:

    return base64.b64encode(data).decode()


def as_pkcs1(key: Key) -> bytes:
    """The PEM that older programs read, too."""
    return _run(["openssl", "rsa", "-traditional"], key.pem)
