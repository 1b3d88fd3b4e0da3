"""`sekisho config` as an operator uses it: what is in force, and whether it is in order."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"


class Config(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-config-")))

    def run_sekisho(self, text: str, *arguments: str, postconf: str = "exit 1", systemctl: str = "exit 1"):
        """With a Postfix that says what the shell commands print: none, unless they are given. Likewise systemd."""
        (self.folder / "sekisho.toml").write_text(text)
        for name, commands in (("postconf", postconf), ("systemctl", systemctl)):
            (self.folder / name).write_text(f"#!/bin/sh\n{commands}\n")
            (self.folder / name).chmod(0o755)
        return subprocess.run([_SEKISHO, "config", *arguments, "--config", "sekisho.toml"], capture_output=True,
                              text=True, check=False, cwd=self.folder,
                              env={**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"})

    def test_show_tells_where_each_value_comes_from(self):
        text = ('authserv_id = "mx.example.org"\n[policy]\n\non_reject = "reject"\n'
                '[[rule]]\nclient = ["192.0.2.1"]\naction = "accept"\n')
        lines = self.run_sekisho(text, "show").stdout.splitlines()
        self.assertIn('authserv_id = "mx.example.org"  # sekisho.toml:1', lines)
        self.assertIn('policy.on_reject = "reject"  # sekisho.toml:4', lines)
        self.assertIn('policy.on_quarantine = "mark"  # default', lines)
        self.assertIn('rule[1].client = ["192.0.2.1"]  # sekisho.toml:6', lines)
        settings = {each["name"]: each for each in
                    json.loads(self.run_sekisho(text, "show", "--format", "json").stdout)}
        self.assertEqual(settings["policy.on_reject"], {"name": "policy.on_reject", "value": '"reject"',
                                                        "origin": "file", "file": "sekisho.toml", "line": 4})
        self.assertEqual(settings["spf.engine"]["origin"], "default")

    def test_drop_ins_are_read_and_named(self):
        drop_ins = self.folder / "conf.d"
        drop_ins.mkdir()
        (drop_ins / "10-name.toml").write_text('authserv_id = "mx.example.org"\n')
        (drop_ins / "20-name.conf").write_text("zeal = 1\n")
        text = 'socket = "fd:3"\nauthserv_id = "localhost"\n'
        self.assertIn('authserv_id = "mx.example.org"  # conf.d/10-name.toml:1\n', self.run_sekisho(text, "show").stdout)
        settings = {each["name"]: each for each in json.loads(self.run_sekisho(text, "show", "--format", "json").stdout)}
        self.assertEqual((settings["authserv_id"]["file"], settings["authserv_id"]["line"]), ("conf.d/10-name.toml", 1))
        self.assertEqual(self.run_sekisho(text + '[proof]\nkey_file = ""\n', "check").stdout,
                         "warning: conf.d/20-name.conf: is not read, because its name does not end in .toml\n"
                         "sekisho.toml: in order\n")
        (drop_ins / "30-wrong.toml").write_text("[dns]\ntimeout = 5\n")
        refused = self.run_sekisho(text, "check")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("conf.d/30-wrong.toml:2: dns.timeout: is the integer 5", refused.stderr)

    def test_check_says_what_is_wrong_and_what_is_doubtful(self):
        named = 'socket = "fd:3"\nauthserv_id = "mx.example.org"\n[proof]\nkey_file = ""\n'
        self.assertEqual(self.run_sekisho(named, "check").stdout, "sekisho.toml: in order\n")
        self.assertIn("warning: authserv_id is mx, which is no full host name",
                      self.run_sekisho(named.replace("mx.example.org", "mx"), "check").stdout)
        self.assertIn("warning: [signing] says how mail is signed, and there is no key",
                      self.run_sekisho(named + '[signing]\ndaemons = ["MSA"]\n', "check").stdout)
        doubtful = self.run_sekisho('socket = "fd:3"\n[[rule]]\nhelo = ["mx.example.org"]\naction = "accept"\n', "check")
        self.assertEqual(doubtful.returncode, 0)
        self.assertIn("warning: rule 1: accepts what anybody can write", doubtful.stdout)
        for wrong, said in (("", "socket: missing"), ("zeal = 1\n", "zeal: no such option"),
                            ('socket = "fd:3"\n[[rule]]\naction = "reject"\nauthor = ["file:none"]\n',
                             "sekisho.toml:4: rule.author: none: cannot be read")):
            with self.subTest(said):
                refused = self.run_sekisho(wrong, "check")
                self.assertEqual((refused.returncode, refused.stdout), (1, ""))
                self.assertIn(said, refused.stderr)

    def test_check_looks_at_postfix(self):
        chrooted = ('[ "$1" = -M ] && echo "smtp inet n - y - - smtpd" && exit\n'
                    'printf "%s\\n" "myhostname = mail.example.net" "queue_directory = /var/spool/postfix" '
                    '"smtpd_milters = unix:' f'{self.folder}/s"')
        said = self.run_sekisho(f'socket = "unix:{self.folder}/s"\nauthserv_id = "mx.example.org"\n', "check",
                                postconf=chrooted)
        self.assertEqual(said.returncode, 0)
        self.assertIn("warning: authserv_id is mx.example.org, and Postfix calls itself mail.example.net", said.stdout)
        self.assertIn("warning: socket: Postfix's smtpd is chrooted to /var/spool/postfix and cannot see", said.stdout)

    def test_check_looks_at_a_proxy_filter(self):
        commands = ('[ "$1" = -M ] && printf "%s\\n" "smtp inet n - y - - smtpd" "127.0.0.1:10025 inet n - y - - smtpd" && exit\n'
                    '[ "$1" = -Px ] && echo "smtp/inet/smtpd_proxy_filter = 127.0.0.1:10024" && exit\n'
                    'printf "%s\\n" "myhostname = mx.example.org" "smtpd_milters = inet:127.0.0.1:8891"')
        said = self.run_sekisho('socket = "inet:8891@127.0.0.1"\nauthserv_id = "mx.example.org"\n', "check",
                                postconf=commands).stdout
        self.assertIn("warning: the smtpd 127.0.0.1:10025 takes back what the proxy filter of the smtpd smtp", said)

    def test_a_password_is_nowhere_shown(self):
        for store in ("postgresql://u:s3cret@127.0.0.1:1/x", "postgresql://u:s3cret@127.0.0.1:1/x y"):
            for arguments in (("show",), ("show", "--format", "json"), ("check",)):
                with self.subTest(store=store, arguments=arguments):
                    done = self.run_sekisho(f'socket = "fd:3"\n[feedback]\nstore = "{store}"\n', *arguments)
                    self.assertNotIn("s3cret", done.stdout + done.stderr)

    @unittest.skipUnless(Path("/etc/opendkim.conf").exists(), "OpenDKIM is not installed")
    def test_check_passes_over_an_opendkim_that_is_out_of_use(self):
        found = re.search(r"(?m)^\s*Socket\s+(\S+)", Path("/etc/opendkim.conf").read_text())
        text = f'socket = "{found[1]}"\n'
        for active, enabled, is_told in (("inactive", "disabled", False), ("inactive", "enabled", True),
                                         ("active", "disabled", True)):
            with self.subTest(active=active, enabled=enabled):
                said = self.run_sekisho(text, "check",
                                        systemctl=f'[ "$1" = is-active ] && echo {active} || echo {enabled}').stdout
                self.assertEqual("OpenDKIM has the same" in said, is_told, said)


if __name__ == "__main__":
    unittest.main()
