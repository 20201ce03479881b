"""Files in pieces: a client that is not ours (tus-js-client) sends them over kill -9, and memory does not grow with them."""

import json
import subprocess
import unittest

from harness import ask, free_port, memory_of, SLOW, SOURCE, wait_until, World

NODE = SOURCE / "tests/node/node_modules/.bin/node"
MiB = 1 << 20


class Client:
    """tus_upload.mjs under way."""

    def __init__(self, world, size, piece=0):
        self.process = subprocess.Popen([str(NODE), str(SOURCE / "tests/node/tus_upload.mjs"), f"{world.url}/v1/uploads", world.key,
                                         str(size), str(piece)], stdout=subprocess.PIPE, text=True)
        self.said = []

    def next(self):
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the client ended: {self.said[-5:]}")
        self.said.append(json.loads(line))
        return self.said[-1]

    def sent(self, least):
        while self.next().get("sent", 0) < least:
            pass

    def done(self):
        while "done" not in self.next():
            pass
        self.process.wait(30)
        self.process.stdout.close()
        return self.said[-1]["done"]


class UploadsTest(unittest.TestCase):
    def fetched(self, world, done):
        status, _, _ = ask(world.url, "GET", f"/v1/documents/{done['document']}", None,
                           {"Authorization": f"Bearer {world.key}", "Range": "bytes=0-9"})
        self.assertEqual(206, status)

    def test_a_file_in_one_request_and_in_pieces_arrives_and_goes_with_a_letter(self):
        with World() as world:
            world.start()
            for piece in (0, 700_001):
                done = Client(world, 5 * MiB + 17, piece).done()
                self.assertEqual(done["sha256"], done["document"])
                self.fetched(world, done)
            message = world.letter(documents=[{"sha256": done["document"], "name": "tegning.pdf"}])
            status, answer = world.post(message)
            self.assertEqual(202, status, answer)

    def test_a_file_survives_kill_minus_nine_in_the_middle_of_requests(self):
        with World() as world:
            world.start_standins()
            world.write_config(public=f"127.0.0.1:{free_port()}")
            world.start()
            # In one request: what a part of 16 MiB made durable need not be sent again.
            client = Client(world, 96 * MiB)
            client.sent(40 * MiB)
            world.gateway.kill()
            world.start_gateway()
            done = client.done()
            self.assertEqual(done["sha256"], done["document"])
            self.assertTrue(any("again" in line for line in client.said))
            # In pieces, killed again and again: every acknowledged piece stays.
            client = Client(world, 24 * MiB, 2 * MiB)
            for at in (5, 11, 17):
                client.sent(at * MiB)
                world.gateway.kill()
                world.start_gateway()
            done = client.done()
            self.assertEqual(done["sha256"], done["document"])
            self.fetched(world, done)

    def test_an_acknowledged_offset_is_there_after_kill_minus_nine(self):
        with World() as world:
            world.start()
            headers = {"Authorization": f"Bearer {world.key}", "Tus-Resumable": "1.0.0"}
            status, got, _ = ask(world.url, "POST", "/v1/uploads", None, {**headers, "Upload-Length": "1000000"})
            self.assertEqual(201, status)
            at, offset = got["Location"], 0
            for size in (1, 65_536, 100_000):
                status, got, _ = ask(world.url, "PATCH", at, b"x" * size, {**headers, "Upload-Offset": str(offset),
                                                                         "Content-Type": "application/offset+octet-stream"})
                offset += size
                self.assertEqual((204, str(offset)), (status, got["Upload-Offset"]))
                world.gateway.kill()
                world.start_gateway()
                status, got, _ = ask(world.url, "HEAD", at, None, headers)
                self.assertEqual((200, str(offset)), (status, got["Upload-Offset"]))

    def test_memory_does_not_grow_with_the_file(self):
        with World() as world:
            world.start({"ASAN_OPTIONS": "quarantine_size_mb=4"})   # what the sanitiser keeps of freed memory is not ours
            Client(world, 20 * MiB).done()
            before = memory_of(world.gateway.pid)["VmRSS"]
            Client(world, 260 * MiB).done()
            grown = memory_of(world.gateway.pid)["VmHWM"] - before
            print(f"resident memory grew by {grown / MiB:.1f} MiB over 260 MiB")
            self.assertLess(grown, 48 * MiB)


if __name__ == "__main__":
    unittest.main(verbosity=2)
