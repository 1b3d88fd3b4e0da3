"""What Prometheus' own promtool says of the alert rules, of the dashboard's queries, and of what a daemon shows."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from stage import isolation  # noqa: E402: only now is it found
from stage.daemon import free_port  # noqa: E402
from stage.sekishod import BUILD, ROOT, Sekishod  # noqa: E402

RULES = ROOT / "contrib/prometheus/sekisho.rules.yml"
TESTS = Path(__file__).with_name("alerts.yml")
MESSAGE = (ROOT / "test/fuzz/corpus/message/plain").read_bytes()


def queries() -> list[str]:
    """Of the dashboard, with values for Grafana's variables."""
    panels = json.loads((ROOT / "contrib/grafana/sekisho.json").read_text())["panels"]
    written = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    return [query.replace("$__rate_interval", "5m").replace("$instance", ".+") for query in written]


class Promtool(unittest.TestCase):
    def promtool(self, *words, **more):
        done = subprocess.run(["promtool", *map(str, words)], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, **more)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_the_rules_are_read(self):
        self.promtool("check", "rules", "--lint-fatal", RULES)

    def test_alerts_fire_when_they_should(self):
        self.promtool("test", "rules", TESTS)

    def test_every_alert_is_tested_to_fire(self):
        alerts = set(re.findall(r"- alert: (\w+)", RULES.read_text()))
        fired = set(re.findall(r"alertname: (\w+)\n +exp_alerts:", TESTS.read_text()))
        self.assertEqual(alerts, fired)

    def test_the_dashboards_queries_are_read(self):
        self.assertGreater(len(queries()), 30)
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            # A rule for each; JSON is YAML.
            rules = [{"record": f"panel:query{number}", "expr": query} for number, query in enumerate(queries())]
            json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
            file.flush()
            self.promtool("check", "rules", file.name)

    def test_what_a_daemon_shows_is_read(self):
        port = free_port()
        with tempfile.TemporaryDirectory() as folder, Sekishod(
                Path(folder), free_port(), tables=f'[metrics]\nlisten = "127.0.0.1:{port}"') as daemon:
            subprocess.run([BUILD / "test/milter/milter_session", f"inet:{daemon.port}@127.0.0.1", "192.0.2.1",
                            "mail.example.org", "alice@example.org"], input=MESSAGE, check=True,
                           stdout=subprocess.DEVNULL)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as page:
                shown = page.read().decode()
        self.assertRegex(shown, r'sekisho_messages_total\{action="\w+"\} 1\n')
        self.assertEqual(self.promtool("check", "metrics", input=shown), "")


if __name__ == "__main__":
    if not shutil.which("promtool"):
        print("cannot run without: promtool (of Debian's package prometheus)")
        sys.exit(1 if os.environ.get("CI") else 77)
    isolation.isolate()
    unittest.main(verbosity=2)
