"""serve.py ROOT MILTER_SESSION USER CONFIGURATION: USER starts the daemon that is installed below ROOT, which is to run
as sekisho; a message is sent, and the field that it gets is printed. To be run in a network namespace of its own."""

import json
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from stage.isolation import bring_loopback_up  # noqa: E402: only now is it found

MESSAGE = b"From: Alice <alice@example.org>\r\nSubject: tea\r\n\r\nAt five?\r\n"


def check_user(root: str, process: int):
    lines = (Path(root) / "etc/passwd").read_text().splitlines()
    number = next(line.split(":")[2] for line in lines if line.startswith("sekisho:"))
    status = Path(f"/proc/{process}/status").read_text()
    if f"Uid:\t{number}\t{number}\t{number}\t{number}\n" not in status:
        sys.exit(f"the daemon is not sekisho: {status}")


def main(root: str, milter_session: str, user: str, configuration: str):
    bring_loopback_up()
    log = Path(root) / "tmp/log"
    with log.open("wb") as output:
        daemon = subprocess.Popen(["chroot", f"--userspec={user}:{user}", root, "/usr/sbin/sekishod", "-c", configuration],
                                  stdout=output, stderr=output)
    deadline = time.monotonic() + 30
    while "ready: listening at inet:8891@127.0.0.1" not in log.read_text():
        if time.monotonic() > deadline or daemon.poll() is not None:
            sys.exit(f"the daemon does not start: {log.read_text()}")
        time.sleep(0.05)
    check_user(root, daemon.pid)
    said = subprocess.run([milter_session, "inet:8891@127.0.0.1", "127.0.0.1", "localhost", "alice@example.org"],
                          input=MESSAGE, stdout=subprocess.PIPE, check=True).stdout
    for edit in json.loads(said)["edits"]:
        print(f"{edit['name']}:{edit['value']}")
    daemon.terminate()
    if daemon.wait(timeout=30) != 0:
        sys.exit(f"the daemon does not stop: {log.read_text()}")


main(*sys.argv[1:])
