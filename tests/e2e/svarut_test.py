"""Letters and files by SvarUt to each kind of recipient, once whatever is lost on the way; what comes in by SvarInn, whole or not at all."""

import unittest

from harness import SLOW
from svarut_world import ADDRESS, NHN_CONTACT, PDF, PERSON, RECIPIENT, RESERVED, sha256, SvarUtWorld, TENANT, wait_until
from systems_inbox import SystemsInbox

PATIENT = {"person": "17912099997", "givenName": "Ola", "familyName": "Eksempel"}


class SendingTest(unittest.TestCase):
    def test_a_letter_to_each_kind_of_recipient_is_followed_to_its_end(self):
        with SvarUtWorld(way='delivery = "any", ' + NHN_CONTACT, receive=False) as world:
            world.start()
            person = world.write()
            reserved = world.write(recipient={"person": RESERVED})
            organisation = world.write(recipient={"organisation": RECIPIENT})
            doctor = world.write(recipient={"nhn": {"herId": "8094866", "patient": PATIENT}})
            general = world.write(recipient={"nhn": {"gpOf": PATIENT["person"], "patient": PATIENT}})
            secret = world.write(b"%PDF hemmelig", securityLevel=4)
            coloured = world.write(recipient={"person": RESERVED}, print={"colour": True})
            for letter, kind, event in ((person, "person", "svarut.delivered_altinn"), (reserved, "person", "svarut.printed"),
                                        (organisation, "organisasjon", "svarut.delivered_altinn"),
                                        (doctor, "nhn", "svarut.delivered_health_network"),
                                        (general, "nhn", "svarut.delivered_health_network"),
                                        (secret, "person", "svarut.delivered_altinn"), (coloured, "person", "svarut.printed")):
                world.wait_for(letter, "delivered", seconds=SLOW)
                shipment = world.shipment_of(letter)
                self.assertEqual(kind, shipment["kind"])
                self.assertIn(event, world.codes_of(letter))
            self.assertEqual("v2", world.shipment_of(coloured)["version"])
            self.assertEqual([("HER_ID", 8094866), ("FASTLEGE", None)],
                             [(order["mottakertype"], order.get("mottakerHerId"))
                              for order in (world.shipment_of(one)["order"] for one in (doctor, general))])
            # What went encrypted was opened by SvarUt's own key, and is what was sent.
            shipment = world.shipment_of(secret)
            self.assertEqual((True, True), (shipment["order"]["kryptert"], shipment["readable"]))
            self.assertEqual(sha256(b"%PDF hemmelig"), shipment["documents"][0]["sha256"])
            world.let(world.shipment_of(person), "LEST")
            world.wait_for(person, "read", seconds=SLOW)
            self.assertEqual(1, world.events_of(person).count("delivered"), world.events_of(person))

    def test_policy_chooses_among_its_ways_and_the_next_takes_over_from_what_was_not_delivered(self):
        ways = ['with = { delivery = "digital" }, if = { recipient = "organisation" }', 'with = { delivery = "print" }']
        with SvarUtWorld(way=ways, receive=False) as world:
            world.start()
            # On paper at once: the letter must be.
            paper = world.write(recipient={"organisation": RECIPIENT}, mustBe="paper")
            world.wait_for(paper, "delivered", seconds=SLOW)
            self.assertEqual("print", world.shipment_of(paper)["kind"])
            # Nobody could be reached digitally: a second shipment, on paper, and no third.
            world.svarut.fault(kind="status_late", times=0)
            letter = world.write(recipient={"organisation": RECIPIENT})
            first, = wait_until(lambda: [one for one in world.shipments() if one["kind"] == "organisasjon"], SLOW, world.gateway.words)
            self.assertTrue(first["order"]["kunDigitalLevering"])
            world.let(first, "IKKE_LEVERT", "Ingen digital kanal")
            world.svarut.control("/control/faults", method="DELETE")
            world.wait_for(letter, "delivered", seconds=SLOW)
            self.assertEqual(["organisasjon", "print", "print"], sorted(one["kind"] for one in world.shipments()))
            self.assertIn("svarut.not_delivered", world.codes_of(letter))
            self.assertEqual(2, len(world.message(letter)["deliveries"]))

    def test_originals_are_deleted_once_delivered(self):
        with SvarUtWorld(receive=False, svarut_extra='delete_documents = "originals"') as world:
            world.start()
            letter = world.write()
            wait_until(lambda: "svarut.documents_deleted" in world.codes_of(letter), SLOW, world.gateway.words)
            self.assertEqual("ORIGINALDOKUMENTER", world.shipment_of(letter)["deleted"])
            self.assertEqual("delivered", world.message(letter)["state"])

    def test_paper_alone_goes_without_a_number(self):
        with SvarUtWorld(way='delivery = "print"', receive=False) as world:
            world.start()
            letter = world.write(mustBe="paper")
            world.wait_for(letter, "delivered", seconds=SLOW)
            shipment = world.shipment_of(letter)
            self.assertEqual(("print", ""), (shipment["kind"], shipment["recipient"]))
            self.assertNotIn(PERSON, str(shipment["order"]))

    def test_what_is_lost_on_the_way_is_found_or_sent_once(self):
        with SvarUtWorld(receive=False) as world:
            world.start()
            send = {"match": {"method": "POST", "path_suffix": "/person"}}
            world.svarut.fault(kind="cut_after_write", **send)
            found = world.write(title="Svaret ble borte")
            world.wait_for(found, "delivered", seconds=SLOW)
            self.assertIn("looked_up", world.codes_of(found))
            world.svarut.fault(kind="cut_before", **send)
            anew = world.write(title="Kom aldri fram")
            world.wait_for(anew, "delivered", seconds=SLOW)
            self.assertIn("svarut.sent_anew", world.codes_of(anew))
            world.svarut.fault(kind="status", status=503, **send)
            later = world.write(title="Senere")
            world.wait_for(later, "delivered", seconds=SLOW)
            world.svarut.fault(kind="status", status=500, after=True, **send)
            broken = world.write(title="Femhundre etter lagring")
            world.wait_for(broken, "delivered", seconds=SLOW)
            for letter in (found, anew, later, broken):
                world.shipment_of(letter)   # exactly one
            self.assertEqual(4, len(world.shipments()))

    def test_a_search_that_is_late_leads_to_no_second_shipment(self):
        with SvarUtWorld(receive=False) as world:
            world.start()
            world.svarut.fault(kind="cut_after_write", match={"method": "POST", "path_suffix": "/person"})
            world.svarut.fault(kind="search_blind", times=2)
            letter = world.write()
            world.wait_for(letter, "delivered", seconds=SLOW)
            world.shipment_of(letter)

    def test_statuses_told_late_and_twice_are_each_one_event(self):
        with SvarUtWorld(receive=False) as world:
            world.start()
            world.svarut.fault(kind="status_doubled", times=0)
            world.svarut.fault(kind="status_late", times=3, skip=2)
            letter = world.write()
            world.wait_for(letter, "delivered", seconds=SLOW)
            self.assertEqual(1, world.events_of(letter).count("delivered"), world.events_of(letter))

    def test_a_refusal_says_why_and_a_wrong_password_lets_everything_wait(self):
        with SvarUtWorld(receive=False) as world:
            world.start()
            integration = world.svarut.state()["settings"]["integrations"][0]
            world.svarut.control("/control/integrations", {**integration, "password": "en annen"})
            letter = world.write()
            wait_until(lambda: "fiks.integration_refused" in str(world.timeline(letter)), SLOW, world.gateway.words)
            self.assertEqual("queued", world.message(letter)["state"])
            world.svarut.control("/control/integrations", integration)
            world.wait_for(letter, "delivered", seconds=SLOW)
            self.assertEqual(1, len(world.shipments()))
            status, answer = world.post(world.letter(address={**ADDRESS, "lines": []}), {"vedtak": PDF})
            self.assertEqual((422, "letter.address_line_missing"), (status, answer["errors"][0]["code"]))


class ReceivingTest(unittest.TestCase):
    def test_a_shipment_is_handed_to_its_system_and_then_told_as_read(self):
        with SvarUtWorld() as world:
            world.start()
            sent = world.write(b"%PDF inn", recipient={"organisation": TENANT}, securityLevel=4, title="Kopi")
            archive = SystemsInbox(world, "arkiv")
            item = archive.wait_for_one()
            self.assertEqual(("transfer/v1", "svarinn-test"), (item["type"], item["connection"]))
            self.assertEqual("Kopi", item["content"]["title"])
            self.assertEqual(4, item["content"]["securityLevel"])
            self.assertEqual(TENANT, item["from"]["organisation"])
            self.assertEqual([sha256(b"%PDF inn")], [one["sha256"] for one in item["documents"]])
            self.assertEqual((200, b"%PDF inn"), archive.file(sha256(b"%PDF inn")))
            archive.ack(item)
            world.wait_for(sent, "read", seconds=SLOW)
            self.assertEqual(1, world.inbound())

    def test_both_shapes_of_the_list_are_read(self):
        with SvarUtWorld() as world:
            world.start()
            world.svarut.control("/control/settings", {"shape": "flat"})
            world.write(b"%PDF inn", recipient={"organisation": TENANT}, title="Flat")
            item = SystemsInbox(world, "arkiv").wait_for_one()
            self.assertEqual("Flat", item["content"]["title"])
            self.assertEqual("Sandkassa kommune", item["from"]["name"])

    def test_v1_is_received_too(self):
        with SvarUtWorld(svarinn_extra='version = "v1"') as world:
            world.start()
            sent = world.write(b"%PDF inn", recipient={"organisation": TENANT}, title="V1")
            item = SystemsInbox(world, "arkiv").wait_for_one()
            self.assertEqual([sha256(b"%PDF inn")], [one["sha256"] for one in item["documents"]])
            world.wait_for(sent, "read", seconds=SLOW)

    def test_what_is_damaged_is_not_received_until_it_comes_whole(self):
        with SvarUtWorld(svarinn_extra="quarantine_after = 2") as world:
            world.start()
            archive = SystemsInbox(world, "arkiv")
            for fault in ("wrong_hash", "garbage", "foreign_key", "missing_file", "zip_bomb"):
                world.svarut.fault(kind=fault, times=1)
                sent = world.write(b"%PDF " + fault.encode(), recipient={"organisation": TENANT}, title=fault)
                item = archive.wait_for_one()
                self.assertEqual(fault, item["content"]["title"])
                archive.ack(item)
                world.wait_for(sent, "read", seconds=SLOW)
                told = world.shipment_of(sent)
                self.assertEqual((1, True), (told["failures"], told["taken"]), fault)
            self.assertEqual(5, world.inbound())

    def test_a_hash_that_stays_wrong_is_quarantined_with_its_bytes_and_sent_on(self):
        with SvarUtWorld(svarinn_extra="quarantine_after = 1\nsend_on_after = 2") as world:
            world.start()
            world.svarut.fault(kind="wrong_hash", times=0)
            sent = world.write(b"%PDF feil", recipient={"organisation": TENANT}, title="Feil")
            wait_until(lambda: any(one["sentOn"] for one in world.shipments()), SLOW, world.gateway.words)
            self.assertEqual([], SystemsInbox(world, "arkiv").take())
            self.assertEqual(1, world.inbound())    # the one in quarantine
            world.wait_for(sent, "delivered", seconds=SLOW)    # on paper: that letter had an address
            self.assertIn("svarut.printed", world.codes_of(sent))

    def test_only_the_systems_word_makes_the_receipt_where_it_is_theirs(self):
        with SvarUtWorld(svarinn_extra='receipt_owner = "system"') as world:
            world.start()
            kept = world.write(b"%PDF inn", recipient={"organisation": TENANT}, title="Beholdes")
            archive = SystemsInbox(world, "arkiv")
            item = archive.wait_for_one()
            self.assertFalse(world.shipment_of(kept)["taken"])
            archive.ack(item)
            world.wait_for(kept, "read", seconds=SLOW)
            refused = world.write(b"%PDF inn", recipient={"organisation": TENANT}, title="Avvises")
            archive.reject(archive.wait_for_one(), "Ikke vår sak")
            wait_until(lambda: world.shipment_of(refused)["sentOn"], SLOW, world.gateway.words)
            self.assertIn("Ikke vår sak", str(world.shipment_of(refused)["happenings"]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
