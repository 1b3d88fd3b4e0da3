"""The Debian package: built, looked at by lintian, and installed, started and removed on a clean machine."""

import os
import re
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from package import clean_root  # noqa: E402: only now is it found

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SEKISHO_BUILD", ROOT / "build/release"))

# In place of systemd itself, which would take longer to unpack than all the rest.
STAND_INS = {"systemd": ("systemd-standalone-sysusers", "systemd-standalone-tmpfiles")}


def run(*command, check=True) -> subprocess.CompletedProcess:
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"})
    if check and done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout}")
    return done


def dependencies_of(package: Path) -> list[str]:
    names = []
    for wanted in run("dpkg-deb", "-f", package, "Depends").stdout.split(","):
        name = re.split(r"[ |(]", wanted.strip())[0]
        names += STAND_INS.get(name, (name,))
    return sorted(set(names))


class Package(unittest.TestCase):
    """The tests stand in the order of a package's life."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="sekisho-package-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder, cls.root = Path(folder.name), Path(folder.name) / "root"
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", cls.folder / "packed")
        cls.package = next((cls.folder / "packed").glob("*.deb"))
        if why_not := clean_root.make(cls.root, dependencies_of(cls.package), BUILD / "test/package"):
            print(f"no clean root, so this machine's own: {why_not}")
            clean_root.borrow(cls.root)

    def in_root(self, *command, check=True):
        """With /proc, as a machine has it."""
        entering = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
        return run("unshare", "--mount", "--", "sh", "-c", entering, self.root, *command, check=check)

    def mode_of(self, path: str) -> int:
        return stat.S_IMODE((self.root / path).stat().st_mode)

    def test_1_lintian_finds_no_error(self):
        found = run("lintian", "--fail-on", "error", "--tag-display-limit", "0", self.package, check=False)
        self.assertEqual(found.returncode, 0, found.stdout)

    def test_2_it_installs_and_tells_what_comes_next(self):
        self.assertIn("\n  sekisho setup\n", self.install())
        self.assertIn("sekisho:", (self.root / "etc/passwd").read_text())
        self.assertEqual(self.mode_of("etc/sekisho/keys"), 0o700)
        self.assertTrue((self.root / "etc/systemd/system/multi-user.target.wants/sekishod.service").is_symlink())

    def install(self) -> str:
        (self.root / "sekisho.deb").write_bytes(self.package.read_bytes())
        return self.in_root("dpkg", "-i", "/sekisho.deb").stdout

    def test_3_everything_is_in_its_place(self):
        for path in ("usr/bin/sekisho", "usr/sbin/sekishod", "etc/sekisho/sekisho.toml", "etc/sekisho/conf.d/README",
                     "etc/apparmor.d/usr.sbin.sekishod", "etc/logcheck/ignore.d.server/sekisho",
                     "usr/share/bash-completion/completions/sekisho", "usr/share/zsh/vendor-completions/_sekisho",
                     "usr/share/fish/vendor_completions.d/sekisho.fish", "usr/share/doc/sekisho/README.Debian",
                     "usr/share/man/man1/sekisho.1.gz", "usr/share/man/man1/sekisho-setup.1.gz", "usr/share/man/man5/sekisho.toml.5.gz",
                     "usr/share/man/man8/sekishod.8.gz", "usr/share/doc/sekisho/copyright",
                     "usr/share/doc/sekisho/changelog.gz", "usr/share/doc/sekisho/changelog.Debian.gz", "usr/lib/sysusers.d/sekisho.conf",
                     "usr/lib/tmpfiles.d/sekisho.conf", "usr/lib/systemd/system/sekishod@.service",
                     *(f"usr/share/doc/sekisho/examples/{example}" for example in (
                         "postfix/main.cf", "sendmail/sekisho.mc", "systemd/sekishod.socket",
                         "grafana/sekisho.json", "prometheus/sekisho.rules.yml", "sekisho-quarantine.sieve", "sekisho.toml",
                         "fail2ban/sekisho.conf", "compose.yaml")),
                     "usr/lib/systemd/system/sekisho-report.service", "usr/lib/systemd/system/sekisho-report.timer",
                     "usr/lib/systemd/system/sekisho-domain.service", "usr/lib/systemd/system/sekisho-domain.timer",
                     "usr/lib/systemd/system/sekisho-deliver.service", "usr/lib/systemd/system/sekisho-deliver.timer"):
            with self.subTest(path):
                self.assertTrue((self.root / path).is_file())
        unit = (self.root / "usr/lib/systemd/system/sekishod.service").read_text()
        self.assertIn("ExecStart=/usr/sbin/sekishod -c /etc/sekisho/sekisho.toml\n", unit)
        self.assertFalse((self.root / "usr/include/sekisho").exists())
        self.assertIn("/etc/sekisho/sekisho.toml", self.in_root("dpkg-query", "-W", "-f", "${Conffiles}", "sekisho").stdout)

    def test_4_it_starts_unedited(self):
        self.in_root("sekishod", "-t")
        self.in_root("sekisho", "config", "check")
        self.assertIn("Authentication-Results", self.serve("sekisho", "/etc/sekisho/sekisho.toml"))

    def test_4_root_starts_the_smallest_configuration(self):
        smallest = "/usr/share/doc/sekisho/examples/sekisho.minimal.toml"
        self.assertIn("Authentication-Results: mx.example.org", self.serve("root", smallest))

    def serve(self, user: str, configuration: str) -> str:
        return run("unshare", "--net", "--", "/usr/bin/python3", Path(__file__).with_name("serve.py"), self.root,
                   BUILD / "test/milter/milter_session", user, configuration).stdout

    def test_5_the_steps_of_the_container_image_work(self):
        """Those after the package's installation, where no engine for containers is needed."""
        configuration = self.root / "etc/sekisho/sekisho.toml"
        packaged = configuration.read_text()
        (self.root / "prepare").write_bytes((ROOT / "contrib/container/prepare").read_bytes())
        self.in_root("sh", "/prepare")
        self.in_root("sekishod", "-t")
        self.assertIn('socket = "inet:8891@0.0.0.0"', self.in_root("sekisho", "config", "show").stdout)
        self.assertEqual(self.mode_of("run/sekisho"), 0o755)
        configuration.write_text(packaged)

    def test_5_a_changed_configuration_outlives_an_upgrade(self):
        configuration = self.root / "etc/sekisho/sekisho.toml"
        configuration.write_text(configuration.read_text() + "# ours\n")
        drop_in = self.root / "etc/sekisho/conf.d/name.toml"
        drop_in.write_text('authserv_id = "mx.example.org"\n')
        self.install()
        self.assertTrue(configuration.read_text().endswith("# ours\n"))
        self.assertIn('authserv_id = "mx.example.org"  # /etc/sekisho/conf.d/name.toml:1\n',
                      self.in_root("sekisho", "config", "show").stdout)
        drop_in.unlink()

    def test_6_it_goes_and_leaves_the_configuration(self):
        self.in_root("dpkg", "-r", "sekisho")
        self.assertFalse((self.root / "usr/sbin/sekishod").exists())
        self.assertTrue((self.root / "etc/sekisho/sekisho.toml").exists())

    def test_7_a_purge_leaves_nothing_but_keys(self):
        key = self.root / "etc/sekisho/keys/key.pem"
        key.write_text("precious")
        self.in_root("dpkg", "-P", "sekisho")
        self.assertFalse((self.root / "etc/sekisho/sekisho.toml").exists())
        self.assertFalse((self.root / "var/lib/sekisho").exists())
        self.assertTrue(key.exists())


if __name__ == "__main__":
    if missing := clean_root.what_is_missing():
        print("cannot run without:", ", ".join(missing))
        sys.exit(1 if os.environ.get("CI") else 77)
    if os.environ.get("SEKISHO_OWN_MOUNTS") is None:
        os.environ["SEKISHO_OWN_MOUNTS"] = "yes"
        os.execvp("unshare", ["unshare", "--mount", "--", sys.executable, *sys.argv])
    unittest.main(verbosity=2)
