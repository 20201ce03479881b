"""kill -9 while what failed is mended: in the middle of a group's retry, and around the step that closes a message and accepts its
corrected one. What was begun goes on after the restart, no letter is sent twice, and the figures of the flow count each step once."""

import contextlib
import http.client
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from flow_figures import judge_flow  # noqa: E402
from harness import PDF, QUICK, SLOW, wait_until  # noqa: E402
from mending import Mending  # noqa: E402

GROUP = 13      # one first, then ten, then the rest


class MendingCrashes(unittest.TestCase):
    def die(self, world, point, act=lambda: None):
        """The program dies at the point, at its start or of the act."""
        with contextlib.suppress(AssertionError, OSError, http.client.HTTPException):
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            act()
        wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
        self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
        world.gateway.close()

    def test_a_group_that_is_retried_goes_on_after_each_kill_and_no_letter_is_sent_twice(self):
        with Mending(config_extra=QUICK) as world:
            world.start()
            letters = world.failed_letters(GROUP)
            status, found = world.operate("GET", "failures")
            self.assertEqual((200, GROUP), (status, found["total"]), found)
            [group] = found["items"]
            world.gateway.stop(SLOW)

            def begin():
                status, begun = world.operate("POST", f"failures/{group['group']}/retry", {"why": "mottakeren finnes nå"})
                self.assertEqual(202, status, begun)
            self.die(world, "retries.planned", begin)   # the first is written down and not opened
            self.die(world, "retries.opened:4")         # some of the ten are opened, and it is not written down
            self.die(world, "retries.judged:2")
            world.start_gateway()
            for letter in letters:
                world.wait_for(letter, "delivered", seconds=SLOW)
                self.assertEqual(2, len(world.message(letter)["deliveries"]), world.timeline(letter))
                world.correspondence_of(letter)
            self.assertEqual(GROUP, len(world.correspondences()))

            def ended():
                [retry] = world.operate("GET", "retries")[1]["items"]
                return retry if retry["state"] == "done" else None
            retry = wait_until(ended, SLOW, lambda: str(world.operate("GET", "retries")))
            self.assertEqual((GROUP, 0), (retry["opened"], retry["failed"]), retry)
            judge_flow(self, world)

    def test_a_correction_is_made_whole_or_not_at_all_and_repeated_it_is_the_same(self):
        with Mending(config_extra=QUICK) as world:
            world.start()
            [letter] = world.failed_letters(1, files={"varsel": PDF})
            version = world.content_of(letter)["version"]
            world.gateway.stop(SLOW)

            def correct():
                return world.edit(letter, {"title": "Rettet"}, version)
            self.die(world, "intake.before_store", correct)
            world.start_gateway()
            self.assertEqual("failed", world.message(letter)["state"])
            self.assertEqual(1, len(world.all_messages()))
            world.gateway.stop(SLOW)
            self.die(world, "intake.after_store", correct)
            world.start_gateway()
            old = world.message(letter)
            self.assertEqual("cancelled", old["state"])
            status, again = correct()
            self.assertEqual((202, old["replacedBy"], True), (status, again["id"], again["replayed"]), again)
            world.wait_for(again["id"], "delivered", seconds=SLOW)
            self.assertEqual(2, len(world.all_messages()))
            world.correspondence_of(again["id"])
            self.assertEqual(1, len(world.correspondences()))
            judge_flow(self, world)


if __name__ == "__main__":
    unittest.main(verbosity=2)
