"""More of everything than anybody needs."""

from .attack import COMMON, Attack, compose
from .world import World

OWN_FROM = b"From: <any@attack.example>"
VICTIM_FROM = b"From: <admin@legitimate.example>"
BAD = "dmarc=permerror 550 5.7.1"
FORGED = "dmarc=fail 550 5.7.26"
OWN = "dmarc=pass accept"
TOO_LARGE = "552 5.6.0"


def attacks(_: World) -> list[Attack]:
    def row(name, fields, expected, why, shape, authenticated=("attack.example",), **options):
        own = authenticated if expected == OWN else ()
        return Attack(name, (), expected, why, shape=shape, message=compose(fields, b"At five?\r\n", COMMON),
                      authenticated=own, **options)

    signature = b"DKIM-Signature: v=1; a=rsa-sha256; d=d%d.example; s=s; h=from; bh=AAAA; b=AAAA"
    return [
        row("comments-10000-deep", (b"From: " + b"(" * 10_000 + b")" * 10_000 + b"<any@attack.example>",), BAD,
            "comments nest fifty deep at most", "10,000 comments in each other"),
        row("comments-10000-open", (b"From: " + b"(" * 10_000,), BAD, "likewise", "10,000 comments begun"),
        row("quotes-10000", (b"From: " + b'"a"' * 10_000 + b"<any@attack.example>",), OWN, "words, and then the author",
            "a name of 10,000 quoted strings"),
        row("addresses-1001", (b"From: " + b",".join(b"<a%d@attack.example>" % i for i in range(1_001)),), BAD,
            "a thousand authors at most", "1,001 authors of one domain"),
        row("groups-2000", (b"From: " + b"a:;," * 2_000 + b"<any@attack.example>",), OWN, "empty groups name nobody",
            "2,000 empty groups before the author"),
        row("field-of-60000", (b"X-Long: " + b"a" * 60_000, OWN_FROM), OWN, "a long field is a field",
            "a field of 60,000 octets", by_sendmail=TOO_LARGE),
        row("from-of-60000", (b"From: " + b" " * 60_000 + b"<any@attack.example>",), OWN,
            "the author stands where nobody looks, and speaks for himself; Postfix cuts him off", "60,000 blanks in From",
            by_postfix="dmarc=none 550 5.7.1", by_sendmail=TOO_LARGE),
        row("folds-5000", (b"From:" + b"\r\n " * 5_000 + b"<any@attack.example>",), OWN, "folds are blanks",
            "5,000 empty folds in From"),
        row("fields-9000", (*(b"X-Field: %d" % i for i in range(9_000)), OWN_FROM), OWN, "below the limit",
            "9,000 fields", by_sendmail=TOO_LARGE),
        row("fields-11000", (*(b"X-Field: %d" % i for i in range(11_000)), OWN_FROM), BAD,
            "beyond it nothing can be said of the author", "11,000 fields", by_sendmail=TOO_LARGE),
        row("header-of-1200000", (*(b"X-Field-%d: " % i + b"a" * 50_000 for i in range(24)), OWN_FROM), BAD,
            "beyond 1,048,576 octets nothing can be said of the author", "24 fields of 50,000 octets",
            by_sendmail=TOO_LARGE),
        row("signatures-1000", (*(signature % i for i in range(1_000)), OWN_FROM), OWN, "ten are tried",
            "1,000 signatures", by_sendmail=TOO_LARGE),
        row("names-10000-in-h", (b"DKIM-Signature: v=1; a=rsa-sha256; d=attack.example; s=s; h=from" +
                                 b":x" * 9_999 + b"; bh=AAAA; b=AAAA", VICTIM_FROM), FORGED,
            "a thousand names in h= at most", "10,000 names in h="),
        row("tags-10000", (b"DKIM-Signature: v=1; " + b"".join(b"t%d=x; " % i for i in range(5_000)) +
                           b"d=legitimate.example; s=s", VICTIM_FROM), FORGED, "no signature in it", "5,000 tags",
            by_sendmail=TOO_LARGE),
        row("results-of-60000", (b"Authentication-Results: " + b"(" * 29_000 + b")" * 29_000 + b"mx.example.org; dmarc=pass",
                                 OWN_FROM), OWN, "the name that hides so deep is taken for ours: removed",
            "58,000 octets of comment before our name", removed=1, by_sendmail=TOO_LARGE),
        row("arc-fields-3000", (*(b"ARC-Seal: i=%d; cv=none; a=rsa-sha256; d=x.example; s=s; b=AAAA" % i
                                  for i in range(1, 3_001)), VICTIM_FROM), "arc=fail dmarc=fail", "no chain",
            "3,000 seals", by_sendmail=TOO_LARGE),
    ]
