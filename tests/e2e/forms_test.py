"""Forms from Altinn into the real program: told by webhook, feed or list; what is forged, infected, cut off or too large."""

import json
import socket
import unittest
import urllib.parse

from forms_world import APP, FormsWorld, RESOURCE
from harness import PDF, RECIPIENT, SLOW, wait_until

ATTACHMENT = {"dataType": "vedlegg", "contentType": "image/png", "filename": "bilde.png"}
MODEL = {"dataType": "model", "contentType": "application/xml", "text": "<skjema/>"}


class FormsTest(unittest.TestCase):
    def comes_in(self, world, form):
        wait_until(lambda: world.confirmed(form), SLOW, lambda: json.dumps(world.instance(form)) + world.gateway.words())
        found = [one for one in world.arrived() if one["instance"] == form]
        self.assertEqual(1, len(found), found)
        return found[0]

    def test_a_validated_subscription_brings_a_form_in_whole_and_confirms_it(self):
        with FormsWorld() as world:
            world.start()
            address = world.wait_validated(SLOW)
            self.assertTrue(address.startswith(world.url + "/callbacks/altinn-forms/"), address)
            secret = address.rsplit("/", 1)[1]
            self.assertGreaterEqual(len(secret), 43)      # 32 random bytes
            self.assertNotIn(secret, world.gateway.words(10 ** 6))
            self.assertNotIn(secret.encode(), b"".join(file.read_bytes() for file in world.data.rglob("*") if file.is_file()))
            world.hold_back_feed()
            form = world.submit(presentationTexts={"navn": "Flytting"}, dataValues={"adresse": "Storgata 1"})
            came = self.comes_in(world, form)
            self.assertEqual("sandkassa/skjema", came["form"]["id"])
            self.assertEqual({"adresse": "Storgata 1"}, came["values"])
            self.assertEqual(["answers", "receipt", "attachment"], [one["role"] for one in came["documents"]])
            self.assertEqual(world.instance(form)["sha256"], {one["externalId"]: one["sha256"] for one in came["documents"]})
            self.assertEqual(1, world.metrics_sum("sluse_altinn_forms_heard_total", "webhook"))

    def test_a_lost_webhook_costs_no_more_than_a_turn_of_the_feed(self):
        with FormsWorld() as world:
            world.start()
            world.wait_validated(SLOW)
            world.wait_looked_around(SLOW)   # the list of the start would hear of a form that comes as early
            world.forms.fault(kind="lost_webhook", times=1)
            self.comes_in(world, world.submit())
            self.assertEqual(1, world.metrics_sum("sluse_altinn_forms_heard_total", "feed"))

    def test_a_place_in_the_feed_that_altinn_forgot_starts_at_the_oldest_and_doubles_nothing(self):
        with FormsWorld(webhooks=False) as world:
            world.start()
            forms = [world.submit() for _ in range(3)]
            for form in forms:
                self.comes_in(world, form)
            world.gateway.stop(SLOW)
            last = world.submit()
            world.forms.control("/control/pace", {"feed_keeps_ms": 0})
            forgetting = world.submit()      # with it go all before it, and the place
            world.forms.control("/control/pace", {"feed_keeps_ms": 90 * 86_400_000})
            world.forms.fault(kind="status", status=503, times=0, match={"path_suffix": "/storage/api/v1/instances"})
            world.start_gateway()
            self.comes_in(world, forgetting)
            self.assertFalse(world.confirmed(last))      # its event is gone: the lists have it
            world.forms.control("/control/faults", method="DELETE")
            self.comes_in(world, last)
            self.assertEqual(sorted([*forms, last, forgetting]), sorted(one["instance"] for one in world.arrived()))
            self.assertEqual([], world.aside())

    def test_an_infected_file_is_never_fetched_and_its_name_is_told(self):
        with FormsWorld(webhooks=False) as world:
            world.start()
            form = world.submit(data=[MODEL, {**ATTACHMENT, "text": "ond", "scan": "infected"}])
            came = self.comes_in(world, form)
            infected = next(one["id"] for one in world.instance(form)["data"] if one["fileScanResult"] == "Infected")
            self.assertEqual(["answers"], [one["role"] for one in came["documents"]])
            self.assertEqual([(infected, "infected")], [(one["externalId"], one["reason"]) for one in came["withheld"]])
            asked = json.dumps(world.forms.control("/control/requests"))
            self.assertIn(f"/instances/{form}/data/", asked)
            self.assertNotIn(infected, asked)

    def test_a_forged_strange_or_repeated_webhook_has_no_effect(self):
        with FormsWorld() as world:
            world.start()
            address = world.wait_validated(SLOW)
            world.forms.fault(kind="lost_webhook", times=0)
            world.hold_back_feed()
            path = address[len(world.url):]
            form = world.submit(completed=False)      # nobody has sent it in
            sound = world.event(form)
            number = world.subscriptions()[0]["id"]
            validation = {"specversion": "1.0", "id": "1", "type": "platform.events.validatesubscription",
                          "source": f"{world.forms_url}/events/api/v1/subscriptions/{number}"}
            strangers = [path[:-1] + ("A" if path[-1] != "A" else "B"), "/callbacks/altinn-forms/" + "A" * 43,
                         "/callbacks/altinn-test/" + path.rsplit("/", 1)[1], "/callbacks/altinn-forms/kort", path + "/mer"]
            for stranger in strangers:
                self.assertEqual(404, world.call_back(stranger, sound), stranger)
            unfit = [{**sound, "source": "https://ond.example/" + APP + "/instances/" + form},
                     {**sound, "source": sound["source"].replace("skjema", "annet")},
                     {**sound, "source": sound["source"] + "/../../x"},
                     {**sound, "resource": RESOURCE + "2"}, {**sound, "resourceinstance": "1/" + form.split("/")[1]},
                     {**sound, "specversion": "0.3"}, {**sound, "type": "app.instance.created"}, {**sound, "id": ""},
                     {**sound, "id": 7}, {**validation, "source": validation["source"] + "9"},
                     {**validation, "source": f"https://ond.example/events/api/v1/subscriptions/{number}"},
                     {**validation, "source": validation["source"][:-len(str(number))]}]
            for missing in ("specversion", "id", "type", "source"):
                unfit.append({name: value for name, value in sound.items() if name != missing})
            unfit += [b"", b"{", b"[]", b"null", b'{"a":' * 40, b"\xff\xfe", json.dumps([sound]).encode()]
            for body in unfit:
                self.assertEqual(400, world.call_back(address, body), body)
            self.assertEqual(413, world.call_back(address, b" " * 70_000))
            self.assertEqual(200, world.call_back(address, validation))
            for _ in range(3):      # known, and not sent in: forgotten again without a copy
                self.assertEqual(200, world.call_back(address, sound))
            real = world.submit()
            for _ in range(3):
                self.assertEqual(200, world.call_back(address, world.event(real)))
            self.comes_in(world, real)
            for _ in range(3):
                self.assertEqual(200, world.call_back(address, world.event(real, id="a-new-id")))
            self.assertEqual([real], [one["instance"] for one in world.arrived()])
            self.assertEqual([], world.aside())
            self.assertFalse(world.instance(form)["completeConfirmations"])

    def raw(self, world, head, body):
        """The status of what is written as it stands; None when the connection is closed without one."""
        port = urllib.parse.urlsplit(world.url).port
        with socket.create_connection(("127.0.0.1", port), timeout=SLOW) as line:
            line.sendall(head.encode() + b"\r\n\r\n" + body)
            line.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := line.recv(4096):
                answer += piece
        return int(answer.split(b" ", 2)[1]) if answer else None

    def test_a_webhook_of_another_length_than_it_says_is_not_taken(self):
        with FormsWorld() as world:
            world.start()
            path = world.wait_validated(SLOW)[len(world.url):]
            world.forms.fault(kind="lost_webhook", times=0)
            world.hold_back_feed()
            form = world.submit()
            body = json.dumps(world.event(form)).encode()
            host = urllib.parse.urlsplit(world.url).netloc
            start = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n"
            for length in (f"Content-Length: {len(body) + 1}", f"Content-Length: {len(body) - 1}", "Content-Length: -1",
                           f"Content-Length: {len(body)}\r\nContent-Length: {len(body) - 2}",
                           f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked", "Content-Length: 0"):
                status = self.raw(world, start + length, body)
                self.assertNotEqual(200, status, length)
            self.assertFalse(world.confirmed(form))
            self.assertEqual(200, self.raw(world, start + f"Content-Length: {len(body)}", body))
            self.comes_in(world, form)

    def test_a_file_that_is_cut_off_is_fetched_again_until_it_is_whole(self):
        for fault in ("half_data", "cut_answer"):
            with self.subTest(fault), FormsWorld(webhooks=False) as world:
                world.start()
                world.forms.fault(kind=fault, times=1, match={"path_prefix": "/storage/api/v1/instances/"}, skip=0 if fault == "half_data" else 1)
                form = world.submit(data=[MODEL, {**ATTACHMENT, "bytes": 200_000}])
                came = self.comes_in(world, form)
                self.assertEqual([9, 200_000], sorted(one["size"] for one in came["documents"]))
                self.assertEqual(world.instance(form)["sha256"], {one["externalId"]: one["sha256"] for one in came["documents"]})

    def test_a_form_that_is_too_large_waits_for_a_person_at_both_ends(self):
        with FormsWorld(webhooks=False, forms_extra="instance_bytes_max = 1000000\nelements_max = 20") as world:
            world.start()
            huge = [world.submit(data=[MODEL, {**ATTACHMENT, "text": "x", "claimed_size": 10 ** 15}]),
                    world.submit(data=[{**ATTACHMENT, "bytes": 600_000}, {**ATTACHMENT, "bytes": 600_000}]),
                    world.submit(data=[MODEL] * 21)]
            small = world.submit(data=[{**ATTACHMENT, "bytes": 900_000}, MODEL])
            self.comes_in(world, small)
            wait_until(lambda: len(world.aside()) == 3, SLOW, world.gateway.words)
            self.assertEqual({"altinn_forms.too_large"}, set(world.aside()))
            self.assertEqual([False] * 3, [world.confirmed(form) for form in huge])
            asked = json.dumps(world.forms.control("/control/requests"))
            for form in huge:
                self.assertNotIn(f"{form}/data/", asked)      # nothing of it was fetched

    def answer_with(self, world, **answer):
        form = world.submit()
        item = world.inbox.wait_for_one()
        self.assertEqual(form, item["content"]["instance"])
        world.inbox.ack(item, answer=answer)
        return form

    def test_a_decision_given_with_the_acknowledgement_lies_beside_the_form_before_its_substatus_tells(self):
        with FormsWorld(webhooks=False) as world:
            world.start()
            named = {"name": "Vedtak på 100 % «støtte».pdf", "mediaType": "application/pdf", "documentType": "vedtak"}
            file = world.store(PDF)
            world.forms.fault(kind="cut_after_write", times=1, match={"method": "POST", "path_suffix": "/data"})
            form = self.answer_with(world, substatus={"label": "Innvilget"}, documents=[{**named, "sha256": file}])
            wait_until(lambda: world.instance(form)["status"].get("substatus"), SLOW, world.gateway.words)
            self.assertEqual([(named["name"], file)], world.given_back(form))
            # What is wrong is shown to nobody, and the form stays acknowledged.
            for wrong in ({"subsatus": {"label": "x"}}, {"documents": [{**named, "sha256": file, "name": "../x"}]}):
                other = self.answer_with(world, **wrong)
                wait_until(lambda: world.confirmed(other), SLOW, world.gateway.words)
            last = self.answer_with(world, substatus={"label": "Mottatt"})
            wait_until(lambda: world.instance(last)["status"].get("substatus"), SLOW, world.gateway.words)
            told = [one["id"] for one in world.forms.state()["instances"] if one["status"].get("substatus")]
            self.assertEqual({form, last}, set(told))
            self.assertEqual({"form/v1": {"acknowledged": 4}}, world.inbox.counts())

    def test_a_form_whose_receipt_the_system_owns_is_confirmed_when_it_acknowledges_and_never_when_it_rejects(self):
        with FormsWorld(forms_extra='confirm = "acknowledged"') as world:
            world.start()
            world.wait_validated(SLOW)
            form = world.submit()
            item = world.inbox.wait_for_one()
            self.assertEqual("system", item["receiptOwner"])
            world.gateway.kill()
            world.start_gateway()
            self.assertFalse(world.confirmed(form))
            world.inbox.ack(item)
            self.comes_in(world, form)
            refused = world.submit()
            item = world.inbox.wait_for_one()
            world.inbox.reject(item, "skjemaet hører ikke hjemme her")
            wait_until(lambda: "altinn_forms.not_acknowledged" in world.gateway.words(10 ** 6), SLOW, world.gateway.words)
            self.comes_in(world, self.acknowledged(world))
            self.assertFalse(world.confirmed(refused))
            self.assertEqual({"form/v1": {"acknowledged": 2, "rejected": 1}}, world.inbox.counts())

    def acknowledged(self, world):
        form = world.submit()
        world.inbox.ack(world.inbox.wait_for_one())
        return form

    def test_a_prefilled_form_goes_out_once_and_comes_back_as_the_form_it_is(self):
        with FormsWorld() as world:
            world.start()
            world.wait_validated(SLOW)
            world.key = world.inbox.key
            world.forms.fault(kind="cut_after_write", times=1, match={"method": "POST", "path_suffix": "/create"})
            status, answer = world.post(world.prefilled(dueAt="2099-01-01T00:00:00Z"))
            self.assertEqual(202, status, answer)
            world.wait_for(answer["id"], "delivered", seconds=SLOW)
            made = world.message(answer["id"])["deliveries"][0]["upstreamReference"]
            self.assertEqual([made], [one["id"] for one in world.forms.state()["instances"]])
            self.assertIn("attempt_unknown", world.events_of(answer["id"]))
            self.assertEqual(RECIPIENT, world.instance(made)["instanceOwner"]["organisationNumber"])
            self.assertEqual([], world.inbox.take())
            world.forms.control("/control/forms", {"instance": made})       # they have sent it in
            self.assertEqual(made, self.comes_in(world, made)["instance"])
            for refused in ({"documents": []}, {"values": {"navn": 7}}, {"app": "skjema"}):
                status, problem = world.post(world.prefilled(**refused))
                self.assertEqual(422, status, problem)


if __name__ == "__main__":
    unittest.main(verbosity=2)
