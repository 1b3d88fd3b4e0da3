"""A Debian on which nobody has worked yet, for the length of a test."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path


def _sources() -> list[str]:
    """Those of this machine, so that its mirror is used; with none, mmdebstrap knows one."""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *folder.glob("sources.list.d/debian.*")]
    return [str(file) for file in files if file.is_file() and file.stat().st_size > 0]


def make(root: Path, packages: list[str], kept_in: Path) -> str:
    """The smallest Debian 12 with these packages, from the mirror; kept in a folder for the next time. What went
    wrong; empty: nothing."""
    name = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:16]
    archive = kept_in / f"clean-root-{name}.tar"
    if not archive.is_file():
        kept_in.mkdir(parents=True, exist_ok=True)
        unfinished = archive.with_suffix(".unfinished.tar")
        done = subprocess.run(
            ["mmdebstrap", "--mode=root", "--variant=apt", f"--include={','.join(packages)}",
             *(f"--dpkgopt=path-exclude=/usr/share/{what}/*" for what in ("locale", "doc", "man", "info")),
             "--dpkgopt=path-include=/usr/share/*/sekisho*", "--dpkgopt=path-include=/usr/share/*/man*/sekisho*",
             "--dpkgopt=force-unsafe-io", "bookworm", str(unfinished), *_sources()],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return done.stdout[-2000:]
        unfinished.rename(archive)
    root.mkdir()
    subprocess.run(["tar", "-x", "-C", str(root), "-f", str(archive)], check=True)
    return ""


def borrow(root: Path):
    """This machine as it is, with what is written below `root` kept apart from it: for where there is no mirror. In a
    mount namespace of one's own."""
    over = root.parent / "over"
    over.mkdir()
    root.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(over)], check=True)
    for folder in ("upper", "work"):
        (over / folder).mkdir()
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                    f"lowerdir=/,upperdir={over}/upper,workdir={over}/work", str(root)], check=True)


def what_is_missing() -> list[str]:
    missing = [program for program in ("mmdebstrap", "lintian", "cpack", "dpkg-deb") if not shutil.which(program)]
    return missing + (["root"] if os.getuid() != 0 else [])
