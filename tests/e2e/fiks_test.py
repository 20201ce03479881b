"""KS Fiks through the real program: an archive that answers with its journal number, protocols both ways, who may say "mottatt",
and what happens when the other side, the broker or the package is not as it should be."""

import hashlib
import json
import os
import signal
import unittest

from fiks_world import FiksWorld
from harness import PDF, SLOW, wait_until

PLAN = "no.ks.fiks.plan.v2."
MADE = PLAN + "oppdatering.arealplan.opprett"
ASKED = PLAN + "innsyn.arealplan.hent"
CONCERN = "no.ks.fiks.bekymringsmelding.v2"
PAYLOAD = {"nasjonalArealplanId": {"kommunenummer": "3118", "planidentifikasjon": "2021001"}}


class ArchiveTest(unittest.TestCase):
    def test_a_journal_post_gets_its_number_from_the_archive_and_is_found_by_it(self):
        with FiksWorld() as world:
            world.start()
            sent = world.journal_post(PDF, reference="tilsyn-7")
            seen = world.wait_for(sent, "read", seconds=SLOW)
            record, = world.records()
            self.assertEqual([hashlib.sha256(PDF).hexdigest()], [one["sha256"] for one in record["files"]])
            number = f"{record['year']}/{record['sequence']}"
            self.assertEqual(({"year": record["year"], "sequence": record["sequence"], "number": 1}, "done"),
                             (seen["result"]["record"]["journal"], seen["result"]["outcome"]))
            for by in ({"journal": number}, {"archive": record["id"]}, {"reference": "tilsyn-7"}):
                self.assertEqual([sent], world.found_by(**by), by)
            traced = world.sluse("trace", sent, "--config", world.config)
            self.assertIn(f"Journal   {number} (nr. 1)\n", traced)
            self.assertIn(f"Arkiv-id  {record['id']}\n", traced)
            # A second one goes into the same case, and is numbered next.
            other = world.wait_for(world.journal_post(PDF), "read", seconds=SLOW)
            self.assertEqual(2, other["result"]["record"]["journal"]["number"])
            self.assertTrue(other["result"]["case"]["existed"])

    def test_a_receipt_that_carries_a_failure_is_a_failure_and_an_error_too(self):
        with FiksWorld() as world:
            world.start()
            world.fiks.fault(kind="archive_refuses", words="Arkivdelen er avsluttet")
            refused = world.wait_for(world.journal_post(PDF), "failed", seconds=SLOW)
            self.assertIn("Arkivdelen er avsluttet", json.dumps(refused["result"], ensure_ascii=False))
            world.fiks.fault(kind="archive_serverfeil")
            world.wait_for(world.journal_post(PDF), "failed", seconds=SLOW)
            self.assertEqual([], world.records())

    def test_what_is_searched_for_comes_to_the_inbox_of_the_system_that_asked(self):
        with FiksWorld() as world:
            world.start()
            world.wait_for(world.journal_post(PDF), "read", seconds=SLOW)
            status, answer = world.post({"type": "archive", "version": 1, "intent": "search", "search": {"of": "recordWithCase", "text": "Vedtak"}})
            self.assertEqual(202, status, answer)
            item = world.inbox.wait_for_one()
            self.assertEqual("archiveanswer/v1", item["type"])
            self.assertIn(world.records()[0]["id"], json.dumps(item["content"]))

    def test_an_answer_that_is_lost_or_sent_twice_leaves_one_record(self):
        with FiksWorld() as world:
            world.start()
            world.fiks.fault(kind="cut_after_write", match={"path_suffix": "/send"})
            world.fiks.fault(kind="answer_twice", times=2)
            world.wait_for(world.journal_post(PDF), "read", seconds=SLOW)
            self.assertEqual(1, len(world.records()))
            keys = {one["klientMeldingId"] for one in world.fiks.state()["sent"] if one["type"].endswith(".opprett")}
            self.assertEqual(1, len(keys))

    def test_a_document_too_large_for_the_queue_goes_by_the_dokumentlager(self):
        with FiksWorld(options=["--inline-bytes", "20000"]) as world:
            world.start()
            large = PDF + bytes(range(256)) * 2000
            world.wait_for(world.journal_post(large), "read", seconds=SLOW)
            self.assertEqual([hashlib.sha256(large).hexdigest()], [one["sha256"] for one in world.records()[0]["files"]])


class PlatformTest(unittest.TestCase):
    def test_a_message_nobody_takes_fails_with_the_platforms_word(self):
        with FiksWorld() as world:
            world.start()
            other = world.material["other_account"]
            world.fiks.control("/control/accounts", {"id": other, "organisation": "310002003",
                                                     "certificate": world.fiks.state()["accounts"][0]["certificate"]})
            late = world.say(MADE, PAYLOAD, to={"account": other}, ttlSeconds=1)
            world.wait_for(late, "failed", "expired", seconds=SLOW)
            world.fiks.fault(kind="echo_gives_back", times=3)
            broken = world.say(MADE, PAYLOAD)
            world.wait_for(broken, "failed", seconds=SLOW)
            self.assertNotEqual(world.codes_of(late)[-1], world.codes_of(broken)[-1])


class ProtocolTest(unittest.TestCase):
    def test_a_message_out_is_received_and_then_done(self):
        with FiksWorld() as world:
            world.start()
            sent = world.say(MADE, PAYLOAD, correlation="plan-7")
            world.wait_for(sent, "read", seconds=SLOW)
            got, = world.heard(MADE)
            self.assertEqual(("", "plan-7"), (got["fault"], got["klientKorrelasjonsId"]))
            self.assertEqual((1, True), (got["envelope"]["recipients"], got["envelope"]["oaepSha256"]))

    def test_an_answer_with_content_is_an_item_for_the_system_that_asked(self):
        with FiksWorld() as world:
            world.start()
            world.fiks.control("/control/answers", {"type": ASKED, "answers": [
                {"type": ASKED + ".resultat", "files": [{"name": "payload.json", "text": json.dumps({"plan": 7})}]}]})
            world.say(ASKED, PAYLOAD)
            item = world.inbox.wait_for_one()
            self.assertEqual((ASKED + ".resultat", "protocol/v1"), (item["content"]["messageType"], item["type"]))

    def test_a_message_in_is_stored_and_then_its_sender_is_told_in_java_and_in_dotnet(self):
        with FiksWorld() as world:
            world.start()
            for members in ({"flavour": "java", "digest": "sha1"}, {"flavour": "dotnet"}, {"olderNamespace": True, "oldSpelling": True}):
                sent = world.neighbour_sends(MADE, klientKorrelasjonsId="sak 7", **members)
                item = world.inbox.wait_for_one()
                self.assertEqual((MADE, "sak 7", sent["meldingId"]),
                                 tuple(item["content"][name] for name in ("messageType", "correlation", "messageId")))
                self.assertEqual(world.material["echo_account"], item["content"]["from"]["account"])
                answer, = wait_until(lambda: [one for one in world.heard(MADE + ".mottatt") if one["replyTo"] == sent["meldingId"]], SLOW)
                self.assertEqual(("sak 7", ""), (answer["klientKorrelasjonsId"], answer["fault"]))
                world.inbox.ack(item)

    def test_a_report_of_concern_is_received_only_when_the_system_says_so(self):
        with FiksWorld() as world:
            world.start()
            files = [{"name": "bekymringsmelding.json", "text": "{}"}]
            taken = world.neighbour_sends(CONCERN, files)
            item = world.inbox.wait_for_one()
            self.assertEqual("system", item["receiptOwner"])
            self.assertEqual([], [one for one in world.heard() if one["replyTo"] == taken["meldingId"]])
            world.inbox.ack(item)
            answer, = wait_until(lambda: [one for one in world.heard() if one["replyTo"] == taken["meldingId"]], SLOW)
            self.assertIn("mottatt", answer["type"])
            refused = world.neighbour_sends(CONCERN, files)
            world.inbox.reject(world.inbox.wait_for_one(), "feil kommune")
            # Nobody is told that it was received: KS prints and posts it.
            wait_until(lambda: world.queue()["messages"] == 0, SLOW)
            self.assertEqual([], [one for one in world.heard() if one["replyTo"] == refused["meldingId"] and "mottatt" in one["type"]])


class TroubleTest(unittest.TestCase):
    def test_duplicates_and_redeliveries_have_one_effect(self):
        with FiksWorld() as world:
            world.start()
            world.neighbour_sends(MADE, copies=3)                                   # one melding-id, delivered thrice
            again = "7b7c3a52-4e0e-4d4f-9a55-0f3c9b5b1a01"
            for _ in range(2):                                                      # resent: another melding-id each
                world.neighbour_sends(MADE, klientMeldingId=again)
            wait_until(lambda: len(world.heard(MADE + ".mottatt")) >= 2, SLOW, world.gateway.words)
            wait_until(lambda: world.queue()["messages"] == 0, SLOW)
            world.take_all(2)

    def test_connections_that_break_lose_nothing_and_double_nothing(self):
        with FiksWorld() as world:
            world.start()
            for act in ("cut", "close_connections", "restart", "kill"):
                world.neighbour_sends(MADE)
                world.broker(act)
                if act == "kill":
                    world.broker("start")
                world.wait_receiving()
            wait_until(lambda: len(world.heard(MADE + ".mottatt")) >= 4, SLOW, world.gateway.words)
            world.take_all(4)

    def test_a_connection_that_is_replaced_while_messages_come_doubles_none(self):
        with FiksWorld() as world:
            world.start()
            for number in range(1, 4):
                for _ in range(3):
                    world.neighbour_sends(MADE)
                world.fiks_extra = f"prefetch = {number}"
                world.write_config()
                os.kill(world.gateway.pid, signal.SIGHUP)
                world.neighbour_sends(MADE)
                world.wait_receiving()
            wait_until(lambda: len(world.heard(MADE + ".mottatt")) >= 12, SLOW, world.gateway.words)
            world.take_all(12)
            self.assertEqual(12, len({one["klientMeldingId"] for one in world.heard(MADE + ".mottatt")}))

    def test_an_answer_to_what_we_never_sent_lies_in_quarantine(self):
        with FiksWorld() as world:
            world.start()
            world.neighbour_sends(MADE + ".kvittering", inReplyTo="7b7c3a52-4e0e-4d4f-9a55-0f3c9b5b1a77")
            wait_until(lambda: world.aside() == ["fiks_io.answer_to_unknown"], SLOW, lambda: str(world.aside()) + world.gateway.words())
            wait_until(lambda: world.queue()["messages"] == 0, SLOW)
            self.assertEqual([], world.inbox.take(wait=1))

    def test_what_cannot_be_opened_lies_in_quarantine_and_its_sender_is_told(self):
        with FiksWorld() as world:
            world.start()
            for number, members in enumerate(({"wrongKey": True}, {"truncated": True}), 1):
                sent = world.neighbour_sends(MADE, **members)
                wait_until(lambda: len(world.aside()) == number, SLOW, world.gateway.words)
                answer, = wait_until(lambda: [one for one in world.heard() if one["replyTo"] == sent["meldingId"]], SLOW)
                self.assertIn(".feilmelding.", answer["type"])
            self.assertEqual([], world.inbox.take(wait=1))

    def test_odd_messages_stop_nothing(self):
        with FiksWorld() as world:
            world.start()
            odd = ({"withoutHeaders": ["avsender-id"]}, {"withoutHeaders": ["melding-id"]}, {"numberHeaders": ["type"]},
                   {"trueHeaders": ["avsender-id"]}, {"bare": True})
            for members in odd:
                world.neighbour_sends(MADE, **members)
            world.neighbour_sends("no.ks.fiks.ukjent.v1.noe")
            world.neighbour_sends(MADE)
            item = world.inbox.wait_for_one()       # the last one comes through
            self.assertEqual(MADE, item["content"]["messageType"])
            wait_until(lambda: len(world.aside()) == len(odd) + 1, SLOW, lambda: str(world.aside()) + world.gateway.words())
            self.assertEqual(0, world.queue()["messages"])

    def test_an_account_of_another_tenant_is_not_served(self):
        with FiksWorld() as world:
            world.start()
            other = world.material["other_account"]
            world.fiks.control("/control/accounts", {"id": other, "organisation": "310002003",
                                                     "certificate": world.fiks.state()["accounts"][0]["certificate"]})
            world.fiks.control("/control/message", {"type": MADE, "to": other, "files": [{"name": "payload.json", "text": "{}"}]})
            world.neighbour_sends(MADE)
            world.inbox.ack(world.inbox.wait_for_one())
            self.assertEqual((1, 0), (world.queue(other)["messages"], world.queue(other)["consumers"]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
