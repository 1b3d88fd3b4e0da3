"""The counts of `sekisho domain check` for generated trees of SPF records are those of pyspf: look-ups, void look-ups, and
the addresses that pass."""

import json
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

import spf

_ROOT = Path(__file__).resolve().parents[2]
_SEKISHO = Path(os.environ.get("SEKISHO_BUILD", _ROOT / "build/release")) / "tools/sekisho"
_TREES = 25
_ADDRESSES = [f"192.0.2.{number}" for number in range(64)]
_NOBODY = "203.0.113.1"  # never in a record: the whole tree is evaluated


class Tree:
    """Records for shop.example that include each other, without loops and without faults."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)
        self.names = {"shop.example": []}
        self.addresses: dict[str, str] = {}
        self.exchanges: dict[str, str] = {}
        self._build("shop.example", depth=0)

    def _build(self, name: str, depth: int):
        kinds = ["ip4", "net", "a", "mx", "exists"] + ["include"] * (3 if depth < 3 else 0)
        if self._random.random() < 0.3:
            kinds.append("void")
        terms = self.names[name] = []
        for _ in range(self._random.randint(1, 4)):
            term = self._term(self._random.choice(kinds), depth)
            terms.append(self._random.choice(["", "", "", "-", "?"]) * (not term.startswith("include")) + term)
        if depth < 3 and self._random.random() < 0.2:
            terms.append("redirect=" + self._child(depth))
        else:
            terms.append("-all")

    def _child(self, depth: int) -> str:
        name = f"r{len(self.names)}.example"
        self.names[name] = []
        self._build(name, depth + 1)
        return name

    def _host(self) -> str:
        name = f"h{len(self.addresses)}.example"
        self.addresses[name] = self._random.choice(_ADDRESSES)
        return name

    def _term(self, kind: str, depth: int) -> str:
        match kind:
            case "ip4":
                return "ip4:" + self._random.choice(_ADDRESSES)
            case "net":
                return f"ip4:192.0.2.{8 * self._random.randrange(8)}/29"
            case "a":
                return "a:" + self._host() + self._random.choice(["", "/30"])
            case "mx":
                name = f"m{len(self.exchanges)}.example"
                self.exchanges[name] = self._host()
                return "mx:" + name
            case "exists":  # of a name that is there, everybody would pass
                return f"exists:nothing{self._random.randrange(99)}.example"
            case "void":
                return f"a:nothing{self._random.randrange(99)}.example"
        return "include:" + self._child(depth)

    def zone(self) -> str:
        lines = [f'{name}. TXT "v=spf1 {" ".join(terms)}"' for name, terms in self.names.items()]
        lines += [f"{name}. A {address}\n{name}. AAAA 2001:db8::1" for name, address in self.addresses.items()]
        lines += [f"{name}. MX 10 {host}." for name, host in self.exchanges.items()]
        return "$ORIGIN .\n$TTL 60\n" + "\n".join(lines) + "\n"

    def look_up(self, name: str, kind: str, *_others, **_named):
        name = name.rstrip(".")
        if kind == "TXT" and name in self.names:
            text = f"v=spf1 {' '.join(self.names[name])}"
            return [((name, kind), (text.encode(),))]
        if kind == "A" and name in self.addresses:
            return [((name, kind), self.addresses[name])]
        if kind == "MX" and name in self.exchanges:
            return [((name, kind), (10, self.exchanges[name]))]
        return []


class Counts(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sekisho-domain-spf-")))
        before = spf.DNSLookup
        self.addCleanup(setattr, spf, "DNSLookup", before)

    def check(self, tree: Tree) -> dict:
        (self.folder / "zone").write_text(tree.zone())
        done = subprocess.run([_SEKISHO, "domain", "check", "shop.example", "--zone", "zone", "--format", "json"],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return json.loads(done.stdout)

    def evaluate(self, client: str) -> tuple[str, spf.query]:
        query = spf.query(client, "someone@shop.example", "mail.shop.example", strict=True)
        return query.check()[0], query

    def compare(self, tree: Tree) -> str:
        spf.DNSLookup = tree.look_up
        report = self.check(tree)
        found = {row["id"] for row in report["findings"]}
        result, query = self.evaluate(_NOBODY)
        if result == "permerror":
            self.assertTrue(found & {"spf.lookups", "spf.void"}, tree.zone())
            return result
        self.assertFalse({row["id"] for row in report["findings"] if row["level"] == "error"} & {"spf.lookups", "spf.void"},
                         tree.zone())
        self.assertEqual((report["spf"]["lookups"], report["spf"]["void"]), (query.lookups, query.void_lookups), tree.zone())
        passing = sum(self.evaluate(address)[0] == "pass" for address in _ADDRESSES)
        self.assertEqual(report["spf"]["ipv4_addresses"], passing, tree.zone())
        return result

    def test_generated_trees(self):
        results = []
        for seed in range(_TREES):
            with self.subTest(seed=seed):
                results.append(self.compare(Tree(seed)))
        self.assertGreater(results.count("permerror"), 3)
        self.assertGreater(results.count("fail"), 10)


if __name__ == "__main__":
    unittest.main()
