"""Messages through a real RabbitMQ while connections are cut, the broker restarts and the program is killed: none lost, none doubled,
each sender's order kept, memory flat.

SLUSE_SEED replays the choices of a run; SLUSE_TEST_SCALE=long sends 100 000.
"""

import os
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from fiks_world import FiksWorld  # noqa: E402
from harness import LONG, SLOW, wait_until  # noqa: E402

MADE = "no.ks.fiks.plan.v2.oppdatering.arealplan.opprett"
MESSAGES = 100_000 if LONG else 240
TROUBLE_EVERY = 400 if LONG else 30
TROUBLES = ("cut", "kill the program", "cut", "restart")
GROWTH_MAX = 64 << 20


class SoakTest(unittest.TestCase):
    def test_none_is_lost_none_doubled_and_order_is_kept(self):
        seed = int(os.environ.get("SLUSE_SEED", random.randrange(1 << 32)))
        print(f"SLUSE_SEED={seed}, {MESSAGES} messages")
        chance = random.Random(seed)
        with FiksWorld() as world:
            world.start()
            sent, got, memory = [], [], []
            for number in range(1, MESSAGES + 1):
                sent.append(world.neighbour_sends(MADE)["meldingId"])
                if number % TROUBLE_EVERY == 0:
                    self.trouble(world, chance.choice(TROUBLES))
                    self.take(world, got)
                    memory.append(resident(world))
            wait_until(lambda: self.take(world, got) == len(sent), SLOW * (20 if LONG else 2), world.gateway.words)
            self.assertEqual(sent, got)
            wait_until(lambda: world.queue()["messages"] == 0, SLOW)
            self.assertEqual([], world.aside())
            self.assertLess(max(memory) - memory[0], GROWTH_MAX, memory)

    def trouble(self, world, what):
        if what == "kill the program":
            world.gateway.kill()
            world.start_gateway()
        else:
            world.broker(what)
        wait_until(lambda: self.is_consumed(world), SLOW, world.gateway.words)

    def is_consumed(self, world):
        try:
            return world.queue()["consumers"] > 0
        except AssertionError:      # the broker is still away
            return False

    def take(self, world, got):
        """Everything that is handed out now, acknowledged; how many there are in all."""
        while items := world.inbox.take(wait=1):
            for item in items:
                got.append(item["content"]["messageId"])
                world.inbox.ack(item)
        return len(got)


def resident(world):
    status = pathlib.Path(f"/proc/{world.gateway.process.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) * 1024


if __name__ == "__main__":
    unittest.main(verbosity=2)
