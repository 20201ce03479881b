"""What happens in Folkeregisteret reaches the systems that may know of it, by page, stream and webhook, and no others; the next
look-up has the new address."""

import http.client
import json
import unittest
import urllib.parse

from harness import ask, SLOW, TENANT, wait_until
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

    def test_who_gets_a_new_number_is_told_of_by_the_handle_that_is_known_and_is_one_person_from_then_on(self):
        world = self.world
        person = world.somebody(nth=3)
        before = {purpose: world.found(purpose, person["number"]) for purpose in ("opptak", "barnevern")}
        self.assertNotIn("ended", before["opptak"])
        known = {purpose: len(world.events(purpose)) for purpose in before}
        number = world.happens(person, "renumber")["number"]
        for purpose in before:
            event = world.wait_for_events(purpose, known[purpose] + 1)[-1]
            self.assertEqual(("no.sluse.person.contact-changed.v1", before[purpose]["handle"]), (event["type"], event["subject"]))
            self.assertNotIn(number, json.dumps(event))
        after = {purpose: world.found(purpose, person["number"]) for purpose in before}
        now = world.found("barnevern", number)
        self.assertEqual((True, now["handle"]), (after["barnevern"]["ended"], after["barnevern"]["replacedBy"]))
        self.assertEqual(True, after["opptak"]["ended"])
        self.assertNotIn("replacedBy", after["opptak"])
        self.assertNotIn("ended", now)
        status, log, _ = world.ask_records("GET", f"/v1/persons/{now['handle']}/access-log")
        self.assertEqual(200, status, log)
        self.assertIn("records.id_replaced", [entry.get("code") for entry in log["items"]])
        report = json.loads(world.sluse("report", "person", "--handle", now["handle"], "--json", "--why", "innsyn", "--config", world.config,
                                        "--tenant", TENANT, timeout=SLOW))
        self.assertEqual([before["opptak"]["handle"]], report["otherHandles"])
        self.assertNotIn(number, world.gateway.words(1_000_000))

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
