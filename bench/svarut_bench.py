"""A large file by SvarUt, open and encrypted for it, and back in by SvarInn: in constant memory."""

import os
import time

from harness import memory_of
from report import MIB, at_most
from svarut_world import RECIPIENT, SvarUtWorld, TENANT
from systems_inbox import SystemsInbox

PATIENCE = 3600


def shipments(report, size):
    length = size["shipment"]
    print(f"A file of {length / (1 << 30):.2f} GiB by SvarUt at both levels, and in by SvarInn")
    with SvarUtWorld(way='delivery = "digital"') as world:
        world.start()
        block = os.urandom(MIB)
        status, answer = world.call("POST", "/v1/documents", (block for _ in range(length // MIB)), {"Content-Length": str(length)},
                                    timeout=PATIENCE)
        assert status == 201, (status, answer)
        file = {"sha256": answer["sha256"], "name": "stor.zip", "mediaType": "application/zip"}

        def ship(**members):
            status, answer = world.post(world.letter(documents=[file], **members))
            assert status == 202, (status, answer)
            return answer["id"]
        began = time.monotonic()
        openly = ship(recipient={"organisation": RECIPIENT})
        world.wait_for(openly, "delivered", seconds=PATIENCE)
        report.add("shipment: out, open", length / MIB / (time.monotonic() - began), "MiB/s")
        began = time.monotonic()
        secret = ship(recipient={"organisation": TENANT}, securityLevel=4)
        item = SystemsInbox(world, "arkiv").wait_for_one(PATIENCE)
        report.add("shipment: out at level 4 and in by SvarInn", length / MIB / (time.monotonic() - began), "MiB/s")
        for documents in (item["documents"], world.shipment_of(openly)["documents"], world.shipment_of(secret)["documents"]):
            assert [file["sha256"]] == [one["sha256"] for one in documents], documents
        report.add("shipment: highest resident memory", memory_of(world.gateway.pid)["VmHWM"] / MIB, "MiB", 64, at_most, gate=64)
