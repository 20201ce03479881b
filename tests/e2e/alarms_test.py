"""Alarms told by mail and webhook, from the real program to a mail server and a receiver of signed calls: one letter each however long it
lasts, the same over kill -9, and one when it is over."""

import unittest

from alarms_world import Alarmed
from harness import SLOW, wait_until


class Alarms(unittest.TestCase):
    def test_one_letter_however_often_it_is_killed_and_one_when_it_is_over(self):
        with Alarmed() as it:
            it.start()
            it.told(1, 1)
            it.written(2)
            it.kill()
            it.start()
            alarm = it.secret_alarms()
            self.assertEqual(len(alarm), 1, alarm)
            it.sluse("alarms", "--acknowledge", alarm[0]["id"], "--why", "bestilt")
            it.kill()
            it.start()
            self.assertEqual(it.secret_alarms()[0]["acknowledged"]["reason"], "bestilt")
            it.mend()
            it.told(2, 2)
            wait_until(lambda: it.secret_alarms()[0]["resolvedAt"], SLOW)
            self.assertEqual(it.mailbox.subjects(), ["Alarm: En hemmelighet går ut", "Over: En hemmelighet går ut"])
            recipients, first = it.mailbox.mails[0]
            self.assertEqual(recipients, ["drift@kommune.no"])
            text = first.get_content()
            self.assertIn("hemmelighet hos KS", text)
            self.assertIn("https://sluse.kommune.no/console/#/certificates", text)
            self.assertTrue(first["Message-ID"].startswith("<" + alarm[0]["id"] + ".opened."))
            self.assertEqual([(ok, call["type"]) for _, ok, call in it.hook.calls],
                             [(True, "no.sluse.alarm.opened.v1"), (True, "no.sluse.alarm.resolved.v1")])
            self.assertEqual(it.hook.calls[0][2]["data"]["id"], alarm[0]["id"])

    def test_mail_goes_over_tls_that_is_verified_with_the_password_of_a_file(self):
        with Alarmed(mail_tls=True) as it:
            file = it.world.config / "sluse.toml"
            password = it.world.folder / "password"
            password.write_text("hemmelig\n")
            password.chmod(0o600)
            file.write_text(file.read_text().replace('security = "none"', f'security = "starttls"\nuser = "sluse"\npassword = "file:{password}"'))
            it.start()
            # The system's roots know nothing of this server: nothing is said to it, and why not is in the log.
            wait_until(lambda: '"code":"alarm.mail_not_trusted"' in it.world.gateway.words(), SLOW, it.world.gateway.words)
            self.assertEqual(it.mailbox.mails, [])
            file.write_text(file.read_text().replace('user = "sluse"', f'user = "sluse"\nca_file = "{it.world.folder}/mail.pem"'))
            it.sluse("config", "apply", "--why", "røttene til e-posttjeneren")
            it.told(1, 1)
            self.assertEqual(it.mailbox.subjects(), ["Alarm: En hemmelighet går ut"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
