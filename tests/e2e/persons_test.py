"""Letters to persons with the real program, the contact register and digital post: who gets what by which way, and what is told.

In each test: one message at corner 2 for each way that was taken, never two ways by accident, and the reasons in plain Norwegian.
"""

import base64
import json
import unittest

from harness import ask, PDF, QUICK, SLOW, TENANT, wait_until
from people import ADDRESS, DIGITAL_WAY, EBOKS, PAPER_WAY, People, Person, PRINT, RETURN_ADDRESS, way

HOUR, DAY = 3600, 24 * 3600
# Paper whatever the letter says of an address: a rule of the channel's own is then met.
PAPER_ALWAYS = way("digital-post", f'service = "print", {RETURN_ADDRESS}', 'recipient = "person"')


class PersonsTest(unittest.TestCase):
    def world(self, **settings):
        world = self.enterContext(People(config_extra=QUICK, **settings))
        world.start()
        return world

    def types_at_post_office(self, world, letter=None):
        return [one["type"] for one in world.at_post_office(letter)]

    def explained(self, world, letter, words):
        details = world.details_of(letter)
        self.assertTrue(any(words in detail for detail in details), details)

    def once(self, world, letter, *codes):
        seen = world.codes_of(letter)
        for code in codes:
            self.assertEqual(1, seen.count(code), seen)


class WaysTest(PersonsTest):
    def test_a_person_with_a_mailbox_gets_the_very_bytes_there_and_an_opening_months_later_is_told(self):
        world = self.world()
        letter = world.write_to(Person.DIGITAL_EBOKS, openReceipt=True, kind="information")
        world.wait_for(letter, "delivered", seconds=SLOW)
        message, = world.at_post_office()
        self.assertEqual(("digital", EBOKS), (message["type"], message["receiver"]))
        self.assertIn("brev om plass.pdf", [one["name"] for one in message["opened"]["documents"]])
        self.once(world, letter, "route.first_choice", "digital_post.delivered")
        world.travel(90 * DAY)
        world.post_office.control("/control/receipts", {"message": message["id"], "type": "aapningskvittering"})
        world.wait_for(letter, "read", seconds=SLOW)
        self.once(world, letter, "digital_post.delivered", "digital_post.opened")
        self.assertEqual(1, len(world.at_post_office()))
        self.assertEqual([], world.correspondences())

    def test_a_person_who_has_reserved_gets_paper_and_the_timeline_says_so_in_plain_norwegian(self):
        world = self.world()
        letter = world.write_to(Person.RESERVED, address=ADDRESS, kind="decision")
        world.wait_for(letter, "delivered", seconds=SLOW)
        message, = world.at_post_office()
        self.assertEqual(("utskrift", PRINT), (message["type"], message["receiver"]))
        self.explained(world, letter, "Sendt på papir fordi mottakeren har reservert seg mot digital post.")
        self.once(world, letter, "route.passed_reserved", "route.paper_reserved", "digital_post.queued_for_print",
                  "digital_post.ready_for_posting")
        self.assertEqual("paper", world.message(letter)["result"]["channelClass"])

    def test_a_reservation_is_ignored_for_information_alone_and_only_when_asked_for(self):
        world = self.world(ways=DIGITAL_WAY + PAPER_WAY)
        asked = world.write_to(Person.RESERVED, address=ADDRESS, kind="information", ignoreReservation=True)
        decision = world.post_to(Person.RESERVED, address=ADDRESS, kind="decision", ignoreReservation=True)
        self.assertEqual(422, decision[0], decision)
        world.wait_for(asked, "delivered", seconds=SLOW)
        self.assertEqual(["digital"], self.types_at_post_office(world))
        self.explained(world, asked, "Sendt digitalt selv om mottakeren har reservert seg.")

    def test_without_a_mailbox_and_when_it_is_gone_at_the_operator_the_letter_goes_on_paper(self):
        world = self.world()
        none = world.write_to(Person.NO_MAILBOX, address=ADDRESS)
        world.wait_for(none, "delivered", seconds=SLOW)
        self.assertEqual(["utskrift"], self.types_at_post_office(world, none))
        self.explained(world, none, "Sendt på papir fordi mottakeren ikke har en digital postkasse.")
        # Closed after the register was asked: only the operator can tell.
        known = world.write_to(Person.DIGITAL, address=ADDRESS)
        world.wait_for(known, "delivered", seconds=SLOW)
        world.krr.control("/control/person", {"number": Person.DIGITAL, "act": "close_mailbox"})
        gone = world.write_to(Person.DIGITAL, address=ADDRESS)
        world.wait_for_event(gone, "digital_post.ready_for_posting", SLOW)
        self.assertEqual(["digital", "utskrift"], sorted(self.types_at_post_office(world, gone)))
        self.explained(world, gone, "Sendt på papir fordi kanalen foran ikke kunne levere brevet.")
        self.assertEqual([], world.correspondences())

    def test_a_dead_and_an_unknown_person_are_written_to_on_paper_where_there_is_an_address_else_nowhere(self):
        world = self.world(ways=DIGITAL_WAY + PAPER_WAY)
        for person in (Person.DEAD, Person.UNKNOWN):
            with self.subTest(person=person):
                letter = world.write_to(person, address=ADDRESS)
                world.wait_for(letter, "delivered", seconds=SLOW)
                self.assertEqual(["utskrift"], self.types_at_post_office(world, letter))
                nowhere = world.write_to(person)
                world.wait_for(nowhere, "failed", seconds=SLOW)
                self.assertEqual([], world.at_post_office(nowhere))
                self.once(world, nowhere, "route.none_left")

    def test_who_cannot_be_notified_gets_a_decision_on_paper_and_information_digitally(self):
        world = self.world()
        decision = world.write_to(Person.EXPIRED, address=ADDRESS, kind="decision")
        information = world.write_to(Person.EXPIRED, address=ADDRESS, kind="information")
        for letter, kind in ((decision, "utskrift"), (information, "digital")):
            world.wait_for(letter, "delivered", seconds=SLOW)
            self.assertEqual([kind], self.types_at_post_office(world, letter))
        self.explained(world, decision, "mottakeren ikke kan varsles på e-post eller SMS")

    def test_what_must_be_digital_is_never_printed_and_what_must_be_paper_never_shown_on_a_screen(self):
        world = self.world(ways=DIGITAL_WAY + PAPER_WAY)
        digital = world.write_to(Person.RESERVED, address=ADDRESS, mustBe="digital")
        world.wait_for(digital, "failed", seconds=SLOW)
        self.once(world, digital, "route.passed_reserved", "route.passed_must_be_digital", "route.none_left")
        paper = world.write_to(Person.DIGITAL, address=ADDRESS, mustBe="paper")
        world.wait_for(paper, "delivered", seconds=SLOW)
        self.assertEqual(["utskrift"], self.types_at_post_office(world))
        self.explained(world, paper, "Sendt på papir fordi avsenderen har satt at brevet må gå på papir.")
        status, answer = world.post_to(Person.DIGITAL, mustBe="paper")
        self.assertEqual(422, status, answer)

    def test_print_without_an_address_is_refused_before_it_is_accepted(self):
        world = self.world(ways=PAPER_ALWAYS)
        status, answer = world.post_to(Person.RESERVED)
        self.assertEqual((422, "message.invalid"), (status, answer["code"]), answer)
        self.assertIn(("/address", "letter.address_missing"), [(one["pointer"], one["code"]) for one in answer["errors"]])
        self.assertEqual([], world.all_messages())

    def test_a_graded_address_is_never_printed_nor_logged(self):
        world = self.world(ways=DIGITAL_WAY + PAPER_ALWAYS)
        graded = {"level": "strict", "gradedAddress": True}
        letter = world.write_to(Person.RESERVED, confidentiality=graded)
        world.wait_for(letter, "failed", seconds=SLOW)
        self.once(world, letter, "route.passed_graded_address", "route.none_left")
        self.explained(world, letter, "sperret adresse")
        digital = world.write_to(Person.DIGITAL, confidentiality=graded)
        world.wait_for(digital, "delivered", seconds=SLOW)
        self.assertEqual(["digital"], self.types_at_post_office(world))
        for more, code in (({"mustBe": "paper"}, "letter.graded_not_on_paper"),
                           ({"address": {**ADDRESS, "lines": ["Hemmeligveien 77"]}}, "letter.graded_address_given")):
            status, answer = world.post_to(Person.DIGITAL, confidentiality=graded, **more)
            self.assertEqual(422, status, answer)
            self.assertIn(code, [one["code"] for one in answer["errors"]])
        said = world.gateway.words(most=10_000_000)
        for personal in ("Hemmeligveien", ADDRESS["name"], Person.RESERVED, Person.DIGITAL):
            self.assertNotIn(personal, said)
            self.assertNotIn(personal, ask(world.admin_url, path="/metrics")[2].decode())

    def test_a_dry_run_tells_what_policy_would_choose_and_stores_nothing(self):
        world = self.world()

        def used(person, **members):
            answer = world.try_out(person, **members)
            self.assertTrue(answer["ok"], answer)
            return {choice["channel"]: (choice["use"], choice["why"]) for choice in answer["route"]}
        reserved = used(Person.RESERVED, address=ADDRESS)
        self.assertEqual(("passed", "chosen"), (reserved["digital"][0], reserved["paper"][0]))
        self.assertIn("har reservert seg", reserved["paper"][1])
        self.assertEqual("chosen", used(Person.DIGITAL, address=ADDRESS)["digital"][0])
        self.assertEqual("fall_back", used(Person.DIGITAL, address=ADDRESS)["paper"][0])
        self.assertEqual("chosen", used(Person.NO_MAILBOX)["portal"][0])
        naming = world.try_out(Person.DIGITAL, kind="decision", notify={"channel": "Sms", "sms": {"body": "Du har fått et vedtak"}})
        self.assertFalse(naming["ok"], naming)
        status, answer = world.post_to(Person.DIGITAL, notify={"channel": "Sms", "sms": {"body": "Ny melding 😀 " + "a" * 80}})
        self.assertEqual(202, status, answer)
        self.assertTrue(answer.get("warnings"), answer)
        self.assertEqual(1, len(world.all_messages()))

    def test_digital_paper_and_failed_are_counted_by_tenant_and_system_in_metrics_and_api(self):
        world = self.world(ways=DIGITAL_WAY + PAPER_WAY)
        ends = [world.write_to(Person.DIGITAL), world.write_to(Person.DIGITAL_EBOKS), world.write_to(Person.RESERVED, address=ADDRESS)]
        failed = world.write_to(Person.RESERVED)
        for letter in ends:
            world.wait_for(letter, "delivered", seconds=SLOW)
        world.wait_for(failed, "failed", seconds=SLOW)
        expected = {"digital": 2, "paper": 1, "failed": 1}
        for outcome, number in expected.items():
            label = f'outcome="{outcome}",system="byggesak",tenant="{TENANT}"'
            wait_until(lambda: any(value == number for key, value in world.metrics().items()
                                   if key.startswith("sluse_messages{") and all(part in key for part in label.split(","))),
                       30, lambda: str(world.metrics()))
        self.assertEqual(2, world.metrics_sum("sluse_ways_chosen_total", 'channel="digital"'))
        self.assertEqual(1, world.metrics_sum("sluse_ways_chosen_total", 'channel="paper"'))
        key = json.loads(world.sluse("keys", "create", "--config", world.config, "--admin", "--why", "test", "--json"))["key"]
        status, _, answer = ask(world.admin_url, path="/admin/v1/statistics", headers={"Authorization": f"Bearer {key}"})
        self.assertEqual(200, status, answer)
        item, = json.loads(answer)["items"]
        self.assertEqual(("byggesak", TENANT), (item["system"], item["tenant"]))
        self.assertLessEqual(expected.items(), item.items())


class FallBackTest(PersonsTest):
    def test_an_operator_that_refuses_lets_paper_take_over_and_each_way_is_taken_once(self):
        for kind, code in (("SERVER", "digital_post.operator_failed"), ("KLIENT", "digital_post.operator_refused")):
            with self.subTest(kind=kind):
                world = self.world()
                world.post_office.fault(kind="feil", feiltype=kind, detaljer="Uventet feil hos mottakeren")
                letter = world.write_to(Person.DIGITAL, address=ADDRESS)
                world.wait_for_event(letter, "digital_post.ready_for_posting", SLOW)
                self.assertEqual(["digital", "utskrift"], sorted(self.types_at_post_office(world)))
                self.once(world, letter, code, "fell_back", "route.paper_fell_back")
                first, second = world.message(letter)["deliveries"]
                self.assertEqual(("failed", "delivered"), (first["state"], second["state"]))
                self.assertEqual([], world.correspondences())

    def test_a_letter_that_corner_2_cannot_forward_goes_on_paper(self):
        world = self.world()
        world.post_office.fault(kind="feilet", beskrivelse="Mottakers aksesspunkt svarte ikke")
        letter = world.write_to(Person.DIGITAL, address=ADDRESS)
        world.wait_for_event(letter, "digital_post.ready_for_posting", SLOW)
        self.assertEqual(["digital", "utskrift"], sorted(self.types_at_post_office(world)))
        self.once(world, letter, "digital_post.not_forwarded", "fell_back")

    def test_an_answer_that_was_lost_is_never_a_reason_to_take_another_way(self):
        world = self.world()
        world.post_office.fault(kind="cut_after_write", match={"method": "POST", "path_suffix": "/messages/out"})
        letter = world.write_to(Person.DIGITAL, address=ADDRESS)
        world.wait_for(letter, "delivered", seconds=SLOW)
        self.assertEqual(["digital"], self.types_at_post_office(world))
        self.assertNotIn("fell_back", world.codes_of(letter))

    def test_a_letter_that_is_not_opened_in_time_gets_one_copy_on_paper_and_an_opened_one_none(self):
        world = self.world()
        rule = {"unread": {"after": "P2D", "then": "paper"}, "openReceipt": True, "address": ADDRESS}
        left, opened = world.write_to(Person.DIGITAL, **rule), world.write_to(Person.DIGITAL_EBOKS, **rule)
        for letter in (left, opened):
            world.wait_for(letter, "delivered", seconds=SLOW)
        message, = world.at_post_office(opened)
        world.post_office.control("/control/receipts", {"message": message["id"], "type": "aapningskvittering"})
        world.wait_for(opened, "read", seconds=SLOW)
        world.travel(2 * DAY + HOUR)
        world.wait_for_event(left, "digital_post.ready_for_posting", SLOW)
        self.explained(world, left, "Sendt på papir fordi brevet ikke ble åpnet digitalt innen fristen avsenderen satte.")
        self.assertEqual(["digital", "utskrift"], sorted(self.types_at_post_office(world, left)))
        self.assertEqual(["digital"], self.types_at_post_office(world, opened))
        world.travel(10 * DAY)
        again = world.write_to(Person.DIGITAL)
        world.wait_for(again, "delivered", seconds=SLOW)
        self.assertEqual(4, len(world.at_post_office()))


class ReceiptsTest(PersonsTest):
    def delivered(self, world, **members):
        letter = world.write_to(Person.DIGITAL, **members)
        world.wait_for(letter, "delivered", seconds=SLOW)
        return letter, world.at_post_office(letter)[0]["id"]

    def test_a_notice_that_failed_is_an_alarm_for_a_decision_and_an_event_for_information(self):
        world = self.world()
        for kind, alarms in (("decision", 1), ("information", 0)):
            letter, message = self.delivered(world, kind=kind)
            world.post_office.control("/control/receipts", {"message": message, "type": "varslingfeiletkvittering",
                                                            "varslingskanal": "sms", "beskrivelse": "Ukjent nummer"})
            world.wait_for_event(letter, "digital_post.notice_failed", SLOW)
            self.assertEqual(alarms, world.codes_of(letter).count("duty.notice_failed"), world.codes_of(letter))
            self.assertEqual("delivered", world.message(letter)["state"])
        self.assertEqual(1, world.metrics_sum("sluse_alarms_total", 'code="duty.notice_failed"'))

    def test_what_cannot_be_believed_is_quarantined_whole_and_keeps_no_other_receipt_back(self):
        world = self.world()
        letter, message = self.delivered(world)
        reasons = {"wrong_signature": "digital_post.receipt_not_trusted", "wrong_organisation": "digital_post.receipt_not_trusted",
                   "untrusted": "digital_post.receipt_not_trusted", "truncated": "digital_post.receipt_malformed",
                   "unknown_conversation": "digital_post.receipt_unknown_conversation",
                   "extra_field": "digital_post.receipt_against_schema"}
        for spoiled in reasons:
            world.post_office.control("/control/receipts", {"message": message, "type": "aapningskvittering", "spoiled": spoiled})
        wait_until(lambda: world.metrics_sum("sluse_quarantined_total") == len(reasons), SLOW, lambda: str(world.metrics()))
        self.assertEqual("delivered", world.message(letter)["state"], "a receipt was believed")
        listed = json.loads(world.sluse("quarantine", "list", "--config", world.config, "--json"))["items"]
        self.assertEqual(sorted(reasons.values()), sorted(item["reason"]["code"] for item in listed))
        forged = next(item for item in listed if item["reason"]["code"] == "digital_post.receipt_malformed")
        shown = json.loads(world.sluse("quarantine", "show", forged["id"], "--config", world.config, "--json"))
        self.assertEqual(forged["bytes"], len(base64.b64decode(shown["contentBase64"])))
        words = world.sluse("quarantine", "show", forged["id"], "--config", world.config, environment={"LANG": "nb_NO.UTF-8"})
        self.assertIn(forged["id"], words)
        world.sluse("quarantine", "resolve", forged["id"], "--config", world.config, "--why", "operatøren er varslet")
        twice = world.sluse("quarantine", "resolve", forged["id"], "--config", world.config, "--why", "igjen", check=False)
        self.assertEqual(1, twice.returncode, twice)
        left = json.loads(world.sluse("quarantine", "list", "--config", world.config, "--json"))["items"]
        self.assertEqual(len(reasons) - 1, len(left))
        world.post_office.control("/control/receipts", {"message": message, "type": "aapningskvittering"})
        world.wait_for(letter, "read", seconds=SLOW)
        # Acknowledged once it is stored: what the letter says comes first.
        wait_until(lambda: all(one["read"] for one in world.post_office.state()["receipts"]), SLOW)

    def test_a_receipt_that_is_replayed_or_said_twice_counts_once(self):
        world = self.world()
        world.post_office.fault(kind="duplicate_receipt", same_id=True)
        world.post_office.fault(kind="receipt_replayed", times=2)
        letter, _ = self.delivered(world)
        wait_until(lambda: world.metrics_sum("sluse_receipts_received_total", 'result="duplicate"') > 0 and
                   all(one["read"] for one in world.post_office.state()["receipts"]), SLOW, lambda: str(world.metrics()))
        self.once(world, letter, "digital_post.delivered")
        self.assertEqual(0, world.metrics_sum("sluse_quarantined_total"))

    def test_receipts_that_come_in_the_wrong_order_end_at_the_highest(self):
        world = self.world(post_options={"--opens-after": "1"}.items())
        world.post_office.fault(kind="receipts_reversed")
        letter = world.write_to(Person.DIGITAL, openReceipt=True)
        world.wait_for_event(letter, "digital_post.delivered", SLOW)
        world.wait_for(letter, "read", seconds=SLOW)
        self.once(world, letter, "digital_post.delivered", "digital_post.opened")

    def test_a_delivery_receipt_that_does_not_come_is_an_alarm_once_and_counts_when_it_comes_after_all(self):
        world = self.world()
        world.post_office.fault(kind="silent_operator")
        letter = world.write_to(Person.DIGITAL, address=ADDRESS)
        world.wait_for_event(letter, "digital_post.status_sent", SLOW)
        world.travel(49 * HOUR)
        world.wait_for_event(letter, "overdue", SLOW)
        self.explained(world, letter, "Kvitteringen skulle ha kommet nå.")
        self.assertEqual("sent", world.message(letter)["state"])
        self.assertIn("receipt_overdue", world.gateway.words())
        self.assertEqual(1, world.metrics_sum("sluse_receipts_overdue_total"))
        world.travel(49 * HOUR)
        message, = world.at_post_office()
        world.post_office.control("/control/receipts", {"message": message["id"], "type": "leveringskvittering"})
        world.wait_for(letter, "delivered", seconds=SLOW)
        self.once(world, letter, "overdue")

    def test_an_alarm_is_raised_when_polling_stops_and_lowered_when_it_goes_on(self):
        world = self.world(connection_extra="receiver_silent_minutes = 1")
        self.delivered(world)
        world.post_office.fault(kind="status", status=503, times=0, match={"path_suffix": "/messages/in"})
        wait_until(lambda: world.metrics_sum("sluse_receiver_silent") == 1, SLOW, world.gateway.words)
        self.assertIn("receiver_silent", world.gateway.words())
        world.post_office.control("/control/faults", method="DELETE")
        wait_until(lambda: world.metrics_sum("sluse_receiver_silent") == 0, SLOW, world.gateway.words)


if __name__ == "__main__":
    unittest.main(verbosity=2)
