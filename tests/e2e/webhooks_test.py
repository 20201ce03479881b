"""Events by webhook from the real program to a receiver that verifies each with the npm library `standardwebhooks`; the same
events as the pages and the stream tell."""

import json
import signal
import unittest
import urllib.parse

import http.client

from harness import SLOW, SOURCE, Process, World, ask, wait_until

NODE = SOURCE / "tests" / "node"
WEBHOOKS = """
[webhooks]
allow = ["127.0.0.1/32"]
plain_http = true
ports = ["1024-65535"]
retry_seconds = [1]
"""


class Receiver:
    def __init__(self, folder):
        self.secrets_file, self.journal_file = folder / "secrets.json", folder / "journal"
        self.trust([])
        self.journal_file.touch()
        self.process = Process([NODE / "node_modules" / ".bin" / "node", NODE / "webhook_receiver.mjs", self.secrets_file, self.journal_file],
                               folder / "receiver.log")
        self.url = self.process.ready()["url"]

    def trust(self, secrets):
        self.secrets_file.write_text(json.dumps(secrets))

    def answers(self, *answers):
        assert ask(self.url, "POST", "/answers", json.dumps(answers).encode())[0] == 204

    def calls(self):
        lines = self.journal_file.read_text().split("\n")
        return [json.loads(line) for line in lines if line]

    def taken(self):
        return {call["id"] for call in self.calls() if call["verified"] and call["status"] // 100 == 2}


class Hooked:
    """The program, a receiver, and a subscription of system byggesak."""

    def __init__(self):
        self.world = World(config_extra=WEBHOOKS)

    def __enter__(self):
        self.world.__enter__()
        self.world.start()
        self.receiver = Receiver(self.world.folder)
        status, self.made = self.act("POST", "", {"url": self.receiver.url + "/hook", "description": "Byggesak"})
        assert status == 201, (status, self.made)
        self.receiver.trust([self.made["secret"]])
        return self

    def __exit__(self, *why):
        self.receiver.process.kill()
        self.world.__exit__(*why)

    def act(self, method, path, body=None, key=None):
        data = None if body is None else json.dumps(body).encode()
        return self.world.call(method, "/v1/subscriptions" + path, data, {"Content-Type": "application/json"}, key)

    @property
    def path(self):
        return "/" + self.made["id"]

    def look(self):
        status, view = self.act("GET", self.path)
        assert status == 200, view
        return view

    def log(self):
        """Every event of the system's messages, by page."""
        items, after = [], ""
        while True:
            status, page = self.world.call("GET", "/v1/events?limit=7" + (f"&after={after}" if after else ""))
            assert status == 200, page
            items += page["items"]
            if not page["items"]:
                return items
            after = page["next"]

    def deliver(self, letters=3):
        for letter in [self.world.send() for _ in range(letters)]:
            self.world.wait_for(letter, "delivered", "read")

    def all_taken(self):
        def same():
            return self.receiver.taken() >= {event["id"] for event in self.log()}
        wait_until(same, SLOW, lambda: f"{len(self.receiver.taken())} of {len(self.log())}; {self.look()}", pause=0.2)


class Webhooks(unittest.TestCase):
    def test_every_event_is_delivered_signed_and_is_what_the_page_tells(self):
        with Hooked() as hooked:
            hooked.deliver()
            hooked.all_taken()
            told = {event["id"]: event for event in hooked.log()}
            for call in hooked.receiver.calls():
                self.assertTrue(call["verified"], call)
                self.assertEqual(call["event"], told[call["id"]])
                self.assertEqual(call["contentType"], "application/cloudevents+json; charset=utf-8")
            status, said = hooked.act("POST", hooked.path + "/test")
            self.assertEqual((status, said["delivered"], said["status"]), (200, True, 204))
            self.assertEqual(hooked.receiver.calls()[-1]["event"]["type"], "no.sluse.subscription.test.v1")
            self.assertNotIn("secret", hooked.look())

    def test_a_rotated_secret_signs_beside_the_one_before(self):
        with Hooked() as hooked:
            status, rotated = hooked.act("POST", hooked.path + "/rotate")
            self.assertEqual(status, 200, rotated)
            hooked.receiver.trust([hooked.made["secret"], rotated["secret"]])
            hooked.deliver(1)
            hooked.all_taken()
            call = hooked.receiver.calls()[-1]
            self.assertEqual((call["signatures"], call["fits"]), (2, [True, True]))

    def test_retry_after_is_obeyed_410_disables_and_a_replay_brings_all_again(self):
        with Hooked() as hooked:
            hooked.receiver.answers({"status": 503, "headers": {"Retry-After": "2"}})
            hooked.deliver(1)
            hooked.all_taken()
            first = len(hooked.receiver.calls())
            ids = {event["id"] for event in hooked.log()}
            self.assertEqual(hooked.look()["lastFailure"]["params"], {"status": "503"})
            status, answer = hooked.act("POST", hooked.path + "/replay", {"since": "2020-01-01T00:00:00Z"})
            self.assertEqual(status, 200, answer)
            wait_until(lambda: {call["id"] for call in hooked.receiver.calls()[first:]} >= ids, SLOW)
            count = len(hooked.receiver.calls())
            one = sorted(ids)[0]
            self.assertEqual(hooked.act("POST", hooked.path + "/replay", {"ids": [one]})[0], 200)
            wait_until(lambda: one in {call["id"] for call in hooked.receiver.calls()[count:]}, SLOW)
            hooked.receiver.answers({"status": 410})
            letter = hooked.world.send()
            wait_until(lambda: not hooked.look()["enabled"], SLOW, hooked.world.gateway.words)
            self.assertEqual(hooked.look()["disabledCode"], "subscription.gone")
            self.assertIn("no.sluse.subscription.disabled.v1", {event["type"] for event in hooked.log()})
            hooked.world.wait_for(letter, "delivered", "read")
            hooked.receiver.answers()
            self.assertEqual(hooked.act("PATCH", hooked.path, {"enabled": True})[0], 200)
            wanted = {event["id"] for event in hooked.log() if event["type"].startswith("no.sluse.message.")}
            wait_until(lambda: hooked.receiver.taken() >= wanted, SLOW, lambda: str(hooked.look()))

    def test_killed_in_the_middle_every_event_is_delivered_at_least_once(self):
        with Hooked() as hooked:
            letters = []
            for _ in range(3):
                letters += [hooked.world.send() for _ in range(6)]
                seen = len(hooked.receiver.calls())
                wait_until(lambda: len(hooked.receiver.calls()) > seen + 2, SLOW, hooked.world.gateway.words)
                hooked.world.gateway.kill()
                hooked.world.start_gateway()
            for letter in letters:
                hooked.world.wait_for(letter, "delivered", "read", seconds=SLOW)
            hooked.all_taken()
            self.assertEqual(hooked.receiver.taken(), {event["id"] for event in hooked.log()})
            self.assertTrue(all(call["verified"] for call in hooked.receiver.calls()))

    def test_a_subscriber_of_the_stream_that_is_cut_anywhere_ends_with_exactly_the_same_events(self):
        with Hooked() as hooked:
            hooked.deliver()
            hooked.all_taken()
            wanted = [event["id"] for event in hooked.log()]
            parts = urllib.parse.urlsplit(hooked.world.url)
            seen, last, cut = [], None, 1
            while len(seen) < len(wanted):
                line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
                headers = {"Authorization": f"Bearer {hooked.world.key}", "Accept": "text/event-stream"}
                if last:
                    headers["Last-Event-ID"] = last
                line.request("GET", "/v1/events", headers=headers)
                answer = line.getresponse()
                pending = None
                for _ in range(cut):    # lines before it is cut, also between an event's own
                    text = answer.readline().decode().rstrip("\n")
                    if text.startswith("id: "):
                        pending = text[4:]
                    elif text.startswith("data: "):
                        event = json.loads(text[6:])["id"]
                    elif not text and pending:
                        seen.append(event)
                        last, pending = pending, None
                        if len(seen) == len(wanted):
                            break
                answer.close()
                line.close()
                cut = cut % 23 + 4
            self.assertEqual(seen, wanted)

    def test_an_address_inside_is_refused_unless_allowed_and_nobody_sees_anothers(self):
        with Hooked() as hooked:
            for url in ("http://127.0.0.2:8080/", "http://[::1]:8080/", "http://169.254.169.254:8080/", "http://2130706433:8080/",
                        "http://user@127.0.0.1:8080/"):
                status, answer = hooked.act("POST", "", {"url": url})
                self.assertEqual((status, answer["code"]), (422, "subscription.url_refused"), url)
            other = hooked.world.create_key("oversikt")
            self.assertEqual(hooked.act("GET", hooked.path, key=other)[0], 404)
            self.assertEqual(hooked.act("DELETE", hooked.path, key=other)[0], 404)
            self.assertEqual(hooked.act("GET", "", key=other)[1], {"items": []})
            self.assertEqual(hooked.act("DELETE", hooked.path)[0], 204)
            self.assertEqual(hooked.act("GET", hooked.path)[0], 404)

    def test_what_a_name_stands_for_is_looked_at_again_when_we_connect(self):
        with Hooked() as hooked:
            port = hooked.receiver.url.rsplit(":", 1)[1]
            status, named = hooked.act("POST", "", {"url": f"http://localhost:{port}/"})
            if status == 201:   # where the name has no IPv6 address
                self.assertTrue(hooked.act("POST", f"/{named['id']}/test")[1]["status"])
            path = hooked.world.config / "sluse.toml"
            path.write_text(path.read_text().replace('allow = ["127.0.0.1/32"]', 'allow = ["127.0.0.9/32"]'))
            hooked.world.gateway.process.send_signal(signal.SIGHUP)

            def refused():
                said = hooked.act("POST", hooked.path + "/test")[1]
                return said.get("code") == "subscription.call_not_allowed"
            wait_until(refused, SLOW, hooked.world.gateway.words)
            calls = len(hooked.receiver.calls())
            hooked.deliver(1)
            wait_until(lambda: hooked.look().get("lastFailure", {}).get("code") == "subscription.call_not_allowed", SLOW)
            self.assertEqual(len(hooked.receiver.calls()), calls)


if __name__ == "__main__":
    unittest.main(verbosity=2)
