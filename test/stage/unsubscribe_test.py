"""`sekisho preflight` and the server of the one-click URL: called only on demand (RFC 8058 §3.2)."""

import contextlib
import json
import os
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from .daemon import HOST
from .domain_connect_test import Server, make_authority, make_certificate
from .isolation import add_address
from .nsd import Nsd

_SEKISHO = Path(os.environ["SEKISHO_BUILD"]) / "tools/sekisho"
_WEB = "192.0.2.80"
_MESSAGE = """\
From: Shop <news@shop.example>\r
To: ann@mail.example\r
Subject: Offers\r
Date: Tue, 01 Dec 2026 10:00:00 +0000\r
Message-ID: <1@shop.example>\r
List-Id: <news.shop.example>\r
List-Unsubscribe: <https://web.shop.example/u/8f3kq0z71mXw?x=1>\r
List-Unsubscribe-Post: List-Unsubscribe=One-Click\r
\r
Tea.\r
"""


class Unsubscribe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keys = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="sekisho-unsubscribe-")))
        cls.keys.chmod(0o755)
        make_authority(cls.keys)
        make_certificate(cls.keys, "web", "web.shop.example")
        make_certificate(cls.keys, "other", "other.example")
        make_certificate(cls.keys, "expired", "web.shop.example", days=0)
        add_address(_WEB, 1)
        cls.nsd = cls.enterClassContext(Nsd(cls.keys / "nsd", f"web.shop.example. A {_WEB}\n"))

    def web(self, answer: str = "200 OK\r\n", certificate: str = "web"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.keys / f"{certificate}.pem", self.keys / f"{certificate}.key")
        requests = []

        def talk(connection):
            with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as tls:
                request = b""
                while part := tls.recv(65536):
                    request += part
                    if request.endswith(b"\r\n\r\n") or b"One-Click" in request:
                        requests.append(request)
                        tls.sendall(f"HTTP/1.1 {answer}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
                        return
        server = self.enterContext(Server(_WEB, 443, talk))
        server.requests = requests
        return server

    def preflight(self, *arguments: str, message: str = _MESSAGE) -> tuple[dict, str]:
        done = subprocess.run(
            [_SEKISHO, "preflight", "--nameserver", f"{HOST}:{self.nsd.port}", "--authorities",
             self.keys / "ca.pem", "--rcpt", "ann@mail.example", "--format", "json", "--allow-private", *arguments],
            input=message.encode(), capture_output=True, check=False, timeout=60)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return json.loads(done.stdout), done.stderr.decode()

    def faults(self, report: dict) -> list[str]:
        return [row["evidence"] for row in report["findings"] if row["id"] == "unsub.tls"]

    def test_without_the_option_the_url_is_not_called(self):
        web = self.web()
        report, said = self.preflight()
        self.assertEqual((self.faults(report), said), ([], ""))
        self.assertEqual(report["unsubscribe"]["posted"], False)
        self.assertEqual((web.connections, web.requests), (1, []))

    def test_the_call_is_the_one_of_the_rfc(self):
        web = self.web()
        report, said = self.preflight("--post-unsubscribe")
        self.assertEqual(self.faults(report), [])
        self.assertEqual((report["unsubscribe"]["posted"], report["unsubscribe"]["status"]), (True, 200))
        self.assertIn("takes ann@mail.example off the list", said)
        [request] = web.requests
        self.assertTrue(request.startswith(b"POST /u/8f3kq0z71mXw?x=1 HTTP/1.1\r\n"), request)
        self.assertIn(b"Content-Type: application/x-www-form-urlencoded\r\n", request)
        self.assertTrue(request.endswith(b"\r\n\r\nList-Unsubscribe=One-Click"), request)
        self.assertNotIn(b"Cookie", request)

    def test_a_message_without_the_field_calls_nothing(self):
        web = self.web()
        message = _MESSAGE.replace("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "")
        report, said = self.preflight("--post-unsubscribe", message=message)
        self.assertEqual(report["unsubscribe"], None)
        self.assertIn("no URL is called", said)
        self.assertEqual(web.connections, 0)

    def test_what_is_wrong_with_the_server(self):
        cases = {"405 Method Not Allowed\r\n": "the POST got 405",
                 "302 Found\r\nLocation: https://web.shop.example/bye\r\n": "redirected"}
        for answer, expected in cases.items():
            with self.subTest(answer), contextlib.ExitStack() as stack:
                web = self.web(answer)
                stack.callback(web.__exit__)
                self.assertEqual(self.faults(self.preflight()[0]), [])
                self.assertEqual(web.requests, [])
                [fault] = self.faults(self.preflight("--post-unsubscribe")[0])
                self.assertIn(expected, fault)
                self.assertEqual(len(web.requests), 1)

    def test_a_certificate_that_does_not_fit_gets_no_request(self):
        for certificate in ("other", "expired"):
            for option in ((), ("--post-unsubscribe",)):
                with self.subTest(certificate, option=option), contextlib.ExitStack() as stack:
                    web = self.web(certificate=certificate)
                    stack.callback(web.__exit__)
                    [fault] = self.faults(self.preflight(*option)[0])
                    self.assertIn("certificate", fault)
                    self.assertEqual(web.requests, [])

    def test_a_server_that_is_not_there_is_no_finding(self):
        report, _ = self.preflight()
        self.assertEqual(self.faults(report), [])
        self.assertTrue(report["temporary_errors"])

    def test_no_connection_with_a_zone(self):
        (self.keys / "zone").write_text(f"web.shop.example. A {_WEB}\n")
        web = self.web()
        done = subprocess.run([_SEKISHO, "preflight", "--zone", self.keys / "zone", "--allow-private"],
                              input=_MESSAGE.encode(), capture_output=True, check=False)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        done = subprocess.run([_SEKISHO, "preflight", "--zone", self.keys / "zone", "--post-unsubscribe"],
                              input=_MESSAGE.encode(), capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(web.connections, 0)

    def test_private_addresses_are_not_connected_to(self):
        web = self.web()
        done = subprocess.run([_SEKISHO, "preflight", "--nameserver", f"{HOST}:{self.nsd.port}", "--post-unsubscribe"],
                              input=_MESSAGE.encode(), capture_output=True, check=False)
        self.assertIn(b"addresses that are not public", done.stdout)
        self.assertEqual(web.connections, 0)


if __name__ == "__main__":
    unittest.main()
