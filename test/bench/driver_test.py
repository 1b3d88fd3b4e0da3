"""The load driver against a real sekishod: right answers pass, a wrong one is told."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.contestants import Sekisho, SigningSekisho  # noqa: E402: only now is it found
from bench.measures import DnsServer, Held, load, make_corpus  # noqa: E402


class Driver(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sekisho-bench-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.corpus = make_corpus(self.folder / "corpus", 16, 2_000)

    def start(self, zone: Path, kind: type[Sekisho] = Sekisho) -> Sekisho:
        dns = self.enter(DnsServer(zone, 2))
        return self.enter(kind(self.folder / "sekisho", dns.address))

    def enter(self, context):
        self.addCleanup(context.__exit__, None, None, None)
        return context.__enter__()

    def test_every_message_of_a_corpus_passes(self):
        sekisho = self.start(self.corpus / "zone")
        found = load(sekisho, self.corpus, messages=48, connections=8, per_connection=3)
        self.assertEqual((found["messages"], found["wrong"]), (48, 0))

    def test_a_result_that_is_not_expected_is_told(self):
        (self.folder / "zone").write_text("$ORIGIN .\n$TTL 300\nexample. TXT \"nothing\"\n")
        sekisho = self.start(self.folder / "zone")
        with self.assertRaisesRegex(RuntimeError, "(?s)wrong: not the expected results: .*spf=none"):
            load(sekisho, self.corpus)

    def test_every_message_is_signed_as_often_as_expected(self):
        corpus = make_corpus(self.folder / "unsigned", 16, 2_000, "--unsigned")
        sekisho = self.start(corpus / "zone", SigningSekisho)
        self.assertEqual(load(sekisho, corpus)["wrong"], 0)
        sekisho.signatures = 3
        with self.assertRaisesRegex(RuntimeError, "wrong: 2 signatures"):
            load(sekisho, corpus)

    def test_connections_are_held_in_the_middle_of_a_message(self):
        sekisho = self.start(self.corpus / "zone")
        with Held(sekisho, self.corpus, "body", 20):
            self.assertEqual(load(sekisho, self.corpus)["wrong"], 0)


if __name__ == "__main__":
    unittest.main()
