"""A full disk while messages come from Fiks IO, which delivers each three times and no more: nothing is acknowledged that is not
stored, and nothing is lost to that limit, whatever breaks meanwhile."""

import contextlib
import unittest

from fiks_world import FiksWorld
from full_disk import fill, small_disk
from harness import QUICK, SLOW, wait_until

MADE = "no.ks.fiks.plan.v2.oppdatering.arealplan.opprett"
GIVEN_UP = "no.ks.fiks.kvittering.serverfeil.v1"
FULL = QUICK + "[limits]\nfree_disk_bytes_min = 8000000\n"
LARGE = 3_000_000     # in the queue, and too large for memory: it needs room before it can be stored


class StorageTest(unittest.TestCase):
    def test_a_full_disk_stores_nothing_acknowledges_nothing_and_loses_nothing(self):
        disk = small_disk(self, "80m")
        with FiksWorld(config_extra=FULL, data=disk / "data") as world:
            world.start()
            ballast = fill(disk, 4_000_000)
            sent = [world.neighbour_sends(MADE)["meldingId"] for _ in range(3)]
            sent.append(world.neighbour_sends(MADE, [{"name": "payload.json", "text": "{}"}, {"name": "kart.png", "size": LARGE}])["meldingId"])
            self.wait_holding(world)
            # More breaks than there are deliveries, and more starts of the program itself.
            for act in ("cut", "close_connections", "restart", "cut"):
                world.broker(act)
                self.wait_for_queue(world, 4)
            for starts in range(1, 5):
                world.gateway.kill()
                world.start_gateway()
                wait_until(lambda: self.not_connected(world) >= starts, SLOW, world.gateway.words)
            self.wait_for_queue(world, 4)
            self.assertEqual(0, world.queue()["consumers"])
            self.assertEqual([], world.heard())
            ballast.unlink()
            wait_until(lambda: len(world.heard(MADE + ".mottatt")) == 4, SLOW, world.gateway.words)
            self.assertEqual(sorted(sent), sorted(item["content"]["messageId"] for item in world.take_all(4)))
            wait_until(lambda: world.queue() == {"messages": 0, "consumers": 1}, SLOW, world.gateway.words)
            self.assertEqual(([], []), (world.heard(GIVEN_UP), world.aside()))

    def wait_holding(self, world):
        wait_until(lambda: world.metrics_sum("sluse_fiks_io_holding") == 1, SLOW, world.gateway.words)

    def not_connected(self, world):
        """How often it said that it does not connect, for want of room."""
        lines = world.gateway.words(1 << 24).splitlines()
        return len([one for one in lines if "fiks_io.not_connected" in one and "service.storage_full" in one])

    def wait_for_queue(self, world, messages):
        """So many lie in the queue, given out or not; the broker may be on its way back, and takes a moment to count what it took back."""
        def counted():
            with contextlib.suppress(AssertionError):
                return world.queue()["messages"]
        wait_until(lambda: counted() == messages, SLOW, lambda: f"{counted()} lie there; {world.gateway.words()}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
