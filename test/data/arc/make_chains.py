#!/usr/bin/python3
"""Makes the messages of this folder anew, with new keys: chains sealed by two implementations that are not
ours, dkimpy (Debian's python3-dkim, python3-authres) and Mail::DKIM (libmail-dkim-perl)."""

import base64
import pathlib
import subprocess
import tempfile

import dkim

HERE = pathlib.Path(__file__).parent
AUTHSERV_ID = b"mx.example"
TIMESTAMP = 1700000000

MESSAGE = b"""\
MIME-Version: 1.0
Date: Tue, 14 Nov 2023 22:13:20 +0000
From: =?utf-8?q?Author?= <author@author.example>
To: list@list.example
Subject: a message
 that is folded
Message-ID: <1@author.example>

Hello,

this is  a message.

-- 
Author
""".replace(b"\n", b"\r\n")

PERL_SEALER = r"""
use Mail::DKIM::ARC::Signer; use Mail::DKIM::TextWrap;
my ($domain, $selector, $key, $chain) = @ARGV;
my $signer = Mail::DKIM::ARC::Signer->new(Algorithm => 'rsa-sha256', Chain => $chain, Domain => $domain,
  SrvId => 'mx.example', Selector => $selector, KeyFile => $key, Timestamp => 1700000000);
local $/; binmode STDIN; binmode STDOUT;
$signer->PRINT(<STDIN>); $signer->CLOSE;
my @set = $signer->as_strings; die $signer->{result} unless @set;
print "$_\r\n" for @set;
"""


def run(command, text=None):
    return subprocess.run(command, check=True, capture_output=True, input=text).stdout


class Keys:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.records = []

    def make(self, domain, selector):
        path = self.folder / f"{selector}.{domain}.pem"
        if not path.exists():
            run(["openssl", "genrsa", "-traditional", "-out", path, "2048"])
            public = run(["openssl", "rsa", "-in", path, "-pubout", "-outform", "DER"])
            text = "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()
            strings = " ".join(f'"{text[i:i + 250]}"' for i in range(0, len(text), 250))
            self.records.append(f"{selector}._domainkey.{domain}. 300 IN TXT ( {strings} )\n")
        return path


def with_results(message, chain):
    results = f"; arc={chain}; spf=pass smtp.mailfrom=author.example\r\n"
    return b"Authentication-Results: " + AUTHSERV_ID + results.encode() + message


def seal_with_dkimpy(keys, message, domain, selector, chain):
    key = keys.make(domain, selector).read_bytes()
    fields = dkim.arc_sign(with_results(message, chain), selector.encode(), domain.encode(), key,
                           AUTHSERV_ID, timestamp=TIMESTAMP)
    return b"".join(field if field.endswith(b"\r\n") else field + b"\r\n" for field in fields) + message


def seal_with_perl(keys, message, domain, selector, chain):
    key = keys.make(domain, selector)
    command = ["perl", "-e", PERL_SEALER, domain, selector, key, chain]
    return run(command, with_results(message, chain)) + message


def write(name, message):
    (HERE / name).write_bytes(message.replace(b"\r\n", b"\n"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        keys = Keys(folder)
        one = seal_with_dkimpy(keys, MESSAGE, "one.example", "s1", "none")
        write("one-set.eml", one)
        two = seal_with_dkimpy(keys, one, "two.example", "s2", "pass")
        write("two-sets.eml", two)
        write("two-sets-by-two-programs.eml", seal_with_perl(keys, one, "perl.example", "s3", "pass"))
        write("one-set-by-perl.eml", seal_with_perl(keys, MESSAGE, "perl.example", "s3", "none"))

        changed = one.replace(b"Subject: a message", b"Subject: [list] a message") + b"_______\r\nlist footer\r\n"
        two = seal_with_dkimpy(keys, changed, "two.example", "s2", "pass")
        write("two-sets-changed-between.eml", two)
        five = two
        five = seal_with_dkimpy(keys, five, "one.example", "s1", "pass") + b"another footer\r\n"
        five = seal_with_perl(keys, five, "perl.example", "s3", "pass")
        five = seal_with_dkimpy(keys, five, "two.example", "s2", "pass")
        write("five-sets-changed-twice.eml", five)

        write("marked-failed.eml", seal_with_dkimpy(keys, one + b"changed\r\n", "two.example", "s2", "fail"))
        longest = MESSAGE
        for i in range(50):
            longest = seal_with_dkimpy(keys, longest, "one.example", "s1", "pass" if i else "none")
        write("fifty-sets.eml", longest)
        (HERE / "keys.zone").write_text("".join(keys.records))


main()
