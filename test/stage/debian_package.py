"""Packages of Debian that are downloaded and unpacked into a folder of the build, not installed."""

import fcntl
import subprocess
import tempfile
from pathlib import Path


def unpack(folder: Path, *packages: str):
    """Does nothing where the folder is there already, or the packages cannot be had."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # suites run side by side
        if not folder.exists():
            _fetch(folder, packages)


def _fetch(folder: Path, packages: tuple[str, ...]):
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}-") as name:
        here = Path(name)
        if not _download(here, packages) and not (_runs("apt-get", "-q", "update") and _download(here, packages)):
            return
        whole = here / "whole"
        if all(_runs("dpkg", "-x", str(package), str(whole)) for package in here.glob("*.deb")):
            whole.chmod(0o755)
            whole.rename(folder)


def _download(here: Path, packages: tuple[str, ...]) -> bool:
    # The sandbox user of APT may not write into the folder.
    return _runs("apt-get", "-q", "-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=3", "download", *packages,
                 folder=here)


def _runs(*command: str, folder: Path | None = None) -> bool:
    try:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False)
    except FileNotFoundError:  # no such command here
        return False
    return done.returncode == 0
