"""The same tables, the same author, the same signer: OpenDKIM in its test mode beside `sekisho sign`."""

import quopri
import re
import subprocess
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

from .sekishod import SEKISHO
from .signers import rsa_key

_CONFIGURATION = """\
KeyTable {key_table}
SigningTable {signing_table}
MultipleSignatures {multiple}
Canonicalization relaxed/relaxed
Mode s
InternalHosts 0.0.0.0/0
RequireSafeKeys no
Syslog no
"""

_OUR_CONFIGURATION = """\
[signing]
key_table = '''{key_table}'''
signing_table = '''{signing_table}'''
multiple_signatures = {multiple}
"""

# KEY becomes the path of a key, KEYS a folder with a key for some domains.
_TWO_KEYS = "k1 example.org:s1:KEY\nk2 example.org:s2:KEY\n"
_BY_AUTHOR = "k %:s1:KEY\nexample.org example.org:same:KEY\n"
_FORMS = ("alice@a.example.org", "a.example.org", "alice@.a.example.org", ".a.example.org", "alice@.example.org",
          ".example.org", "alice@.org", ".org", "alice@*", "*")


@dataclass
class Site:
    """Tables as a site has them, and authors whose mail leaves it."""

    name: str
    key_table: str
    signing_table: str
    authors: tuple[str, ...]
    kind: str = "file:"
    key_kind: str = "file:"
    multiple: bool = False


def _keys_for(forms) -> str:
    return "".join(f"k{number} example.org:s{number}:KEY\n" for number, _ in enumerate(forms))


def _lines_for(forms, left_out=()) -> str:
    return "".join(f"{form} k{number}\n" for number, form in enumerate(forms) if number not in left_out)


_ALICES = ("alice@example.org", "alice@a.example.org", "alice@b.a.example.org", "bob@example.org", "bob@a.example.org",
           "alice@example.net", "alice@org", "bob@example.net")

_SITES = [
    Site("one domain", _TWO_KEYS, "example.org k1\n", _ALICES),
    Site("README of OpenDKIM", "preskey example.com:foo:KEY\ncomkey example.com:bar:KEY\nnetkey example.net:baz:KEY\n",
         "president@example.com preskey\n*@example.com comkey\n*@example.net netkey\n",
         ("president@example.com", "clerk@example.com", "president@example.net", "a@sub.example.com"), "refile:"),
    Site("Debian's wiki", "mail._domainkey.example.org example.org:mail:KEY\n",
         "*@example.org mail._domainkey.example.org\n*@*.example.org mail._domainkey.example.org\n",
         ("a@example.org", "a@mail.example.org", "a@example.net"), "refile:"),
    Site("comments, blanks and tabs", "# keys\n\n\tk1\t example.org:s1:KEY \t# one\nk2 example.org:s2:KEY\n",
         "  # authors\nalice@example.org\t\tk1# x\n  example.org k2  \n", _ALICES),
    Site("lines that end in CRLF", "k1 example.org:s1:KEY\r\n", "example.org k1\r\n", ("a@example.org",)),
    Site("letter case", _TWO_KEYS, "Alice@EXAMPLE.org k1\nExample.Org k2\n",
         ("alice@example.org", "ALICE@example.ORG", "Bob@Example.org")),
    Site("letter case of patterns", _TWO_KEYS, "ALICE@*.org k1\n*@EXAMPLE.org k2\n",
         ("alice@example.org", "Bob@Example.ORG"), "refile:"),
    Site("the first of equal lines", _TWO_KEYS, "example.org k1\nexample.org k2\n", ("a@example.org",)),
    Site("the first of equal keys", "k1 example.org:s1:KEY\nk1 example.org:s2:KEY\n", "example.org k1\n",
         ("a@example.org",)),
    Site("the author's domain signs", _BY_AUTHOR, "*@* k\n", ("a@example.org", "a@sub.example.net"), "refile:"),
    Site("the author's domain names the key", _BY_AUTHOR, "example.org %\n", ("a@example.org",)),
    Site("a key by domain", "k %:s1:KEYS/%/mail.private\n", "*@* k\n", ("a@example.org", "a@example.net"), "refile:"),
    Site("file order of patterns", _TWO_KEYS, "*@example.org k1\nalice@example.org k2\n",
         ("alice@example.org", "bob@example.org"), "refile:"),
    Site("patterns", _TWO_KEYS, "a*e@example.org k1\n*@*.example.org k2\nlist+*@example.net k1\n*@.example.com k2\n",
         ("alice@example.org", "ale@example.org", "bob@example.org", "bob@x.example.org", "list+a@example.net",
          "list@example.net", "a@example.com", "a@x.example.com", "a@exampleXorg"), "refile:"),
    Site("regular expressions", _TWO_KEYS, "[ab]@example.org k1\n(carol|dave)@example.org k2\neve?@example.org k1\n",
         ("a@example.org", "ab@example.org", "carol@example.org", "carold@example.org", "eve@example.org",
          "ev@example.org", "eve+@example.org"), "refile:"),
    Site("lists", "k1=example.org:s1:KEY,k2=example.org:s2:KEY", "alice@example.org=k1, example.org = k2", _ALICES,
         "csl:", "csl:"),
    Site("bare paths", _TWO_KEYS, "example.org k1\n", _ALICES, "", ""),
    Site("a bare list", "k1=example.org:s1:KEY", "example.org=k1,bob@*=k1", _ALICES, "bare", "csl:"),
    Site("patterns of keys", "k* example.org:s1:KEY\n* example.net:s2:KEY\n", "example.org k9\nexample.net other\n",
         ("a@example.org", "a@example.net"), key_kind="refile:"),
    Site("names among patterns of keys",
         "k1 example.org:s1:KEY\nk* example.org:s2:KEY\nk3 example.org:s3:KEY\n[xy] example.org:s4:KEY\n",
         "a.example k1\nb.example k2\nc.example k3\nd.example y\n",
         ("u@a.example", "u@b.example", "u@c.example", "u@d.example"), key_kind="refile:"),
    *(Site(f"identity {identity}", _TWO_KEYS + "k %:s1:KEY\n", f"example.org {identity}\n* k2:bob@%\n",
           ("a@example.org", "a@example.net"))
      for identity in ("k1:alice@example.org", "k1:@example.org", "k1:x@sub.example.org", "k1:x@example.net", "k1:x@org",
                       "k1:@%", "k:bob@%", "k1: x@example.org", "k1:", "k1:a=b@example.org", "k1:a+b@example.org")),
    *(Site(f"look-up order from {form}", _keys_for(_FORMS), _lines_for(_FORMS, range(first)),
           ("alice@a.example.org", "alice@example.org", "bob@a.example.org"))
      for first, form in enumerate(_FORMS)),
    # OpenDKIM 2.11 loses all but the first and the last of more than two matches.
    *(Site(f"all matches of {one} and {two}", _TWO_KEYS, f"{one} k1\n{two} k2\n", ("alice@a.example.org",), multiple=True)
      for number, one in enumerate(_FORMS) for two in _FORMS[number + 1::3]),
    Site("all matches of patterns", _TWO_KEYS, "*@example.org k2\nalice@* k1\n", ("alice@example.org", "bob@example.org"),
         "refile:", multiple=True),
]


class OpendkimTables(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-tables-")))
        for name in ("key.pem", "by/example.org/mail.private"):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.key.pem)
            path.chmod(0o600)

    @classmethod
    def setUpClass(cls):
        cls.key = rsa_key(1024)

    def test_the_signer_is_the_same(self):
        for site in _SITES:
            for author in site.authors:
                with self.subTest(site=site.name, author=author):
                    tables = self.tables(site)
                    self.assertEqual(self.our_signers(site, tables, author), self.opendkims_signers(site, tables, author))

    def test_a_key_in_the_table(self):
        key = b"".join(self.key.pem.splitlines()[1:-1]).decode()
        site = Site("inline", f"k1 example.org:s1:{key}\n", "example.org k1\n", ())
        tables = self.tables(site)
        self.assertEqual(self.our_signers(site, tables, "a@example.org"), [("example.org", "s1", "")])
        self.assertEqual(self.opendkims_signers(site, tables, "a@example.org"), [("example.org", "s1", "")])

    def tables(self, site: Site) -> tuple[str, str]:
        return (self.table("keys", site.key_kind, site.key_table), self.table("authors", site.kind, site.signing_table))

    def table(self, name: str, kind: str, text: str) -> str:
        text = text.replace("KEYS", str(self.folder / "by")).replace("KEY", str(self.folder / "key.pem"))
        if kind in ("csl:", "bare"):
            return kind.removesuffix("bare") + text
        path = self.folder / name
        path.write_text(text, newline="")
        path.chmod(0o600)
        return f"{kind}{path}"

    def our_signers(self, site: Site, tables: tuple[str, str], author: str):
        configuration = self.folder / "sekisho.toml"
        configuration.write_text(_OUR_CONFIGURATION.format(key_table=tables[0], signing_table=tables[1],
                                                           multiple=str(site.multiple).lower()))
        done = subprocess.run([SEKISHO, "sign", "--config", configuration, self.message_of(author)],
                              capture_output=True, text=True, check=False)
        signatures = re.findall(r"^DKIM-Signature: (.*(?:\n\s.*)*)", done.stdout, re.MULTILINE)
        return [signer(value) for value in signatures]

    def opendkims_signers(self, site: Site, tables: tuple[str, str], author: str):
        configuration = self.folder / "opendkim.conf"
        configuration.write_text(_CONFIGURATION.format(key_table=tables[0], signing_table=tables[1],
                                                       multiple="yes" if site.multiple else "no"))
        done = subprocess.run(["/usr/sbin/opendkim", "-x", configuration, "-b", "s", "-v", "-v", "-t",
                               self.message_of(author)], capture_output=True, text=True, check=False)
        return [signer(value) for value in re.findall(r"hvalue='(v=1.*?)'", done.stdout, re.DOTALL)]

    def message_of(self, author: str) -> Path:
        message = self.folder / "message"
        message.write_bytes(f"From: {author}\r\nSubject: x\r\n\r\nHi.\r\n".encode())
        return message


def signer(value: str) -> tuple[str, str, str]:
    """d=, s= and i= of a signature; OpenDKIM does not write the last in quoted-printable (RFC 6376 §3.5)."""
    tags = dict(tag.split("=", 1) for tag in re.sub(r"\s", "", value).split(";") if tag)
    return tags["d"], tags["s"], quopri.decodestring(tags.get("i", "")).decode()
