"""The golden path and its neighbours: what a specialist system and an operator do on an ordinary day."""

import datetime
import hashlib
import http.client
import json
import os
import unittest
import urllib.parse

from harness import PDF, QUICK, RECIPIENT, SLOW, TENANT, World, ask


def in_seconds(seconds):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


class GoldenTest(unittest.TestCase):
    """One world for all: the letters of one test are none of another's business."""

    @classmethod
    def setUpClass(cls):
        cls.world = World(config_extra=QUICK)
        cls.addClassCleanup(lambda: cls.world.__exit__(None, None, None))
        cls.world.start()

    def test_a_letter_with_a_pdf_is_delivered_once_with_the_bytes_that_were_given(self):
        world = self.world
        letter = world.send(files={"varsel": PDF}, reference="GULL-1")
        seen = world.wait_for(letter, "delivered", seconds=SLOW)
        sha256 = hashlib.sha256(PDF).hexdigest()
        self.assertEqual(sha256, seen["documents"][0]["sha256"])
        self.assertEqual("altinn", seen["result"]["channel"])
        made = world.correspondence_of(letter)
        self.assertEqual([sha256], [file["sha256"] for file in made["attachments"]])
        self.assertEqual(f"urn:altinn:organization:identifier-no:{RECIPIENT}", made["recipient"])
        self.assertEqual(seen["deliveries"][0]["id"], made["idempotentKey"])
        self.assertEqual(seen["deliveries"][0]["upstreamReference"], made["correspondenceId"])
        self.assertEqual(["accepted", "route_chosen", "attempt_started", "sent", "delivered"], world.events_of(letter))
        times = [event["at"] for event in world.timeline(letter)]
        self.assertEqual(sorted(times), times)
        self.assertEqual(1, len([one for one in world.correspondences() if one["sendersReference"] == "GULL-1"]))

    def test_a_letter_without_files_is_delivered(self):
        letter = self.world.send(reference="GULL-2")
        self.world.wait_for(letter, "delivered", seconds=SLOW)
        self.assertEqual([], self.world.correspondence_of(letter)["attachments"])

    def test_a_letter_becomes_read_when_its_recipient_opens_it(self):
        world = self.world
        letter = world.send()
        world.wait_for(letter, "delivered", seconds=SLOW)
        made = world.correspondence_of(letter)["correspondenceId"]
        for act in ("fetch", "read"):
            world.altinn.control("/control/recipient", {"correspondenceId": made, "act": act})
        world.wait_for(letter, "read", seconds=SLOW)
        self.assertEqual("read", world.events_of(letter)[-1])

    def test_the_same_key_and_content_is_one_letter_and_other_content_is_refused(self):
        world = self.world
        message = {**world.letter(reference="GULL-3"), "documents": [{"part": "varsel", "name": "varsel.pdf"}]}
        first = world.post(message, {"varsel": PDF}, "nøkkel-1".encode().hex())
        again = world.post(message, {"varsel": PDF}, "nøkkel-1".encode().hex())
        self.assertEqual((202, 202), (first[0], again[0]), (first, again))
        self.assertEqual(first[1]["id"], again[1]["id"])
        status, problem = world.post({**message, "title": "Noe annet"}, {"varsel": PDF}, "nøkkel-1".encode().hex())
        self.assertEqual((409, "idempotency.conflict"), (status, problem["code"]))
        world.wait_for(first[1]["id"], "delivered", seconds=SLOW)
        self.assertEqual(1, len([one for one in world.correspondences() if one["sendersReference"] == "GULL-3"]))

    def test_a_letter_is_not_sent_before_its_time_and_can_be_withdrawn_until_then(self):
        world = self.world
        late = world.send(reference="GULL-4", notBefore=in_seconds(3600))
        soon_at = in_seconds(3)
        soon = world.send(reference="GULL-5", notBefore=soon_at)
        world.wait_for(soon, "delivered", seconds=SLOW)
        started = next(event["at"] for event in world.timeline(soon) if event["event"] == "attempt_started")
        self.assertGreaterEqual(started, soon_at)
        self.assertEqual("queued", world.message(late)["state"])
        status, answer = world.call("POST", f"/v1/messages/{late}/cancel")
        self.assertEqual((202, "cancelled"), (status, answer["state"]))
        self.assertEqual("cancelled", world.events_of(late)[-1])
        self.assertEqual([], [one for one in world.correspondences() if one["sendersReference"] == "GULL-4"])

    def test_a_letter_is_found_by_its_reference_and_by_its_recipient(self):
        world = self.world
        letter = world.send(reference="GULL-6")
        status, page = world.call("GET", "/v1/messages?reference=GULL-6")
        self.assertEqual((200, [letter]), (status, [item["id"] for item in page["items"]]))
        status, page = world.call("GET", "/v1/messages?reference=GULL-6-finnes-ikke")
        self.assertEqual((200, []), (status, page["items"]))
        status, page = world.call("POST", "/v1/messages/search", json.dumps({"recipient": {"organisation": RECIPIENT}}),
                                  {"Content-Type": "application/json"})
        self.assertEqual(200, status, page)
        self.assertIn(letter, [item["id"] for item in page["items"]])

    def test_an_operator_finds_a_letter_by_file_name_by_the_components_id_and_by_organisation(self):
        world = self.world
        letter = world.send(files={"befaring-2026": PDF}, reference="GULL-8")
        upstream = world.wait_for(letter, "delivered", seconds=SLOW)["deliveries"][0]["upstreamReference"]
        key = json.loads(world.sluse("keys", "create", "--config", world.config, "--admin", "--why", "test", "--json"))["key"]

        def found(**by):
            status, _, answer = ask(world.admin_url, "POST", "/admin/v1/messages/search", json.dumps({"tenant": TENANT, "limit": 200, **by}).encode(),
                                    {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
            self.assertEqual(200, status, answer)
            return [one["id"] for one in json.loads(answer)["items"]]
        self.assertEqual([letter], found(fileName="befaring-2026.pdf"))
        self.assertEqual([letter], found(upstream=upstream))
        self.assertIn(letter, found(recipient={"organisation": RECIPIENT}))
        self.assertEqual([letter], found(fileName="befaring-2026.pdf", state="delivered", system="byggesak"))
        for nothing in ({"fileName": "befaring-2027.pdf"}, {"fileName": "befaring-2026"}, {"upstream": letter},
                        {"recipient": {"organisation": TENANT}}, {"upstream": upstream, "system": "oversikt"}):
            self.assertEqual([], found(**nothing), nothing)

    def test_every_event_comes_once_and_in_order_by_pages_and_as_a_stream(self):
        world = self.world
        letter = world.send()
        world.wait_for(letter, "delivered", seconds=SLOW)
        paged, after = [], None
        while True:
            path = "/v1/events?limit=7" + (f"&after={urllib.parse.quote(after)}" if after else "")
            status, page = world.call("GET", path)
            self.assertEqual(200, status, page)
            if not page["items"]:
                break
            paged += page["items"]
            after = page["next"]
        ids = [event["id"] for event in paged]
        self.assertEqual(len(set(ids)), len(ids))
        own = [event["type"] for event in paged if event["subject"] == letter]
        self.assertEqual([f"no.sluse.message.{name}.v1" for name in ("accepted", "route_chosen", "attempt_started", "sent", "delivered")], own)
        self.assertEqual(ids, self.streamed(len(ids)))

    def streamed(self, count):
        """The ids of the first so many events of the stream."""
        parts = urllib.parse.urlsplit(self.world.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=SLOW)
        try:
            connection.request("GET", "/v1/events", headers={"Authorization": f"Bearer {self.world.key}", "Accept": "text/event-stream"})
            answer = connection.getresponse()
            self.assertEqual(200, answer.status)
            self.assertTrue(answer.headers["Content-Type"].startswith("text/event-stream"))
            ids = []
            while len(ids) < count:
                line = answer.readline()
                self.assertTrue(line, "the stream ended")
                if line.startswith(b"data:"):
                    ids.append(json.loads(line[5:])["id"])
            return ids
        finally:
            connection.close()

    def test_the_command_line_shows_finds_and_checks(self):
        world = self.world
        letter = world.send(files={"varsel": PDF}, reference="GULL-7")
        world.wait_for(letter, "delivered", seconds=SLOW)
        shown = world.sluse("trace", letter, "--config", world.config)
        for word in (letter, "GULL-7", "Tatt imot", "Sendt", "Levert", "delivered"):
            self.assertIn(word, shown)
        lines = [json.loads(line) for line in world.sluse("trace", letter, "--config", world.config, "--json").splitlines()]
        self.assertIn(letter, json.dumps(lines[0]))
        self.assertIn(letter, world.sluse("search", "--reference", "GULL-7", "--config", world.config))
        self.assertEqual(0, world.sluse("check", "--config", world.config, check=False).returncode)
        unknown = world.sluse("trace", "01a20348-48f3-77b6-beed-000000000000", "--config", world.config, check=False)
        self.assertEqual(4, unknown.returncode)

    def test_a_letter_is_sent_from_the_command_line(self):
        world = self.world
        file = world.folder / "varsel.pdf"
        file.write_bytes(PDF)
        key = world.folder / "key"
        key.write_text(world.key)
        key.chmod(0o600)
        sent = world.sluse("send", "--to", RECIPIENT, "--title", "Varsel", "--file", file, "--reference", "GULL-8",
                           "--url", world.url, "--key-file", key, timeout=SLOW)
        letter = sent.split()[0]
        world.wait_for(letter, "delivered", seconds=SLOW)
        shown = world.sluse("trace", letter, "--config", world.config)
        self.assertIn("delivered", shown)
        self.assertEqual(1, len([one for one in world.correspondences() if one["sendersReference"] == "GULL-8"]))

    def test_a_mistake_in_the_configuration_is_shown_where_it_is(self):
        world = self.world
        wrong = world.folder / "wrong"
        wrong.mkdir()
        text = (world.config / "sluse.toml").read_text()
        (wrong / "sluse.toml").write_text(text.replace("lease_seconds", "lease_secunds"))
        (wrong / "tenants").mkdir()
        for file in (world.config / "tenants").iterdir():
            (wrong / "tenants" / file.name).write_text(file.read_text())
        done = world.sluse("check", "--config", wrong, check=False)
        self.assertEqual(1, done.returncode)
        line = text[:text.index("lease_seconds")].count("\n") + 1
        said = done.stdout + done.stderr
        self.assertIn(f"sluse.toml:{line}:1", said)
        self.assertIn("lease_seconds", said)


class OwnWorldTest(unittest.TestCase):
    def test_a_letter_above_the_limit_of_one_call_goes_file_by_file(self):
        with World(config_extra=QUICK, altinn_extra="single_call_bytes_max = 100000") as world:
            world.start()
            files = {"kart": PDF + os.urandom(3_000_000), "varsel": PDF}
            letter = world.send(files=files)
            world.wait_for(letter, "delivered", seconds=SLOW)
            made = world.correspondence_of(letter)
            self.assertEqual({hashlib.sha256(data).hexdigest() for data in files.values()},
                             {file["sha256"] for file in made["attachments"]})
            calls = [(call["method"], call["path"]) for call in world.altinn.control("/control/requests")["last"]]
            self.assertEqual(2, len([path for method, path in calls if method == "POST" and path.endswith("/upload")
                                     and "/attachment/" in path]), calls)

    def test_a_letter_that_altinn_has_not_published_is_withdrawn_there(self):
        with World(config_extra=QUICK, time_scale=1) as world:
            world.start()
            letter = world.send()
            world.wait_for(letter, "sent", seconds=SLOW)
            status, answer = world.call("POST", f"/v1/messages/{letter}/cancel")
            self.assertEqual(202, status, answer)
            world.wait_for(letter, "cancelled", seconds=SLOW)
            self.assertEqual("PurgedByAltinn", world.correspondence_of(letter)["status"])

    def test_a_backup_taken_while_letters_move_is_restored_and_serves(self):
        with World(config_extra=QUICK) as world:
            world.start()
            before = world.send(files={"varsel": PDF}, reference="KOPI-1")
            world.wait_for(before, "delivered", seconds=SLOW)
            backup = world.folder / "backup"
            backup.mkdir()
            world.sluse("backup", backup, "--why", "test", "--config", world.config, timeout=SLOW)
            world.sluse("verify", "--config", world.config, timeout=SLOW)
            self.assertEqual(0, world.gateway.stop(SLOW))
            data = next(file for file in backup.rglob("*data*.db"))
            keys = next(file for file in backup.rglob("*keys*.db"))
            restored = world.folder / "restored"
            for first, second, said in ((keys, data, "byttet om"), (world.config / "sluse.toml", keys, "--data: dette er ingen fil")):
                refused = world.sluse("restore", "--data", first, "--keys", second, "--into", restored, check=False)
                self.assertEqual(1, refused.returncode)
                self.assertIn(said, refused.stderr)
            world.sluse("restore", "--data", data, "--keys", keys, "--into", restored, timeout=SLOW)
            documents = backup / "documents"
            self.copy_missing(documents if documents.exists() else world.data / "documents", restored / "documents")
            world.data.rename(world.folder / "old")
            restored.rename(world.data)
            world.sluse("verify", "--offline", "--path", world.data, "--config", world.config, timeout=SLOW)
            world.start_gateway()
            seen = world.message(before)
            self.assertEqual(("delivered", "KOPI-1"), (seen["state"], seen["reference"]))
            after = world.send(reference="KOPI-2")
            world.wait_for(after, "delivered", seconds=SLOW)
            status, got = world.call("GET", f"/v1/documents/{hashlib.sha256(PDF).hexdigest()}")
            self.assertEqual((200, PDF), (status, got))

    def copy_missing(self, source, target):
        for file in source.rglob("*"):
            to = target / file.relative_to(source)
            if file.is_file() and not to.exists():
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_bytes(file.read_bytes())


if __name__ == "__main__":
    unittest.main(verbosity=2)
