"""What `sekisho config check` and `sekishod -t` say before a start, and that a start then goes as they said."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

_BUILD = Path(os.environ["SEKISHO_BUILD"])
_SEKISHO = _BUILD / "tools/sekisho"
_SEKISHOD = _BUILD / "milter/sekishod"
_USER = pwd.getpwnam("nobody")

# Each configuration has these lines; nothing is asked beyond loopback.
_USUAL = ('user = "nobody"\nauthserv_id = "mx.example.org"\n[dns]\nnameservers = ["127.0.0.1:9"]\ntimeout = "100ms"\n'
          '[proof]\nkey_file = ""\n')
_SOCKET = 'socket = "unix:{folder}/run/s"\n'
_SIGN = '[[sign]]\ndomain = "example.org"\nselector = "s"\nkey_file = "{folder}/%s"\n'
_STORE = '[feedback]\nstore = "{folder}/%s"\n'
_TABLES = '[signing]\nkey_table = "csl:k={folder}/%s"\nsigning_table = "%s"\n'
_RULE = '[[rule]]\naction = "accept"\ndmarc = ["fail"]\n%s\n'

# What is wrong: the text of a drop-in, in which line (0: the message names another file), and what is said of it.
_WRONG = (
    # The text itself.
    ("an unknown option", 'sokcet = "fd:3"', 1, "sokcet: no such option; expected socket perhaps"),
    ("an unknown table", "[dnss]", 1, "[dnss]: no such table; expected [dns] perhaps"),
    ("an option outside its table", 'on_reject = "mark"', 1, "expected policy.on_reject perhaps"),
    ("not TOML", "[dns", 1, "not TOML"),
    ("a table that stands twice", "[spf]\n[dns]\n[spf]", 3, "[spf]: the file has this table in line 1 already"),
    ("an option that stands twice", '[policy]\non_reject = "mark"\non_reject = "mark"', 3, "is set in line 2, too"),
    ("a list as a table", "[sign]", 1, "expected tables headed [[sign]]"),
    ("a number without a unit", "[dns]\ntimeout = 5", 2, 'expected a duration such as "500ms"'),
    ("out of bounds", '[dns]\ntimeout = "2h"', 2, "expected"),
    ("an unknown word", '[policy]\non_reject = "refuse"', 2, 'expected one of "mark"'),
    ("bounds in the wrong order", '[dns]\ncache_min_ttl = "5m"\ncache_max_ttl = "1m"', 2, "above dns.cache_max_ttl"),
    ("a rule without an action", '[[rule]]\nhelo = ["x.example"]', 1, "rule.action: missing"),
    ("a rule without a condition", '[[rule]]\naction = "reject"', 1, "rule: has no condition"),
    ("a bad network", '[signing]\ninternal_networks = ["192.0.2.0/33"]', 2, 'has "192.0.2.0/33"'),
    ("a key without a selector", '[[sign]]\ndomain = "example.org"\nkey_file = "/x"', 1, "sign.selector: missing"),
    ("a seal without a key", '[arc]\nseal = "always"\ndomain = "example.org"\nselector = "s"', 2, "arc.key_file: missing"),
    ("a bad socket", 'socket = "unix:sekisho.sock"', 1, "expected unix:PATH"),
    ("a store that is no path", '[feedback]\nstore = "feedback.db"', 2, "feedback.store"),
    # Sockets.
    ("a socket in a missing folder", 'socket = "unix:{folder}/nowhere/s"', 1, "there is no folder {folder}/nowhere"),
    ("a file in the place of the socket", 'socket = "unix:{folder}/good.pem"', 1, "exists and is no socket"),
    ("a host without the address", 'socket = "inet:8891@192.0.2.1"', 1, "this host does not have the address 192.0.2.1"),
    ("one socket for two", '[control]\nsocket = "unix:{folder}/run/s"', 2, "is the socket of the mail server, too"),
    ("control in a missing folder", '[control]\nsocket = "unix:{folder}/nowhere/c"', 2, "there is no folder"),
    ("metrics for everybody", '[metrics]\nlisten = "0.0.0.0:9813"', 2, "metrics.allow_remote = true"),
    ("one port for two", 'socket = "inet:9813@127.0.0.1"\n[metrics]\nlisten = "127.0.0.1:9813"', 3, "another port"),
    # Users and groups.
    ("an unknown user", 'user = "nobody-here"', 1, "user: there is no user nobody-here"),
    ("an unknown owner", 'socket_owner = "nobody-here"', 1, "socket_owner: there is no user nobody-here"),
    ("an unknown group", 'socket_group = "nobody-here"', 1, "socket_group: there is no group nobody-here"),
    # Keys, tables and lists.
    ("a missing key", _SIGN % "missing.pem", 0, "{folder}/missing.pem: No such file"),
    ("a key of root", _SIGN % "of-root.pem", 0, "{folder}/of-root.pem"),
    ("a key that others can read", _SIGN % "readable.pem", 0, "chmod 600 {folder}/readable.pem"),
    ("no key", _SIGN % "garbage", 0, "{folder}/garbage"),
    ("a key behind a closed folder", _SIGN % "closed/good.pem", 0, "{folder}/closed"),
    ("a bad selector", _SIGN.replace('"s"', '"a b"') % "good.pem", 0, "the selector is no name of labels"),
    ("a bad domain", _SIGN.replace('"example.org"', '"example..org"') % "good.pem", 0, "domain"),
    ("a KeyTable alone", '[signing]\nkey_table = "csl:k=example.org:s:/x"', 0, "key_table and signing_table need each other"),
    ("a missing SigningTable", _TABLES % ("good.pem", "file:/nonexistent"), 0, "signing_table: /nonexistent"),
    ("no line that can be used", _TABLES % ("good.pem", "csl:example.org=x"), 0, "no line of it can be used"),
    ("a seal with a missing key", '[arc]\nseal = "always"\ndomain = "example.org"\nselector = "s"\nkey_file = "/nonexistent"',
     0, "arc.key_file: /nonexistent"),
    ("a missing login map", '[signing]\nlogin_map = "/nonexistent"', 0, "/nonexistent: cannot be read: No such file"),
    ("a missing list of a rule", _RULE % 'author = ["file:/nonexistent"]', 4, "rule.author: /nonexistent: cannot be read"),
    ("a list of a rule that is closed", _RULE % 'author = ["file:{folder}/closed/list"]', 4, "{folder}/closed"),
    ("a missing list of public suffixes", '[dmarc]\ndiscovery = "psl"\npublic_suffix_list = "/nonexistent"', 3, "No such file"),
    ("no keys of proofs", '[proof]\nkey_file = "{folder}/garbage"', 0, "proof.key_file: {folder}/garbage"),
    ("keys of proofs that others can read", '[proof]\nkey_file = "{folder}/readable.pem"', 0, "{folder}/readable.pem"),
    # What the daemon writes: it starts, and loses that.
    ("a store in a missing folder", _STORE % "nowhere/f.db", 2, "there is no folder {folder}/nowhere"),
    ("a store in a closed folder", _STORE % "closed/f.db", 2, "{folder}/closed"),
    ("a spill file in a missing folder", _STORE % "data/f.db" + 'spill_file = "{folder}/nowhere/spill"', 3, "there is no folder"),
    ("a spool in a missing folder", '[failure]\nenabled = true\nspool = "{folder}/nowhere/spool"', 3, "there is no folder"),
)
_STARTS_ALL_THE_SAME = {name for name, *_ in _WRONG[-4:]}

# What may be meant: a warning, and a start.
_DOUBTFUL = (
    ("a name without a dot", 'authserv_id = "mx"', "authserv_id is mx, which is no full host name"),
    ("outbound without a key", 'role = "outbound"', "role is outbound, and there is no key"),
    ("[signing] without a key", '[signing]\nexpiry = "3d"', "there is no key: nothing is signed"),
    ("a mode for one", 'socket_mode = "0600"', "socket_mode is 0600"),
    ("a port for everybody", 'socket = "inet:0@0.0.0.0"', "listens on every address"),
    ("a rule for forgers", '[[rule]]\naction = "accept"\nhelo = ["mx.example.net"]', "rule 1: accepts what anybody can write"),
    ("no place for keys of proofs", '[proof]\nkey_file = "{folder}/nowhere/proof.key"', "proof.key_file: there is no folder"),
    ("a service for users without a name", 'socket = "unix:{folder}/run/s"', "postconf -P submission/inet/milter_macro"),
)

_GOOD = (
    ("the smallest", ""),
    ("a port", 'socket = "inet:0@127.0.0.1"'),
    ("a key", _SIGN % "good.pem"),
    ("tables of OpenDKIM", '[signing]\nkey_table = "csl:k=example.org:s:{folder}/good.pem"\nsigning_table = "csl:example.org=k"'),
    ("a seal", '[arc]\nseal = "always"\ndomain = "example.org"\nselector = "s"\nkey_file = "{folder}/good.pem"'),
    ("stores", _STORE % "data/f.db" + 'spill_file = "{folder}/data/spill"\n[failure]\nenabled = true\nspool = "{folder}/data/spool"'),
    ("watchers", '[control]\nsocket = "unix:{folder}/run/c"\n[metrics]\nlisten = "127.0.0.1:0"'),
    ("keys of proofs", '[proof]\nkey_file = "{folder}/data/proof.key"'),
)

_POSTCONF = """#!/bin/sh
case $1 in
  -M) echo "smtp inet n - n - - smtpd"; echo "submission inet n - n - - smtpd" ;;
  -Px) : ;;
  *) printf '%s\\n' "myhostname = mx.example.org" "queue_directory = /var/spool/postfix" "smtpd_milters = unix:FOLDER/run/s" ;;
esac
"""


class Start(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="sekisho-start-")))
        cls.folder.chmod(0o755)
        for name, owner, mode in (("run", _USER.pw_uid, 0o755), ("data", _USER.pw_uid, 0o700), ("keys", 0, 0o700)):
            (cls.folder / name).mkdir(mode=mode)
            os.chown(cls.folder / name, owner, -1)
        subprocess.run([_SEKISHO, "key", "generate", "example.org", "--algorithm", "ed25519", "--selector", "s", "--dir",
                        cls.folder / "keys"], check=True, stdout=subprocess.DEVNULL)
        made = (cls.folder / "keys/example.org/s.pem").read_text()
        (cls.folder / "closed").mkdir()
        for name, text, owner, mode in (
                ("good.pem", made, _USER.pw_uid, 0o600), ("of-root.pem", made, 0, 0o600),
                ("readable.pem", made, _USER.pw_uid, 0o644), ("garbage", "x\n", _USER.pw_uid, 0o600),
                ("closed/good.pem", made, _USER.pw_uid, 0o600), ("closed/list", "example.org\n", 0, 0o644)):
            file = cls.folder / name
            file.write_text(text)
            os.chown(file, owner, -1)
            file.chmod(mode)
        (cls.folder / "closed").chmod(0o700)
        (cls.folder / "bin").mkdir()
        for name, text in (("systemctl", "#!/bin/sh\nexit 1\n"), ("postconf", "#!/bin/sh\nexit 1\n")):
            (cls.folder / "bin" / name).write_text(text)
            (cls.folder / "bin" / name).chmod(0o755)

    def configure(self, drop_in: str, main: str = _USUAL) -> Path:
        """A main file with a socket, and a drop-in for what the test is about."""
        main_file, drop_ins = self.folder / "sekisho.toml", self.folder / "conf.d"
        shutil.rmtree(drop_ins, ignore_errors=True)
        drop_ins.mkdir()
        main_file.write_text((_SOCKET + main).replace("{folder}", str(self.folder)))
        main_file.chmod(0o644)
        if drop_in:
            (drop_ins / "it.toml").write_text(drop_in.replace("{folder}", str(self.folder)) + "\n")
        return main_file

    def check(self, main_file: Path):
        return subprocess.run([_SEKISHO, "config", "check", "--config", main_file], capture_output=True, text=True,
                              check=False, env={**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})

    def ask_daemon(self, main_file: Path):
        return subprocess.run([_SEKISHOD, "-c", main_file, "-t"], capture_output=True, text=True, check=False)

    def start(self, main_file: Path) -> subprocess.Popen | str:
        """The daemon that serves, or why it does not."""
        log = (self.folder / "log").open("w+")
        self.addCleanup(log.close)
        daemon = subprocess.Popen([_SEKISHOD, "-c", main_file], stderr=log, stdout=log)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        deadline = time.monotonic() + 60
        while "ready: listening at" not in (text := (self.folder / "log").read_text()):
            if daemon.poll() is not None:
                return text
            self.assertLess(time.monotonic(), deadline, text)
            time.sleep(0.01)
        return daemon

    def serves(self, main_file: Path):
        daemon = self.start(main_file)
        self.assertNotIsInstance(daemon, str, daemon)
        daemon.kill()
        daemon.wait()
        (self.folder / "run/s").unlink(missing_ok=True)

    def test_what_is_wrong_is_an_error_with_its_place(self):
        for name, drop_in, line, said in _WRONG:
            with self.subTest(name):
                main_file = self.configure(drop_in)
                refused, tested = self.check(main_file), self.ask_daemon(main_file)
                self.assertEqual((refused.returncode, tested.returncode), (1, 1), refused.stdout + tested.stdout)
                self.assertNotIn("in order", refused.stdout)
                place = f"{self.folder}/conf.d/it.toml:{line}: " if line else ""
                self.assertIn(place, refused.stderr)
                self.assertIn(said.replace("{folder}", str(self.folder)), refused.stderr)
                self.assertIn(place, tested.stderr)
                if name not in _STARTS_ALL_THE_SAME and "of root" not in name and "closed" not in name:
                    self.assertIsInstance(self.start(main_file), str)

    def test_what_the_user_cannot_read_says_what_to_do(self):
        for name, drop_in, said in (
                ("a key of root", _SIGN % "of-root.pem", "of-root.pem: nobody cannot read it; chown nobody {folder}/of-root.pem"),
                ("a closed folder", _SIGN % "closed/good.pem", "for {folder}/closed keeps it out")):
            with self.subTest(name):
                self.assertIn(said.replace("{folder}", str(self.folder)), self.check(self.configure(drop_in)).stderr)
        main_file = self.configure("")
        main_file.chmod(0o600)
        self.assertIn(f"{main_file}: nobody cannot read it; chown nobody {main_file}", self.check(main_file).stderr)
        main_file = self.configure('role = "both"')
        (self.folder / "conf.d/it.toml").chmod(0o600)
        self.assertIn("conf.d/it.toml: nobody cannot read it", self.check(main_file).stderr)

    def test_what_may_be_meant_is_a_warning(self):
        for name, drop_in, said in _DOUBTFUL:
            with self.subTest(name):
                postconf = _POSTCONF.replace("FOLDER", str(self.folder)) if "users" in name else "#!/bin/sh\nexit 1\n"
                (self.folder / "bin/postconf").write_text(postconf)
                main_file = self.configure(drop_in)
                done = self.check(main_file)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout, "warning: .*" + re.escape(said))
                self.assertTrue(done.stdout.endswith("sekisho.toml: in order\n"))
                self.serves(main_file)
        (self.folder / "bin/postconf").write_text("#!/bin/sh\nexit 1\n")

    def test_what_is_in_order_starts(self):
        for name, drop_in in _GOOD:
            with self.subTest(name):
                main_file = self.configure(drop_in)
                done, tested = self.check(main_file), self.ask_daemon(main_file)
                self.assertEqual((done.returncode, tested.returncode), (0, 0), done.stderr + tested.stderr)
                self.assertTrue(done.stdout.endswith("sekisho.toml: in order\n"), done.stdout)
                self.serves(main_file)

    # reload

    def reload(self, daemon: subprocess.Popen, drop_in: str | None) -> subprocess.CompletedProcess:
        file = self.folder / "conf.d/it.toml"
        file.unlink(missing_ok=True)
        if drop_in is not None:
            file.write_text(drop_in.replace("{folder}", str(self.folder)) + "\n")
        return subprocess.run([_SEKISHOD, "--reload", str(daemon.pid)], capture_output=True, text=True, check=False)

    def status(self, name: str) -> str:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.folder / "run" / name))
            return client.makefile().read()

    def test_a_reload_opens_and_closes_what_watches(self):
        daemon = self.start(self.configure(""))
        with socket.create_server(("127.0.0.1", 0)) as chosen:
            port = chosen.getsockname()[1]
        watched = '[control]\nsocket = "unix:{folder}/run/%s"\n[metrics]\nlisten = "127.0.0.1:' + str(port) + '"'
        self.assertEqual(self.reload(daemon, watched % "c").returncode, 0)
        self.assertIn("reload", self.status("c"))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as page:
            self.assertIn(b"sekisho_reloads_total", page.read())
        self.assertEqual(self.reload(daemon, watched % "d").returncode, 0)
        self.assertIn("reload", self.status("d"))
        self.assertFalse((self.folder / "run/c").exists())
        failed = self.reload(daemon, '[control]\nsocket = "unix:{folder}/nowhere/c"')
        self.assertIn("control.socket: cannot listen at", failed.stderr)
        self.assertIn("reload", self.status("d"), "the one before stays")
        self.assertEqual(self.reload(daemon, None).returncode, 0)
        self.assertFalse((self.folder / "run/d").exists())
        with self.assertRaises(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics")

    def test_a_reload_says_what_came_of_it(self):
        daemon = self.start(self.configure(""))
        done = self.reload(daemon, 'role = "inbound"')
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        waiting = self.reload(daemon, f'socket = "unix:{self.folder}/run/other"\nlog_format = "json"')
        self.assertEqual(waiting.returncode, 3)
        self.assertIn("reloaded, but for socket, log_format: restart sekishod to apply it", waiting.stderr)
        self.assertEqual(self.reload(daemon, f'socket = "unix:{self.folder}/run/other"').returncode, 3, "it still waits")
        refused = self.reload(daemon, "zeal = 1")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("conf.d/it.toml:1: zeal: no such option", refused.stderr)
        self.assertIn("the previous configuration and keys stay in use", refused.stderr)
        self.assertEqual(self.reload(daemon, None).returncode, 0)
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
        nobody = self.reload(daemon, None)
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("No such process", nobody.stderr)


if __name__ == "__main__":
    if os.getuid() != 0:
        print("needs root")
        sys.exit(1 if os.environ.get("CI") else 77)
    unittest.main()
