"""Runs a suite of the stage in namespaces of its own: run.py PACKAGE.MODULE. Exit status 77 where it cannot be."""

import importlib.util
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from stage import sendmail_package  # noqa: E402: only now is it found
from stage.isolation import isolate  # noqa: E402


PROGRAMS = {
    "attacks.gate_test": ("/usr/sbin/postfix", "/usr/sbin/nsd", "/usr/bin/m4"),
    "stage.postfix_test": ("/usr/sbin/postfix", "/usr/sbin/nsd", "/usr/sbin/opendkim", "/usr/sbin/opendkim-testmsg"),
    "stage.sendmail_test": ("/usr/sbin/nsd", "/usr/bin/m4"),
    "stage.policy_test": ("/usr/sbin/postfix", "/usr/sbin/nsd"),
    "stage.dns_attack_test": ("/usr/sbin/postfix",),
    "stage.resolv_conf_test": ("/usr/sbin/postfix",),
    "stage.domain_connect_test": ("/usr/bin/openssl",),
    "stage.dane_test": ("/usr/bin/openssl", "/usr/sbin/nsd", "/usr/sbin/unbound", "/usr/bin/ldns-signzone",
                        "/usr/sbin/posttls-finger"),
    "stage.dnssec_test": ("/usr/sbin/nsd", "/usr/sbin/unbound", "/usr/bin/ldns-signzone"),
    "stage.unsubscribe_test": ("/usr/bin/openssl", "/usr/sbin/nsd"),
    "stage.chroot_test": ("/usr/sbin/postfix", "/usr/sbin/nsd"),
    "stage.setup_test": ("/usr/sbin/postfix", "/usr/sbin/nsd", "/usr/sbin/opendkim"),
    "stage.policy_options_test": ("/usr/sbin/postfix", "/usr/sbin/nsd"),
    "stage.preflight_test": ("/usr/sbin/postfix", "/usr/sbin/nsd"),
    "stage.failure_reports_test": ("/usr/sbin/postfix", "/usr/sbin/nsd"),
    "stage.departure_test": ("/usr/sbin/postfix", "/usr/sbin/nsd", "/usr/sbin/opendkim"),
    "stage.arc_test": ("/usr/sbin/nsd", "/usr/bin/rspamd"),
    "stage.faults_test": ("/usr/sbin/postfix", "/usr/sbin/nsd", "/usr/bin/m4", "/usr/bin/xmllint"),
    "stage.reports_test": ("/usr/sbin/postfix", "/usr/sbin/nsd", "/usr/bin/xmllint"),
    "stage.interop_test": ("/usr/sbin/nsd", "/usr/sbin/opendkim", "/usr/bin/rspamd"),
    "stage.opendkim_tables_test": ("/usr/sbin/opendkim",),
    "stage.opendkim_migration_test": ("/usr/sbin/opendkim",),
}


WITH_SENDMAIL = ("attacks.gate_test", "stage.sendmail_test", "stage.faults_test")
ISOLATED = (*WITH_SENDMAIL, "stage.resolv_conf_test", "stage.domain_connect_test", "stage.dane_test",
            "stage.dnssec_test", "stage.unsubscribe_test")


def what_is_missing(module: str) -> list[str]:
    missing = [program for program in PROGRAMS[module] if not os.access(program, os.X_OK)]
    if importlib.util.find_spec("dkim") is None:
        missing.append("python3-dkim")
    if module == "stage.preflight_test" and importlib.util.find_spec("spf") is None:
        missing.append("python3-spf")
    if os.getuid() != 0:
        missing.append("root")
    if module in WITH_SENDMAIL and not missing and not sendmail_package.unpack():
        missing.append("the packages of Sendmail, which apt-get has to download, or their libraries")
    return missing


def leave(*missing: str):
    print("cannot run without:", ", ".join(missing))
    sys.exit(1 if os.environ.get("CI") else 77)


def main():
    if missing := what_is_missing(sys.argv[1]):
        leave(*missing)
    if not isolate() and sys.argv[1] in ISOLATED:
        leave("namespaces of its own")  # in which it finds its clients' addresses and names, and its name servers
    unittest.main(module=sys.argv[1], argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)


main()
