"""The programs that verify the world's mail. Each gives the results of a message by selector."""

import subprocess
from pathlib import Path

import dkim

_PERL = Path(__file__).with_name("verify_with_mail_dkim.pl")


def verify_with_dkimpy(message: bytes, records: dict[str, str]) -> dict[str, str]:
    def look_up(name, timeout=5):
        return records.get(name.decode().rstrip("."), "").encode()

    results = {}
    for index in range(message.count(b"DKIM-Signature:")):
        verifier = dkim.DKIM(message)
        try:
            passed = verifier.verify(index, dnsfunc=look_up)
        except dkim.DKIMException as error:
            passed, reason = False, str(error)
        else:
            reason = "fail"
        results[verifier.signature_fields[b"s"].decode()] = "pass" if passed else reason
    return results


def verify_with_mail_dkim(message: bytes, dns_port: int) -> dict[str, str]:
    done = subprocess.run(["/usr/bin/perl", str(_PERL), str(dns_port)], input=message, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=True)
    return dict(line.split(" ", 1) for line in done.stdout.decode().splitlines())
