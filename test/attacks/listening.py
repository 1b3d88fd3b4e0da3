"""Ears on the wire: what was asked of the DNS, and what the MTA said to the milter."""

import contextlib
import select
import socket
import socketserver
import struct
import threading

from stage.daemon import HOST, free_port


class DnsTap:
    """A resolver to the daemon, a client to the server behind it; UDP and TCP."""

    def __init__(self, server_port: int):
        self.port, self._server_port = free_port(), server_port
        self.names: list[bytes] = []
        self._closing = contextlib.ExitStack()

    def __enter__(self):
        for server in (_DatagramTap((HOST, self.port), _Datagram), _StreamTap((HOST, self.port), _DnsStream)):
            server.tap, server.port = self, self._server_port
            self._closing.enter_context(_running(server))
        return self

    def __exit__(self, *_):
        self._closing.close()

    def note(self, question: bytes):
        self.names.append(_name_in(question))


class MilterTap:
    """Between the MTA and the milter. `fields` are those that the MTA told since forget()."""

    def __init__(self, milter_port: int):
        self._milter_port = milter_port
        self.fields: list[tuple[bytes, bytes]] = []
        self._closing = contextlib.ExitStack()

    def __enter__(self):
        server = _StreamTap((HOST, 0), _MilterStream)
        server.tap, server.port = self, self._milter_port
        self.port = server.server_address[1]
        self._closing.enter_context(_running(server))
        return self

    def __exit__(self, *_):
        self._closing.close()

    def forget(self):
        self.fields = []

    def note(self, command: bytes, data: bytes):
        if command == b"L":
            name, _, value = data.removesuffix(b"\0").partition(b"\0")
            self.fields.append((name, value))


class _DatagramTap(socketserver.ThreadingUDPServer):
    daemon_threads = True


class _StreamTap(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextlib.contextmanager
def _running(server):
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        question, answer_socket = self.request
        self.server.tap.note(question)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.settimeout(5)
            server.sendto(question, (HOST, self.server.port))
            with contextlib.suppress(TimeoutError):
                answer_socket.sendto(server.recv(65_535), self.client_address)


class _Between(socketserver.BaseRequestHandler):
    """Passes octets both ways; what the client says is also given to heard()."""

    def handle(self):
        with socket.create_connection((HOST, self.server.port)) as server:
            while True:
                for ready in select.select([self.request, server], [], [])[0]:
                    octets = ready.recv(65_536)
                    if not octets:
                        return
                    if ready is self.request:
                        self.heard(octets)
                        server.sendall(octets)
                    else:
                        self.request.sendall(octets)

    def heard(self, octets: bytes):
        raise NotImplementedError


class _DnsStream(_Between):
    def heard(self, octets):
        self.server.tap.note(octets[2:])


class _MilterStream(_Between):
    def setup(self):
        self._held = b""

    def heard(self, octets):
        self._held += octets
        while len(self._held) >= 4:
            (size,) = struct.unpack("!I", self._held[:4])
            if len(self._held) < 4 + size:
                return
            self.server.tap.note(self._held[4:5], self._held[5:4 + size])
            self._held = self._held[4 + size:]


def _name_in(packet: bytes) -> bytes:
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]])
        at += 1 + packet[at]
    return b".".join(labels)
