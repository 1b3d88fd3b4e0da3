"""Somebody else's reader of aggregate reports: the standard library and xmllint."""

import email
import email.policy
import gzip
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

_SCHEMA = Path(__file__).resolve().parents[1] / "data/report/dmarc-2.0.xsd"
_SPACE = "{urn:ietf:params:xml:ns:dmarc-2.0}"


@dataclass(frozen=True)
class Row:
    """A record, as far as these tests look at it."""

    source: str
    count: int
    disposition: str
    dkim: str
    spf: str
    header_from: str
    auth_dkim: tuple = ()  # (domain, selector, result)
    auth_spf: tuple = ()  # (domain, result)
    reasons: tuple = ()  # (type, comment)


class ReportMail:
    def __init__(self, octets: bytes):
        self.message = email.message_from_bytes(octets, policy=email.policy.default)
        attachments = [part for part in self.message.walk() if part.get_content_disposition() == "attachment"]
        assert len(attachments) == 1, self.message
        self.type, self.file_name = attachments[0].get_content_type(), attachments[0].get_filename()
        self.xml = gzip.decompress(attachments[0].get_content())
        self.root = ElementTree.fromstring(self.xml)

    def complaints(self) -> str:
        """What the schema of RFC 9990 has against it."""
        done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", _SCHEMA, "-"], input=self.xml,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        return "" if done.returncode == 0 else done.stderr.decode()

    def text(self, path: str) -> str:
        return _text(self.root, path)

    def rows(self) -> list[Row]:
        return sorted((_row(record) for record in self.root.findall(f"{_SPACE}record")),
                      key=lambda row: (row.source, row.header_from))


def _path(path: str) -> str:
    return "/".join(_SPACE + step for step in path.split("/"))


def _text(element, path: str) -> str:
    return element.findtext(_path(path), "")


def _all(element, path: str, *fields: str) -> tuple:
    return tuple(tuple(_text(found, field) for field in fields) for found in element.findall(_path(path)))


def _row(record) -> Row:
    return Row(source=_text(record, "row/source_ip"), count=int(_text(record, "row/count")),
               disposition=_text(record, "row/policy_evaluated/disposition"),
               dkim=_text(record, "row/policy_evaluated/dkim"), spf=_text(record, "row/policy_evaluated/spf"),
               header_from=_text(record, "identifiers/header_from"),
               auth_dkim=_all(record, "auth_results/dkim", "domain", "selector", "result"),
               auth_spf=_all(record, "auth_results/spf", "domain", "result"),
               reasons=_all(record, "row/policy_evaluated/reason", "type", "comment"))
