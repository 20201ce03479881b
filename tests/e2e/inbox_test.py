"""What comes in reaches the systems that routes name, each its own copy; what becomes of it; files looked through by a real clamd."""

import concurrent.futures
import contextlib
import datetime
import hashlib
import json
import unittest

from broker_world import BrokerWorld, OTHER, QUICK, TENANT, wait_until
from clamd import Clamd, EICAR
from forms_world import FormsWorld
from harness import SLOW
from systems_inbox import SystemsInbox

DATA = b"PK" + bytes(range(256)) * 40
SHA256 = hashlib.sha256(DATA).hexdigest()
LEASE = QUICK + "[inbox]\nlease_seconds = 5\ndeliveries_max = 2\n"
MODEL = {"dataType": "model", "contentType": "application/xml", "text": "<skjema/>"}
INFECTED = {"dataType": "vedlegg", "contentType": "text/plain", "filename": "brev.txt", "text": EICAR.decode(), "scan": "clean"}


def wait_out(item):
    """Until the lease is over."""
    end = datetime.datetime.fromisoformat(item["leaseUntil"].replace("Z", "+00:00"))
    wait_until(lambda: datetime.datetime.now(datetime.timezone.utc) > end, SLOW)


def wait_said(world, event):
    """An alarm is a line of the log."""
    wait_until(lambda: f'"event":"{event}"' in world.gateway.words(10 ** 6), SLOW, world.gateway.words)


class FilesTest(unittest.TestCase):
    def comes_in(self, world, data=DATA):
        """A file from the other organisation that Broker knows we have."""
        sent = world.other_sends(data)
        wait_until(lambda: world.status_of(sent) == "AllConfirmedDownloaded", SLOW, world.gateway.words)
        return sent

    def test_a_file_reaches_both_systems_of_its_route_each_with_its_own_copy_and_acknowledgement(self):
        with BrokerWorld(config_extra=LEASE) as world:
            world.start()
            archive, mail = SystemsInbox(world, "arkiv"), SystemsInbox(world, "post")
            stranger = SystemsInbox(world, "byggesak")
            with concurrent.futures.ThreadPoolExecutor() as threads:
                waiting = threads.submit(archive.wait_for_one)      # a long poll, before there is anything
                sent = world.other_sends(DATA)
                first = waiting.result(SLOW)
            other = mail.wait_for_one()
            wait_until(lambda: world.status_of(sent) == "AllConfirmedDownloaded", SLOW, world.gateway.words)
            for system, item in ((archive, first), (mail, other)):
                self.assertEqual(("transfer/v1", "broker-test", sent), (item["type"], item["connection"], item["upstreamId"]))
                self.assertEqual({"organisation": OTHER}, item["from"])
                self.assertEqual({"account": TENANT, "resource": "sluse-filer-2", "sender": OTHER}, item["facts"])
                self.assertEqual({"reference": "ref-1"}, item["keys"])
                self.assertEqual(("gateway", [], 1), (item["receiptOwner"], item["marks"], item["deliveries"]))
                self.assertEqual([(SHA256, len(DATA))], [(one["sha256"], one["size"]) for one in item["documents"]])
                self.assertEqual((200, DATA), system.file(SHA256))
            # Another system's message is as one that is not there, lease or no lease.
            self.assertEqual(404, stranger.file(SHA256)[0])
            for answer in (stranger.find(first["id"]), stranger.settle(first, "ack"), stranger.settle(first, "reject", reason="nei")):
                self.assertEqual((404, "inbox.not_found"), (answer[0], answer[1]["code"]))
            # Acknowledged after its lease, for nobody leased it since; and again.
            wait_out(first)
            archive.ack(first)
            archive.ack(first)
            self.assertEqual([], archive.take())
            # The other copy waits for its own system: handed out anew, and the old lease holds no more.
            again = mail.wait_for_one()
            self.assertEqual((other["id"], 2), (again["id"], again["deliveries"]))
            status, refused = mail.settle(other, "ack")
            self.assertEqual((409, "inbox.lease_lost"), (status, refused["code"]))
            mail.ack(again)
            status, refused = mail.settle(again, "reject", reason="for sent")
            self.assertEqual((409, "inbox.lease_lost"), (status, refused["code"]))
            for system in (archive, mail):
                self.assertEqual({"transfer/v1": {"acknowledged": 1}}, system.counts())
                self.assertEqual(["received", "acknowledged"], system.events_of(first["id"]))
            self.assertEqual(1, world.inbound())

    def test_what_is_never_acknowledged_is_dead_with_an_alarm_until_a_person_replays_it(self):
        with BrokerWorld(config_extra=LEASE) as world:
            world.start()
            self.comes_in(world)
            mail = SystemsInbox(world, "post")
            item = mail.wait_for_one()
            self.assertEqual(item["id"], mail.wait_for_one()["id"])

            def is_dead():
                self.assertEqual([], mail.take())
                return mail.state(item["id"]) == "dead"
            wait_until(is_dead, SLOW, world.gateway.words)
            self.assertEqual(["received", "dead"], mail.events_of(item["id"]))
            self.assertEqual(1, world.metrics_sum("sluse_inbox_dead_total", 'system="post"'))
            wait_said(world, "inbox_dead")
            config = ("--config", world.config)
            dead = json.loads(world.sluse("inbox", "list", *config, "--state", "dead", "--json"))["items"]
            self.assertEqual([(item["id"], "post", 2)], [(one["id"], one["system"], one["deliveries"]) for one in dead])
            self.assertNotIn("content", dead[0])
            wrong = world.sluse("inbox", "replay", item["id"], *config, "--system", "byggesak", "--why", "feil", check=False)
            self.assertNotEqual(0, wrong.returncode)
            replayed = json.loads(world.sluse("inbox", "replay", item["id"], *config, "--system", "post", "--why", "oppe", "--json"))
            self.assertEqual(1, replayed["copies"])
            again = mail.wait_for_one()
            self.assertEqual((item["id"], 1, DATA), (again["id"], again["deliveries"], mail.file(SHA256)[1]))
            mail.ack(again)
            self.assertEqual(["received", "dead", "replayed", "acknowledged"], mail.events_of(item["id"]))
            counted = json.loads(world.sluse("inbox", "counts", *config, "--json"))["items"]
            self.assertEqual({("arkiv", "received"), ("post", "acknowledged")},
                             {(one["system"], state) for one in counted for state in one["states"]})

    def test_what_no_route_takes_is_quarantined_as_it_came_and_released_with_a_route(self):
        with BrokerWorld(config_extra=LEASE, inbox_routes="") as world:
            world.start()
            sent = self.comes_in(world)
            archive, mail = SystemsInbox(world, "arkiv"), SystemsInbox(world, "post")
            config = ("--config", world.config)
            self.assertEqual(1, world.metrics_sum("sluse_quarantined_total", 'code="inbox.unrouted"'))
            wait_said(world, "quarantined")
            waiting = json.loads(world.sluse("quarantine", "list", *config, "--json"))["items"]
            self.assertEqual([("inbox.unrouted", "transfer/v1")], [(one["reason"]["code"], one["type"]) for one in waiting])
            raw = world.folder / "raw.json"
            world.sluse("quarantine", "show", waiting[0]["id"], *config, "--out", raw)
            self.assertEqual(sent, json.loads(raw.read_text())["fileTransferId"])
            self.assertEqual(([], 404), (archive.take(), archive.file(SHA256)[0]))
            counted = json.loads(world.sluse("inbox", "counts", *config, "--json"))["items"]
            self.assertEqual([(None, {"quarantined": 1})], [(one["system"], one["states"]) for one in counted])

            def release(*systems):
                to = [word for system in systems for word in ("--to", system)]
                return world.sluse("quarantine", "release", waiting[0]["id"], *config, *to, "--why", "ny rute", check=False)
            self.assertNotEqual(0, release("byggesak").returncode)      # may not receive it
            done = release("arkiv", "post")
            self.assertEqual(0, done.returncode, done.stderr)
            for system in (archive, mail):
                item = system.wait_for_one()
                self.assertEqual((waiting[0]["id"], sent), (item["id"], item["upstreamId"]))
                self.assertEqual((200, DATA), system.file(SHA256))
                system.ack(item)
            self.assertNotEqual(0, release("arkiv").returncode)         # once
            self.assertEqual([], json.loads(world.sluse("quarantine", "list", *config, "--json"))["items"])
            self.assertEqual([("arkiv", 1), ("post", 1)], world.copies())


class FormsTest(unittest.TestCase):
    def test_what_a_system_answers_is_told_to_who_sent_the_form(self):
        with FormsWorld(webhooks=False) as world:
            world.start()
            for act, label in (("reject", "Avvist"), ("ack", "Mottatt")):
                form = world.submit()
                item = world.inbox.wait_for_one()
                self.assertEqual(form, item["content"]["instance"])
                answer = {"substatus": {"label": label, "description": "Gjelder en annen kommune"}}
                if act == "reject":
                    world.inbox.reject(item, "feil kommune", answer=answer)
                    self.assertEqual("feil kommune", world.inbox.find(item["id"])[1]["reason"])
                else:
                    world.inbox.ack(item, answer=answer)
                wait_until(lambda: world.instance(form)["status"].get("substatus") == answer["substatus"], SLOW, world.gateway.words)
                self.assertEqual(["received", "rejected" if act == "reject" else "acknowledged"], world.inbox.events_of(item["id"]))
            wait_until(lambda: world.metrics_sum("sluse_inbox_settlements_total", 'result="told"') == 2, SLOW, lambda: str(world.metrics()))
            self.assertEqual({"form/v1": {"acknowledged": 1, "rejected": 1}}, world.inbox.counts())


class ScannerTest(unittest.TestCase):
    @contextlib.contextmanager
    def world(self, when_down):
        with FormsWorld(webhooks=False) as world:
            clamd = Clamd(world.folder / "clamd")
            world.given_extra += f'[scanner]\nsocket = "{clamd.socket}"\nwhen_down = "{when_down}"\nseconds_max = 60\n'
            try:
                yield world, clamd
            finally:
                clamd.stop()

    def upload(self, world, data):
        return world.call("POST", "/v1/documents", data, {"Content-Type": "application/octet-stream"})

    def resumable(self, world, data):
        return world.call("POST", "/v1/uploads", data, {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)),
                                                        "Content-Type": "application/offset+octet-stream"})

    def attached(self, world, data):
        message = {**world.letter(), "documents": [{"part": "varsel", "name": "varsel.pdf"}]}
        return world.post(message, {"varsel": data})

    def test_an_infected_file_reaches_nobody_and_while_clamd_is_down_all_files_wait(self):
        with self.world("hold") as (world, clamd):
            clamd.start()
            world.start()
            clean = world.submit(data=[MODEL])
            item = world.inbox.wait_for_one()
            self.assertEqual((clean, []), (item["content"]["instance"], item["marks"]))
            world.inbox.ack(item)
            infected = world.submit(data=[MODEL, INFECTED])
            wait_until(lambda: world.aside() == ["inbox.infected"], SLOW, world.gateway.words)
            wait_until(lambda: world.confirmed(infected), SLOW, world.gateway.words)
            self.assertEqual([clean], [one["instance"] for one in world.arrived()])
            self.assertEqual(404, world.inbox.file(hashlib.sha256(EICAR).hexdigest())[0])
            self.assertEqual(1, world.metrics_sum("sluse_quarantined_total", 'code="inbox.infected"'))
            for status, answer in (self.upload(world, EICAR), self.attached(world, EICAR), self.resumable(world, EICAR)):
                self.assertEqual((422, "document.infected"), (status, answer["code"]))
            self.assertEqual([], world.all_messages())
            self.assertEqual(404, world.call("GET", f"/v1/documents/{hashlib.sha256(EICAR).hexdigest()}")[0])

            clamd.stop()
            waiting = world.submit(data=[MODEL])
            down = 'verdict="down"'
            wait_until(lambda: world.metrics_sum("sluse_scanned_files_total", down) >= 2, SLOW, world.gateway.words)
            self.assertFalse(world.confirmed(waiting))
            self.assertEqual(([], ["inbox.infected"]), (world.inbox.take(), world.aside()))
            for status, answer in (self.upload(world, DATA), self.attached(world, DATA), self.resumable(world, DATA)):
                self.assertEqual((503, "document.not_scanned"), (status, answer["code"]))
            wait_said(world, "scanner_down")
            clamd.start()
            item = world.inbox.wait_for_one()
            self.assertEqual((waiting, []), (item["content"]["instance"], item["marks"]))
            wait_until(lambda: world.confirmed(waiting), SLOW, world.gateway.words)
            self.assertEqual(201, self.upload(world, DATA)[0])

    def test_where_policy_says_so_what_could_not_be_looked_through_passes_with_a_mark(self):
        with self.world("pass") as (world, clamd):
            world.start()       # and no clamd at all
            form = world.submit(data=[MODEL])
            item = world.inbox.wait_for_one()
            self.assertEqual((form, ["not_scanned"]), (item["content"]["instance"], item["marks"]))
            self.assertEqual(201, self.upload(world, DATA)[0])
            wait_said(world, "unscanned_upload_taken")
            clamd.start()
            form = world.submit(data=[MODEL])
            item = world.inbox.wait_for_one()
            self.assertEqual((form, []), (item["content"]["instance"], item["marks"]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
