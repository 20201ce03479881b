"""kill -9 between the steps of a letter whose files go to Altinn one by one.

The letter is there once, with its files in their order; an attachment whose id was known is used or deleted; one whose answer
was lost is never attached, and its loss is on the timeline.
"""

import collections
import hashlib
import unittest

from places import crash, crash_points
from harness import LONG, PDF, QUICK, RECIPIENT, SLOW, wait_until, World

FILES = {name: PDF + f"% {name}\n".encode() for name in ("vedtak", "kart", "annet")}
# At the second file one is held and one is still to come.
PASSES = range(1, len(FILES) + 1) if LONG else (2,)
FILE_BY_FILE = "single_call_bytes_max = 0"
# The answer to the making of an attachment was lost, or might have been: nobody can tell from here.
LOSES_AN_ANSWER = ("altinn.before_attachment", "altinn.attachment_made")


def letter_with_files(world, **members):
    documents = [{"part": name, "name": f"{name}.pdf"} for name in FILES]
    return {**world.letter(**members), "documents": documents}


def statuses(world):
    """How many of the attachments at Altinn have each status, and belong to a letter or not."""
    return collections.Counter((one["status"], bool(one["correspondenceIds"])) for one in world.altinn.state()["attachments"])


class FileByFileTest(unittest.TestCase):
    def killed_at(self, point, message, world):
        """Sends the letter into a death at the point, and again to the program that comes after; returns its id."""
        world.start()
        world.gateway.stop(SLOW)      # a key cannot be made by a program that dies while storing it
        accepted = crash(self, world, point, message, FILES, f"krasj-{point}")
        world.start_gateway()
        status, answer = world.post(message, FILES, f"krasj-{point}")
        self.assertEqual((202, accepted), (status, answer["id"]))
        return accepted

    def try_point(self, point, passes):
        with World(config_extra=QUICK, altinn_extra=FILE_BY_FILE) as world:
            letter = self.killed_at(f"{point}:{passes}", letter_with_files(world), world)
            world.wait_for(letter, "delivered", seconds=SLOW)
            self.assertEqual(1, len(world.correspondences()), world.correspondences())
            made = world.correspondence_of(letter)
            self.assertEqual([hashlib.sha256(data).hexdigest() for data in FILES.values()],
                             [file["sha256"] for file in made["attachments"]], "other files, or in another order")
            lost = 1 if point == "altinn.attachment_made" else 0    # before that, Altinn was not asked
            expected = collections.Counter({("Published", True): len(FILES), ("Initialized", False): lost})
            self.assertEqual(+expected, statuses(world))
            events = world.events_of(letter)
            codes = world.codes_of(letter)
            self.assertEqual(1 if point in LOSES_AN_ANSWER else 0, codes.count("attachment_lost"), codes)
            for event in ("accepted", "sent", "delivered"):
                self.assertEqual(1, events.count(event), events)

    def test_files_of_a_refused_letter_are_deleted_although_the_program_dies_in_between(self):
        for passes in PASSES:
            with self.subTest(passes=passes), World(config_extra=QUICK, altinn_extra=FILE_BY_FILE) as world:
                world.start_standins()
                world.altinn.control("/control/recipients", {"recipient": f"urn:altinn:organization:identifier-no:{RECIPIENT}",
                                                             "unknown": True})
                letter = self.killed_at(f"altinn.attachment_deleted:{passes}", letter_with_files(world), world)
                world.wait_for(letter, "failed", seconds=SLOW)
                self.assertEqual([], world.correspondences())
                self.assertEqual(collections.Counter({("Purged", False): len(FILES)}), statuses(world))
                self.assertNotIn("attachment_lost", world.codes_of(letter))

    def test_files_of_a_letter_that_is_withdrawn_after_a_kill_are_deleted(self):
        with World(config_extra=QUICK, altinn_extra=FILE_BY_FILE, time_scale=0.01) as world:     # a scan takes half an hour
            letter = self.killed_at("altinn.before_upload:3", letter_with_files(world), world)
            wait_until(lambda: statuses(world)[("UploadProcessing", False)] == len(FILES), SLOW, world.gateway.words)
            wait_until(lambda: world.message(letter)["state"] == "pending", SLOW, world.gateway.words)
            status, answer = world.call("POST", f"/v1/messages/{letter}/cancel")
            self.assertEqual(202, status, answer)
            world.wait_for(letter, "cancelled", seconds=SLOW)
            self.assertEqual(collections.Counter({("Purged", False): len(FILES)}), statuses(world))
            self.assertEqual([], world.correspondences())


def test_of(point, passes):
    def test(self):
        self.try_point(point, passes)
    test.__doc__ = f"The letter and its files survive a kill at pass {passes} of {point}."
    return test


for _point in crash_points():
    if _point.startswith("altinn.") and _point != "altinn.attachment_deleted":
        for _passes in PASSES if "letter" not in _point else (1,):     # of the letter itself there is one
            _name = f"test_a_letter_survives_a_kill_at_{_point.replace('.', '_')}_pass_{_passes}"
            setattr(FileByFileTest, _name, test_of(_point, _passes))


if __name__ == "__main__":
    unittest.main(verbosity=2)
