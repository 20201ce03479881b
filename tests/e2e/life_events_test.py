"""What happens in Folkeregisteret and Enhetsregisteret reaches the systems that may know of it, by page, stream and webhook, and no
others, also after a month away; the next look-up has the new address."""

import collections
import http.client
import json
import unittest
import urllib.parse

from harness import ask, SLOW, TENANT, wait_until
from life_events_world import LifeEventsWorld
from webhooks_test import Receiver, WEBHOOKS


DAY = 24 * 3600


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
        self.assertEqual({"protected"}, {one["sensitivity"] for one in report["held"]}, "whose child one is, and by which number")
        self.assertNotIn(number, world.gateway.words(1_000_000))

    def test_a_birth_is_told_to_who_knows_a_parent_and_may_know_and_the_child_is_found_by_the_handle(self):
        world = self.world
        mother = world.somebody(nth=10)
        knows = {purpose: world.found(purpose, mother["number"]) for purpose in ("opptak", "barnevern")}
        known = {purpose: len(world.events(purpose)) for purpose in knows}
        child = world.happens(mother, "born")["number"]
        event = world.wait_for_events("barnevern", known["barnevern"] + 1)[-1]
        self.assertEqual(("no.sluse.person.born.v1", "barnevern"), (event["type"], event["data"]["purpose"]))
        self.assertNotIn(event["subject"], [one["handle"] for one in knows.values()])
        self.assertNotIn(child, json.dumps(event))
        status, born, _ = world.ask_records("GET", f"/v1/persons/{event['subject']}?dataset=person", purpose="barnevern")
        self.assertEqual((200, "NYFØDT"), (status, born["values"]["names"]["first"]), born)
        self.assertEqual([mother["number"]], [one["nationalId"] for one in born["values"]["family"]["parents"]])
        self.assertEqual(known["opptak"], len(world.events("opptak")), "it may not see whose child it is")

    def test_a_person_nobody_asked_about_is_told_to_nobody(self):
        world = self.world
        stranger, known = world.somebody(nth=2), world.somebody(nth=3)
        world.found("opptak", known["number"])
        count = len(world.events("opptak"))
        world.happens(stranger, "move")
        world.happens(known, "die")
        event = world.wait_for_events("opptak", count + 1)[-1]
        self.assertEqual("no.sluse.person.died.v1", event["type"])

    def test_after_a_month_away_all_that_happened_is_told_once_and_nothing_is_passed_over(self):
        world = self.world
        people = [world.somebody(nth=i) for i in range(4, 10)]
        before = {one["number"]: world.found("opptak", one["number"]) for one in people}
        unit = world.organisations.state()["first"][1]["organisasjonsnummer"]
        self.assertEqual("active", world.organisation(unit)["values"]["status"])
        known = {purpose: len(world.events(purpose)) for purpose in ("opptak", "nabovarsel")}
        world.gateway.stop(SLOW)
        everybody = [one["number"] for one in world.persons.control("/control/people")]
        moves = 2_100 + len(everybody) // 2     # in turn, and more than two pages of the register
        world.persons.control("/control/events", {"count": moves})
        world.organisations.control("/control/updates", {"count": 600})     # one each, more than a page too
        for one in people[:3]:
            world.happens(one, "die")
        world.organisations.control("/control/unit", {"number": unit, "act": "delete"})
        for register in (world.persons, world.organisations):
            register.fault(kind="feed_repeat")      # the first change of a page twice
        world.later(31 * DAY)
        world.start_gateway()
        def told(purpose):
            return world.events(purpose)[known[purpose]:]
        dead = before[people[2]["number"]]["handle"]    # whose death is the last event of all
        wait_until(lambda: ("no.sluse.person.died.v1", dead) in [(one["type"], one["subject"]) for one in told("opptak")], SLOW,
                   lambda: world.gateway.words())
        wait_until(lambda: len(told("nabovarsel")) >= 2, SLOW, lambda: world.gateway.words())
        events = told("opptak")
        counted = collections.Counter((one["subject"], one["type"]) for one in events)
        for number, place in ((one["number"], everybody.index(one["number"])) for one in people):
            handle = before[number]["handle"]
            moved = moves // len(everybody) + (place < moves % len(everybody))
            self.assertEqual(moved, counted[(handle, "no.sluse.person.moved.v1")], number)
            self.assertEqual(int(number in [one["number"] for one in people[:3]]), counted[(handle, "no.sluse.person.died.v1")], number)
            logged = [one for one in world.told_in_log([handle]) if one["system"] == "barnehage"]
            self.assertEqual(moved + counted[(handle, "no.sluse.person.died.v1")], len(logged))
        self.assertEqual(len(events), len({one["id"] for one in events}))
        self.assertEqual(["no.sluse.organisation.changed.v1", "no.sluse.organisation.deleted.v1"], [one["type"] for one in told("nabovarsel")])
        self.assertEqual({(unit, "nabovarsel")}, {(one["data"]["organisation"], one["data"]["purpose"]) for one in told("nabovarsel")})
        self.assertEqual([], world.events("opptak", ("no.sluse.feed.", "no.sluse.organisation.")), "a gap, or what it may not know")
        self.assertEqual(0, world.metrics_sum("sluse_feed_gaps_total"))
        self.assertEqual("deleted", world.organisation(unit)["values"]["status"])
        self.assertNotEqual(residence(before[people[5]["number"]]), residence(world.found("opptak", people[5]["number"])))

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
