"""kill -9 at each step of a file through Altinn Broker: out, it is there once; in, it is stored once and confirmed only then."""

import hashlib
import unittest

from places import crash, crash_points
from broker_world import BrokerWorld, OTHER, QUICK, wait_until
from harness import SLOW

DATA = b"PK" + bytes(range(256)) * 40
MADE = ("altinn_broker.before_make", "altinn_broker.made", "altinn_broker.id_known")
# How the file has to go for a place to be passed, by its name.
WAYS = {
    "altinn_broker.before_form": "", "altinn_broker.form_sent": "",
    "altinn_broker.before_upload": "form_bytes_max = 0", "altinn_broker.uploaded": "form_bytes_max = 0",
    **{name: "form_bytes_max = 0" for name in MADE},
    **{name: "form_bytes_max = 0\nresumable_from_bytes = 1\npiece_bytes = 4000"
       for name in ("altinn_broker.before_resumable", "altinn_broker.resumable_begun", "altinn_broker.piece_sent")},
}
INWARD = ("altinn_broker.before_fetch", "altinn_broker.fetched", "altinn_broker.stored", "altinn_broker.confirmed")
SEEN = ("UploadProcessing", "Published", "AllConfirmedDownloaded")


class BrokerTest(unittest.TestCase):
    def test_every_place_is_tried(self):
        named = {point for point in crash_points() if point.startswith("altinn_broker.")}
        self.assertEqual(named, set(WAYS) | set(INWARD))

    def try_out(self, point):
        with BrokerWorld(config_extra=QUICK, broker_extra=WAYS[point], receive=False) as world:
            world.start()
            world.gateway.stop(SLOW)
            accepted = crash(self, world, point, world.transfer(), {"fil": DATA}, f"krasj-{point}")
            self.assertIsNotNone(accepted)
            world.start_gateway()
            if point in ("altinn_broker.before_form", "altinn_broker.form_sent"):
                # What was cut off may still arrive: it is believed missing two minutes later.
                found = wait_until(lambda: world.transfers() or point.endswith("before_form"), SLOW)
                if point.endswith("before_form"):
                    wait_until(lambda: world.message(accepted)["state"] == "pending", SLOW)
                    self.assertEqual([], world.transfers())
                    return
                self.assertTrue(found)
            world.wait_for(accepted, "delivered", seconds=SLOW)
            seen = [one for one in world.transfers() if one["fileTransferStatus"] in SEEN]
            self.assertEqual([hashlib.sha256(DATA).hexdigest()], [one["sha256"] for one in seen], world.transfers())
            events = world.events_of(accepted)
            for event in ("accepted", "sent", "delivered"):
                self.assertEqual(1, events.count(event), events)
            made = seen[0]["fileTransferId"]
            self.assertEqual(DATA, world.as_organisation(OTHER, "GET", f"/{made}/download"))
            world.as_organisation(OTHER, "POST", f"/{made}/confirmdownload")
            world.wait_for(accepted, "read", seconds=SLOW)

    def try_in(self, point):
        with BrokerWorld(config_extra=QUICK) as world:
            world.start()
            world.gateway.stop(SLOW)
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            sent = world.other_sends(DATA)
            wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
            if world.status_of(sent) == "AllConfirmedDownloaded":
                self.assertEqual(1, world.inbound(), "confirmed before it was durable")
            world.start_gateway()
            wait_until(lambda: world.status_of(sent) == "AllConfirmedDownloaded", SLOW, world.gateway.words)
            self.assertEqual(1, world.inbound())
            self.assertEqual([("arkiv", 1), ("post", 1)], world.copies())


def test_of(what, point, name):
    def test(self):
        getattr(self, what)(point)
    test.__name__ = name
    test.__doc__ = f"A file survives a kill at {point}."
    return test


for _what, _points in (("try_out", WAYS), ("try_in", INWARD)):
    for _point in _points:
        _name = f"test_a_file_survives_a_kill_at_{_point.split('.')[1]}"
        setattr(BrokerTest, _name, test_of(_what, _point, _name))


if __name__ == "__main__":
    unittest.main(verbosity=2)
