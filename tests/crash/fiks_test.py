"""kill -9 at each step of a Fiks IO message's way in and of its answer, and of a message's way out: nothing is acknowledged before it
is durable, its sender is told once or the same again, and the receiver has one."""

import pathlib
import sys
import unittest

from places import crash, crash_points

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from fiks_world import FiksWorld  # noqa: E402
from harness import PDF, SLOW, wait_until  # noqa: E402

MADE = "no.ks.fiks.plan.v2.oppdatering.arealplan.opprett"
CONCERN = "no.ks.fiks.bekymringsmelding.v2"
OUT = ("fiks_io.before_send", "fiks_io.after_send")
RECEIPT = ("fiks_io.before_receipt",)


class FiksTest(unittest.TestCase):
    def try_in(self, point):
        with FiksWorld() as world:
            world.start()
            world.gateway.stop(SLOW)
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            sent = world.neighbour_sends(MADE)
            self.wait_killed(world, point)
            world.start_gateway()
            wait_until(lambda: world.heard(MADE + ".mottatt"), SLOW, world.gateway.words)
            answers = world.heard(MADE + ".mottatt")
            self.assertEqual({sent["meldingId"]}, {one["replyTo"] for one in answers})
            self.assertEqual(1, len({one["klientMeldingId"] for one in answers}), answers)
            wait_until(lambda: world.queue() == {"messages": 0, "consumers": 1}, SLOW)
            self.assertEqual([sent["meldingId"]], [one["content"]["messageId"] for one in world.inbox.take(wait=2)])

    def try_out(self, point):
        with FiksWorld() as world:
            world.start()
            world.gateway.stop(SLOW)
            message = {"type": "archive", "version": 1, "intent": "new", "case": {"title": "Tilsyn"},
                       "record": {"kind": "U", "title": "Vedtak"}, "documents": [{"part": "vedtak", "name": "vedtak.pdf"}]}
            accepted = crash(self, world, point, message, {"vedtak": PDF}, f"krasj-{point}")
            self.assertIsNotNone(accepted)
            world.start_gateway()
            world.wait_for(accepted, "read", seconds=SLOW)
            self.assertEqual(1, len(world.records()))
            keys = {one["klientMeldingId"] for one in world.fiks.state()["sent"] if one["type"].endswith(".opprett")}
            self.assertEqual(1, len(keys))

    def test_a_report_that_is_sent_again_after_a_kill_gets_the_answer_its_system_gave(self):
        with FiksWorld() as world:
            world.start()
            files = [{"name": "bekymringsmelding.json", "text": "{}"}]
            once, other = "7b7c3a52-4e0e-4d4f-9a55-0f3c9b5b1a01", "7b7c3a52-4e0e-4d4f-9a55-0f3c9b5b1a02"
            world.neighbour_sends(CONCERN, files, klientMeldingId=once)
            world.inbox.ack(world.inbox.wait_for_one())
            world.neighbour_sends(CONCERN, files, klientMeldingId=other)
            world.inbox.reject(world.inbox.wait_for_one(), "feil kommune")
            wait_until(lambda: len(world.heard()) == 2, SLOW, world.gateway.words)
            told = {one["type"]: one["klientMeldingId"] for one in world.heard()}
            world.gateway.kill()
            world.start_gateway()
            for known in (once, other):
                world.neighbour_sends(CONCERN, files, klientMeldingId=known)
            wait_until(lambda: len(world.heard()) == 4, SLOW, world.gateway.words)
            self.assertEqual(told, {one["type"]: one["klientMeldingId"] for one in world.heard()[2:]})
            self.assertEqual(4, len({one["replyTo"] for one in world.heard()}))
            wait_until(lambda: world.queue()["messages"] == 0, SLOW)
            self.assertEqual([], world.inbox.take(wait=2))

    def wait_killed(self, world, point):
        wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
        self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())


def test_of(point, name):
    def test(self):
        (self.try_out if point in OUT + RECEIPT else self.try_in)(point)
    test.__name__ = name
    test.__doc__ = f"A message of Fiks IO survives a kill at {point}."
    return test


for _point in crash_points():
    if _point.startswith("fiks_io."):
        _name = f"test_a_message_survives_a_kill_at_{_point.split('.')[1]}"
        setattr(FiksTest, _name, test_of(_point, _name))


if __name__ == "__main__":
    unittest.main(verbosity=2)
