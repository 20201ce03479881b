"""What happens in Folkeregisteret reaches the systems that may know of it, by page, stream and webhook, and no others; the next
look-up has the new address."""

import http.client
import json
import unittest
import urllib.parse

from harness import ask, SLOW, wait_until
from life_events_world import LifeEventsWorld
from webhooks_test import Receiver, WEBHOOKS


def residence(found):
    return found["values"]["addresses"]["residence"]


class LifeEventsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = cls.enterClassContext(LifeEventsWorld(more_config=WEBHOOKS))
        cls.world.start()

    def test_a_move_reaches_who_may_know_and_the_next_look_up_has_the_new_address(self):
        world = self.world
        person = world.somebody(nth=1)
        before = world.found("opptak", person["number"])
        world.found("nabovarsel", person["number"])     # holds the person too, for a purpose without events
        receiver = Receiver(world.folder)
        self.addCleanup(receiver.process.kill)
        subscribed, _, made = ask(world.url, "POST", "/v1/subscriptions", json.dumps({"url": receiver.url + "/hook",
                                  "events": ["no.sluse.person.*"]}), self.headers("opptak"))
        self.assertEqual(201, subscribed, made)
        receiver.trust([json.loads(made)["secret"]])
        known = {purpose: len(world.events(purpose)) for purpose in ("opptak", "nabovarsel", "barnevern")}
        world.happens(person, "move")
        event = world.wait_for_events("opptak", known["opptak"] + 1)[-1]
        self.assertEqual(("no.sluse.person.moved.v1", before["handle"]), (event["type"], event["subject"]))
        self.assertEqual({"handle", "purpose", "registered", "code", "params"}, set(event["data"]))
        self.assertEqual((before["handle"], "opptak"), (event["data"]["handle"], event["data"]["purpose"]))
        self.assertNotIn(person["number"], json.dumps(event))
        wait_until(lambda: event["id"] in receiver.taken(), SLOW, lambda: receiver.calls())
        self.assertEqual(event["id"], self.first_of_stream("opptak", event)["id"])
        self.assertEqual(known["nabovarsel"], len(world.events("nabovarsel")))
        self.assertEqual(known["barnevern"], len(world.events("barnevern")))
        self.assertEqual(1, len(world.told_in_log([before["handle"]])))
        after = world.found("opptak", person["number"])
        self.assertNotEqual(residence(before), residence(after))

    def test_a_person_nobody_asked_about_is_told_to_nobody(self):
        world = self.world
        stranger, known = world.somebody(nth=2), world.somebody(nth=3)
        world.found("opptak", known["number"])
        count = len(world.events("opptak"))
        world.happens(stranger, "move")
        world.happens(known, "die")
        event = world.wait_for_events("opptak", count + 1)[-1]
        self.assertEqual("no.sluse.person.died.v1", event["type"])

    def headers(self, purpose):
        return {"Authorization": f"Bearer {self.world.keys[purpose]}", "Content-Type": "application/json"}

    def first_of_stream(self, purpose, wanted):
        """The event as the stream tells it."""
        address = urllib.parse.urlsplit(self.world.url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=SLOW)
        self.addCleanup(connection.close)
        connection.request("GET", "/v1/events", headers={**self.headers(purpose), "Accept": "text/event-stream"})
        answer = connection.getresponse()
        self.assertEqual(200, answer.status)
        for line in answer:
            if line.startswith(b"data: "):
                event = json.loads(line[6:])
                if event["id"] == wanted["id"]:
                    return event
        return self.fail("the stream ended")


if __name__ == "__main__":
    unittest.main(verbosity=2)
