"""`sekisho domain check` as its users run it, over zone files."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_ZONE = _ROOT / "test/data/domain_check/base.zone"
_OUTCOMES = {"none": "delivered", "quarantine": "quarantined", "reject": "refused"}


class _Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-domain-")))

    def run_sekisho(self, *arguments: str):
        return subprocess.run([_SEKISHO, *arguments], capture_output=True, text=True, check=False, cwd=self.folder)

    def check(self, *arguments: str, status: int | None = None, zone: Path = _ZONE):
        done = self.run_sekisho("domain", "check", "--zone", str(zone), "--now", "1796000000", "--format", "json",
                                *arguments)
        self.assertEqual(done.stderr, "")
        self.assertIn(done.returncode, (0, 3) if status is None else (status,))
        return json.loads(done.stdout)

    def ids(self, *arguments: str, **others):
        return sorted(finding["id"] for finding in self.check(*arguments, **others)["findings"])


class DomainCheck(_Case):
    def test_a_domain_in_order_has_no_findings(self):
        report = self.check("shop.example", "--selector", "2026a", "--all")
        self.assertEqual(report["findings"], [])
        self.assertEqual({row["answer"] for row in report["unknown"]}, {"not asked"})
        self.assertEqual(report["time"], 1796000000)
        self.assertEqual(report["spf"]["lookups"], 2)
        self.assertEqual(report["dmarc"]["effective"], {"p": "reject", "sp": "reject", "np": "reject"})
        self.assertEqual([host["host"] for host in report["mx"]], ["mx1.shop.example", "mx2.shop.example"])
        self.assertEqual(report["dkim"][0]["bits"], 2048)

    def test_advice_is_printed_on_demand(self):
        self.assertEqual(self.ids("shop.example", "--with", '@ SPF "x"'), [])
        self.assertEqual(self.ids("shop.example", "--with", '@ SPF "x"', "--all"), ["spf.type99"])

    def test_a_record_is_laid_over_the_dns(self):
        found = self.check("shop.example", "--with", '@ TXT "v=spf1 mx ipv4:192.0.2.1 -all"')["findings"]
        self.assertEqual([(row["id"], row["level"], row["position"]) for row in found], [("spf.syntax", "error", 10)])
        refused = self.run_sekisho("domain", "check", "shop.example", "--zone", str(_ZONE), "--with", "nonsense")
        self.assertEqual(refused.returncode, 2)

    def test_fail_on_sets_the_exit_status(self):
        warning = ("shop.example", "--with", '_dmarc TXT "v=DMARC1; p=reject; sp=none"')
        self.check(*warning, status=0)
        self.check(*warning, "--fail-on", "error", status=0)
        self.check(*warning, "--fail-on", "warning", status=3)
        self.check(*warning, "--fail-on", "warning", "--only", "spf", status=0)
        self.check("nowhere.example", status=3)

    def watched(self, zone: str, *arguments: str, status: int = 0) -> str:
        (self.folder / "zone").write_text(zone)
        done = self.run_sekisho("domain", "check", "--watched", "--config", "sekisho.toml", "--zone", "zone",
                                "--fail-on", "warning", *arguments)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_watched_domains_are_compared_with_the_last_run(self):
        good, state = _ZONE.read_text(), self.folder / "state"
        bad = good.replace('"v=DMARC1;', '"v=DMARC2;')
        self.assertNotEqual(good, bad)
        configuration = self.folder / "sekisho.toml"
        configuration.write_text('socket = "inet:8891@127.0.0.1"\n')
        self.assertIn("domains.watch is empty", self.watched(good, status=2))
        configuration.write_text('socket = "inet:8891@127.0.0.1"\nauthserv_id = "mx.shop.example"\n'
                                 f'[domains]\nwatch = ["shop.example"]\nfolder = "{state}"\n')
        self.assertIn("takes no DOMAIN", self.watched(good, "shop.example", status=2))

        unchanged = "1 domain checked, nothing new\n"
        self.assertEqual(self.watched(good), unchanged)
        self.assertIn("shop.example warning 0\n", (state / "counts").read_text())
        worse = self.watched(bad, status=3)
        self.assertRegex(worse, r"\Ashop\.example: warning: dmarc\.none: ")
        self.assertEqual(worse.count("\n"), 1)
        self.assertIn("shop.example warning 1\n", (state / "counts").read_text())
        self.assertEqual(self.watched(bad), unchanged)

        self.assertEqual(self.watched(good), unchanged)
        self.assertIn("shop.example warning 0\n", (state / "counts").read_text())
        self.assertIn("warning: dmarc.none", self.watched(bad, status=3))
        (state / "last.json").write_text("[")
        self.assertIn("all findings count as new", self.watched(bad, status=3))
        self.assertEqual(self.watched(bad), unchanged)

    def test_what_the_dns_does_not_answer_is_neither_better_nor_worse(self):
        state = self.folder / "state"
        (self.folder / "sekisho.toml").write_text(
            'socket = "inet:8891@127.0.0.1"\nauthserv_id = "mx.shop.example"\n'
            f'[domains]\nwatch = ["shop.example"]\nfolder = "{state}"\n')
        bad = _ZONE.read_text().replace('"v=DMARC1;', '"v=DMARC2;')
        self.watched(bad, status=3)
        silent = self.run_sekisho("domain", "check", "--watched", "--config", "sekisho.toml", "--nameserver",
                                  "127.0.0.1:9", "--dns-timeout", "0.2")
        self.assertEqual(silent.returncode, 4, silent.stdout)
        self.assertIn("shop.example warning 1\n", (state / "counts").read_text())
        self.assertIn("nothing new", self.watched(bad))

    def test_a_baseline_leaves_what_got_worse(self):
        before = self.folder / "before.json"
        bad = ("shop.example", "--with", '@ TXT "v=spf1 mx ?all"', "--all")
        before.write_text(json.dumps(self.check(*bad)))
        same = self.check(*bad, "--baseline", str(before), "--fail-on", "warning", status=0)
        self.assertEqual((same["findings"], same["unknown"]), ([], []))
        self.assertEqual(self.ids(*bad, "--with", "mx2 A 127.0.0.1", "--baseline", str(before)), ["mx.loopback"])
        key = ("shop.example", "--selector", "2026a")
        weak = json.dumps(self.check(*key, "--with", '2026a._domainkey TXT "v=DKIM1; p="', "--all"))
        before.write_text(weak.replace("dkim.revoked", "spf.lookups").replace("2026a._domainkey.", "")
                          .replace('"advice"', '"warning"'))
        many = '@ TXT "v=spf1 ' + "a:mx1.shop.example " * 11 + '-all"'
        self.assertEqual(self.ids("shop.example", "--with", many, "--baseline", str(before)), ["spf.lookups"])
        before.write_text("[")
        self.assertEqual(self.run_sekisho("domain", "check", "shop.example", "--zone", str(_ZONE), "--baseline",
                                          str(before)).returncode, 1)

    def test_two_runs_differ_in_their_times_alone(self):
        outputs = [json.dumps(self.check("shop.example", "news.shop.example", "--guess-selectors")) for _ in range(2)]
        self.assertEqual(*(re.sub(r'"ms": \d+', "", output) for output in outputs))
        self.assertEqual(len(json.loads(outputs[0])), 2)

    def test_a_key_of_two_domains_is_told(self):
        key = re.search(r"^2026a._domainkey (TXT.*)$", _ZONE.read_text(), re.MULTILINE).group(1)
        zone = self.folder / "zone"
        zone.write_text(_ZONE.read_text() + f"2026a._domainkey.news {key}\n")
        reports = self.check("shop.example", "news.shop.example", "--selector", "2026a", zone=zone)
        self.assertEqual([any(row["id"] == "dkim.shared" for row in report["findings"]) for report in reports],
                         [False, True])

    def test_a_message_names_selectors(self):
        message = self.folder / "message"
        message.write_text("DKIM-Signature: v=1; a=rsa-sha256; d=shop.example;\n\ts=gone; h=from; bh=x; b=y\n"
                           "ARC-Seal: i=1; a=rsa-sha256; d=other.example; s=foreign; cv=none; b=y\n\nbody\n")
        self.assertEqual(self.ids("shop.example", "--message", str(message)), ["dkim.missing"])

    def test_the_keys_of_the_configuration_are_checked(self):
        (self.folder / "keys").mkdir(mode=0o700)
        key = json.loads(self.run_sekisho("key", "generate", "shop.example", "--selector", "mine", "--dir", "keys",
                                          "--format", "json").stdout)
        (self.folder / "sekisho.toml").write_text('[[sign]]\ndomain = "shop.example"\nselector = "mine"\n'
                                                  f'key_file = "{key["file"]}"\n')
        found = self.check("shop.example", "--config", "sekisho.toml")["findings"]
        self.assertEqual([(row["id"], row["name"]) for row in found],
                         [("dkim.missing", "mine._domainkey.shop.example")])

    def test_a_dns_that_is_silent_has_a_status_of_its_own(self):
        done = self.run_sekisho("domain", "check", "shop.example", "--nameserver", "127.0.0.1:1", "--dns-timeout", "0.3",
                                "--format", "json")
        self.assertEqual(done.returncode, 4)
        report = json.loads(done.stdout)
        self.assertEqual(report["findings"], [])
        self.assertGreater(len(report["unknown"]), 0)

    def test_what_cannot_be_understood_is_refused(self):
        for arguments in (["exam ple"], ["shop.example", "--ip", "x"], ["shop.example", "--selector", "a b"],
                          ["shop.example", "--helo", "x.example"], ["shop.example", "--fail-on", "note"], []):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.run_sekisho("domain", "check", *arguments).returncode, 2)

    def test_the_manual_has_all_checks_of_the_corpus(self):
        page = (_ROOT / "man/sekisho-domain.1").read_text()
        corpus = (_ROOT / "test/data/domain_check/corpus").read_text()
        ids = {word for line in re.findall(r"^= (.*)$", corpus, re.MULTILINE) for word in line.split()}
        self.assertGreater(len(ids), 60)
        self.assertEqual({name for name in ids if f".It Cm {name} " not in page}, set())


class Hostile(_Case):
    """Whatever a zone holds: the output is short and without controls, and the run ends."""

    ESCAPES = "\\027[2J\\027]0\\059x\\007\\155\\000\\255"

    def output(self, zone: str) -> str:
        (self.folder / "zone").write_text("$ORIGIN shop.example.\n$TTL 60\n" + zone)
        text = ""
        for form in ("text", "json"):
            done = subprocess.run([_SEKISHO, "domain", "check", "shop.example", "--zone", "zone", "--all", "--selector", "s1",
                                   "--format", form], capture_output=True, check=False, cwd=self.folder, timeout=60)
            self.assertIn(done.returncode, (0, 3, 4), done.stderr)
            text += done.stdout.decode("utf-8")
        self.assertEqual([c for c in set(text) if ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160], [])
        return text

    def test_terminal_escapes_everywhere(self):
        escapes = self.ESCAPES
        zone = "".join(f'{name} TXT "{begin}{escapes}"\n' for name, begin in (
            ("@", f"v=spf1 include:{escapes}.example exp={escapes} x{escapes} "), ("_dmarc", "v=DMARC1; p="),
            ("s1._domainkey", "v=DKIM1; p="), ("_mta-sts", "v=STSv1; id="), ("_smtp._tls", "v=TLSRPTv1; rua="),
            ("default._bimi", "v=BIMI1; l=https://")))
        text = self.output(zone + f'@ MX 10 a{escapes}\na{escapes} A 192.0.2.1\n@ CAA 0 issue "{escapes}"\n')
        self.assertIn("\\027", text)

    def test_long_records(self):
        long = " ".join(f'"{"x" * 255}"' for _ in range(250))  # almost 64 KB
        zone = "".join(f'{name} TXT "{begin}" {long}\n' for name, begin in (
            ("@", "v=spf1 include:"), ("_dmarc", "v=DMARC1; p="), ("s1._domainkey", "v=DKIM1; p="),
            ("_mta-sts", "v=STSv1; id="), ("_smtp._tls", "v=TLSRPTv1; rua=mailto:"), ("default._bimi", "v=BIMI1; l=")))
        self.assertLess(len(self.output(zone)), 600_000)

    def test_loops_of_aliases(self):
        names = ("@", "_dmarc", "s1._domainkey", "_mta-sts", "_smtp._tls", "default._bimi", "mx")
        zone = "".join(f"{name} CNAME a{number}\na{number} CNAME b{number}\nb{number} CNAME a{number}\n"
                       for number, name in enumerate(names) if name != "@")
        self.output(zone + '@ MX 10 mx\n@ TXT "v=spf1 include:mx.shop.example mx a:a1.shop.example -all"\n')
        self.output("@ CNAME a\na CNAME shop.example.\n")

    def test_thousands_of_records(self):
        many = range(10_000)
        zone = "".join(f"@ NS ns{number}\n@ MX {number} mx{number}\nmx{number} A 192.0.2.1\n" for number in many)
        zone += "".join(f'@ TXT "v=spf1 a:mx{number} -all"\n_dmarc TXT "v=DMARC1; p=none; x={number}"\n' for number in many)
        self.assertLess(len(self.output(zone)), 3_000_000)


class ForgersTable(_Case):
    """The table never disagrees with the check of the message in question."""

    POLICIES = ("", "v=DMARC1; p=none", "v=DMARC1; p=quarantine", "v=DMARC1; p=reject",
                "v=DMARC1; p=reject; sp=none", "v=DMARC1; p=quarantine; sp=reject; np=none",
                "v=DMARC1; p=reject; np=quarantine; aspf=s", "v=DMARC1; p=reject; t=y", "v=DMARC1; p=reject; pct=20",
                "v=DMARC1; p=reject; p=none", "v=DMARC1; p=bad; rua=mailto:d@shop.example")
    RECORDS = ("v=spf1 mx -all", "v=spf1 -all", "v=spf1 +all", "v=spf1 redirect=nowhere.example")

    def outcome(self, row: dict, forgery: dict, discovery: str) -> str:
        (self.folder / "message").write_text(f"From: someone@{row['name']}\nSubject: x\n\nx\n")
        done = self.run_sekisho("check", "--config", f"{discovery}.toml", "--zone", "zone", "--ip", row["client"],
                                "--helo", "forger.invalid", "--mail-from", forgery["mail_from"], "--format", "json",
                                "message")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        result = json.loads(done.stdout)["dmarc"]
        return _OUTCOMES[result["policy"]] if result["result"] == "fail" else "delivered"

    def test_every_row_is_what_check_says(self):
        for discovery in ("treewalk", "psl"):
            (self.folder / f"{discovery}.toml").write_text(f'[dmarc]\ndiscovery = "{discovery}"\n')
        rows = 0
        for policy in self.POLICIES:
            for record in self.RECORDS:
                zone = re.sub(r'^(@ +TXT +).*$', f'\\1"{record}"', _ZONE.read_text(), flags=re.MULTILINE)
                zone = re.sub(r'^_dmarc .*$', f'_dmarc TXT "{policy}"' if policy else "", zone, flags=re.MULTILINE)
                (self.folder / "zone").write_text(zone)
                for row in self.check("shop.example", "--name", "news.shop.example", zone=self.folder / "zone")["forger"]:
                    rows += 1
                    with self.subTest(policy=policy, record=record, row=row):
                        # pct= is drawn for each message: the table has what most of them get
                        if "pct" in policy:
                            self.assertEqual(self.outcome(row, row["rfc9989"], "treewalk"), row["rfc9989"]["outcome"])
                            continue
                        for receiver, discovery in (("rfc9989", "treewalk"), ("rfc7489", "psl")):
                            self.assertEqual(self.outcome(row, row[receiver], discovery), row[receiver]["outcome"])
        self.assertGreater(rows, 150)


if __name__ == "__main__":
    unittest.main()
