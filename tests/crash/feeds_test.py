"""kill -9 between asking a register what has changed, writing that down and telling of it: no change is passed over, none is told twice."""

import contextlib
import pathlib
import sys
import unittest

from places import crash_points

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from harness import SLOW, wait_until  # noqa: E402
from life_events_world import LifeEventsWorld  # noqa: E402

IN_A_PAGE = ("feeds.taken", "feeds.advanced")
STARTING_OVER = "feeds.starting_over"
CLOSING = "feeds.closing_gap"


class FeedsCrashTest(unittest.TestCase):
    def dies_at_start(self, world, point):
        with contextlib.suppress(AssertionError):       # it may die before it says that it is ready
            world.start_gateway({"SLUSE_CRASH_POINT": point})
        wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
        self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
        world.gateway.close()
        world.start_gateway()

    def test_a_move_is_told_once_wherever_the_program_dies(self):
        for point in IN_A_PAGE:
            with self.subTest(point=point), LifeEventsWorld() as world:
                world.start()
                people = [world.somebody(nth=i) for i in range(3)]
                before = [world.found("opptak", one["number"]) for one in people]
                handles = [one["handle"] for one in before]
                world.gateway.stop(SLOW)
                for one in people:
                    world.happens(one, "move")
                self.dies_at_start(world, point)
                world.wait_for_events("opptak", 3)
                for one, old in zip(people, before):
                    self.assertNotEqual(old["values"]["addresses"], world.found("opptak", one["number"])["values"]["addresses"])
                world.happens(people[0], "die")         # what comes after comes through, and no move a second time
                told = world.wait_for_events("opptak", 4)
                self.assertEqual(sorted(handles), sorted(one["data"]["handle"] for one in told if one["type"] == "no.sluse.person.moved.v1"))
                self.assertEqual(4, len({one["id"] for one in told}))
                self.assertEqual(4, len(world.told_in_log(handles)))

    def test_starting_over_is_begun_again(self):
        with LifeEventsWorld() as world:
            world.start()
            person = world.somebody()
            world.found("opptak", person["number"])
            asked = world.persons_asked()
            world.found("opptak", person["number"])
            self.assertEqual(asked, world.persons_asked(), "what was fetched while the register is followed is held")
            world.gateway.stop(SLOW)
            world.persons.fault(kind="feed_rolled_back", by=1, times=4)     # seen, and begun from, in two lives
            world.happens(world.somebody(nth=1), "move")    # an unchanged list is not asked for its end
            self.dies_at_start(world, STARTING_OVER)
            wait_until(lambda: world.metrics_sum("sluse_feed_gaps_total"), SLOW, lambda: world.gateway.words())
            world.found("opptak", person["number"])
            self.assertGreater(world.persons_asked(), asked, "what may have changed unseen was believed")

    def test_a_gap_and_its_end_are_told_once_each(self):
        with LifeEventsWorld() as world:
            world.start()
            world.found("opptak", world.somebody()["number"])
            world.gateway.stop(SLOW)
            world.persons.fault(kind="feed_rolled_back", by=1, times=2)
            world.happens(world.somebody(nth=1), "move")
            self.dies_at_start(world, CLOSING)
            def told():
                return [one["type"] for one in world.events("opptak", ("no.sluse.feed.",))]
            wait_until(lambda: len(told()) >= 2, SLOW, lambda: f"{told()} {world.gateway.words()}")
            self.assertEqual(["no.sluse.feed.gap.v1", "no.sluse.feed.gap-closed.v1"], told())

    def test_every_place_around_feeds_is_tried(self):
        self.assertEqual({*IN_A_PAGE, STARTING_OVER, CLOSING}, {point for point in crash_points() if point.startswith("feeds.")})


if __name__ == "__main__":
    unittest.main(verbosity=2)
