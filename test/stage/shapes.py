"""Messages of every shape that makes canonicalisation hard (RFC 6376 §3.4), with CRLF."""

_HEADER = (b"From: Joe SixPack <joe@example.org>\r\nTo: Suzie Q <suzie@example.com>\r\n"
           b"Subject: Is dinner ready?\r\nDate: Fri, 11 Jul 2025 21:00:37 -0700\r\n"
           b"Message-ID: <20250712040037.46341@example.org>\r\n")
_BODY = b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
_TEXT = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=%s\r\nContent-Transfer-Encoding: %s\r\n"


def _message(body: bytes = _BODY, extra: bytes = b"") -> bytes:
    return _HEADER + extra + b"\r\n" + body


SHAPES = {
    "plain": _message(),
    "empty body": _message(b""),
    "only blank lines": _message(b"\r\n\r\n\r\n"),
    "blank lines at the end": _message(_BODY + b"\r\n\r\n\r\n"),
    "no last line end": _message(_BODY + b"Bye"),
    "blanks at line ends": _message(b"a \t \r\n \t\r\n\tb  c\r\n \r\n"),
    "dots": _message(b".\r\n..\r\n.a\r\n"),
    "a long line": _message(b"word " * 1_200 + b"\r\nend\r\n"),
    "8-bit": _message(bytes(range(0x80, 0x100)) * 4 + b"\r\n\xff\xfe\r\n", _TEXT % (b"iso-8859-1", b"8bit")),
    "Japanese in ISO-2022-JP": _message(
        "関所の門は日暮れに閉まる。\r\n".encode("iso-2022-jp"),
        b"X-Place: =?ISO-2022-JP?B?GyRCNFg9ahsoQg==?=\r\nComments: " + "関所".encode("iso-2022-jp") + b"\r\n"
        + _TEXT % (b"iso-2022-jp", b"7bit")).replace(
            b"Is dinner ready?", b"=?ISO-2022-JP?B?GyRCNFg9aiROTGcbKEI=?="),
    "Japanese in UTF-8": _message(
        "関所の門は日暮れに閉まる。\r\n".encode(), _TEXT % (b"utf-8", b"8bit")).replace(
            b"Is dinner ready?", "関所の門".encode()),
    "folded fields": _message(
        extra=b"References: <1@example.org>\r\n\t<2@example.org>\r\n  <3@example.org> \r\nIn-Reply-To: <3@example.org>\r\n \t\r\n\t(the third)\r\n"
        b"List-Unsubscribe: <mailto:leave@example.org>,\r\n \t<https://example.org/leave>\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"),
    "repeated fields": _message(
        extra=b"List-Archive: <https://example.org/1>\r\nReceived: from a by b; Fri, 11 Jul 2025 21:00:37 -0700\r\n"
        b"List-Archive: <https://example.org/2>\r\nReceived: from b by c; Fri, 11 Jul 2025 21:00:38 -0700\r\n"
        b"LIST-ARCHIVE: <https://example.org/3>\r\n"),
    "blanks in fields": _message(extra=b"Reply-To:joe@example.org\r\nCc: \t a@example.com , b@example.com \t \r\n"
                                       b"Keywords: \r\nReferences:  \r\nIn-Reply-To:\r\n <3@example.org>\r\n"),
    "many parts": _message(
        b"--b\r\nContent-Type: text/plain\r\n\r\nHi.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hi.</p>\r\n--b--\r\n",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=b\r\n"),
}

# What does not arise over SMTP, and what programs that see such mail alone make nothing sensible of.
FILES_ALONE = {"no last line end"}


def large(octets: int = 20_000_000) -> bytes:
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n"
    return _message(line * (octets // len(line)), _TEXT % (b"us-ascii", b"7bit"))
