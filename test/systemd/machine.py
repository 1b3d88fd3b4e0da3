"""A machine of our own: this one's files, with what is written kept apart, and a systemd of its own as process 1, in
namespaces of its own. Its network is a loopback alone."""

import os
import shutil
import subprocess
import time
from pathlib import Path

# What systemd asks of a container (https://systemd.io/CONTAINER_INTERFACE): its own /proc, /dev, /run and cgroups.
_BOOT = """
set -e
mount --make-rprivate /
mount --bind "$0" "$0"
cd "$0"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
for device in null zero full random urandom tty; do
  touch dev/$device
  mount --bind /dev/$device dev/$device
done
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
hostname "$1"
pivot_root . mnt
umount -l /mnt
exec env -i container=sekisho-test /lib/systemd/systemd --unit=multi-user.target --show-status=false
"""

_NAMESPACES = ("--cgroup", "--mount", "--net", "--uts", "--ipc", "--pid")


class CannotBoot(Exception):
    """The system has no place for such a machine; says why."""


class Machine:
    """Its root is a folder for which prepare() was called. In a mount namespace of the caller's own."""

    def __init__(self, root: Path, host_name: str):
        self.root, self._host_name, self._init, self._process = root, host_name, 0, None
        self._groups = root.parent / "groups"
        self._group = self._groups / f"sekisho-test-{os.getpid()}"

    def prepare(self):
        """Nothing that this machine's administrator has enabled starts there, and no disk is mounted."""
        units = self.root / "etc/systemd/system"
        for folder in (*units.glob("*.wants"), *units.glob("*.requires")):
            shutil.rmtree(folder)
        for link in (self.root / "etc").glob("rc?.d/S*"):
            link.unlink()
        (self.root / "usr/sbin/policy-rc.d").unlink(missing_ok=True)
        (self.root / "etc/fstab").write_text("")
        (self.root / "etc/hostname").write_text(self._host_name + "\n")
        for folder in ("var/log/journal", "var/lib/systemd/timers"):
            shutil.rmtree(self.root / folder, ignore_errors=True)

    def boot(self):
        self._groups.mkdir()
        if subprocess.run(["mount", "-t", "cgroup2", "cgroup2", str(self._groups)], check=False).returncode != 0:
            raise CannotBoot("no cgroup2 can be mounted")
        try:
            self._group.mkdir()
        except OSError as error:
            raise CannotBoot(f"no cgroup can be made: {error}") from error
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", *_NAMESPACES, "--fork", "--kill-child", "sh", "-c", _BOOT, str(self.root), self._host_name],
            stdin=subprocess.DEVNULL, preexec_fn=lambda: (self._group / "cgroup.procs").write_text(str(os.getpid())))
        deadline = time.monotonic() + 60
        while self.run("systemctl", "is-system-running").stdout.strip() not in ("running", "degraded"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise CannotBoot("systemd does not come up as process 1 of namespaces of its own")
            time.sleep(0.2)

    def run(self, *command, **more) -> subprocess.CompletedProcess:
        """In there, as root."""
        if not self._init:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            self._init = int(children[0]) if children else 0
        entering = ["nsenter", f"--target={self._init}", "--all", "env", "-i",
                    "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
        return subprocess.run([*entering, *map(str, command)], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, **{"stdin": subprocess.DEVNULL, **more})

    def stop(self):
        if self._process is not None:
            self._process.kill()  # and with it process 1, and so the rest
            self._process.wait()
        deadline = time.monotonic() + 5
        while not self._remove_groups() and time.monotonic() < deadline:
            time.sleep(0.1)
        subprocess.run(["umount", "--lazy", str(self._groups)], check=False)

    def _remove_groups(self) -> bool:
        """They go when the last process in them has ended."""
        try:
            for folder, _, _ in os.walk(self._group, topdown=False):
                os.rmdir(folder)
        except OSError:
            return False
        return True
