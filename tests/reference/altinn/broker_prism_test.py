"""Files through Broker with the real program, both ways, and Prism as a proxy before the stand-in: no call of ours, and no answer
to it, breaks the derived document. The multipart call, which it cannot describe, is read by Python's own parser.
"""

import contextlib
import email
import email.policy
import hashlib
import unittest

from watch import DOCUMENTS, prism, watching  # first: it knows where the harness is
from broker_world import BrokerWorld, OTHER, TENANT
from harness import QUICK, SLOW, wait_until

API = "/broker/api/v1/filetransfer"
DATA = b"Prism reads bodies as text, and would change bytes that are none.\n" * 300


class BrokerPrismTest(unittest.TestCase):
    @contextlib.contextmanager
    def world(self, **settings):
        with watching(self) as watch, BrokerWorld(config_extra=QUICK, **settings) as world:
            world.start_standins()
            watch.standin = world.broker.url
            watch.exempt = (f"{API}/upload",)
            with prism(world.folder, DOCUMENTS / "altinn-broker-v1.derived.openapi.json", watch.standin) as judge:
                watch.judges = [("/broker/", judge)]
                # What the configuration is written with.
                world.config_extra = world.config_extra.replace(world.broker.url, watch.url)
                world.start()
                yield world, watch

    def goes_out(self, world):
        status, answer = world.post(world.transfer(), {"fil": DATA})
        self.assertEqual(202, status, answer)
        world.wait_for(answer["id"], "delivered", seconds=SLOW)
        made = next(one for one in world.transfers() if one["sha256"] == hashlib.sha256(DATA).hexdigest())["fileTransferId"]
        self.assertEqual(DATA, world.as_organisation(OTHER, "GET", f"/{made}/download"))
        world.as_organisation(OTHER, "POST", f"/{made}/confirmdownload")
        world.wait_for(answer["id"], "read", seconds=SLOW)

    def test_a_file_in_one_call_and_its_receipts_go_through_the_proxy_without_a_violation(self):
        with self.world(receive=False) as (world, watch):
            self.goes_out(world)
        self.assertEqual(1, len(watch.forms))
        content_type, body = watch.forms[0]
        form = email.message_from_bytes(f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode() + body,
                                        policy=email.policy.HTTP)
        self.assertEqual([], form.defects)
        parts = {part.get_param("name", header="Content-Disposition"): part.get_payload(decode=True) for part in form.iter_parts()}
        self.assertEqual(DATA, parts["FileTransfer"])
        self.assertEqual(b"rapport.zip", parts["Metadata.FileName"])
        self.assertEqual(hashlib.md5(DATA).hexdigest().encode(), parts["Metadata.Checksum"])

    def test_a_file_in_two_calls_goes_through_the_proxy_without_a_violation(self):
        with self.world(receive=False, broker_extra="form_bytes_max = 0") as (world, watch):
            self.goes_out(world)
        self.assertEqual(1, watch.calls[("POST", "application/octet-stream")])

    def test_a_file_in_pieces_goes_through_the_proxy_without_a_violation(self):
        extra = "form_bytes_max = 0\nresumable_from_bytes = 1\npiece_bytes = 5000"
        with self.world(receive=False, broker_extra=extra) as (world, watch):
            self.goes_out(world)
        self.assertEqual(4, watch.calls[("PATCH", "application/offset+octet-stream")])

    def test_a_file_in_goes_through_the_proxy_without_a_violation(self):
        with self.world() as (world, watch):
            sent = world.other_sends(DATA)
            wait_until(lambda: world.status_of(sent) == "AllConfirmedDownloaded", SLOW, world.gateway.words)
            self.assertEqual(1, world.inbound())
        for call in (("GET", API), ("GET", f"{API}/{sent}/download"), ("POST", f"{API}/{sent}/confirmdownload")):
            self.assertGreaterEqual(watch.asked[call], 1, call)


if __name__ == "__main__":
    unittest.main(verbosity=2)
