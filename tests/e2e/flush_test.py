"""The disk fails to flush under the real program: it stops at once, says why, and has acknowledged nothing that is not stored.

The failure is made by a library that is preloaded (failing_fsync.cpp) and answers EIO to fsync.
"""

import http.client
import os
import pathlib
import threading
import unittest

from harness import BUILD, LONG, PDF, QUICK, SLOW, wait_until, World

LIBRARY = os.environ.get("SLUSE_FAILING_FSYNC_LIBRARY", BUILD / "tests" / "e2e" / "failing_fsync.so")
SENDERS = 4
LARGE = PDF + b"%" * 20_000    # too large to lie in the store


class FlushTest(unittest.TestCase):
    def start(self, world):
        world.start({"LD_PRELOAD": str(LIBRARY), "SLUSE_FAILING_FSYNC": str(world.folder / "fails"),
                     "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")})

    def fail(self, world, part):
        (world.folder / "fails.new").write_text(part)
        (world.folder / "fails.new").rename(world.folder / "fails")

    def ended_with_words(self, world):
        wait_until(lambda: not world.gateway.running(), SLOW, world.gateway.words)
        self.assertEqual(74, world.gateway.process.returncode, world.gateway.words())
        self.assertRegex(world.gateway.words(), "(?i)disk")
        world.gateway.close()
        (world.folder / "fails").unlink()

    def send_until_it_is_gone(self, world, number, acknowledged, others):
        for sequence in range(100_000):
            key = f"{number}-{sequence}"
            try:
                status, answer = world.post(world.letter(reference=key), None, key)
            except (OSError, http.client.HTTPException):
                return
            if status == 202:
                acknowledged[key] = answer["id"]
            else:
                others.append((key, status))
                return

    def test_no_letter_is_acknowledged_whose_flush_failed_and_the_program_stops_with_74(self):
        for _ in range(10 if LONG else 1):
            with World(config_extra=QUICK) as world:
                self.start(world)
                acknowledged, others = {}, []
                senders = [threading.Thread(target=self.send_until_it_is_gone, args=(world, number, acknowledged, others))
                           for number in range(SENDERS)]
                for sender in senders:
                    sender.start()
                wait_until(lambda: len(acknowledged) > 3 * SENDERS, SLOW, world.gateway.words)
                self.fail(world, "sluse.db")
                self.ended_with_words(world)
                for sender in senders:
                    sender.join(SLOW)
                    self.assertFalse(sender.is_alive())
                self.assertLessEqual({status for _, status in others}, {500, 503, 507}, others)
                world.start_gateway()
                kept = {message["reference"]: message["id"] for message in world.all_messages()}
                self.assertLessEqual(acknowledged.items(), kept.items())
                for letter in acknowledged.values():
                    world.wait_for(letter, "delivered", seconds=SLOW)
                world.sluse("verify", "--config", world.config, timeout=SLOW)

    def test_no_document_is_acknowledged_whose_flush_failed(self):
        with World(config_extra=QUICK) as world:
            self.start(world)
            kept = world.send(files={"varsel": PDF})
            self.fail(world, "/documents/")
            status = None
            try:
                status, answer = world.call("POST", "/v1/documents", b"x" * 300_000, {"Content-Type": "application/pdf"})
            except (OSError, http.client.HTTPException):
                pass
            self.assertNotEqual(201, status)
            message = {**world.letter(), "documents": [{"part": "varsel", "name": "varsel.pdf"}]}
            try:
                status, answer = world.post(message, {"varsel": LARGE}, "lost")
                self.assertNotEqual(202, status, answer)
            except (OSError, http.client.HTTPException):
                pass
            self.ended_with_words(world)
            world.start_gateway()
            status, answer = world.post(message, {"varsel": LARGE}, "lost")
            self.assertEqual(202, status, answer)
            for letter in (kept, answer["id"]):
                world.wait_for(letter, "delivered", seconds=SLOW)
            world.sluse("verify", "--config", world.config, timeout=SLOW)


if __name__ == "__main__":
    unittest.main(verbosity=2)
