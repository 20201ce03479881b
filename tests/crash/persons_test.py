"""kill -9 between the steps of a letter to a person: the choice, the package, sending, statuses, receipts, and what takes over.

Each way that is taken has the letter once; a kill is never a reason to take another way; every receipt is kept, once.
"""

import unittest

from places import crash, crash_points
from harness import LONG, PDF, QUICK, SLOW, wait_until
from people import ADDRESS, People, Person

# Corner 2 may still be storing what was cut off: so long nobody believes that it is not there.
SETTLING = 150
# The first time at a point is the mailbox's, the second the print service's that takes over.
FALLING_BACK = ("digital_post.packed:2", "digital_post.before_post:2", "digital_post.after_post:2", "digital_post.before_receipt",
                "digital_post.after_receipt", "dispatch.after_intent:2", "dispatch.after_attempt:2",
                *(f"store.{when}_commit:{passes}" for when in ("before", "after") for passes in (range(4, 16) if LONG else (7, 9, 11))))


class PersonsTest(unittest.TestCase):
    def killed_at(self, point, world, fault=None, **members):
        """A letter to a person with a mailbox and an address, sent into a death at the point; and again to the program that
        comes after, some minutes later. Returns its id."""
        world.start()
        if fault:
            world.post_office.fault(**fault)
        world.gateway.stop(SLOW)      # a key cannot be made by a program that dies while storing it
        message = world.letter_to(Person.DIGITAL, address=ADDRESS, **members)
        accepted = crash(self, world, point, message, {"brev": PDF}, f"krasj-{point}")
        world.later(SETTLING)
        world.start_gateway()
        status, answer = world.post(message, {"brev": PDF}, f"krasj-{point}")
        self.assertEqual(202, status, answer)
        if accepted:
            self.assertEqual(accepted, answer["id"], "an acknowledged letter was forgotten")
        return answer["id"]

    def all_receipts_were_kept_once(self, world, letter, count):
        """What corner 2 gave out is read there, and on the timeline."""
        wait_until(lambda: all(one["read"] for one in world.post_office.state()["receipts"]), SLOW, world.gateway.words)
        codes = world.codes_of(letter)
        told = [code for code in codes if code in ("digital_post.delivered", "digital_post.opened", "digital_post.operator_failed",
                                                   "digital_post.queued_for_print", "digital_post.ready_for_posting")]
        self.assertEqual(count, len(told), codes)
        self.assertEqual(count, len(set(told)), codes)
        self.assertEqual(count, len(world.post_office.state()["receipts"]))
        self.assertEqual(0, world.metrics_sum("sluse_quarantined_total"))

    def try_point(self, point):
        with People(config_extra=QUICK, post_options={"--opens-after": 1}.items()) as world:
            letter = self.killed_at(point, world, openReceipt=True)
            world.wait_for(letter, "read", seconds=SLOW)
            world.wait_for_event(letter, "digital_post.delivered", SLOW)
            self.assertEqual(["digital"], [one["type"] for one in world.at_post_office()])
            self.assertEqual([], world.correspondences())
            self.assertEqual(1, len(world.all_messages()))
            self.all_receipts_were_kept_once(world, letter, 2)
            events = world.events_of(letter)
            for event in ("accepted", "route_chosen", "sent"):
                self.assertEqual(1, events.count(event), events)

    def try_falling_back(self, point):
        with People(config_extra=QUICK) as world:
            letter = self.killed_at(point, world, fault={"kind": "feil", "feiltype": "SERVER", "detaljer": "Nede"})
            world.wait_for_event(letter, "digital_post.ready_for_posting", SLOW)
            self.assertEqual(["digital", "utskrift"], sorted(one["type"] for one in world.at_post_office()))
            self.assertEqual([], world.correspondences())
            self.all_receipts_were_kept_once(world, letter, 3)
            first, second = world.message(letter)["deliveries"]
            self.assertEqual(("failed", "delivered"), (first["state"], second["state"]))
            codes = world.codes_of(letter)
            for code in ("fell_back", "route.paper_fell_back"):
                self.assertEqual(1, codes.count(code), codes)


def add_test(name, try_it, point, about):
    def test(self):
        try_it(self, point)
    test.__doc__ = about
    setattr(PersonsTest, f"test_{name}_{point.replace('.', '_').replace(':', '_pass_')}", test)


for _point in crash_points():
    if _point.startswith("digital_post.") or _point == "dispatch.before_choice":
        for _pass in ("", ":2") if _point.endswith("_receipt") else ("",):     # a letter has two receipts, and all else once
            add_test("a_letter_to_a_mailbox_survives_a_kill_at", PersonsTest.try_point, _point + _pass,
                     f"The mailbox has the letter once, and every receipt is kept, after a kill at {_point}{_pass}.")
for _point in FALLING_BACK:
    add_test("paper_takes_over_once_after_a_kill_at", PersonsTest.try_falling_back, _point,
             f"The mailbox that failed and print have the letter once each after a kill at {_point}.")


if __name__ == "__main__":
    unittest.main(verbosity=2)
