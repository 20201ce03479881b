"""kill -9 at every named place in the program: nothing accepted is lost, and no letter is doubled.

A new place in the sources is tried here without being asked for.
"""

import hashlib
import unittest

from places import crash, crash_points
from harness import PDF, QUICK, SLOW, World

# Places that one letter cannot reach, each with its reason.
NOT_REACHED = {
    "documents.forgotten": "a document nobody refers to is removed after a day",
}
SMALL = "documents.recorded_small"     # a document that lies in the store; every other point meets one with a file of its own
LARGE = PDF + b"%" * 20_000
# Each tried in a file of its own: alarms_test.py, approvals_test.py, file_by_file_test.py, broker_test.py, fiks_test.py, erasing_test.py, feeds_test.py,
# forms_in_test.py, inbox_test.py, letters_in_test.py, mending_test.py, message_retention_test.py, records_test.py, svarut_test.py and persons_test.py, for
# only a letter to a person comes there.
NOT_HERE = ("alarm.", "altinn.", "approvals.", "altinn_broker.", "altinn_forms.", "altinn_letters.", "digital_post.", "dispatch.before_choice",
            "eraser.", "erasing.", "feeds.", "fiks_io.", "inbox.", "message_eraser.", "records.", "retries.", "svarut.", "svarinn.")


class CrashPointsTest(unittest.TestCase):
    def test_there_are_crash_points_and_every_exception_is_one_of_them(self):
        points = crash_points()
        self.assertGreater(len(points), 10)
        self.assertLessEqual(set(NOT_REACHED), set(points))

    def try_point(self, point, **world_settings):
        with World(config_extra=QUICK, **world_settings) as world:
            world.start()
            # A key cannot be made by a program that dies while storing it.
            world.gateway.stop(SLOW)
            message = {**world.letter(reference=f"krasj {point}"), "documents": [{"part": "varsel", "name": "varsel.pdf"}]}
            pdf = PDF if point == SMALL else LARGE
            accepted = crash(self, world, point, message, {"varsel": pdf}, f"krasj-{point}")
            world.start_gateway()
            status, answer = world.post(message, {"varsel": pdf}, f"krasj-{point}")
            self.assertEqual(202, status, answer)
            if accepted:
                self.assertEqual(accepted, answer["id"], "an acknowledged letter was forgotten")
            letter = answer["id"]
            world.wait_for(letter, "delivered", seconds=SLOW)
            made = world.correspondence_of(letter)
            self.assertEqual([hashlib.sha256(pdf).hexdigest()], [file["sha256"] for file in made["attachments"]])
            self.assertEqual(1, len(world.correspondences()), world.correspondences())
            self.assertEqual(1, len(world.all_messages()))
            events = world.events_of(letter)
            self.assertEqual(("accepted", "delivered"), (events[0], events[-1]))
            self.assertEqual(1, events.count("accepted"), events)
            self.assertEqual(1, events.count("sent"), events)
            self.assertEqual(1, events.count("delivered"), events)
            self.assertIn("attempt_started", events)


def test_of(point, name, **world_settings):
    def test(self):
        self.try_point(point, **world_settings)
    test.__name__ = name
    test.__doc__ = f"A letter survives a kill at {point}."
    return test


def variants(point):
    """What to try at a point: the pass at which it kills, and how the letter travels."""
    yield "", point, {}
    if point.startswith("dispatch."):
        yield "_file_by_file", point, {"altinn_extra": "single_call_bytes_max = 0"}
    if point.startswith("store."):      # every write of a letter's way passes here
        for passes in (2, 3, 4, 5):
            yield f"_pass_{passes}", f"{point}:{passes}", {}


for _point in crash_points():
    if _point not in NOT_REACHED and not _point.startswith(NOT_HERE):
        for _suffix, _wish, _settings in variants(_point):
            _name = f"test_a_letter_survives_a_kill_at_{_point.replace('.', '_')}{_suffix}"
            setattr(CrashPointsTest, _name, test_of(_wish, _name, **_settings))


if __name__ == "__main__":
    unittest.main(verbosity=2)
