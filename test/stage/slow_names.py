"""A name server whose answers are right, or made to hold a mail host up."""

import socket
import struct
import threading

_TXT, _MX, _NAME_ERROR = 16, 15, 3


def _strings(text: bytes) -> bytes:
    return b"".join(bytes([len(part)]) + part for part in (text[i:i + 255] for i in range(0, len(text), 255)))


def _wire(name: bytes) -> bytes:
    return b"".join(bytes([len(label)]) + label for label in name.split(b".")) + b"\0"


class SlowNames:
    """Whatever has `slow` in its name has an SPF record with ten mx of ten hosts each (RFC 7208, section 4.6.4, allows
    as many), and no address of those ever comes. Every other name has a record that passes from 192.0.2.1, and
    p=reject. A context manager."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self._socket.bind((host, port))
        self.port = self._socket.getsockname()[1]
        self.asked = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def _serve(self):
        while True:
            try:
                packet, peer = self._socket.recvfrom(4096)
            except OSError:
                return
            self.asked += 1
            response = self._respond(packet)
            if response:
                self._socket.sendto(response, peer)

    def _respond(self, packet: bytes) -> bytes:
        end, labels = 12, []
        while packet[end]:
            labels.append(packet[end + 1:end + 1 + packet[end]])
            end += packet[end] + 1
        kind = struct.unpack("!H", packet[end + 1:end + 3])[0]
        answer = self._answer(b".".join(labels).lower(), kind)
        if answer is None:
            return b""
        code = 0 if answer else _NAME_ERROR
        records = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 300, len(data)) + data for data in answer)
        header = packet[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(answer), 0, 0)
        return header + packet[12:end + 5] + records

    @staticmethod
    def _answer(name: bytes, kind: int) -> list[bytes] | None:
        """The data of the records; nothing for a name that does not exist, None for silence."""
        is_policy = name.startswith(b"_dmarc.")
        if b"slow" not in name:
            texts = {True: b"v=DMARC1; p=reject", False: b"v=spf1 ip4:192.0.2.1 -all"}
            return [_strings(texts[is_policy])] if kind == _TXT else []
        if kind == _TXT and not is_policy:
            return [_strings(b"v=spf1 " + b" ".join(b"mx:m%d." % i + name for i in range(10)) + b" -all")]
        if kind == _MX:
            return [struct.pack("!H", 10) + _wire(b"h%d." % i + name) for i in range(10)]
        return None
