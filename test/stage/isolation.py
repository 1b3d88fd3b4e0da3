"""Namespaces of our own: nothing gets past loopback, and nothing outlives the program."""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

_MARK = "SEKISHO_ISOLATED"
_SIOCSIFFLAGS = 0x8914
_SIOCSIFADDR = 0x8916
_IFF_UP_AND_RUNNING = 0x41


def isolate() -> bool:
    """Starts the program again in new network and process namespaces, with loopback alone in the
    one, and the other ending all that the program leaves behind. False where the system does not
    allow it: then everything still binds to loopback only."""
    if os.environ.pop(_MARK, ""):
        bring_loopback_up()
        return True
    unshare = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--"]
    if os.getuid() != 0 or not shutil.which("unshare"):
        return False
    if subprocess.run([*unshare, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return False
    sys.stdout.flush()
    os.execvpe(unshare[0], [*unshare, *sys.orig_argv], {**os.environ, _MARK: "yes"})


def add_address(address: str, number: int):
    """Makes it one of this host's own, in namespaces of ours alone; each has a number of its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH2x4s8x", f"lo:{number}".encode(), socket.AF_INET, socket.inet_aton(address))
        fcntl.ioctl(any_socket, _SIOCSIFADDR, request)


def bring_loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", _IFF_UP_AND_RUNNING)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)
