"""Shows the demonstration of contrib/quickstart, once everything is installed and built."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from stage.daemon import HOST  # noqa: E402: only now is it found
from stage.isolation import isolate  # noqa: E402
from stage.message import authentication_results, compose, header_fields  # noqa: E402
from stage.nsd import txt  # noqa: E402
from stage.scenarios import Scenario, all_scenarios  # noqa: E402
from stage.sekishod import SEKISHO  # noqa: E402
from stage.smtp import Client, Reply  # noqa: E402
from stage.stage import Stage  # noqa: E402
from stage.world import BROKEN, STRANGER, World  # noqa: E402

OFFICE = Client("192.0.2.5", "office.example.org", "office.example.org")  # where our own users write
_WIDTHS = (50, 9, 6, 9, 18)
_GREEN, _RED, _YELLOW, _BOLD = 32, 31, 33, 1
_COLOURS = {"pass": _GREEN, "fail": _RED}


def paint(text: str, colour: int) -> str:
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    return f"\x1b[{colour}m{text}\x1b[0m"


def row(*cells: str, colours: tuple = ()) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, _WIDTHS)]
    for column, colour in enumerate(colours):
        if colour:
            padded[column] = paint(padded[column], colour)
    return "  ".join(padded).rstrip()


def check(stage: Stage, scenario: Scenario) -> dict:
    """Returns the results of `sekisho check`: a refused message leaves no other trace."""
    command = [str(SEKISHO), "check", "--format", "json", "--nameserver", f"{HOST}:{stage.nsd.port}",
               "--ip", scenario.client.address, "--helo", scenario.client.helo,
               "--mail-from", scenario.sender, "-"]
    answer = subprocess.run(command, input=scenario.message, stdout=subprocess.PIPE, check=True)
    return json.loads(answer.stdout)


def found(stage: Stage, scenario: Scenario, delivered: bytes) -> list[str]:
    if delivered:
        return authentication_results(delivered)[0].summary()
    results = check(stage, scenario)
    return [results["spf"]["mailfrom"]["result"],
            ", ".join(signature["result"] for signature in results["dkim"]) or "none",
            results["dmarc"]["result"]]


def answered(reply: Reply) -> str:
    enhanced = reply.text.split()[0]
    return f"{reply.code} {enhanced} " + ("accepted" if reply.accepted else "refused")


def show_row(stage: Stage, scenario: Scenario) -> tuple[Reply, bytes]:
    reply, delivered = stage.send(scenario.message, scenario.sender, scenario.client)
    words = found(stage, scenario, delivered)
    colours = [None, *(_COLOURS.get(word) or (None if word == "none" else _YELLOW) for word in words),
               _GREEN if reply.accepted else _RED]
    print(row(scenario.title, *words, answered(reply), colours=tuple(colours)), flush=True)
    return reply, delivered


def show(stage: Stage, scenarios: list[Scenario]):
    print()
    print(row("message", "SPF", "DKIM", "DMARC", "Postfix's reply", colours=(_BOLD,) * 5))
    outcomes = [show_row(stage, scenario) for scenario in scenarios]

    refusal = next(reply for reply, delivered in outcomes if not delivered)
    text = textwrap.fill(str(refusal), 96, initial_indent="  ", subsequent_indent="  ")
    print(f"\n{paint('A refusal, as the sender sees it:', _BOLD)}\n\n{text}")
    name, value = header_fields(next(delivered for _, delivered in outcomes if delivered))[0]
    field = f"{name}:{value}".replace("\r\n", "\n  ")
    print(f"\n{paint('The field that was added to the first message:', _BOLD)}\n\n  {field}\n")


def signing(folder: Path, world: World) -> str:
    """Returns the tables of the configuration that sign for example.org with both keys and seal forwarded mail."""
    tables = f'[signing]\ninternal_networks = ["{OFFICE.address}/32"]\n'
    for selector, key in (("rsa", world.rsa), ("ed", world.ed25519)):
        path = folder / f"{selector}.pem"
        path.touch(0o600)
        path.write_bytes(key.pem)
        tables += f'[[sign]]\ndomain = "example.org"\nselector = "{selector}"\nkey_file = "{path}"\n'
    return tables + (f'[arc]\nseal = "forwarded"\nlocal_domains = ["example.org"]\ndomain = "example.org"\n'
                     f'selector = "rsa"\nkey_file = "{folder}/rsa.pem"\n')


def keys_shown(world: World) -> str:
    return txt("rsa._domainkey.example.org", world.rsa.record) + txt("ed._domainkey.example.org", world.ed25519.record)


def show_fields(title: str, message: bytes, names: tuple[str, ...]):
    print(paint(title, _BOLD) + "\n")
    for name, value in header_fields(message):
        if name in names:
            print("  " + textwrap.shorten(f"{name}:{value}", 96, placeholder=" ..."))
    print()


def show_departure(stage: Stage, bank: Scenario):
    _, signed = stage.send(compose("Ann <ann@example.org>"), "ann@example.org", OFFICE)
    show_fields("Fields that were added to a message of our own user:", signed, ("DKIM-Signature",))
    _, sealed = stage.send(bank.message, bank.sender, bank.client, domain="alumni.example")
    show_fields("Fields that were added to a message of the bank that is forwarded to another domain:", sealed,
                ("ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"))


def keep(stage: Stage, scenarios: list[Scenario]):
    """Stays up, and prints how to use it."""
    folder = stage.folder / "messages"
    folder.mkdir()
    for number, scenario in enumerate(scenarios, 1):
        (folder / f"{number:02}.eml").write_bytes(scenario.message)
    print(f"""\
Still running, on {HOST} only:

  Postfix    port {stage.mta.port}; it accepts mail for every address @example.org. To send from
             another client address, use XCLIENT ADDR={STRANGER.address} NAME=[UNAVAILABLE]
  NSD        port {stage.nsd.port}; its zone is {stage.nsd.zone_file}
  sekishod   port {stage.sekishod.port}; {stage.sekishod.configuration}
  logs       {stage.folder}/*/*.log
  messages   {folder}

  {SEKISHO} check --nameserver {HOST}:{stage.nsd.port} \\
    --ip {STRANGER.address} --mail-from info@bank.example {folder}/04.eml

Press Ctrl-C to stop.""", flush=True)
    signal.pause()


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(130))
    if "--keep" not in sys.argv:
        isolate()
    world = World()
    scenarios = all_scenarios(world)
    with (tempfile.TemporaryDirectory(prefix="sekisho-keys-") as keys,
          Stage(world.records + keys_shown(world), broken=(BROKEN,), tables=signing(Path(keys), world)) as stage):
        show(stage, scenarios)
        show_departure(stage, scenarios[0])
        if "--keep" in sys.argv:
            keep(stage, scenarios)
    print("Everything is stopped again. With --keep it stays up, so that you can send your own messages.")
    return 0


sys.exit(main())
