"""Fiks IO measured: messages out of a real RabbitMQ until they are stored and acknowledged, beside npm amqplib that only consumes and
acknowledges; sealed messages to another account, beside what the processor can sign; and one large payload both ways.

What limits all of it is RSA with the private key, one operation a message. OpenSSL's own rate is measured in the same run.
"""

import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time
import uuid

from fiks_world import FiksWorld
from harness import SOURCE, cpu_seconds, memory_of, wait_until
from report import MIB, at_least, at_most

ASKED = "no.ks.fiks.plan.v2.innsyn.arealplan.hent"      # no answer is due when it is stored
MADE = "no.ks.fiks.plan.v2.oppdatering.arealplan.opprett"
LARGE = "no.nav.digisos.soknad.v1"                      # carries files of any name
PAYLOAD = 4096
PREFETCH = 100
WARM = 300                                              # messages in before the clock starts: the first ones make the folders they lie in
SENDERS = 8
KEYS = ("rsa3072", "rsa2048")                           # the first is what Norwegian business certificates have
# What a change may not fall behind, far below what is measured: broker, peer and we share the processors with whatever else runs.
RECEIVE_RATIO_MIN = {"rsa3072": 0.04, "rsa2048": 0.08}
SEND_RATIO_MIN = 0.12
NODE = SOURCE / "tests" / "node"


def signatures_per_second():
    """What one processor signs or unwraps with a private key, as OpenSSL says it: {rsa3072: 1/s}."""
    done = subprocess.run(["openssl", "speed", "-seconds", "2", *KEYS, "rsa4096"], capture_output=True, text=True, timeout=120, check=True)
    found = re.findall(r"^rsa (\d+) bits\s+\S+\s+\S+\s+(\S+)", done.stdout, re.M)
    return {f"rsa{bits}": float(rate) for bits, rate in found}


def amqplib(world, queue, count):
    """npm amqplib takes and acknowledges as many, over TLS from the same broker; its figures."""
    material = world.material
    order = {"port": int(material["amqp_port"]), "ca": material["amqp_ca"], "user": material["amqp_operator"],
             "password": pathlib.Path(material["amqp_operator_password_file"]).read_text().strip(), "queue": queue, "count": count,
             "prefetch": PREFETCH, "then": "count"}
    file = world.folder / "amqplib.json"
    file.write_text(json.dumps(order))
    done = subprocess.run([NODE / "node_modules" / ".bin" / "node", NODE / "fiks_amqp.mjs", file], capture_output=True, text=True, timeout=300)
    for line in done.stdout.splitlines():
        said = json.loads(line)
        if "seconds" in said:
            assert said["taken"] == count, said
            return said
    raise SystemExit(f"amqplib said: {done.stdout}{done.stderr}")


def many(count, work, at_once=4):
    """`work(number)` for each number below `count`, several at once."""
    faults = []

    def run(first):
        try:
            for number in range(first, count, at_once):
                work(number)
        except BaseException as fault:      # told by the caller's thread
            faults.append(fault)
    threads = [threading.Thread(target=run, args=(first,)) for first in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def own_key(world, kind):
    """A key of another length that opens what comes in, and its certificate in the catalogue."""
    key, certificate = world.folder / f"{kind}.pem", world.folder / f"{kind}.crt"
    subprocess.run(["openssl", "req", "-x509", "-newkey", kind.replace("rsa", "rsa:"), "-nodes", "-subj", "/CN=Sandkassa kommune", "-days", "30",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60)
    world.fiks_extra += f"\nopening_keys = [\"file:{key}\"]"
    return certificate.read_text()


class ReceivingWorld(FiksWorld):
    """`kind`: the length of the key that the account's messages are sealed for."""

    def __init__(self, kind):
        super().__init__(fiks_extra=f"prefetch = {PREFETCH}")
        self.kind = kind

    def start_fiks(self):
        super().start_fiks()
        if self.kind != KEYS[0]:
            self.set_account(self.material["account"], certificate=own_key(self, self.kind))

    def account(self, account):
        found, = (one for one in self.fiks.state()["accounts"] if one["id"] == account)
        return found

    def set_account(self, account, **members):
        self.fiks.control("/control/accounts", {**self.account(account), **members})

    def introduce(self):
        """Senders beside the neighbour, whose messages need no order among each other."""
        neighbour = self.account(self.material["echo_account"])
        senders = [neighbour["id"]]
        for _ in range(SENDERS - 1):
            senders.append(str(uuid.uuid4()))
            self.fiks.control("/control/accounts", {"id": senders[-1], "organisation": neighbour["organisation"], "name": "Fagsystem",
                                                    "certificate": neighbour["certificate"]})
        return senders


def broker_pid(standin):
    """RabbitMQ, which the stand-in started and which takes of the same processors."""
    children, found = [standin], None
    while children and found is None:
        parent = children.pop()
        for child in pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            children.append(int(child))
            if pathlib.Path(f"/proc/{child}/comm").read_text().startswith("beam"):
                found = int(child)
    return found


def figures_when(world, acknowledged):
    """As soon as so many are acknowledged: how many, moment, seconds of the processor, flushes, and the broker's seconds. Asked ten times
    a second: what is asked for is made by the processor that is measured."""
    wait_until(lambda: world.metrics_sum("sluse_fiks_io_acknowledged_total") >= acknowledged, 600, world.gateway.words, pause=0.1)
    broker = broker_pid(world.fiks.process.pid)
    return (world.metrics_sum("sluse_fiks_io_acknowledged_total"), time.monotonic(), cpu_seconds(world.gateway.pid),
            world.metrics().get("sluse_store_flushes", 0), cpu_seconds(broker) if broker else 0)


def receive(report, size):
    """A full queue, until every message of it is stored and acknowledged; and amqplib with as many of the same."""
    count = size["fiks"]
    limits = signatures_per_second()
    for name, rate in limits.items():
        report.add(f"fiks: {name} private key, openssl, one processor", rate, "1/s")
    for kind in KEYS:
        print(f"Fiks IO: {count} messages of 4 KB in, sealed for {kind}")
        with ReceivingWorld(kind) as world:
            world.start()
            world.gateway.stop()
            senders = world.introduce()
            files = [{"name": "payload.json", "size": PAYLOAD}]
            many(count, lambda number: world.neighbour_sends(ASKED, files, **{"from": senders[number % SENDERS]}))
            peers = world.material["other_account"]
            world.set_account(peers, certificate=world.account(world.material["account"])["certificate"])
            world.fiks.control("/control/message", {"type": ASKED, "to": peers, "files": files, "repeat": count})
            world.start_gateway()
            before = figures_when(world, WARM)
            after = figures_when(world, count)
            done, seconds, cpu, flushes, broker = (late - early for late, early in zip(after, before))
            kept = world.metrics_sum("sluse_fiks_io_received_total", 'kept="stored"')
            assert kept == count and world.aside() == [], (kept, world.aside())
            peer = amqplib(world, f"fiksio.konto.{peers}", count)
            ours, theirs = done / seconds, count / peer["seconds"]
            report.add(f"fiks receive, {kind}: stored and acknowledged", ours, "1/s", 1000, at_least)
            report.add(f"fiks receive, {kind}: CPU per message", cpu / done * 1e6, "µs")
            report.add(f"fiks receive, {kind}: broker's CPU per message", broker / done * 1e6, "µs")
            report.add(f"fiks receive, {kind}: of it RSA", 1e6 / limits[kind], "µs")
            report.add(f"fiks receive, {kind}: flushes/s", flushes / seconds, "1/s")
            report.add(f"fiks receive, {kind}: amqplib, consume and ack alone", theirs, "1/s")
            report.add(f"fiks receive, {kind}: amqplib, CPU per message", peer["cpu"] / count * 1e6, "µs")
            report.add(f"fiks receive, {kind}: ratio to amqplib", ours / theirs, "", gate=RECEIVE_RATIO_MIN[kind], good=at_least)


def send(report, size):
    """Sealed messages to an account where nobody opens them, against signatures of the same key."""
    count = size["fiks"]
    print(f"Fiks IO: {count} sealed messages out")
    limit = signatures_per_second()[KEYS[0]]
    with ReceivingWorld(KEYS[0]) as world:
        world.start()
        other = world.material["other_account"]
        world.set_account(other, certificate=world.account(world.material["account"])["certificate"])
        payload = {"innhold": "Vi kommer på tilsyn. " * 180}
        world.fiks.process.process.send_signal(signal.SIGSTOP)      # nothing goes out while the messages come in
        many(count, lambda _: world.say(MADE, payload, to={"account": other}))
        cpu = cpu_seconds(world.gateway.pid)
        began = time.monotonic()
        world.fiks.process.process.send_signal(signal.SIGCONT)
        wait_until(lambda: world.metrics_sum("sluse_outcomes_total", "accepted") >= count, 600, world.gateway.words, pause=0.05)
        seconds = time.monotonic() - began
        cpu = cpu_seconds(world.gateway.pid) - cpu
        sent = world.queue(other)["messages"]
        assert sent == count, (sent, count)
        report.add("fiks send: sealed messages/s", count / seconds, "1/s")
        report.add("fiks send: CPU per message", cpu / count * 1e6, "µs")
        report.add("fiks send: of it RSA, one signature", 1e6 / limit, "µs")
        report.add("fiks send: ratio to one processor's signatures", count / seconds / limit, "", gate=SEND_RATIO_MIN, good=at_least)


def large(report, size):
    """One payload out to our own account, and in again by the dokumentlager."""
    length = size["fiks_large"]
    print(f"Fiks IO: a payload of {length / (1 << 30):.2f} GiB out and in")
    grants = """
[system.sak]
grants = ["send:protocol", "receive:protocol"]
[[inbox_route]]
id = "fiks"
type = "protocol/v1"
to = ["sak"]
[[route]]
id = "protokoll"
type = "protocol/v1"
use = [{ connection = "fiks" }]
"""
    with FiksWorld(tenant_extra=grants) as world:
        world.start()
        digest = hashlib.sha256()
        block = os.urandom(MIB)

        def blocks():
            for number in range(length // MIB):
                piece = number.to_bytes(8, "big") + block[8:]
                digest.update(piece)
                yield piece

        status, document = world.call("POST", "/v1/documents", blocks(), {"Content-Length": str(length)}, timeout=3600)
        assert status == 201, (status, document)
        uploaded = memory_of(world.gateway.pid)["VmHWM"]
        began = time.monotonic()
        message = {"type": "protocol", "version": 1, "messageType": LARGE, "to": {"account": world.material["account"]},
                   "documents": [{"sha256": document["sha256"], "name": "vedlegg.bin"}]}
        status, accepted = world.post(message)
        assert status == 202, (status, accepted)
        wait_until(lambda: world.metrics_sum("sluse_outcomes_total", "accepted") >= 1, 3600, world.gateway.words, pause=0.05)
        went_out = time.monotonic() - began
        out_peak = memory_of(world.gateway.pid)["VmHWM"]
        item = wait_until(lambda: world.inbox.take(wait=20), 3600, world.gateway.words)[0]
        came_in = time.monotonic() - began - went_out
        got, = item["content"]["documents"]
        assert (got["sha256"], got["size"]) == (digest.hexdigest(), length), got
        world.inbox.ack(item)
        report.add("fiks large: out", length / MIB / went_out, "MiB/s")
        report.add("fiks large: in", length / MIB / came_in, "MiB/s")
        report.add("fiks large: highest resident memory, upload", uploaded / MIB, "MiB", 64, at_most)
        report.add("fiks large: highest resident memory, upload and out", out_peak / MIB, "MiB", 64, at_most, gate=64)
        report.add("fiks large: highest resident memory, all", memory_of(world.gateway.pid)["VmHWM"] / MIB, "MiB", 64, at_most, gate=64)
