"""kill -9 at each step of a shipment by SvarUt: out, it is there once; in by SvarInn, it is stored once and receipted only then,
and what cannot be opened is tried as often as was configured."""

import contextlib
import unittest

from places import crash, crash_points
from harness import SLOW
from svarut_world import PDF, sha256, SvarUtWorld, TENANT, wait_until
from systems_inbox import SystemsInbox

OUTWARD = ("svarut.before_send", "svarut.sent")
INWARD = ("svarinn.before_fetch", "svarinn.fetched", "svarinn.stored", "svarinn.receipted")
SETTLED = ("svarinn.settled",)
FAILED = ("svarinn.failure_counted", "svarinn.failure_told")


class SvarUtTest(unittest.TestCase):
    def test_every_place_is_tried(self):
        named = {point for point in crash_points() if point.startswith(("svarut.", "svarinn."))}
        self.assertEqual(named, {*OUTWARD, *INWARD, *SETTLED, *FAILED})

    def try_out(self, point):
        with SvarUtWorld(receive=False) as world:
            world.start()
            world.gateway.stop(SLOW)
            accepted = crash(self, world, point, world.letter(), {"vedtak": PDF}, f"krasj-{point}")
            self.assertIsNotNone(accepted)
            self.assertEqual(1 if point == "svarut.sent" else 0, len(world.shipments()))
            world.start_gateway()
            world.wait_for(accepted, "delivered", seconds=SLOW)
            self.assertEqual([sha256(PDF)], [one["sha256"] for one in world.shipment_of(accepted)["documents"]])
            self.assertEqual(1, len(world.shipments()))
            events = world.events_of(accepted)
            for event in ("accepted", "sent", "delivered"):
                self.assertEqual(1, events.count(event), events)

    def wait_died(self, world, point):
        wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
        self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
        world.gateway.close()

    def try_failing(self, point):
        """The second try that fails is the last, though the program died in the first."""
        with SvarUtWorld(svarinn_extra="quarantine_after = 2\nsend_on_after = 2") as world:
            world.start()
            world.gateway.stop(SLOW)
            world.svarut.fault(kind="wrong_hash", times=0)
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            with contextlib.suppress(OSError):      # it may die with the call
                world.write(b"%PDF feil", recipient={"organisation": TENANT}, title="Feil")
            self.wait_died(world, point)
            told_before = world.shipments()[0]["failures"]
            self.assertEqual(int(point == "svarinn.failure_told"), told_before)
            self.assertEqual(0, world.inbound())
            world.start_gateway()
            wait_until(lambda: world.shipments()[0]["sentOn"], SLOW, world.gateway.words)
            shipment, = world.shipments()
            self.assertEqual((2, told_before + 1, False), (shipment["downloads"], shipment["failures"], shipment["taken"]))
            self.assertEqual(1, world.inbound())    # the one in quarantine

    def try_in(self, point, extra=""):
        with SvarUtWorld(svarinn_extra=extra) as world:
            world.start()
            world.gateway.stop(SLOW)
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            try:
                world.write(b"%PDF inn", recipient={"organisation": TENANT}, title="Inn")
                if point in SETTLED:
                    archive = SystemsInbox(world, "arkiv")
                    archive.ack(archive.wait_for_one())
            except OSError:
                pass    # it died with the call
            self.wait_died(world, point)
            shipment, = world.shipments()
            # A receipt means that it is here.
            self.assertLessEqual(int(shipment["taken"]), world.inbound())
            self.assertEqual(point in ("svarinn.receipted", *SETTLED), shipment["taken"])
            world.start_gateway()
            wait_until(lambda: world.shipments()[0]["taken"], SLOW, world.gateway.words)
            self.assertEqual(1, world.inbound())
            if point not in SETTLED:
                item = SystemsInbox(world, "arkiv").wait_for_one()
                self.assertEqual([sha256(b"%PDF inn")], [one["sha256"] for one in item["documents"]])
            self.assertEqual(1, len(world.shipments()))


for _points, _try in ((OUTWARD, "try_out"), (INWARD, "try_in"), (FAILED, "try_failing")):
    for _point in _points:
        def _test(self, point=_point, name=_try):
            getattr(self, name)(point)
        setattr(SvarUtTest, f"test_died_at_{_point.replace('.', '_')}", _test)


def _settled(self):
    self.try_in(SETTLED[0], 'receipt_owner = "system"')


SvarUtTest.test_died_at_svarinn_settled = _settled


if __name__ == "__main__":
    unittest.main(verbosity=2)
