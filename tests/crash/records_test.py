"""kill -9 around a look-up and a publication: nothing of a person leaves without an entry in the access log, and what was answered is kept."""

import contextlib
import http.client
import pathlib
import sys
import unittest

from places import crash_points

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from harness import SLOW, wait_until  # noqa: E402
from records_world import RecordsWorld  # noqa: E402

READS = ("records.before_log", "records.logged", "store.before_commit", "store.after_commit")
PUBLISHES = ("records.published",)


class RecordsCrashTest(unittest.TestCase):
    @contextlib.contextmanager
    def world_with_a_read(self):
        """One look-up is done: the person has a handle, a record and an entry."""
        with RecordsWorld() as world:
            world.start()
            status, first, _ = world.look_up()
            self.assertEqual(200, status, first)
            world.gateway.stop(SLOW)
            yield world, first["handle"]

    def dies(self, world, point, act):
        """What act answered before the program died at the point; nothing when it was cut off."""
        answer = None
        with contextlib.suppress(AssertionError):       # it may die before it says that it is ready
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer = act()
        wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
        self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
        world.gateway.close()
        world.start_gateway()
        return answer

    def reads(self, world, handle):
        return [entry for entry in world.access_log(handle) if entry["kind"] == "read"]

    def test_no_data_leaves_before_its_entry_is_there(self):
        for point in READS:
            with self.subTest(point=point), self.world_with_a_read() as (world, handle):
                answer = self.dies(world, point, world.look_up)
                entries = len(self.reads(world, handle))
                if point == "records.before_log":
                    self.assertIsNone(answer)
                    self.assertEqual(1, entries, "an entry of what never left")
                if point == "records.logged" or (answer and answer[0] == 200):
                    self.assertEqual(2, entries, "it left, or could have, and nobody can see it")
                status, again, _ = world.look_up()
                self.assertEqual((200, handle), (status, again["handle"]))
                self.assertEqual(entries + 1, len(self.reads(world, handle)))

    def test_what_was_published_is_there_once(self):
        for point in PUBLISHES:
            with self.subTest(point=point), self.world_with_a_read() as (world, _):
                self.dies(world, point, lambda: world.call("PUT", "/v1/records/plass/lia", {"navn": "Lia"}))
                status, read, _ = world.call("GET", "/v1/records/plass/lia")
                self.assertEqual((200, {"navn": "Lia"}), (status, read["values"]))
                status, changes, _ = world.call("GET", "/v1/records/plass/changes")
                self.assertEqual([("lia", 1)], [(one["key"], one["version"]) for one in changes["items"]])

    def test_every_place_around_records_is_tried(self):
        self.assertEqual({*READS[:2], *PUBLISHES}, {point for point in crash_points() if point.startswith("records.")})


if __name__ == "__main__":
    unittest.main(verbosity=2)
