"""kill -9 while the content of a message that has ended is erased: it is erased whole, and its timeline says so once."""

import contextlib
import datetime
import pathlib
import sys
import unittest

from places import crash_points

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from harness import QUICK, SLOW, wait_until, World  # noqa: E402

OWN = ("message_eraser.before", "message_eraser.done")
RULE = '[retention."letter/v1"]\ncontent_days = 0\n'
TITLE = "Vedtak som ingen skal se igjen"


class MessageRetentionCrashTest(unittest.TestCase):
    def withdrawn(self, world):
        later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)
        letter = world.send(title=TITLE, notBefore=later.strftime("%Y-%m-%dT%H:%M:%SZ"))
        status, answer = world.call("POST", f"/v1/messages/{letter}/cancel")
        self.assertEqual(202, status, answer)
        world.wait_for(letter, "cancelled", seconds=SLOW)
        return letter

    def test_content_is_erased_once_wherever_the_program_dies(self):
        for point in OWN:
            with self.subTest(point=point), World(config_extra=QUICK, tenant_extra=RULE) as world:
                world.start()
                letter = self.withdrawn(world)
                self.assertEqual(TITLE, world.message(letter)["title"])
                self.assertEqual(0, world.gateway.stop(SLOW))
                with contextlib.suppress(AssertionError):       # it may die before it says that it is ready
                    world.start_gateway({"SLUSE_CRASH_POINT": point})
                wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
                self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
                world.start_gateway()
                wait_until(lambda: "content_erased" in world.events_of(letter), SLOW, world.gateway.words)
                self.assertEqual(1, world.events_of(letter).count("content_erased"))
                shown = world.message(letter)
                self.assertEqual("cancelled", shown["state"])
                self.assertNotIn("title", shown)
                self.assertIn("Lageret er helt", world.sluse("verify", "--config", world.config, timeout=SLOW))

    def test_every_place_around_it_is_tried(self):
        self.assertEqual(set(OWN), {point for point in crash_points() if point.startswith("message_eraser.")})


if __name__ == "__main__":
    unittest.main(verbosity=2)
