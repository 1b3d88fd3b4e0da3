"""Servers of the stage's own, in threads of this process, for as long as the context lasts."""

import socketserver
import threading

from .daemon import HOST


class InThreads:
    """What makes a server of `socketserver` one of them."""

    daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class LoopbackServer(InThreads, socketserver.ThreadingTCPServer):
    """On a port of loopback."""

    def __init__(self, session: type[socketserver.BaseRequestHandler]):
        super().__init__((HOST, 0), session)
        self.port = self.server_address[1]
