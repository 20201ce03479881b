"""kill -9 around the inbox: every system of a route has one copy, keeps what it acknowledged, and an answer is told until it is known."""

import contextlib
import http.client
import pathlib
import sys
import unittest

from places import crash_points

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from broker_world import BrokerWorld, QUICK, wait_until  # noqa: E402
from forms_world import FormsWorld  # noqa: E402
from harness import SLOW  # noqa: E402
from systems_inbox import SystemsInbox  # noqa: E402

DATA = b"PK" + bytes(range(256)) * 40
LEASE = QUICK + "[inbox]\nlease_seconds = 5\n"
# Of the ways into the store these are passed with a file on its way in, too: how often, before it dies.
STORE = [f"{point}:{passes}" for point in ("store.before_commit", "store.after_commit") for passes in (2, 4, 6, 8)]


class InboxTest(unittest.TestCase):
    def work(self, system, acknowledged):
        """One turn of a system: takes what there is and acknowledges it. False when the program is gone."""
        try:
            for item in system.take():
                status, answer = system.settle(item, "ack")
                self.assertEqual(200, status, answer)
                acknowledged.append((system.system, item["id"]))
        except (OSError, http.client.HTTPException):
            return False
        return True

    def try_file(self, wish):
        with BrokerWorld(config_extra=LEASE) as world:
            world.start()
            systems = [SystemsInbox(world, name) for name in ("arkiv", "post")]
            world.gateway.stop(SLOW)
            acknowledged = []
            with contextlib.suppress(AssertionError):     # it may die before it says that it is ready
                world.start_gateway({"SLUSE_CRASH_POINT": wish})
            sent = world.other_sends(DATA)

            def dead():
                return not all([self.work(system, acknowledged) for system in systems]) and not world.gateway.running()
            wait_until(dead, SLOW, lambda: f"{wish} was never reached; {world.gateway.words()}")
            self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
            if world.status_of(sent) == "AllConfirmedDownloaded":
                self.assertEqual([("arkiv", 1), ("post", 1)], world.copies(), "confirmed before it was durable")
            kept = list(acknowledged)
            world.start_gateway()
            wait_until(lambda: world.status_of(sent) == "AllConfirmedDownloaded", SLOW, world.gateway.words)

            def settled():
                for system in systems:
                    self.assertTrue(self.work(system, acknowledged), world.gateway.words())
                return all([system.state(one) for one in system.everything()] == ["acknowledged"] for system in systems)
            wait_until(settled, SLOW, world.gateway.words)
            self.assertEqual([("arkiv", 1), ("post", 1)], world.copies())
            self.assertEqual(1, world.inbound())
            for system in systems:
                item = system.everything()[0]
                self.assertEqual(["received", "acknowledged"], system.events_of(item))
                self.assertLessEqual(acknowledged.count((system.system, item)), 1, "handed out after its acknowledgement was answered")
            self.assertLessEqual(set(kept), set(acknowledged))

    def test_an_answer_is_told_again_after_a_kill_before_it_was_noted(self):
        with FormsWorld(webhooks=False) as world:
            world.start()
            world.gateway.stop(SLOW)
            world.start_gateway({"SLUSE_CRASH_POINT": "inbox.told"})
            form = world.submit()
            item = world.inbox.wait_for_one()
            answer = {"substatus": {"label": "Avvist", "description": "Gjelder en annen kommune"}}
            with contextlib.suppress(OSError, http.client.HTTPException):     # the answer may be lost with it
                world.inbox.reject(item, "feil kommune", answer=answer)
            wait_until(lambda: not world.gateway.running(), SLOW, world.gateway.words)
            self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
            self.assertEqual(answer["substatus"], world.instance(form)["status"]["substatus"])
            world.start_gateway_after_claims()
            wait_until(lambda: world.metrics_sum("sluse_inbox_settlements_total", 'result="told"') == 1, SLOW, lambda: str(world.metrics()))
            self.assertEqual(answer["substatus"], world.instance(form)["status"]["substatus"])
            self.assertEqual("rejected", world.inbox.state(item["id"]))
            self.assertEqual(["received", "rejected"], world.inbox.events_of(item["id"]))
            self.assertEqual([form], [one["instance"] for one in world.arrived()])


def test_of(wish, name):
    def test(self):
        self.try_file(wish)
    test.__name__ = name
    test.__doc__ = f"Each system's copy survives a kill at {wish}."
    return test


def wishes():
    for point in crash_points():
        if point.startswith("inbox.") and point != "inbox.told":
            yield point
            yield f"{point}:2"
    yield from STORE


for _wish in wishes():
    if _wish != "inbox.stored:2":       # there is one file
        _name = "test_each_copy_survives_a_kill_at_" + _wish.replace(".", "_").replace(":", "_pass_")
        setattr(InboxTest, _name, test_of(_wish, _name))


if __name__ == "__main__":
    unittest.main(verbosity=2)
