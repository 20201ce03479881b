"""kill -9 around an erasure: it is done whole with its entries in the access log, or not at all, and is done at the next start."""

import contextlib
import json
import pathlib
import subprocess
import sys
import unittest

from places import crash_points

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from harness import SLOW, SLUSE, wait_until  # noqa: E402
from people import Person  # noqa: E402
from records_world import RecordsWorld  # noqa: E402

BY_CLOCK = ("eraser.before_erase", "eraser.erased")
BY_REQUEST = ("erasing.before", "erasing.done")
OF_THE_STORE = ("store.before_commit", "store.after_commit")
MONTH = 31 * 24 * 3600


class ErasingCrashTest(unittest.TestCase):
    @contextlib.contextmanager
    def world_with_a_person(self):
        with RecordsWorld() as world:
            world.start()
            status, found, _ = world.look_up()
            self.assertEqual(200, status, found)
            self.assertEqual(0, world.gateway.stop(SLOW))
            yield world, found["handle"]

    def ask(self, world, *words):
        return subprocess.run([str(SLUSE), *words, "--config", str(world.config)], input=f"{Person.DIGITAL}\n", text=True,
                              capture_output=True, timeout=SLOW, check=False)

    def dies(self, world, point, act):
        with contextlib.suppress(AssertionError):       # it may die before it says that it is ready
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            act()
        wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
        self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
        world.gateway.close()
        world.start_gateway()

    def report(self, world, handle):
        ran = self.ask(world, "report", "person", "--handle", handle, "--json", "--why", "kontroll")
        self.assertEqual(0, ran.returncode, ran.stderr)
        report = json.loads(ran.stdout)
        return report, [entry for entry in report["entries"] if entry["kind"] == "erased"]

    def expect_proved(self, world):
        proved = json.loads(world.sluse("verify", "--log", "--config", world.config, "--json", timeout=SLOW))
        self.assertTrue(proved["sound"], proved)
        self.assertIn("Lageret er helt", world.sluse("verify", "--config", world.config, timeout=SLOW))

    def test_what_the_clock_erases_is_erased_once_and_explained_once(self):
        for point in BY_CLOCK + OF_THE_STORE:
            with self.subTest(point=point), self.world_with_a_person() as (world, handle):
                world.shift += MONTH
                world.see_the_time()
                self.dies(world, point, lambda: None)
                wait_until(lambda: not self.report(world, handle)[0]["held"], SLOW, world.gateway.words)
                _, erased = self.report(world, handle)
                self.assertEqual(["erasure.retention"], [entry["code"] for entry in erased])
                self.expect_proved(world)

    def test_what_is_asked_for_is_erased_whole_or_not_at_all(self):
        for point in BY_REQUEST + OF_THE_STORE:
            with self.subTest(point=point), self.world_with_a_person() as (world, handle):
                self.dies(world, point, lambda: self.ask(world, "erase", "person", "--why", "krav"))
                report, erased = self.report(world, handle)
                self.assertEqual(report["forgotten"], not report["held"])
                self.assertEqual(2 if report["forgotten"] else 0, len(erased))
                if point == "erasing.before":
                    self.assertFalse(report["forgotten"])
                if point == "erasing.done":
                    self.assertTrue(report["forgotten"])
                again = self.ask(world, "erase", "person", "--why", "krav")
                self.assertEqual(4 if report["forgotten"] else 0, again.returncode, again.stderr)
                report, erased = self.report(world, handle)
                self.assertEqual((True, [], 2), (report["forgotten"], report["held"], len(erased)))
                self.expect_proved(world)

    def test_every_place_around_an_erasure_is_tried(self):
        self.assertEqual({*BY_CLOCK, *BY_REQUEST}, {point for point in crash_points() if point.startswith(("eraser.", "erasing."))})


if __name__ == "__main__":
    unittest.main(verbosity=2)
