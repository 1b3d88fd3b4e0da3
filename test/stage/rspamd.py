"""Rspamd as a verifier and as a signer, asked over HTTP."""

import json
import urllib.request
from pathlib import Path

from .daemon import HOST, Daemon, free_port

_CONFIGURATION = """\
lua = "/usr/share/rspamd/rules/rspamd.lua"
options {{
  filters = "dkim";
  dns {{ nameserver = ["{host}:{dns_port}"]; timeout = 2s; }}
  local_addrs = [];
  max_message = 50M;
  allow_raw_input = true;
  tempdir = "{folder}";
  url_tld = "{folder}/suffixes";
  cache_file = "{folder}/symbols.cache";
  history_file = "{folder}/history";
  control_socket = "{folder}/control.sock mode=0600";
}}
logging {{ type = "console"; level = "info"; }}
worker "normal" {{ bind_socket = "{host}:{port}"; count = 1; }}
dkim {{ }}
modules {{ path = "/usr/share/rspamd/plugins/dkim_signing.lua"; path = "/usr/share/rspamd/plugins/arc.lua"; }}
arc {{
  sign_authenticated = {seals};
  sign_local = false;
  sign_inbound = false;
  reuse_auth_results = true;
  {signs}
}}
dkim_signing {{
  sign_authenticated = true;
  sign_local = false;
  {signs}
}}
"""
# What its two signing modules have in common.
_SIGNS = """\
  use_domain = "header";
  use_esld = false;
  allow_username_mismatch = true;
  allow_hdrfrom_mismatch = true;
  allow_envfrom_empty = true;
  check_pubkey = false;
  use_redis = false;
  domain {{ {domain} {{ selectors [ {selectors} ] }} }}"""


class Rspamd(Daemon):
    """`keys` are files in which the selectors' keys are, for signing as `domain`, and for sealing."""

    def __init__(self, folder: Path, dns_port: int, domain: str, keys: dict[str, Path], *, seals: bool = False):
        super().__init__("rspamd", folder, free_port())
        (folder / "suffixes").write_text("com\norg\nexample\n")  # the system's take seconds to compile
        selectors = ", ".join(f'{{ selector = "{name}"; path = "{path}"; }}' for name, path in keys.items())
        (folder / "rspamd.conf").write_text(_CONFIGURATION.format(
            host=HOST, port=self.port, dns_port=dns_port, folder=folder, seals=str(seals).lower(),
            signs=_SIGNS.format(domain=domain, selectors=selectors)))

    def command(self):
        return ["/usr/bin/rspamd", "--insecure", "--no-fork", "--config", str(self.folder / "rspamd.conf")]

    def verify(self, message: bytes) -> dict[str, str]:
        """Results by selector."""
        symbols = self._ask(message)["symbols"]
        return {option.partition(":s=")[2]: result
                for symbol, result in (("R_DKIM_ALLOW", "pass"), ("R_DKIM_REJECT", "fail"),
                                       ("R_DKIM_TEMPFAIL", "temperror"), ("R_DKIM_PERMFAIL", "permerror"))
                for option in symbols.get(symbol, {}).get("options", [])}

    def validate(self, message: bytes) -> str:
        """The status of the ARC chain."""
        symbols = self._ask(message)["symbols"]
        found = [status for symbol, status in (("ARC_ALLOW", "pass"), ("ARC_REJECT", "fail"), ("ARC_INVALID", "fail"),
                                               ("ARC_DNSFAIL", "fail"), ("ARC_NA", "none")) if symbol in symbols]
        return " ".join(found)

    def sign(self, message: bytes) -> list[bytes]:
        """Whole fields, with CRLF. All are relaxed/relaxed."""
        values = self._ask(message, User="joe")["dkim-signature"]
        values = [values] if isinstance(values, str) else values
        return [b"DKIM-Signature: " + value.encode() + b"\r\n" for value in values]

    def seal(self, message: bytes) -> bytes:
        """The fields of the new set, from the top."""
        added = self._ask(message, User="joe")["milter"]["add_headers"]
        return b"".join(f"{name}: {added[name]['value']}\r\n".encode() for name in (
            "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"))

    def _ask(self, message: bytes, **headers: str) -> dict:
        request = urllib.request.Request(f"http://{HOST}:{self.port}/checkv2", data=message, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)
