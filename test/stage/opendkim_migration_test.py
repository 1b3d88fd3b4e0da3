"""An old configuration and the one that `sekisho migrate` makes of it: OpenDKIM in its test mode signs the same fields in
the same names as `sekisho sign`."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from .sekishod import SEKISHO
from .signers import rsa_key

_FIELDS = ("From", "Reply-To", "Subject", "Date", "To", "Cc", "Message-ID", "Resent-Date", "Resent-From", "Resent-Sender",
           "Resent-To", "Resent-Cc", "Resent-Message-ID", "In-Reply-To", "References", "List-Id", "List-Help",
           "List-Unsubscribe", "List-Unsubscribe-Post", "List-Subscribe", "List-Post", "List-Owner", "List-Archive",
           "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-ID", "Sender", "X-Mailer", "X-Foo",
           "Comments", "Keywords", "Bcc", "Received", "Return-Path", "Authentication-Results")

_OF_FIELDS = (
    "",
    "OversignHeaders From",
    "OversignHeaders From,X-Nowhere",
    "SignHeaders From,To",
    "SignHeaders To",
    "SignHeaders from , to",
    "SignHeaders .",
    "SignHeaders *",
    "SignHeaders *,X-Foo",
    "SignHeaders *,+X-Foo,-Subject",
    "SignHeaders *,+X-Foo,-From",
    "SignHeaders From,Comments,Received",
    "SignHeaders From,Message-Id,MIME-Version,Content-Type,Sender",
    "SignHeaders From,To,Subject\nOversignHeaders From,Subject",
    "SignHeaders From,To,Subject\nOmitHeaders To",
    "OmitHeaders To",
    "OmitHeaders *,To",
    "OmitHeaders *,+To",
    "OmitHeaders Message-ID, Date, Return-Path, List-ID",
    "OmitHeaders .",
)
_OF_DOMAINS = ("Domain *", "Domain csl:*", "Domain example.org,*", "Domain *.example.org", "Domain EXAMPLE.org",
               "Domain example.org\nSubDomains yes", "Domain *\nSubDomains yes", "Domain file:DOMAINS",
               "Domain refile:DOMAINS")


class OpendkimMigration(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-migration-")))
        (self.folder / "key.pem").write_bytes(rsa_key(1024).pem)
        (self.folder / "key.pem").chmod(0o600)
        (self.folder / "domains").write_text("*.example.org\nexample.net\n")

    def test_the_same_fields_are_signed(self):
        for lines in _OF_FIELDS:
            with self.subTest(lines):
                ours, theirs = self.signatures(f"Domain example.org\n{lines}", "a@example.org")
                self.assertEqual(ours, theirs)
                self.assertEqual(len(theirs), 1)

    def test_the_same_domains_sign(self):
        for lines in _OF_DOMAINS:
            for author in ("a@example.org", "a@b.example.org", "a@c.b.example.org", "a@example.net", "a@example.com"):
                with self.subTest(lines, author=author):
                    ours, theirs = self.signatures(lines, author)
                    self.assertEqual(ours, theirs)

    def signatures(self, lines: str, author: str):
        """What each of the two makes: d= and the sorted names of h=."""
        old = self.folder / "opendkim.conf"
        old.write_text(f"Syslog no\nMode sv\nRequireSafeKeys no\nSelector s\nKeyFile {self.folder}/key.pem\n"
                       f"{lines.replace('DOMAINS', str(self.folder / 'domains'))}\n")
        message = self.folder / "message"
        message.write_bytes("".join(f"{name}: {author}\r\n" for name in _FIELDS).encode() + b"\r\nHi.\r\n")
        new = self.folder / "sekisho.toml"
        new.unlink(missing_ok=True)
        subprocess.run([SEKISHO, "migrate", "--opendkim", old, "--output", new], capture_output=True, check=True)
        ours = subprocess.run([SEKISHO, "sign", "--config", new, message], capture_output=True, text=True, check=False)
        theirs = subprocess.run(["/usr/sbin/opendkim", "-x", old, "-b", "s", "-v", "-v", "-t", message],
                                capture_output=True, text=True, check=False)
        return ([described(value) for value in
                 re.findall(r"^DKIM-Signature: (.*(?:\n\s.*)*)", ours.stdout, re.MULTILINE)],
                [described(value) for value in re.findall(r"hvalue='(v=1.*?)'", theirs.stdout, re.DOTALL)])


def described(value: str) -> tuple[str, list[str]]:
    tags = dict(tag.split("=", 1) for tag in re.sub(r"\s", "", value).split(";") if tag)
    return tags["d"], sorted(tags["h"].lower().split(":"))
