"""Who may log in to a Postfix: everybody, with any password, over the protocol of Dovecot's authentication service."""

import base64
import socketserver
import threading

from .daemon import HOST


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("VERSION\t1\t1", "MECH\tPLAIN\tplaintext", "SPID\t1", "CUID\t1", f"COOKIE\t{'0' * 32}", "DONE")
        for line in self.rfile:
            command, *words = line.decode().rstrip("\n").split("\t")
            if command == "AUTH":
                response = next(word for word in words if word.startswith("resp=")).removeprefix("resp=")
                _, login, _ = base64.b64decode(response).decode().split("\0")
                self._say(f"OK\t{words[0]}\tuser={login}")

    def _say(self, *lines):
        self.wfile.write("".join(f"{line}\n" for line in lines).encode())


class LoginService(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__((HOST, 0), _Session)
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
