"""The golden path with the real program, and Prism as a proxy before the Correspondence stand-in: no call of ours, and no answer
to it, breaks the derived document.

    program -> Watch -> Prism (JSON, octet-stream, GET, DELETE) -> stand-in
                     -> stand-in (the multipart call, which the document cannot describe; the token exchange)

Watch notes each call, and reads the multipart call with Python's own parser: an independent reader of what we write.
"""

import collections
import contextlib
import email
import email.policy
import hashlib
import http.client
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))
from harness import PDF, QUICK, SLOW, SOURCE, free_port, wait_until, World  # noqa: E402

PEERS = SOURCE / "tests" / "node" / "node_modules"
DOCUMENT = pathlib.Path(os.environ["SLUSE_REFERENCE_DIR"]) / "altinn" / "altinn-correspondence-v1.derived.openapi.json"
API = "/correspondence/api/v1"
SMALL = {"vedtak": PDF + b"%small", "kart": bytes(byte for byte in range(256) if byte not in b"\r\n") * 30}
# Prism reads a body as text, and would change bytes that are none.
LARGE = {"vedtak": PDF + b"%large" * 40_000, "kart": os.urandom(150_000).hex().encode()}
FULL = {"dueAt": "2099-01-01T00:00:00.000Z", "confirm": True, "language": "nn", "summary": "Kort sagt",
        "properties": {"saksnummer": "2026-17"}, "externalReferences": [{"type": "Generic", "value": "sak-17"}],
        "notify": {"channel": "EmailPreferred", "email": {"subject": "Ny post", "body": "Du har fått post."},
                   "sms": {"body": "Du har fått post."}, "reminder": {"days": 7}}}


class Watch(http.server.ThreadingHTTPServer):
    """Carries each call on to Prism or to the stand-in, and keeps what it saw."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Passing)
        self.prism = self.standin = None
        self.calls = collections.Counter()      # (method, kind)
        self.violations = []
        self.forms = []                         # (content type, body) of each multipart call
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urllib.parse.urlsplit(self.path).path
        judged = path.startswith(API) and path != f"{API}/correspondence/upload"
        kind = self.headers.get("Content-Type", "none").split(";")[0]
        if kind == "multipart/form-data":
            self.server.forms.append((self.headers["Content-Type"], body))
        target = urllib.parse.urlsplit(self.server.prism if judged else self.server.standin)
        onward = http.client.HTTPConnection(target.hostname, target.port, timeout=120)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        onward.request(self.command, self.path, body=body or None, headers=headers)
        answer = onward.getresponse()
        data = answer.read()
        if judged:
            self.server.calls[(self.command, kind)] += 1
            if b"stoplight.io/prism/errors" in data or answer.getheader("sl-violations"):
                self.server.violations.append((self.command, self.path, answer.status, answer.getheader("sl-violations"),
                                               data[:1000], body[:1000] if kind == "application/json" else len(body)))
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        onward.close()

    do_GET = do_POST = do_DELETE = pass_on

    def log_message(self, *_):
        pass


class GoldenPrismTest(unittest.TestCase):
    @contextlib.contextmanager
    def world(self, **settings):
        watch = Watch()
        with World(config_extra=QUICK, altinn_extra="single_call_bytes_max = 100000\nnotice_details = true", **settings) as world:
            world.start_standins()
            watch.standin = world.altinn.url
            port = free_port()
            watch.prism = f"http://127.0.0.1:{port}"
            with open(world.folder / "prism.log", "wb") as log:
                prism = subprocess.Popen([PEERS / ".bin" / "node", (PEERS / ".bin" / "prism").resolve(), "proxy", "-h", "127.0.0.1",
                                          "-p", str(port), "--errors", DOCUMENT, world.altinn.url], stdout=log, stderr=log)
            try:
                wait_until(lambda: b"listening" in (world.folder / "prism.log").read_bytes(), SLOW)
                world.altinn.url = watch.url     # what the configuration is written with
                world.start()
                yield world, watch
            finally:
                prism.kill()
                prism.wait()
                watch.shutdown()
                watch.server_close()
        self.assertEqual([], watch.violations)

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
        print(dict(watch.calls), flush=True)

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
