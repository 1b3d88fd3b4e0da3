"""`sekisho key` as a postmaster uses it: the life of keys, from made to retired."""

import base64
import json
import os
import re
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_DAY = 86_400


class Key(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-key-")))
        self.keys = self.folder / "keys"
        self.keys.mkdir()
        self.publish("")

    def run_sekisho(self, *arguments: str):
        return subprocess.run([_SEKISHO, "key", *arguments], capture_output=True, text=True, check=False,
                              cwd=self.folder)

    def ask(self, *arguments: str, status: int = 0):
        done = self.run_sekisho(*arguments, "--format", "json")
        self.assertEqual((done.returncode, done.stderr), (status, ""))
        return json.loads(done.stdout)

    def refuse(self, *arguments: str, status: int) -> str:
        done = self.run_sekisho(*arguments)
        self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
        return done.stderr

    def generate(self, *arguments: str):
        return self.ask("generate", "example.org", "--dir", str(self.keys), *arguments)

    def publish(self, *records: str):
        (self.folder / "zone").write_text("$ORIGIN .\n$TTL 300\n" + "".join(records))

    def check(self, *keys: dict, status: int = 0):
        triples = [word for key in keys for word in
                   ("--domain", key["domain"], "--selector", key["selector"], "--key", key["file"])]
        return self.ask("check", "--zone", "zone", *triples, status=status)

    # generate and show

    def test_a_key_is_for_its_owner_alone(self):
        made = self.generate("--algorithm", "ed25519", "--selector", "s1")
        self.assertEqual(made["file"], f"{self.keys}/example.org/s1.pem")
        self.assertEqual(stat.S_IMODE(os.stat(made["file"]).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.keys / "example.org").st_mode), 0o700)
        self.assertEqual(made["record_name"], "s1._domainkey.example.org")

    @unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
    def test_what_root_makes_belongs_to_the_owner_of_the_folder(self):
        os.chown(self.keys, 12345, 23456)
        made = self.generate("--algorithm", "ed25519")
        for path in (made["file"], self.keys / "example.org"):
            with self.subTest(path):
                status = os.stat(path)
                self.assertEqual((status.st_uid, status.st_gid), (12345, 23456))

    def test_a_folder_that_is_a_link_is_not_followed(self):
        (self.folder / "elsewhere").mkdir()
        (self.keys / "example.org").symlink_to(self.folder / "elsewhere")
        reason = self.refuse("generate", "example.org", "--dir", str(self.keys), status=1)
        self.assertIn("Not a directory", reason)
        self.assertEqual(list((self.folder / "elsewhere").iterdir()), [])

    def test_a_key_is_never_overwritten(self):
        made = self.generate("--algorithm", "ed25519", "--selector", "s1")
        before = Path(made["file"]).read_bytes()
        reason = self.refuse("generate", "example.org", "--selector", "s1", "--dir", str(self.keys), status=1)
        self.assertEqual(reason, f"sekisho key generate: {made['file']}: is there already, and stays: move it away, or name another\n")
        self.assertEqual(Path(made["file"]).read_bytes(), before)

    def test_selectors_tell_the_month_and_never_collide(self):
        selectors = [self.generate("--algorithm", "ed25519")["selector"] for _ in range(3)]
        month = selectors[0].removesuffix("-ed25519")
        self.assertRegex(month, r"^\d{6}$")
        self.assertEqual(selectors, [f"{month}-ed25519", f"{month}-2-ed25519", f"{month}-3-ed25519"])
        self.assertEqual(self.generate()["selector"], f"{month}-rsa")

    def test_openssl_reads_what_was_made_and_finds_the_record(self):
        for algorithm, bits in (("rsa", 2048), ("rsa", 4096), ("ed25519", 256)):
            with self.subTest(algorithm=algorithm, bits=bits):
                made = self.generate("--algorithm", algorithm, *(["--bits", str(bits)] if algorithm == "rsa" else []))
                self.assertEqual(made["bits"], bits)
                der = subprocess.run(["openssl", "pkey", "-in", made["file"], "-pubout", "-outform", "DER"],
                                     capture_output=True, check=True).stdout
                if algorithm == "ed25519":
                    der = der[-32:]  # RFC 8463 §4
                tags = dict(tag.split("=", 1) for tag in made["record"].split("; "))
                self.assertEqual(tags, {"v": "DKIM1", "k": algorithm, "p": base64.b64encode(der).decode()})

    def test_the_record_is_split_into_strings_of_255(self):
        made = self.generate("--bits", "4096")
        strings = re.findall(r'"([^"]*)"', made["zone"])
        self.assertEqual([len(text) for text in strings][:-1], [255] * (len(strings) - 1))
        self.assertEqual("".join(strings), made["record"])
        page = self.run_sekisho("show", made["file"], "--domain", "example.org", "--selector", "x").stdout
        self.assertIn(made["record"] + "\n", page)
        self.assertIn("x._domainkey.example.org. IN TXT (\n", page)
        self.assertEqual(made["strings"], strings)
        self.assertEqual(made["quoted"], " ".join(f'"{text}"' for text in strings))
        self.assertIn("\n" + made["quoted"] + "\n", page)

    def test_show_gives_the_record_that_generate_gave(self):
        made = self.generate("--algorithm", "ed25519", "--selector", "s1")
        file = made.pop("file")
        self.assertEqual(self.ask("show", file, "--domain", "example.org", "--selector", "s1"), made)

    def test_a_domain_is_written_in_a_labels(self):
        made = self.ask("generate", "Bücher.example", "--algorithm", "ed25519", "--dir", str(self.keys))
        self.assertEqual(made["domain"], "xn--bcher-kva.example")

    def test_what_cannot_be_is_refused(self):
        folder = ["--dir", str(self.keys)]
        self.refuse("generate", "not a domain", *folder, status=2)
        self.refuse("generate", "example.org", "--selector", "../x", *folder, status=2)
        self.refuse("generate", "example.org", "--algorithm", "dsa", *folder, status=2)
        self.refuse("generate", "example.org", "--bits", "512", *folder, status=2)
        self.refuse("show", "nothing", "--domain", "example.org", "--selector", "s", status=1)
        self.refuse("generate", "example.org", "--dir", "zone", status=1)
        self.assertEqual(list(self.keys.iterdir()), [])

    # check

    def test_check_tells_published_keys_from_others(self):
        made = self.generate("--algorithm", "ed25519", "--selector", "s1")
        other = self.generate("--algorithm", "ed25519", "--selector", "s2")
        name = made["record_name"]
        for case, record, status, state in (
                ("published", made["zone"], 0, "published"),
                ("missing", "", 3, "missing"),
                ("other key", f'{name}. TXT "{other["record"]}"\n', 3, "mismatch"),
                ("revoked", f'{name}. TXT "v=DKIM1; p="\n', 3, "mismatch"),
                ("testing", f'{name}. TXT "t=y; {made["record"][9:]}"\n', 0, "published"),
                ("for other services", f'{name}. TXT "s=other; {made["record"][9:]}"\n', 3, "mismatch")):
            with self.subTest(case=case):
                self.publish(record)
                [checked] = self.check(made, status=status)
                self.assertEqual(checked["state"], state)
                self.assertEqual(checked["revoked"], case == "revoked")
                self.assertEqual(checked["testing"], case == "testing")

    def test_one_bad_key_of_many_decides_the_exit_status(self):
        keys = [self.generate("--algorithm", "ed25519") for _ in range(3)]
        self.publish(keys[0]["zone"], keys[2]["zone"])
        states = [key["state"] for key in self.check(*keys, status=3)]
        self.assertEqual(states, ["published", "missing", "published"])

    def test_no_answer_is_no_absence(self):
        made = self.generate("--algorithm", "ed25519")
        done = self.run_sekisho("check", "--nameserver", "127.0.0.1:1", "--domain", "example.org",
                                "--selector", made["selector"], "--key", made["file"])
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("unknown", done.stdout)

    def configure(self, *keys: dict, more: str = "") -> list[str]:
        tables = "".join(f'[[sign]]\ndomain = "example.org"\nselector = "{key["selector"]}"\n'
                         f'key_file = "{key["file"]}"\n' for key in keys)
        (self.folder / "sekisho.toml").write_text(more + tables)
        return ["--config", "sekisho.toml", "--zone", "zone"]

    def test_every_configured_key_is_checked(self):
        keys = [self.generate("--algorithm", "ed25519") for _ in range(2)]
        self.publish(keys[0]["zone"])
        configuration = self.configure(*keys)
        states = {key["selector"]: key["state"] for key in self.ask("check", *configuration, status=3)}
        self.assertEqual(states, {keys[0]["selector"]: "published", keys[1]["selector"]: "missing"})
        self.assertEqual(len(self.ask("check", "Example.ORG", *configuration, status=3)), 2)
        self.refuse("check", "example.net", *configuration, status=1)
        seal = self.generate("--algorithm", "ed25519", "--selector", "arc")
        arc = f'[arc]\ndomain = "example.org"\nselector = "arc"\nkey_file = "{seal["file"]}"\n'
        self.assertEqual([key["selector"] for key in self.ask("check", *self.configure(more=arc), status=3)], ["arc"])
        again = arc.replace('"arc"', f'"{keys[0]["selector"]}"').replace(seal["file"], keys[0]["file"])
        states = [key["state"] for key in self.ask("check", *self.configure(keys[0], more=again))]
        self.assertEqual(states, ["published"], "a key that signs and seals is one key")
        other = arc.replace('"arc"', f'"{keys[0]["selector"]}"')
        done = self.run_sekisho("check", *self.configure(keys[0], more=other))
        self.assertEqual([line.split()[0] for line in done.stdout.splitlines()], ["published", "mismatch"])
        self.assertIn("two different keys are to sign under this name", done.stderr)
        self.refuse("check", *self.configure(), status=1)
        self.refuse("check", "--config", "nothing.toml", status=1)

    def test_keys_are_told_in_one_way(self):
        key = self.generate("--algorithm", "ed25519")
        self.refuse("check", *self.configure(key), "--domain", "example.org", "--selector", "s", "--key", key["file"],
                    status=2)

    # rotate

    def test_the_configuration_tells_which_key_is_in_use_and_how_long_signatures_live(self):
        old = self.generate("--algorithm", "ed25519", "--selector", "old")
        new = self.generate("--algorithm", "ed25519", "--selector", "new")
        now = 1_800_000_000
        self.assertEqual(self.stages(*self.configure(old)[:2]), {"old": "in use", "new": "made"})
        configuration = self.configure(new, more='[signing]\nexpiry = "3d"\n')[:2]
        self.assertEqual(self.stages(*configuration, "--now", str(now)), {"new": "in use", "old": "retiring"})
        self.assertEqual(self.stages(*configuration, "--now", str(now + 4 * _DAY)), {"new": "in use", "old": "retired"})
        seal = f'[arc]\ndomain = "example.org"\nselector = "new"\nkey_file = "{new["file"]}"\n'
        self.assertEqual(self.stages(*self.configure(old, more=seal)[:2])["new"], "in use", "it seals")

    def rotate(self, *arguments: str):
        report = self.ask("rotate", "example.org", "--go", "--dir", str(self.keys), "--zone", "zone", *arguments)
        return {key["selector"]: key for key in report["keys"]}

    def stages(self, *arguments: str):
        return {selector: key["stage"] for selector, key in self.rotate(*arguments).items()}

    def test_a_key_goes_from_made_to_retired(self):
        old = self.generate("--algorithm", "ed25519", "--selector", "old")
        self.publish(old["zone"])
        in_use = ("--in-use", "old")

        made = self.rotate(*in_use)
        [new] = set(made) - {"old"}
        self.assertEqual({name: key["stage"] for name, key in made.items()}, {new: "made", "old": "in use"})
        self.assertIn(made[new]["record"], made[new]["next"])
        self.assertEqual(self.stages(*in_use), {new: "made", "old": "in use"}, "a second run makes no second key")

        self.publish(old["zone"], made[new]["zone"])
        published = self.rotate(*in_use)
        self.assertEqual(published[new]["stage"], "published")
        self.assertIn(f'[[sign]]\ndomain = "example.org"\nselector = "{new}"\nkey_file = "{made[new]["file"]}"\n',
                      published[new]["next"])

        in_use = ("--in-use", new)
        now = 1_800_000_000
        self.assertEqual(self.stages(*in_use, "--now", str(now)), {new: "in use", "old": "retiring"})
        # x= is seven days, and one more for clocks and caches.
        before, after = now + 8 * _DAY - 1, now + 8 * _DAY
        self.assertEqual(self.stages(*in_use, "--now", str(before)), {new: "in use", "old": "retiring"})
        self.assertEqual(self.stages(*in_use, "--now", str(after)), {new: "in use", "old": "retired"})

        retired = self.rotate(*in_use, "--now", str(after))
        self.assertIn("Remove the record old._domainkey.example.org", retired["old"]["next"])
        self.assertTrue(Path(old["file"]).exists(), "nothing is ever deleted")
        self.publish(made[new]["zone"])
        retired = self.rotate(*in_use, "--now", str(after))
        self.assertIn(f"Delete {old['file']}", retired["old"]["next"])

        Path(old["file"]).unlink()
        self.assertEqual(sorted(self.stages(*in_use).values()), ["in use", "made"], "the next rotation begins")

    def test_looking_changes_nothing(self):
        self.generate("--algorithm", "ed25519", "--selector", "old")
        self.generate("--algorithm", "ed25519", "--selector", "new")
        files = sorted(self.keys.rglob("*"))
        usual = ("example.org", "--dir", str(self.keys), "--zone", "zone", "--in-use", "new")
        for command in (("status",), ("rotate",), ("rotate", "--dry-run"), ("rotate", "--go", "--dry-run")):
            with self.subTest(command):
                report = self.ask(*command, *usual)
                self.assertEqual({key["selector"]: key["stage"] for key in report["keys"]},
                                 {"new": "in use", "old": "retiring"})
                if command[0] == "rotate":
                    self.assertEqual(report["changes"], [{"change": "retire", "selector": "old", "algorithm": "ed25519",
                                                          "bits": 256, "done": False}])
        self.assertEqual(sorted(self.keys.rglob("*")), files)
        would = self.run_sekisho("rotate", *usual).stdout
        self.assertIn("would note that old is out of use\n", would)
        self.assertIn("Nothing was changed; with --go, the command does it.\n", would)
        (self.keys / "example.org/old.pem").unlink()
        self.assertRegex(self.run_sekisho("rotate", *usual).stdout, r"would make the key \d{6}-ed25519 \(ed25519 256\)")
        self.assertRegex(self.run_sekisho("rotate", "--go", *usual).stdout, r"\nmade the key \d{6}-ed25519")
        self.assertEqual(len(list(self.keys.rglob("*.pem"))), 2)

    def test_unknown_domains_and_folders_are_refused(self):
        for command in ("status", "rotate"):
            with self.subTest(command):
                said = self.refuse(command, "nope", "--dir", str(self.keys), "--zone", "zone", status=1)
                self.assertIn("there is no key of nope", said)
                self.assertIn('make one with "sekisho key generate nope"', said)
        for command in ("status", "rotate", "generate"):
            with self.subTest(command):
                zone = () if command == "generate" else ("--zone", "zone")
                said = self.refuse(command, "example.org", "--dir", str(self.folder / "typo"), *zone, status=1)
                self.assertIn("typo: No such file or directory; create the folder first", said)
        self.assertEqual(list(self.keys.rglob("*")), [])

    def test_algorithms_rotate_apart(self):
        for algorithm in ("rsa", "ed25519"):
            self.generate("--algorithm", algorithm, "--selector", algorithm)
        report = self.rotate("--in-use", "rsa", "--in-use", "ed25519", "--algorithm", "ed25519")
        self.assertEqual({key["algorithm"] for key in report.values()}, {"ed25519"})
        self.assertEqual(len(self.rotate("--in-use", "rsa", "--in-use", "ed25519")), 4)

    def test_a_selector_does_not_come_again_after_its_key_was_deleted(self):
        first = self.generate("--algorithm", "ed25519")
        second = self.generate("--algorithm", "ed25519")
        self.rotate("--in-use", second["selector"])
        Path(first["file"]).unlink()
        self.assertNotEqual(self.generate("--algorithm", "ed25519")["selector"], first["selector"])

    def test_a_wrong_record_is_told(self):
        new = self.generate("--algorithm", "ed25519")
        self.publish(f'{new["record_name"]}. TXT "v=DKIM1; p="\n')
        again = self.rotate()[new["selector"]]
        self.assertEqual((again["stage"], again["dns"]), ("made", "mismatch"))
        self.assertIn("is wrong: key revoked", again["next"])


if __name__ == "__main__":
    unittest.main()
