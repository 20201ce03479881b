"""Two hundred people watch: each hears of a change at once, from the streams of alarms and of the flow and from a message's timeline; those who do not
read hold nobody up (that such a one is cut off is in tests/unit/http/server_test.cpp), and what it all costs in memory is bounded."""

import json
import selectors
import socket
import time
import unittest
import urllib.parse

from harness import SLOW, TENANT, World, ask, memory_of, wait_until

WATCHERS = 200
NEVER_READ = 10
HEARD_WITHIN = 1        # seconds, wished for
GATE = 10               # seconds: under sanitizers, on a machine that does other things too
MEMORY_MAX = 128 << 20  # for all of them, under sanitizers: 5 MiB without
ALARM = """
[alarms]
look_seconds = 1
resolve_after_seconds = 1
disk_free_bytes_min = 0
[[alarms.expiry]]
name = "hemmelighet hos KS"
date = "2020-01-01"
"""


class Watchers:
    """So many open streams, read by one thread as their bytes come."""

    def __init__(self, world, key, path):
        address = urllib.parse.urlsplit(world.admin_url)
        head = (f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {key}\r\nAccept: text/event-stream\r\n"
                "Accept-Language: nb\r\n\r\n").encode()
        self.readers, self.others = {}, []
        self.selector = selectors.DefaultSelector()
        for number in range(WATCHERS + NEVER_READ):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect((address.hostname, address.port))
            one.sendall(head)
            if number < WATCHERS:
                one.setblocking(False)
                self.readers[one] = b""
                self.selector.register(one, selectors.EVENT_READ)
            else:
                self.others.append(one)

    def heard(self, words, seconds, began):
        """When each reader had had these words, since it began; all within `seconds`."""
        times = []
        waiting = set(self.readers)
        while waiting and time.monotonic() - began < seconds:
            for key, _ in self.selector.select(0.1):
                data = key.fileobj.recv(1 << 16)
                assert data, "a watcher was cut off"
                self.readers[key.fileobj] += data
                if key.fileobj in waiting and words in self.readers[key.fileobj]:
                    waiting.remove(key.fileobj)
                    times.append(time.monotonic() - began)
        assert not waiting, f"{len(waiting)} of {WATCHERS} heard nothing in {seconds} s"
        return times

    def close(self):
        self.selector.close()
        for one in (*self.readers, *self.others):
            one.close()


class WatchersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(config_extra=ALARM)
        cls.addClassCleanup(cls.world.__exit__, None, None, None)
        cls.world.start()
        cls.key = json.loads(cls.world.sluse("keys", "create", "--config", cls.world.config, "--admin", "--why", "test", "--json"))["key"]

    def admin(self, method, path, body=None):
        status, _, answer = ask(self.world.admin_url, method, "/admin/v1/" + path, body and json.dumps(body).encode(),
                                {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        assert status < 300, (status, answer)
        return json.loads(answer)

    def all_hear(self, path, first, act, words):
        memory = memory_of(self.world.gateway.pid)["VmRSS"]
        watchers = Watchers(self.world, self.key, path)
        self.addCleanup(watchers.close)
        watchers.heard(first, SLOW, time.monotonic())
        began = time.monotonic()        # before the commit, so what is measured is no less than the truth
        act()
        times = sorted(watchers.heard(words, GATE, began))
        grown = memory_of(self.world.gateway.pid)["VmRSS"] - memory
        print(f"{path.split('?')[0]}: {WATCHERS} watchers heard after {times[len(times) // 2] * 1000:.0f} ms (half), "
              f"{times[-1] * 1000:.0f} ms (all; goal {HEARD_WITHIN * 1000}), {grown >> 10} KiB more resident")
        self.assertLess(grown, MEMORY_MAX)

    def test_each_of_two_hundred_hears_at_once_that_somebody_is_at_an_alarm(self):
        alarm, = wait_until(lambda: self.admin("GET", "alarms?open=true")["items"], SLOW, self.world.gateway.words)
        self.all_hear("/admin/v1/alarms", alarm["id"].encode(),
                      lambda: self.admin("POST", f"alarms/{alarm['id']}/acknowledge", {"why": "bestilt ny"}), "bestilt ny".encode())

    def test_each_of_two_hundred_sees_a_new_line_of_a_timeline_at_once(self):
        letter = self.world.send(notBefore="2099-01-01T00:00:00.000Z", expiresAt="2099-02-01T00:00:00.000Z")
        self.all_hear(f"/admin/v1/messages/{letter}/events", b"event: state",
                      lambda: self.admin("POST", f"messages/{letter}/hold", {"why": "venter på svar"}), "venter på svar".encode())

    def test_each_of_two_hundred_is_told_of_the_flow_within_a_second(self):
        self.all_hear(f"/admin/v1/flow?tenant={TENANT}", b"event: flow",
                      lambda: self.world.send(notBefore="2099-01-01T00:00:00.000Z", expiresAt="2099-02-01T00:00:00.000Z"), b'"queued":1')


if __name__ == "__main__":
    unittest.main(verbosity=2)
