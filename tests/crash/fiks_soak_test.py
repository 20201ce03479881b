"""Messages through a real RabbitMQ while connections are cut, the broker restarts and the program is killed: none lost, none doubled,
each sender's order kept, memory flat.

Several senders send all the time, except while the broker is away; what is handed out is acknowledged all the time, except while the
program is. In the second half the program is not killed, so that memory that grows would show.

SLUSE_SEED replays the choices of a run; SLUSE_TEST_SCALE=long sends 100 000, SLUSE_SOAK_MESSAGES as many as it says.
"""

import contextlib
import os
import pathlib
import random
import sys
import threading
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from fiks_world import FiksWorld  # noqa: E402
from harness import LONG, memory_of, SLOW, wait_until  # noqa: E402

MADE = "no.ks.fiks.plan.v2.oppdatering.arealplan.opprett"
MESSAGES = int(os.environ.get("SLUSE_SOAK_MESSAGES", 100_000 if LONG else 240))
# Messages between one trouble and the next: several in a row, then none for so long that the pauses before a new connection, which
# double while connections do not live for a minute, begin anew.
TROUBLE_EVERY, IN_A_ROW, BETWEEN = (7500, 3, 250) if LONG else (40, 1, 0)
THROUGH = 12                # messages: more than were under way when a connection broke
KILL, RESTART = "kill the program", "restart"
TROUBLES = ("cut", KILL, "cut_after", "close_connections", "cut", RESTART)
SENDERS = 6
GROWTH_MAX = 32 << 20       # of the program's resident memory, from a tenth of the second half to the end
FRAME_PART = 20_000         # bytes that a connection still carries before it is cut in the middle of a frame


class Sharing:
    """What many may do at once, and one may stop for a while."""

    def __init__(self):
        self.change = threading.Condition()
        self.doing, self.stopped = 0, False

    @contextlib.contextmanager
    def one(self):
        with self.change:
            self.change.wait_for(lambda: not self.stopped)
            self.doing += 1
        try:
            yield
        finally:
            with self.change:
                self.doing -= 1
                self.change.notify_all()

    @contextlib.contextmanager
    def none(self):
        with self.change:
            self.stopped = True
            self.change.wait_for(lambda: self.doing == 0)
        try:
            yield
        finally:
            with self.change:
                self.stopped = False
                self.change.notify_all()


class Soak:
    def __init__(self, world, chance):
        self.world, self.chance = world, chance
        self.senders = [world.material["echo_account"], *(str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(SENDERS - 1))]
        self.sent = {sender: [] for sender in self.senders}     # melding-ids, in order
        self.got = {sender: [] for sender in self.senders}
        self.sending, self.taking = Sharing(), Sharing()
        self.ending = threading.Event()
        self.faults = []                                        # of a thread: they fail the test

    def introduce(self):
        """The senders besides the neighbour: the same certificate, accounts of their own."""
        neighbour, = (one for one in self.world.fiks.state()["accounts"] if one["id"] == self.senders[0])
        for sender in self.senders[1:]:
            self.world.fiks.control("/control/accounts", {"id": sender, "organisation": neighbour["organisation"], "name": "Fagsystem",
                                                          "certificate": neighbour["certificate"]})

    def guarded(self, work, *arguments):
        def run():
            try:
                work(*arguments)
            except BaseException as fault:      # handed to the test's own thread
                self.faults.append(fault)
                self.ending.set()
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def send(self, sender, count):
        for _ in range(count):
            if self.ending.is_set():
                return
            with self.sending.one():
                self.sent[sender].append(self.world.neighbour_sends(MADE, **{"from": sender})["meldingId"])

    def take(self):
        while not self.ending.is_set():
            with self.taking.one():
                for item in self.world.inbox.take(wait=1, most=100):
                    self.got[item["content"]["from"]["account"]].append(item["content"]["messageId"])
                    self.world.inbox.ack(item)

    def count(self, of):
        if self.faults:
            raise self.faults[0]
        return sum(len(ids) for ids in of.values())

    def trouble(self, what):
        if what == KILL:
            with self.taking.none():
                self.world.gateway.kill()
                self.world.start_gateway()
        elif what in (RESTART, "close_connections"):      # the senders' too
            with self.sending.none():
                self.world.broker(what)
                self.wait_consumed()
        elif what == "cut_after":
            self.world.broker(what, bytes=self.chance.randrange(FRAME_PART))
            self.world.broker("cut")            # the next connection is the one that breaks
        else:
            self.world.broker(what)
        self.wait_consumed()
        self.wait_through()

    def wait_through(self):
        """What was given back has come again: Fiks gives nothing a fourth time."""
        before = self.count(self.got)
        wait_until(lambda: self.count(self.got) >= min(before + THROUGH, self.count(self.sent)), SLOW * 2, self.world.gateway.words)

    def wait_consumed(self):
        wait_until(self.is_consumed, SLOW, self.world.gateway.words)

    def is_consumed(self):
        try:
            return self.world.queue()["consumers"] > 0
        except AssertionError:      # the broker is still away
            return False

    def resident(self):
        return memory_of(self.world.gateway.pid)["VmRSS"]


class SoakTest(unittest.TestCase):
    def test_none_is_lost_none_doubled_and_order_is_kept(self):
        seed = int(os.environ.get("SLUSE_SEED", random.randrange(1 << 32)))
        each = MESSAGES // SENDERS
        total = each * SENDERS
        print(f"SLUSE_SEED={seed}, {total} messages", flush=True)
        with FiksWorld() as world:
            world.start()
            soak = Soak(world, random.Random(seed))
            soak.introduce()
            began = time.monotonic()
            senders = [soak.guarded(soak.send, sender, each) for sender in soak.senders]
            soak.guarded(soak.take)
            early = self.make_trouble(soak, total)
            for sender in senders:
                sender.join()
            wait_until(lambda: soak.count(soak.got) >= total, SLOW * (20 if LONG else 2), world.gateway.words, pause=0.2)
            wait_until(lambda: world.queue()["messages"] == 0, SLOW)
            end = soak.resident()
            print(f"{total / (time.monotonic() - began):.0f} messages/s, resident {early >> 20} MiB, at the end {end >> 20} MiB", flush=True)
            with soak.taking.none():
                self.assertEqual([], world.inbox.take(wait=2), "more than was sent")
            soak.ending.set()
            self.assertEqual(soak.sent, soak.got)
            self.assertEqual([], world.aside())
            self.assertLess(end - early, GROWTH_MAX)

    def make_trouble(self, soak, total):
        """All along, by the number of messages that were taken; how much memory the program had early in the second half."""
        early, made, kinds = None, {}, []
        for number in (first + more * BETWEEN for first in range(TROUBLE_EVERY, total, TROUBLE_EVERY) for more in range(IN_A_ROW)):
            wait_until(lambda: soak.count(soak.got) >= min(number, total), SLOW * 20, soak.world.gateway.words, pause=0.1)
            kinds = kinds or soak.chance.sample(TROUBLES, len(TROUBLES))       # each as often as any other
            what = kinds.pop()
            if what == KILL and number >= total // 2:
                continue
            soak.trouble(what)
            made[what] = made.get(what, 0) + 1
            if number >= total * 0.55 and early is None:
                early = soak.resident()
            if LONG:
                print(f"{soak.count(soak.sent)} sent, {soak.count(soak.got)} taken, {soak.resident() >> 20} MiB, {made}", flush=True)
        return early


if __name__ == "__main__":
    unittest.main(verbosity=2)
