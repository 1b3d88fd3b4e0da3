"""What holds for every decision: what SMTP answers, the header, the log and `sekisho check --explain` agree."""

import json
import subprocess
import unittest

from .message import header_fields
from .sekishod import SEKISHO
from .stage import Stage


class PolicyCase(unittest.TestCase):
    """`stage` is set by whoever derives from it."""

    maxDiff = None
    stage: Stage

    def send(self, message, sender, client, recipients=()) -> str:
        recipients = recipients or (self.stage.new_recipient(),)
        with self.stage.connect(client) as connection:
            self.reply = connection.send(message, sender, list(recipients))
        self.recipient, self.checked = recipients[0], self.check(message, sender, client, recipients)
        self.explained = self.checked["disposition"]
        return str(self.reply)

    def check(self, message, sender, client, recipients) -> dict:
        arguments = [word for recipient in recipients for word in ("--rcpt", recipient)]
        done = subprocess.run(
            [SEKISHO, "check", "--config", self.stage.sekishod.configuration, "--ip", client.address, "--helo",
             client.helo, "--mail-from", sender, *arguments, "--format", "json", "--explain", "-"],
            input=message, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    def logged(self) -> str:
        """The last line of a message or recipient in the log."""
        return [line for line in self.stage.sekishod.log.read_text().splitlines() if " action=" in line][-1]

    def assert_agreed(self, action: str, decided: str):
        """Of what was sent last."""
        self.assertEqual(self.explained["action"], action)
        self.assertIn(f"action={action} ", self.logged())
        self.assertIn(decided, self.explained["reason"])
        self.assertIn(decided, self.logged())
        if self.reply.accepted:
            self.assert_field_agrees()
            return
        for line in self.explained["text"].splitlines():
            self.assertIn(line, str(self.reply))
        self.assertTrue(str(self.reply).startswith(self.explained["code"]), (str(self.reply), self.explained))

    def assert_field_agrees(self):
        held = self.stage.mta.held()
        message = (self.stage.mta.read_held(self.reply.queue_id) if self.reply.queue_id in held
                   else self.stage.sink.wait_for(self.recipient))
        name, value = header_fields(message)[0]
        self.assertEqual(name, "Authentication-Results")
        self.assertEqual(value.split(), self.checked["authentication_results"].split())
