"""What mailing list software does to a message before it sends it to the members."""

import re


def distribute(message: bytes, *, author: str = "") -> bytes:
    """Another subject, a footer, fields of the list; and `author` in the place of the author's, if given."""
    message = re.sub(rb"(?m)^Subject: ", b"Subject: [team] ", message, count=1)
    if author:
        message = re.sub(rb"(?m)^From: (.*)\r$", b"From: " + author.encode() + b"\r\nReply-To: \\1\r", message, count=1)
    return (b"List-Id: The team <team.ours.example>\r\nPrecedence: list\r\n" + message +
            b"-- \r\nThe team: <team@ours.example>\r\n")
