"""A child process that serves a port: started, waited for, ended."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

HOST = "127.0.0.1"


def free_port() -> int:
    """A port of loopback that is free for TCP and UDP now."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind((HOST, 0))
            port = tcp.getsockname()[1]
            try:
                udp.bind((HOST, port))
            except OSError:
                continue
            return port


class NotStarted(RuntimeError):
    pass


class Daemon:
    """Its output goes to a file; it is ready when its TCP port accepts. A context manager."""

    stop_signal = signal.SIGTERM

    def __init__(self, name: str, folder: Path, port: int):
        self.name, self.folder, self.port = name, folder, port
        self.log = folder / f"{name}.log"
        self._process = None
        folder.mkdir(parents=True, exist_ok=True)

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self):
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log,
                                             stderr=log, start_new_session=True)
        self._wait_until_ready()
        return self

    def stop(self):
        if self._process is None:
            return None
        self._end(self.stop_signal)
        try:
            status = self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            status = None
        self._end(signal.SIGKILL)  # what is left of its session
        self._process.wait()
        self._process = None
        return status

    def kill(self):
        """At once, with no chance to put anything in order."""
        self._end(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def freeze(self):
        """It takes what comes and answers nothing until thaw()."""
        self._end(signal.SIGSTOP)

    def thaw(self):
        self._end(signal.SIGCONT)

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def _end(self, number: int):
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass

    def _wait_until_ready(self, seconds: float = 30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.is_running():
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise NotStarted(f"{self.name} did not start:\n{self.log.read_text(errors='replace')}")
