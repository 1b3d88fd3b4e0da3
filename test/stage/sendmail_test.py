"""Messages through a real Sendmail, and what its users send."""

import unittest

from . import mta_cases
from .message import authentication_results, compose, header_fields
from .sendmail import CONTRIB, Sendmail
from .sekishod import ROOT
from .smtp import Client

STAGE = mta_cases.make_stage(Sendmail)


def setUpModule():
    unittest.enterModuleContext(STAGE)


class Results(mta_cases.Results):
    stage = STAGE


class Signers(mta_cases.Signers):
    stage = STAGE


class Fields(mta_cases.Fields):
    stage = STAGE


class Quarantine(mta_cases.Quarantine):
    stage = STAGE


class Departure(mta_cases.Departure):
    stage = STAGE


class Sessions(mta_cases.Sessions):
    stage = STAGE


class Extensions(mta_cases.Extensions):
    stage = STAGE


class Submission(mta_cases.EndToEnd):
    stage = STAGE
    message = compose("Ann <ann@example.org>")

    def submit(self, message: bytes, client: Client, *, tls: bool = True):
        recipient = STAGE.new_recipient()
        with STAGE.mta.connect(client, port=STAGE.mta.submission_port, tls=tls) as connection:
            return connection.send(message, "ann@example.org", [recipient]), recipient

    def test_a_user_who_logged_in_over_tls_is_signed(self):
        reply, recipient = self.submit(self.message, Client("203.0.113.5", login="ann"))
        self.assertTrue(reply.accepted, reply)
        message = STAGE.sink.wait_for(recipient)
        self.assertEqual(header_fields(message)[0][0], "DKIM-Signature")
        self.assertEqual(authentication_results(message)[0].of("auth"), [{"auth": "pass", "smtp.auth": "ann"}])
        self.assertIn(" origin=authenticated login=ann ", STAGE.sekishod.line_of(reply.queue_id))

    def test_a_rule_knows_the_login(self):
        reply, _ = self.submit(self.message, Client("203.0.113.5", login="eve"))
        self.assertRegex(str(reply), r"^550 5\.7\.1 .*write to the postmaster first")

    def test_nobody_else_gets_in_there(self):
        for client in (Client("203.0.113.5"), Client("203.0.113.5", login="ann")):
            with self.subTest(client):
                reply, _ = self.submit(self.message, client, tls=False)  # without TLS there is no PLAIN
                self.assertEqual(reply.code, 530, reply)


class Documents(unittest.TestCase):
    def test_readme_shows_the_lines(self):
        self.assertIn((CONTRIB / "sekisho.mc").read_text(), (ROOT / "README.md").read_text())


if __name__ == "__main__":
    unittest.main()
