"""serve.py ROOT MILTER_SESSION: starts the daemon that is installed below ROOT as its unit does, sends it a message,
and stops it. To be run in a network namespace of its own."""

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from stage.isolation import bring_loopback_up  # noqa: E402: only now is it found

MESSAGE = b"From: Alice <alice@example.org>\r\nSubject: tea\r\n\r\nAt five?\r\n"


def main(root: str, milter_session: str):
    bring_loopback_up()
    log = Path(root) / "tmp/log"
    with log.open("wb") as output:
        daemon = subprocess.Popen(["chroot", "--userspec=sekisho:sekisho", root, "/usr/sbin/sekishod"],
                                  stdout=output, stderr=output)
    deadline = time.monotonic() + 30
    while "ready: listening at inet:8891@127.0.0.1" not in log.read_text():
        if time.monotonic() > deadline or daemon.poll() is not None:
            sys.exit(f"the daemon does not start: {log.read_text()}")
        time.sleep(0.05)
    subprocess.run([milter_session, "inet:8891@127.0.0.1", "127.0.0.1", "localhost", "alice@example.org"],
                   input=MESSAGE, check=True)
    daemon.terminate()
    if daemon.wait(timeout=30) != 0:
        sys.exit(f"the daemon does not stop: {log.read_text()}")


main(*sys.argv[1:])
