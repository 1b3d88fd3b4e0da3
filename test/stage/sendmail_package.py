"""Debian's Sendmail, unpacked into a folder: as a package it cannot be installed beside Postfix."""

import fcntl
import subprocess
import tempfile
from pathlib import Path

from .sekishod import BUILD

FOLDER = BUILD / "sendmail"
PROGRAM = FOLDER / "usr/libexec/sendmail/sendmail"
CONFIGURATION = FOLDER / "usr/share/sendmail/cf"  # what m4 makes a sendmail.cf from

_PACKAGES = ("sendmail-base", "sendmail-bin", "sendmail-cf")


def unpack() -> bool:
    """Downloads and unpacks it, unless that was done before. False where it cannot be had, or does not run."""
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with FOLDER.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # suites run side by side
        if not PROGRAM.exists():
            _fetch()
    return PROGRAM.exists() and "not found" not in _libraries()


def _fetch():
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="sendmail-") as name:
        here = Path(name)
        if not _download(here) and not (_runs("apt-get", "-q", "update") and _download(here)):
            return
        whole = here / "whole"
        if all(_runs("dpkg", "-x", str(package), str(whole)) for package in here.glob("*.deb")):
            whole.chmod(0o755)
            whole.rename(FOLDER)


def _download(folder: Path) -> bool:
    # The sandbox user of APT may not write into the folder.
    return _runs("apt-get", "-q", "-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=3", "download", *_PACKAGES,
                 folder=folder)


def _runs(*command: str, folder: Path | None = None) -> bool:
    try:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False)
    except FileNotFoundError:  # no such command here
        return False
    return done.returncode == 0


def _libraries() -> str:
    return subprocess.run(["ldd", str(PROGRAM)], stdout=subprocess.PIPE, text=True, check=False).stdout
