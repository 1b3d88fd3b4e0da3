"""The programs that seal the world's mail, and that validate its chains. A sealer takes the status of the chain."""

import subprocess
from pathlib import Path

import dkim

_PERL = Path(__file__).with_name("arc_with_mail_dkim.pl")


def with_results(message: bytes, domain: str, chain: str) -> bytes:
    """All take what they write into their ARC-Authentication-Results from such a field of their own."""
    return f"Authentication-Results: mx.{domain}; arc={chain}; dkim=none\r\n".encode() + message


def seal_with_dkimpy(message: bytes, domain: str, selector: str, key: Path, chain: str) -> bytes:
    fields = dkim.arc_sign(with_results(message, domain, chain), selector.encode(), domain.encode(), key.read_bytes(),
                           f"mx.{domain}".encode())
    return b"".join(field.rstrip(b"\r\n") + b"\r\n" for field in fields) + message


def seal_with_mail_dkim(message: bytes, domain: str, selector: str, key: Path, chain: str) -> bytes:
    return _perl(["seal", domain, selector, str(key), chain], with_results(message, domain, chain)) + message


def validate_with_dkimpy(message: bytes, records: dict[str, str]) -> str:
    def look_up(name, timeout=5):
        return records.get(name.decode().rstrip("."), "").encode()

    status = dkim.arc_verify(message, dnsfunc=look_up)[0]
    return status.decode().lower() if status else "fail"  # None beside a reason


def validate_with_mail_dkim(message: bytes, dns_port: int) -> str:
    return _perl(["verify", str(dns_port)], message).decode().split()[0]


def _perl(arguments: list[str], message: bytes) -> bytes:
    return subprocess.run(["/usr/bin/perl", str(_PERL), *arguments], input=message, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=True).stdout
