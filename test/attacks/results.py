"""Results that an attacker brings along, and fields that only we may write."""

from .attack import Attack

VICTIM_FROM = b"From: <admin@legitimate.example>"
OWN_FROM = b"From: <any@attack.example>"
OWN = "dmarc=pass accept"
FORGED = "dmarc=fail 550 5.7.26"
_CLAIM = b"dmarc=pass header.from=legitimate.example"


def _forged(name: str, *values: bytes, why: str = "it says that it is ours: removed", kept: bool = False) -> Attack:
    fields = tuple(b"Authentication-Results:" + value for value in values)
    return Attack("results-" + name, (*fields, OWN_FROM), OWN, why, authenticated=("attack.example",),
                  removed=0 if kept else len(values))


ATTACKS = [
    _forged("plain", b" mx.example.org; " + _CLAIM),
    _forged("case", b" MX.Example.ORG; " + _CLAIM, why="names have no case"),
    _forged("no-blank", b"mx.example.org;" + _CLAIM),
    _forged("comment-before", b" (a comment) mx.example.org (b) ; " + _CLAIM, why="comments are not the name"),
    _forged("nested-comment", b" ((()(a\\)))) mx.example.org; " + _CLAIM, why="likewise"),
    _forged("quoted", b' "mx.example.org"; ' + _CLAIM, why="a quoted name is the name"),
    _forged("quoted-pairs", b' "m\\x.ex\\ample.org"; ' + _CLAIM, why="so is one with quoted pairs"),
    _forged("folded", b"\r\n\tmx.example.org\r\n\t; " + _CLAIM, why="folds are blanks"),
    _forged("version", b" mx.example.org 1; " + _CLAIM, why="with its version"),
    _forged("version-2", b" other.example 2; " + _CLAIM, why="of a version unknown: to be removed (RFC 8601 §5)"),
    _forged("trailing-dot", b" mx.example.org.; " + _CLAIM, why="a dot at the end is no other name"),
    _forged("two-names", b" mx.example.org other.example; " + _CLAIM, why="unreadable, and holds our name"),
    _forged("control", b" mx.example.org\x07; " + _CLAIM, why="likewise"),
    _forged("no-semicolon", b" mx.example.org " + _CLAIM, why="likewise"),
    _forged("far-right", b" " * 600 + b"mx.example.org; " + _CLAIM, why="however far to the right it stands"),
    _forged("of-another", b" mx.other.example; " + _CLAIM, kept=True,
            why="it is another's, and says so: it stays, and nobody here believes it"),
    _forged("below-ours", b" sub.mx.example.org; " + _CLAIM, kept=True, why="another name than ours: likewise"),
    _forged("without-a-name", b" " + _CLAIM, kept=True, why="it names nobody (as Microsoft 365 writes): likewise"),
    Attack("results-twenty-among-others",
           (*(b"Authentication-Results: " + name + b"; " + _CLAIM
              for _ in range(20) for name in (b"mx.example.org", b"mx.other.example")), OWN_FROM), OWN,
           "the last is removed first, so that no number shifts (CVE-2022-48521)", authenticated=("attack.example",),
           shape="twenty of ours among twenty of another's", removed=20),
    Attack("results-under-many-spellings",
           (b"Authentication-Results : mx.other.example; " + _CLAIM, b"AUTHENTICATION-RESULTS: mx.example.org; " + _CLAIM,
            b"authentication-results\t: mx.other.example; " + _CLAIM, b"Authentication-results\t : mx.example.org; " + _CLAIM,
            b"Authentication-Results: mx.other.example; " + _CLAIM, OWN_FROM), OWN,
           "all are fields of one name, and counted as such", authenticated=("attack.example",),
           shape="ours and another's by turns, the name in other cases and with blanks behind it", removed=2),
    Attack("results-named-with-a-blank", (b"Authentication-Results : mx.example.org; " + _CLAIM, OWN_FROM), OWN,
           "a blank before the colon changes nothing", authenticated=("attack.example",), removed=1),
    Attack("received-spf", (b"Received-SPF: pass (mx.example.org: domain of admin@legitimate.example)", VICTIM_FROM),
           FORGED, "results that come along are not read"),
    Attack("results-for-the-victim", (b"Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=legitimate.example; "
                                      + _CLAIM, VICTIM_FROM), FORGED, "likewise", removed=1),
    Attack("bimi", (b"BIMI-Location: v=BIMI1; l=https://attack.example/logo.svg", b"BIMI-Indicator: PHN2Zz4=",
                    b"BIMI-Logo-Preference: brand", OWN_FROM), OWN,
           "indicators come from the receiver alone: removed", authenticated=("attack.example",),
           removed=3),
]
