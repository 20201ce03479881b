"""kill -9 at random times under load: everything acknowledged is delivered, nothing is doubled, and the figures of the flow are those
of the messages' events.

SLUSE_SEED replays the pauses of a run (what the machine does between them is its own); SLUSE_TEST_SCALE=long kills 200 times.
"""

import http.client
import os
import pathlib
import random
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from flow_figures import judge_flow  # noqa: E402
from harness import LONG, PDF, QUICK, SLOW, wait_until  # noqa: E402
from mending import Mending  # noqa: E402

KILLS = 200 if LONG else 12
SENDERS = 4
# So many letters at most: a fast machine shall not make a mountain that takes minutes to deliver.
LETTERS_PER_SENDER = KILLS * 4


class Sender(threading.Thread):
    """A specialist system: sends letter after letter, and each again until it is acknowledged."""

    def __init__(self, world, number, stop):
        super().__init__(daemon=True)
        self.world, self.number, self.stop = world, number, stop
        self.acknowledged = {}      # idempotency key: message id
        self.wrong = []

    def run(self):
        try:
            for sequence in range(LETTERS_PER_SENDER):
                if self.stop.is_set():
                    return
                self.send(f"avsender-{self.number}-brev-{sequence}", sequence % 3 == 0)
        except Exception as error:      # told by the test, which else would wait for letters that never come
            self.wrong.append(repr(error))

    def send(self, key, with_file):
        message = self.world.letter(reference=key)
        files = None
        if with_file:
            files = {"varsel": PDF + key.encode()}
            message["documents"] = [{"part": "varsel", "name": "varsel.pdf"}]
        end = time.monotonic() + SLOW
        while time.monotonic() < end:
            try:
                status, answer = self.world.post(message, files, key)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)        # it is down: the next try may find it up
                continue
            if status == 503:
                time.sleep(0.05)
                continue
            if status != 202:
                self.wrong.append((key, status, answer))
            else:
                self.acknowledged[key] = answer["id"]
            return
        self.wrong.append((key, "never acknowledged"))


class RandomKillsTest(unittest.TestCase):
    def test_kills_at_random_times_lose_nothing_acknowledged_and_double_nothing(self):
        seed = os.environ.get("SLUSE_SEED") or str(random.SystemRandom().randrange(1 << 32))
        print(f"SLUSE_SEED={seed} kills={KILLS}", flush=True)
        chance = random.Random(seed)
        with Mending(config_extra=QUICK) as world:
            world.start()
            stop = threading.Event()
            senders = [Sender(world, number, stop) for number in range(SENDERS)]
            for sender in senders:
                sender.start()
            for _ in range(KILLS):
                # The pause is what is tested: the moment of the kill.
                time.sleep(chance.uniform(0.0, 1.5))
                world.gateway.kill()
                world.start_gateway()
            stop.set()
            for sender in senders:
                sender.join(2 * SLOW)
                self.assertFalse(sender.is_alive())
                self.assertEqual([], sender.wrong)
            acknowledged = {}
            for sender in senders:
                acknowledged.update(sender.acknowledged)
            self.assertGreater(len(acknowledged), KILLS)
            self.judge(world, acknowledged)
            judge_flow(self, world)

    def judge(self, world, acknowledged):
        def unfinished():
            return {message["id"]: message["state"] for message in world.all_messages() if message["state"] != "delivered"}
        wait_until(lambda: not unfinished(), 4 * SLOW, lambda: str(unfinished()), pause=0.5)
        messages = {message["id"]: message for message in world.all_messages()}
        by_reference = {message["reference"]: message["id"] for message in messages.values()}
        self.assertEqual(acknowledged, by_reference)
        self.assertEqual(len(acknowledged), len(messages))
        correspondences = world.correspondences()
        keys = [one["idempotentKey"] for one in correspondences]
        self.assertEqual(len(keys), len(set(keys)), "a letter was doubled")
        references = [one["sendersReference"] for one in correspondences]
        self.assertEqual(sorted(references), sorted(set(references)), "a letter was doubled under another key")
        self.assertEqual(set(acknowledged), set(references))
        for message in messages.values():
            self.assertEqual(1, len(message["deliveries"]), message)
        self.assertEqual({message["deliveries"][0]["id"] for message in messages.values()}, set(keys))
        print(f"{len(messages)} letters", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
