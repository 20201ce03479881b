"""The golden path with the real program, and Prism as a proxy before the Correspondence stand-in: no call of ours, and no answer
to it, breaks the derived document.

    program -> Watch -> Prism (JSON, octet-stream, GET, DELETE) -> stand-in
                     -> stand-in (the multipart call, which the document cannot describe; the token exchange)

Watch notes each call, and reads the multipart call with Python's own parser: an independent reader of what we write.
"""

import contextlib
import email
import email.policy
import hashlib
import os
import unittest

from watch import DOCUMENTS, prism, watching  # first: it knows where the harness is
from harness import PDF, QUICK, SLOW, wait_until, World
from letters_to_us import let_read, RECEIVE, send_to_us, statuses, TO_SYSTEM
from systems_inbox import SystemsInbox

API = "/correspondence/api/v1"
SMALL = {"vedtak": PDF + b"%small", "kart": bytes(byte for byte in range(256) if byte not in b"\r\n") * 30}
# Prism reads a body as text, and would change bytes that are none.
LARGE = {"vedtak": PDF + b"%large" * 40_000, "kart": os.urandom(150_000).hex().encode()}
FULL = {"dueAt": "2099-01-01T00:00:00.000Z", "confirm": True, "language": "nn", "summary": "Kort sagt",
        "properties": {"saksnummer": "2026-17"}, "externalReferences": [{"type": "Generic", "value": "sak-17"}],
        "notify": {"channel": "EmailPreferred", "email": {"subject": "Ny post", "body": "Du har fått post."},
                   "sms": {"body": "Du har fått post."}, "reminder": {"days": 7}}}


class GoldenPrismTest(unittest.TestCase):
    @contextlib.contextmanager
    def world(self, more="", **settings):
        extra = "single_call_bytes_max = 100000\nnotice_details = true\n" + more
        with watching(self) as watch, World(config_extra=QUICK, altinn_extra=extra, **settings) as world:
            world.start_standins()
            let_read(world)
            watch.standin = world.altinn.url
            watch.exempt = (f"{API}/correspondence/upload",)
            with prism(world.folder, DOCUMENTS / "altinn-correspondence-v1.derived.openapi.json", world.altinn.url) as judge:
                watch.judges = [(API, judge)]
                world.altinn.url = watch.url     # what the configuration is written with
                world.start()
                yield world, watch

    def delivered(self, world, letter, files):
        world.wait_for(letter, "delivered", "read", seconds=SLOW)
        made = world.correspondence_of(letter)
        self.assertEqual([hashlib.sha256(data).hexdigest() for data in files.values()],
                         [file["sha256"] for file in made["attachments"]])
        return made

    def test_letters_of_every_form_go_through_the_proxy_without_a_violation(self):
        with self.world() as (world, watch):
            plain = world.send(**FULL)
            small = world.send(files=SMALL, **FULL)
            large = world.send(files=LARGE, **FULL)
            again = world.send(files=SMALL, reference="uten tillegg")
            self.delivered(world, plain, {})
            self.delivered(world, small, SMALL)
            made = self.delivered(world, large, LARGE)
            self.delivered(world, again, SMALL)
            for act in ("fetch", "read", "confirm"):
                world.altinn.control("/control/recipient", {"correspondenceId": made["correspondenceId"], "act": act})
            world.wait_for(large, "read", seconds=SLOW)
            wait_until(lambda: "confirmed" in world.events_of(large), SLOW, lambda: f"{world.timeline(large)}")
            self.assertEqual(2, len(watch.forms))
            for content_type, body in watch.forms:
                self.judge_form(world, content_type, body)
        self.assertGreaterEqual(watch.calls[("POST", "application/json")], 4)       # two letters, two attachments
        self.assertEqual(2, watch.calls[("POST", "application/octet-stream")])
        self.assertGreaterEqual(watch.calls[("GET", "none")], 6)

    def judge_form(self, world, content_type, body):
        """The multipart call as Python's parser reads it."""
        whole = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode() + body
        form = email.message_from_bytes(whole, policy=email.policy.HTTP)
        self.assertTrue(form.is_multipart())
        self.assertEqual([], form.defects)
        fields, files = {}, {}
        for part in form.iter_parts():
            self.assertEqual([], part.defects)
            self.assertEqual("form-data", part.get_content_disposition())
            name = part.get_param("name", header="Content-Disposition")
            data = part.get_payload(decode=True)
            if name == "attachments":
                files[part.get_filename()] = hashlib.sha256(data).hexdigest()
            else:
                self.assertNotIn(name, fields)
                fields[name] = data.decode()
        self.assertEqual({f"{name}.pdf": hashlib.sha256(data).hexdigest() for name, data in SMALL.items()}, files)
        self.assertEqual("urn:altinn:organization:identifier-no:310002003", fields["recipients[0]"])
        self.assertEqual("Varsel om tilsyn", fields["correspondence.content.messageTitle"])
        self.assertEqual("Vi kommer på tilsyn.", fields["correspondence.content.messageBody"])
        for number, (name, data) in enumerate(SMALL.items()):
            described = f"correspondence.content.attachments[{number}]."
            self.assertEqual(f"{name}.pdf", fields[described + "fileName"])
            self.assertEqual(hashlib.md5(data).hexdigest(), fields[described + "checksum"])
        self.assertIn(fields["idempotentKey"], {one["idempotentKey"] for one in world.correspondences()})

    def test_a_letter_looked_up_after_a_kill_goes_through_the_proxy_without_a_violation(self):
        with self.world() as (world, watch):
            world.gateway.stop(SLOW)
            world.start_gateway({"SLUSE_CRASH_POINT": "dispatch.after_attempt"})
            letter = world.send()
            wait_until(lambda: not world.gateway.running(), SLOW)
            before = watch.calls[("GET", "none")]
            world.start_gateway()
            self.delivered(world, letter, {})
            self.assertIn("looked_up", world.events_of(letter))
            self.assertGreater(watch.calls[("GET", "none")], before)

    def test_a_letter_to_the_municipality_goes_through_the_proxy_without_a_violation(self):
        with self.world(RECEIVE, tenant_extra=TO_SYSTEM) as (world, watch):
            system = SystemsInbox(world, "post")
            sent = send_to_us(world, watch.standin)
            item = system.wait_for_one()
            system.ack(item)
            self.assertEqual((200, PDF), system.file(item["documents"][0]["sha256"]))
            wait_until(lambda: "Read" in statuses(world, sent), SLOW, world.gateway.words)
        asked = {path.replace(sent, "ID") for _, path in watch.asked}
        self.assertLessEqual({f"{API}/correspondence", f"{API}/correspondence/ID", f"{API}/correspondence/ID/markasread"}, asked)
        self.assertTrue(any(path.endswith("/download") for path in asked), asked)

    def test_withdrawing_and_deleting_go_through_the_proxy_without_a_violation(self):
        with self.world(time_scale=2) as (world, watch):       # 20 s until a letter is published
            world.altinn.fault(kind="malware", times=1)
            rejected = world.send(files=LARGE)
            letter = world.send()
            wait_until(lambda: "sent" in world.events_of(letter), SLOW, lambda: f"{world.timeline(letter)}")
            status, answer = world.call("POST", f"/v1/messages/{letter}/cancel")
            self.assertEqual(202, status, answer)
            world.wait_for(letter, "cancelled", seconds=SLOW)
            world.wait_for(rejected, "failed", seconds=SLOW)
            left = {one["status"] for one in world.altinn.state()["attachments"]}
            self.assertLessEqual(left, {"Purged", "Failed"})
        self.assertGreaterEqual(watch.calls[("DELETE", "none")], 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
