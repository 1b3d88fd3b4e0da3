"""What goes wrong while mail flows, one thing after the other, and when it did."""

import contextlib
import random
import time
from dataclasses import dataclass

from .mail_flow import Attempt, Kind
from .mail_hosts import MailHost
from .nsd import Nsd

_DNS_TIMEOUT = 2  # of Sekishod's configuration: a question that was asked before may fail until then


@dataclass(frozen=True)
class Period:
    """Of `host`, or of all."""

    what: str
    begin: float
    end: float
    host: MailHost | None = None

    def excuses(self, attempt: Attempt, kind: Kind, host: MailHost) -> bool:
        """Whether it may be why mail is to come again later."""
        return (attempt.overlaps(self.begin, self.end) and self.host in (None, host)
                and (self.what == "gone" or self.what == "dns" and kind.needs_dns))


class Disturbances:
    def __init__(self, nsd: Nsd, hosts: list[MailHost]):
        self.periods: list[Period] = []
        self.counts: dict[str, int] = {}
        self._nsd, self._hosts = nsd, hosts

    def go_on_for(self, seconds: float, seed: int):
        """All of them at least once, in an order that the seed decides."""
        order = random.Random(seed)
        end = time.monotonic() + seconds
        while not self.counts or time.monotonic() < end:
            everything = self._everything()
            order.shuffle(everything)
            for name, disturb in everything:
                disturb()
                self.counts[name] = self.counts.get(name, 0) + 1
                time.sleep(0.1)

    def was(self, what: str, attempt: Attempt) -> bool:
        return any(period.what == what and attempt.overlaps(period.begin, period.end) for period in self.periods)

    def _everything(self):
        for_each = {"reloads": self._reload, "bad reloads": MailHost.reload_in_vain, "stops": self._restart,
                    "kills": self._kill, "store silent": self._silence_store,
                    "store silent, then killed": lambda host: self._silence_store(host, self._kill),
                    "store lost, then stopped": lambda host: self._lose_store(host, self._restart),
                    "store lost, then killed": lambda host: self._lose_store(host, self._kill)}
        found = [(name, lambda disturb=disturb, host=host: disturb(host))
                 for name, disturb in for_each.items() for host in self._hosts]
        hanging = self._hosts[-1]
        return found + [("store silent, then stopped", lambda: self._silence_store(hanging, self._restart)),
                        ("DNS lost", self._lose_dns), ("DNS silent", self._silence_dns),
                        ("DNS lost, then killed", self._kill_without_dns)]

    @contextlib.contextmanager
    def _period(self, what: str, host: MailHost | None = None, slack: float = 0):
        begin = time.monotonic()
        yield
        self.periods.append(Period(what, begin, time.monotonic() + slack, host))

    @staticmethod
    def _reload(host: MailHost):
        for _ in range(5):
            host.reload()
            time.sleep(0.05)

    def _restart(self, host: MailHost):
        with self._period("gone", host):
            host.stop()
            time.sleep(0.2)
            host.sekishod.start()

    def _kill(self, host: MailHost):
        with self._period("gone", host):
            host.kill()
            time.sleep(0.2)
            host.sekishod.start()

    @staticmethod
    def _lose_store(host: MailHost, meanwhile):
        before = host.sekishod.log.stat().st_size
        host.store.lose()
        host.sekishod.wait_for_log(" is away", before)
        meanwhile(host)
        host.store.bring_back()
        host.wait_until_counted()

    @staticmethod
    def _silence_store(host: MailHost, meanwhile=None):
        with host.silent_store():
            time.sleep(0.5)
            if meanwhile:
                meanwhile(host)

    def _lose_dns(self):
        with self._period("dns", slack=_DNS_TIMEOUT):
            self._nsd.stop()
            time.sleep(2.5)
            self._nsd.start()

    def _silence_dns(self):
        with self._period("dns", slack=_DNS_TIMEOUT):
            self._nsd.freeze()
            time.sleep(2.5)
            self._nsd.thaw()

    def _kill_without_dns(self):
        with self._period("dns", slack=_DNS_TIMEOUT):
            self._nsd.stop()
            for host in self._hosts:
                self._kill(host)
            time.sleep(2)
            self._nsd.start()
