"""kill -9 around an alarm: after it is kept, after the attempt to tell is written down, after somebody has taken the letter. Nobody is
left untold; what is told twice, because the end of an attempt was never written, has the same id."""

import contextlib
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from alarms_world import Alarmed  # noqa: E402
from harness import SLOW, wait_until  # noqa: E402


class AlarmCrashes(unittest.TestCase):
    def crash(self, point, mails, calls):
        """Dies there, starts again; so many letters in all, and no more."""
        with Alarmed() as it:
            with contextlib.suppress(AssertionError):   # already at its start
                it.start({"SLUSE_CRASH_POINT": point})
            wait_until(lambda: not it.world.gateway.running(), SLOW)
            self.assertEqual(it.world.gateway.process.returncode, 137)
            it.start()
            it.told(mails, calls)
            ids = {message["Message-ID"] for _, message in it.mailbox.mails} | {call for call, *_ in it.hook.calls}
            self.assertEqual(len(ids), 2, ids)
            it.mend()
            it.told(mails + 1, calls + 1)
            self.assertEqual((len(it.mailbox.mails), len(it.hook.calls)), (mails + 1, calls + 1))
            self.assertTrue(all(subject.startswith("Alarm") for subject in it.mailbox.subjects()[:-1]))
            self.assertTrue(it.mailbox.subjects()[-1].startswith("Over"))

    def test_an_alarm_that_is_kept_is_told_after_a_kill(self):
        self.crash("alarm.kept", 1, 1)

    def test_an_attempt_that_was_written_down_and_not_made_is_made_once(self):
        self.crash("alarm.notice_begun", 1, 1)

    def test_a_mail_that_was_taken_and_not_written_down_goes_out_again_under_its_id(self):
        self.crash("alarm.notice_taken", 2, 1)

    def test_a_call_that_was_taken_and_not_written_down_is_made_again_under_its_id(self):
        self.crash("alarm.notice_taken:2", 1, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
