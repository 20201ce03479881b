#!/usr/bin/env python3
"""Measures the release binary: ratios against nginx in the same run, CPU per message, flushes per second, memory.

    bench.py [--size smoke|full] [--only NAME ...] [--out FILE]

Goals are printed beside what was measured. Ratios and memory gate (exit 1): at the goal where it is met, else at what a
change may not fall behind. Absolute times are reported and gate nothing: they tell more of the machine than of us.
"""

import argparse
import http.server
import json
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "e2e"))
os.environ.setdefault("SLUSE_BUILD", str(HERE.parent / "build" / "release"))

import fiks_bench  # noqa: E402
import records_bench  # noqa: E402
import search_bench  # noqa: E402
import svarut_bench  # noqa: E402
from forms_world import FormsWorld  # noqa: E402
from harness import LONG, World, ask, cpu_seconds, free_port, memory_of, wait_until  # noqa: E402
from report import MIB, Report, at_least, at_most  # noqa: E402
SIZES = {
    "smoke": {"seconds": 4, "deliveries": 600, "document": 256 * MIB, "stored": 5_000, "idle": 2_000, "open": 2_000,
              "forms": 40, "inbox": 200, "searched": 20_000, "fiks": 800, "fiks_large": 1024 * MIB, "shipment": (1024 if LONG else 256) * MIB},
    "full": {"seconds": 15, "deliveries": 6_000, "document": 5 << 30, "stored": 100_000, "idle": 10_000, "open": 10_000,
             "forms": 400, "inbox": 4_000, "searched": 1_000_000, "absolute": True, "fiks": 6_000, "fiks_large": 4740 * MIB, "shipment": 1024 * MIB},
}
FAR = "2099-01-01T00:00:00.000Z"


def wrk(url, path, script, environment, seconds, connections=64):
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script, url + path],
                          capture_output=True, text=True, env={**os.environ, **environment}, timeout=seconds + 60)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line[7:])
    raise SystemExit(f"wrk said: {done.stdout}{done.stderr}")


class Nginx:
    """nginx, one worker, that answers 202 to whatever comes: the peer."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluse-nginx-"))
        self.port = free_port()
        (self.folder / "nginx.conf").write_text(f"""
worker_processes 1; daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log;
events {{ worker_connections 4096; }}
http {{ access_log off; client_body_temp_path {self.folder}; proxy_temp_path {self.folder}; fastcgi_temp_path {self.folder};
  uwsgi_temp_path {self.folder}; scgi_temp_path {self.folder};
  server {{ listen 127.0.0.1:{self.port}; location / {{ return 202; }} }} }}
""")
        self.process = subprocess.Popen(["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")])
        wait_until(self.answers, 10)

    def answers(self):
        try:
            return ask(f"http://127.0.0.1:{self.port}")[0] == 202
        except OSError:
            return False

    def __enter__(self):
        return f"http://127.0.0.1:{self.port}"

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


def accept(report, size):
    """Durable accept of 4 KB at 64 connections, against nginx `return 202` with one worker.

    Each round has a store of its own: one that grows by a hundred megabytes a second soon fills memory that this machine
    never used before, and then a guest measures how its host hands out pages."""
    print("Durable accept of 4 KB, 64 connections")
    rounds = []
    with Nginx() as nginx:
        for _ in range(3):
            with World() as world:
                world.start()
                rounds.append(accept_round(world, nginx, size["seconds"]))
    rounds.sort(key=lambda one: one["ratio"])
    median = rounds[1]
    report.add("accept: requests/s, nginx", median["peer"], "1/s")
    report.add("accept: messages/s, durable", median["ours"], "1/s")
    report.add("accept: ratio to nginx (median of 3)", median["ratio"], "", 0.12, at_least, gate=0.06)
    report.add("accept: p99", median["p99_ms"], "ms", 60, at_most)
    report.add("accept: CPU per message", median["cpu"] * 1e6, "µs")
    report.add("accept: flushes/s", median["flushes"], "1/s")
    report.add("accept: messages per flush", median["ours"] / max(1, median["flushes"]), "")


def accept_round(world, nginx, seconds):
    body = world.folder / "letter.json"
    letter = world.letter(notBefore=FAR, expiresAt="2099-02-01T00:00:00.000Z", body="Vi kommer på tilsyn. " * 180)
    body.write_text(json.dumps(letter, ensure_ascii=False))
    environment = {"SLUSE_BENCH_BODY": str(body), "SLUSE_KEY": world.key}
    script = str(HERE / "post_letter.lua")
    peer = wrk(nginx, "/v1/messages", script, environment, seconds)
    cpu, flushes = cpu_seconds(world.gateway.pid), world.metrics().get("sluse_store_flushes", 0)
    ours = wrk(world.url, "/v1/messages", script, environment, seconds)
    cpu = cpu_seconds(world.gateway.pid) - cpu
    flushes = world.metrics().get("sluse_store_flushes", 0) - flushes
    assert ours["failed"] == 0, ours
    per_second = ours["requests"] / ours["seconds"]
    peer_per_second = peer["requests"] / peer["seconds"]
    return {"ratio": per_second / peer_per_second, "ours": per_second, "peer": peer_per_second, "p99_ms": ours["p99_ms"],
            "cpu": cpu / ours["requests"], "flushes": flushes / ours["seconds"]}


def deliver(report, size):
    """End to end: accepted letters until the stand-in holds each exactly once."""
    print("Deliveries to the stand-in")
    count = size["deliveries"]
    with World(time_scale=1000) as world:
        world.start()
        world.altinn.process.process.send_signal(19)   # SIGSTOP: nothing is delivered while the letters come in
        body = world.folder / "letter.json"
        body.write_text(json.dumps(world.letter()))
        for _ in range(count):
            world.send()
        cpu = cpu_seconds(world.gateway.pid)
        world.altinn.process.process.send_signal(18)   # SIGCONT
        began = time.monotonic()
        wait_until(lambda: world.metrics_sum("sluse_outcomes_total", "accepted") >= count, 300, pause=0.05)
        seconds = time.monotonic() - began
        cpu = cpu_seconds(world.gateway.pid) - cpu
        held = world.correspondences()
        keys = {one["idempotentKey"] for one in held}
        assert len(held) == count and len(keys) == count, (len(held), len(keys), count)
        report.add("deliver: letters/s, each exactly once", count / seconds, "1/s", 300, at_least)
        report.add("deliver: CPU per letter", cpu / count * 1e6, "µs")


def document(report, size):
    """A large document in and out with little memory."""
    length = size["document"]
    print(f"A document of {length / (1 << 30):.2f} GiB in and out")
    with World() as world:
        world.start()
        block = os.urandom(MIB)

        def blocks():
            for _ in range(length // MIB):
                yield block

        began = time.monotonic()
        status, answer = world.call("POST", "/v1/documents", blocks(), {"Content-Length": str(length)}, timeout=3600)
        assert status == 201, (status, answer)
        came_in = time.monotonic() - began
        began = time.monotonic()
        got = read_length(world, answer["sha256"])
        went_out = time.monotonic() - began
        assert got == length, got
        report.add("document: in", length / MIB / came_in, "MiB/s")
        report.add("document: out", length / MIB / went_out, "MiB/s")
        report.add("document: highest resident memory", memory_of(world.gateway.pid)["VmHWM"] / MIB, "MiB", 64, at_most, gate=64)


def read_length(world, sha256):
    import http.client
    import urllib.parse
    parts = urllib.parse.urlsplit(world.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)
    connection.request("GET", f"/v1/documents/{sha256}", headers={"Authorization": f"Bearer {world.key}"})
    answer = connection.getresponse()
    total = 0
    while data := answer.read(MIB):
        total += len(data)
    connection.close()
    return total


def start(report, size):
    """Idle memory; start to accepting with many stored messages; recovery of open ones after kill -9."""
    print(f"Start with {size['stored']} stored messages, recovery of {size['open']} open ones")
    with World(time_scale=1000) as world:
        world.start()
        time.sleep(1)   # idle is measured after a moment of nothing, not waited for
        report.add("idle: resident memory", memory_of(world.gateway.pid)["VmRSS"] / MIB, "MiB", 40, at_most, gate=44)
        body = world.folder / "letter.json"
        body.write_text(json.dumps(world.letter(notBefore=FAR, expiresAt="2099-02-01T00:00:00.000Z")))
        fill(world, body, size["stored"])
        world.gateway.stop()
        began = time.monotonic()
        world.start_gateway()
        status, answer = world.post(world.letter(notBefore=FAR, expiresAt="2099-02-01T00:00:00.000Z"))
        assert status == 202, answer
        report.add("start: until the first accept", time.monotonic() - began, "s", 1, at_most)
    with World(time_scale=1000, config_extra="[dispatch]\nlease_seconds = 5\nreceipt_pace = 50.0\n") as world:
        world.start()
        world.altinn.process.process.send_signal(19)
        body = world.folder / "letter.json"
        body.write_text(json.dumps(world.letter()))
        fill(world, body, size["open"])
        total = world.metrics_sum("sluse_deliveries")
        world.gateway.kill()
        began = time.monotonic()
        world.start_gateway()
        found = world.metrics_sum("sluse_deliveries")
        report.add("recovery: until all open messages are known", time.monotonic() - began, "s", 1, at_most)
        assert found >= total, (found, total)
        total = found   # with those that were stored in the last moment, before anybody could be told
        began = time.monotonic()
        world.altinn.process.process.send_signal(18)
        wait_until(lambda: world.metrics_sum("sluse_deliveries", 'state="delivered"') >= total, 600, pause=0.2)
        report.add("recovery: open messages", total, "")
        report.add("recovery: until each of them is delivered", time.monotonic() - began, "s")
        held = world.correspondences()
        keys = {one["idempotentKey"] for one in held}
        assert len(held) == len(keys) == total, (len(held), len(keys), total)


def fill(world, body, count):
    """Accepts at least `count` messages, as fast as wrk sends them."""
    environment = {"SLUSE_BENCH_BODY": str(body), "SLUSE_KEY": world.key}
    sent = 0
    while sent < count:
        sent += wrk(world.url, "/v1/messages", str(HERE / "post_letter.lua"), environment, 2)["requests"]


def idle_connections(report, size):
    """Memory of many connections that say nothing."""
    count = size["idle"]
    print(f"{count} idle connections")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 500)), hard))
    with World() as world:
        world.start()
        host, port = world.url.removeprefix("http://").rsplit(":", 1)
        sockets = []
        for _ in range(count):
            one = socket.create_connection((host, int(port)))
            sockets.append(one)
        request = f"GET /v1/messages?limit=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {world.key}\r\n\r\n".encode()
        for one in sockets:   # each has been used once: idle keep-alive, not merely accepted
            one.sendall(request)
            assert one.recv(65536).startswith(b"HTTP/1.1 200"), "an idle connection was not answered"
        memory = memory_of(world.gateway.pid)["VmRSS"]
        report.add("idle connections: resident memory", memory / MIB, "MiB", 100, at_most, gate=100)
        for one in sockets:
            one.close()


def webhooks(report, size):
    """Signed calls of events to one receiver on this machine, which reads them as fast as it can."""
    print("Webhooks to one receiver")
    count = size["deliveries"]
    allowed = "[webhooks]\nallow = [\"127.0.0.1/32\"]\nplain_http = true\nports = [\"1024-65535\"]"
    with World(config_extra=allowed) as world, Receiver() as receiver:
        world.start()
        for _ in range(count):
            world.send(notBefore=FAR, expiresAt="2099-02-01T00:00:00.000Z")
        headers = {"Content-Type": "application/json"}
        status, made = world.call("POST", "/v1/subscriptions", json.dumps({"url": receiver.url}).encode(), headers)
        assert status == 201, made
        began = time.monotonic()
        replay = json.dumps({"since": "2020-01-01T00:00:00Z"}).encode()
        world.call("POST", f"/v1/subscriptions/{made['id']}/replay", replay, headers)
        wait_until(lambda: len(receiver.seen) >= count, 300, lambda: f"{len(receiver.seen)} of {count}", pause=0.02)
        report.add("webhooks: deliveries/s, one receiver", count / (time.monotonic() - began), "1/s")


def inbox(report, size):
    """From Altinn's webhook to the system that waits for it; then many that lie there, claimed and acknowledged."""
    print("The inbox of one system")
    one_file = [{"dataType": "model", "contentType": "application/xml", "text": "<skjema/>"}]
    with FormsWorld() as world:
        world.start()
        world.wait_validated()
        waits = []
        for _ in range(size["forms"]):
            began = time.monotonic()
            form = world.submit(data=one_file)
            item = world.inbox.wait_for_one()
            waits.append(time.monotonic() - began)
            assert item["content"]["instance"] == form, item
            world.inbox.ack(item)
        waits.sort()
        report.add("inbox: from the webhook to the system, p50", waits[len(waits) // 2] * 1e3, "ms")
        report.add("inbox: from the webhook to the system, p99", waits[len(waits) * 99 // 100] * 1e3, "ms")
        world.forms.control("/control/forms", {"count": size["inbox"], "data": one_file})
        wait_until(lambda: world.metrics_sum("sluse_inbound_total") >= size["forms"] + size["inbox"], 600, world.gateway.words, pause=0.2)
        settled = []

        def work():
            while items := world.inbox.take(most=100):
                for item in items:
                    world.inbox.ack(item)
                    settled.append(item["id"])
        began = time.monotonic()
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        seconds = time.monotonic() - began
        assert len(settled) == len(set(settled)) == size["inbox"], (len(settled), len(set(settled)))
        report.add("inbox: claimed and acknowledged/s, 4 at once", len(settled) / seconds, "1/s")


class Receiver:
    """Takes every call and keeps its connections; knows the ids it has seen."""

    def __enter__(self):
        seen = self.seen = set()

        class Take(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                seen.add(self.headers["webhook-id"])
                self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Take)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


def main():
    benches = {"accept": accept, "deliver": deliver, "document": document, "start": start, "idle": idle_connections,
               "webhooks": webhooks, "inbox": inbox, "fiks_receive": fiks_bench.receive, "fiks_send": fiks_bench.send,
               "fiks_large": fiks_bench.large, "shipments": svarut_bench.shipments, "search": search_bench.search,
               "look_ups": lambda report, size: records_bench.held_look_ups(report, size, wrk)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="smoke")
    parser.add_argument("--only", nargs="*", choices=benches, default=[name for name in benches if name != "search"])
    parser.add_argument("--out", help="write the figures as JSON")
    arguments = parser.parse_args()
    report = Report()
    for name in arguments.only:
        benches[name](report, SIZES[arguments.size])
    if arguments.out:
        pathlib.Path(arguments.out).write_text(json.dumps(report.rows, indent=1))
    print("Every figure that gates is within its goal." if not report.failed else "A figure that gates is outside its goal.")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
