"""kill -9 at each step of a letter to the municipality: it is stored once, and Altinn is told only then."""

import contextlib
import sqlite3
import unittest

from places import crash_points
from harness import QUICK, SLOW, World, wait_until
from letters_to_us import let_read, RECEIVE, send_to_us, statuses, TO_SYSTEM


class LettersInTest(unittest.TestCase):
    def inbound(self, world):
        """How many copies the system has: read past the program, which may be dead."""
        database = next(world.data.rglob("*.db"))
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
            return store.execute("SELECT count(*) FROM inbox_copy WHERE system = 'post'").fetchone()[0]

    def try_point(self, point):
        with World(config_extra=QUICK, altinn_extra=RECEIVE, tenant_extra=TO_SYSTEM) as world:
            world.start_standins()
            let_read(world)
            world.start()
            world.gateway.stop(SLOW)
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            letter = send_to_us(world)
            wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
            if "Read" in statuses(world, letter):
                self.assertEqual(1, self.inbound(world), "told of before it was durable")
            world.start_gateway()
            wait_until(lambda: "Read" in statuses(world, letter), SLOW, world.gateway.words)
            self.assertEqual(1, self.inbound(world))


def test_of(point, name):
    def test(self):
        self.try_point(point)
    test.__name__ = name
    test.__doc__ = f"A letter to us survives a kill at {point}."
    return test


for _point in crash_points():
    if _point.startswith("altinn_letters."):
        _name = f"test_a_letter_to_us_survives_a_kill_at_{_point.split('.')[1]}"
        setattr(LettersInTest, _name, test_of(_point, _name))


if __name__ == "__main__":
    unittest.main(verbosity=2)
