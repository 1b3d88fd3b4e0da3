"""Debian's Sendmail, unpacked into a folder: as a package it cannot be installed beside Postfix."""

import subprocess

from . import debian_package
from .sekishod import BUILD

FOLDER = BUILD / "sendmail"
PROGRAM = FOLDER / "usr/libexec/sendmail/sendmail"
CONFIGURATION = FOLDER / "usr/share/sendmail/cf"  # what m4 makes a sendmail.cf from


def unpack() -> bool:
    """Downloads and unpacks it, unless that was done before. False where it cannot be had, or does not run."""
    debian_package.unpack(FOLDER, "sendmail-base", "sendmail-bin", "sendmail-cf")
    return PROGRAM.exists() and "not found" not in _libraries()


def _libraries() -> str:
    return subprocess.run(["ldd", str(PROGRAM)], stdout=subprocess.PIPE, text=True, check=False).stdout
