"""The program's life: starts, changes its configuration, refuses what it must, stops without losing anything."""

import http.client
import json
import re
import signal
import unittest
import urllib.parse

from harness import PDF, SLOW, SLUSE, Process, World, ask, multipart, wait_until


def problem_of(answer):
    return answer["code"] if isinstance(answer, dict) else answer


class Life(unittest.TestCase):
    def test_a_second_program_on_the_same_data_is_refused_and_told_who_has_it(self):
        with World() as world:
            world.start()
            second = world.sluse("serve", "--config", world.config, check=False)
            self.assertEqual(second.returncode, 73)
            self.assertIn(f"er i bruk av sluse serve, pid {world.gateway.pid}", second.stderr)
            self.assertEqual(world.message(world.send())["type"], "letter/v1")

    def test_mistakes_in_the_configuration_start_nothing(self):
        with World() as world:
            world.start_standins()
            world.write_config()
            path = world.config / "sluse.toml"
            path.write_text(path.read_text().replace("client_id", "client_ud"))
            checked = world.sluse("--lang", "en", "check", "--config", world.config, check=False)
            self.assertEqual(checked.returncode, 1)
            self.assertRegex(checked.stderr, r'sluse\.toml:\d+:1: unknown key "client_ud"; did you mean "client_id"\?')
            served = world.sluse("serve", "--config", world.config, check=False)
            self.assertEqual(served.returncode, 78)
            self.assertFalse((world.data / "sluse.db").exists())

    def test_arguments_that_are_wrong_are_named_and_nothing_is_done(self):
        with World() as world:
            def said(*arguments):
                done = world.sluse(*arguments, check=False)
                return done.returncode, done.stderr

            self.assertEqual(said("serch"), (2, "sluse: ukjent verb: serch; mente du search?\nsluse: se sluse --help\n"))
            self.assertEqual(said("--lang", "en", "serch")[1].splitlines()[0], "sluse: unknown verb: serch; did you mean search?")
            code, words = said("check", "--frobnicate", "more")
            self.assertEqual((code, words.splitlines()[0]), (2, "sluse: dette ble ikke forstått: --frobnicate more"))
            code, words = said("check", "--config", "/nowhere")
            self.assertEqual((code, words), (1, "sluse: /nowhere: mappen finnes ikke; oppgi den med --config\n"))

    def test_a_changed_configuration_comes_into_force_without_a_restart_and_a_wrong_one_changes_nothing(self):
        with World() as world:
            world.start()
            path = next((world.config / "tenants").iterdir())
            right = path.read_text()
            path.write_text(right.replace('"send:letter"', '"send:leter"'))
            world.gateway.process.send_signal(signal.SIGHUP)
            wait_until(lambda: "send:leter" in world.gateway.words(), 20, world.gateway.words)
            world.send()
            path.write_text(right.replace('grants = ["send:letter"]', 'grants = ["messages:read-all"]'))
            world.gateway.process.send_signal(signal.SIGHUP)
            wait_until(lambda: world.post(world.letter())[0] == 403, 20, world.gateway.words)
            self.assertTrue(world.gateway.running())

    def test_a_full_disk_is_said_before_anything_is_accepted_and_it_resumes_by_itself(self):
        with World(config_extra="[limits]\nfree_disk_bytes_min = 1099511627776") as world:
            world.start()
            status, answer = world.post(world.letter())
            self.assertEqual((status, problem_of(answer)), (507, "service.storage_full"))
            status, _ = world.call("POST", "/v1/documents", b"x" * 100, {"Content-Type": "application/pdf"})
            self.assertEqual(status, 507)
            path = world.config / "sluse.toml"
            path.write_text(path.read_text().replace("1099511627776", "1048576"))
            world.gateway.process.send_signal(signal.SIGHUP)
            wait_until(lambda: world.post(world.letter())[0] == 202, 20, world.gateway.words)

    def test_stopping_lets_an_upload_under_way_end_and_loses_nothing(self):
        with World() as world:
            world.start()
            parts = urllib.parse.urlsplit(world.url)
            upload = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
            upload.putrequest("POST", "/v1/documents")
            for name, value in {"Authorization": f"Bearer {world.key}", "Content-Type": "application/pdf",
                                "Content-Length": "200000"}.items():
                upload.putheader(name, value)
            upload.endheaders()
            upload.send(b"a" * 100000)
            wait_until(lambda: world.metrics_sum("sluse_http_connections") >= 1, 20)
            letter = world.send()
            world.gateway.process.send_signal(signal.SIGTERM)
            wait_until(lambda: "stopper" in world.gateway.words(), 20, world.gateway.words)
            upload.send(b"a" * 100000)
            self.assertEqual(upload.getresponse().status, 201)
            upload.close()
            self.assertEqual(world.gateway.process.wait(60), 0)   # a second signal would cut it off
            world.gateway.close()
            world.start_gateway()
            world.wait_for(letter, "delivered", "read")
            self.assertEqual(len(world.correspondences()), 1)

    def test_health_and_metrics_tell_that_it_runs(self):
        with World() as world:
            world.start()
            self.assertEqual(ask(world.admin_url, path="/healthz")[0], 200)
            self.assertEqual(ask(world.admin_url, path="/readyz")[0], 200)
            world.wait_for(world.send(), "delivered", "read")
            wait_until(lambda: world.metrics_sum("sluse_deliveries", 'state="delivered"') >= 1, 20)
            self.assertLess(world.metrics_sum("sluse_resident_bytes"), 512e6)


class Sandbox(unittest.TestCase):
    def test_the_demo_delivers_its_letters_and_receives_its_form_twice_in_a_row_in_the_same_folder(self):
        with World() as world:
            homes = []
            for how, asked in (("hentet", "1"), ("(hentet|lagret)", "[01]")):     # the second may find what the first has fetched
                said = world.sluse("sandbox", "--demo", "--data", world.folder / "sandbox", environment={"LANG": "nb_NO.UTF-8"})
                for who in ("Altinn", "Digipost", "Trykkeriet"):
                    self.assertIn(f"{who} har nøyaktig ett brev med akkurat disse bytene", said)
                self.assertRegex(said, r"delivered +delivered +altinn +Levert")
                self.assertRegex(said, r"ligger i innboksen til fagsystemet: [0-9a-f-]{36} \(form/v1, altinn-forms\)")
                self.assertIn("innbyggeren ser «Mottatt»", said)
                self.assertRegex(said, rf"Et oppslag i Folkeregisteret, til opptak i barnehage: {how}\n  LIV BERG, .+, [0-9]{{4}} [A-ZÆØÅ]+\n")
                self.assertRegex(said, rf"Samme oppslag igjen: lagret\. Så mange ganger er Folkeregisteret spurt: {asked}\n")
                self.assertRegex(said, rf"fagsystem +opptak +barnehageloven § 16 +{how} +addresses\.residence, names, status\n(.+\n)*"
                                       r"  .+ fagsystem +opptak +barnehageloven § 16 +lagret +addresses\.residence, names, status")
                self.assertRegex(said, r"no\.sluse\.person\.moved\.v1  [0-9a-f-]{36}  formål opptak\n")
                homes.append(re.search(r"  før:   (.+)\n  etter: (.+)\n", said).groups())
                self.assertRegex(said, r"Arkivet har journalført det som [0-9]{4}/[0-9]+, og meldingen finnes igjen")
            # Each time from where they lived to somewhere else.
            self.assertEqual("Storgata 1, 0155 OSLO", homes[0][0])
            self.assertEqual(homes[0][1], homes[1][0])
            self.assertTrue(all(before != after for before, after in homes), homes)

    def test_the_letter_arrives_once_although_the_service_is_killed_in_the_middle(self):
        with World() as world:
            said = world.sluse("--lang", "en", "sandbox", "--demo", "--kill")
            self.assertIn("The service was killed", said)
            self.assertIn("Altinn has exactly one letter", said)

    def comes_in(self, lines, exports):
        """A form, by the command that was printed, and a file sent to the municipality itself: both wait in the inbox."""
        key = {"Authorization": f"Bearer {exports['SLUSE_KEY']}"}
        form = next(line.split()[2] for line in lines if line.startswith("curl") and "/control/forms" in line)
        self.assertEqual(ask(form, "POST", "/control/forms", b"{}")[0], 200)
        content_type, body = multipart({"type": "transfer", "version": 1, "recipient": {"organisation": "310000019"},
                                        "documents": [{"part": "fil", "name": "rapport.zip"}]}, {"fil": b"PK" + bytes(1000)})
        status, _, answer = ask(exports["SLUSE_URL"], "POST", "/v1/messages", body, {**key, "Content-Type": content_type})
        self.assertEqual(status, 202, answer)
        came = {}

        def both():
            status, _, page = ask(exports["SLUSE_URL"], path="/v1/inbox?wait=10", headers=key)
            self.assertEqual(status, 200, page)
            came.update({item["type"]: item for item in json.loads(page)["items"]})
            return came.keys() >= {"form/v1", "transfer/v1"}
        wait_until(both, SLOW, lambda: str(came.keys()))
        self.assertEqual([1002], [one["size"] for one in came["transfer/v1"]["documents"]])

    def by_svarut(self, exports):
        """A letter to a person, and files to the municipality itself, which come back in by SvarInn."""
        key = {"Authorization": f"Bearer {exports['SLUSE_KEY']}"}

        def send(**members):
            content_type, body = multipart({"version": 1, "title": "Vedtak", "properties": {"way": "svarut"},
                                            "documents": [{"part": "fil", "name": "vedtak.pdf"}], **members}, {"fil": PDF})
            status, _, answer = ask(exports["SLUSE_URL"], "POST", "/v1/messages", body, {**key, "Content-Type": content_type})
            self.assertEqual(status, 202, answer)
            return json.loads(answer)["id"]

        def timeline(message):
            return ask(exports["SLUSE_URL"], path=f"/v1/messages/{message}/events", headers=key)[2].decode()
        letter = send(type="letter", recipient={"person": "01816000064"},
                      address={"name": "Kari Sandvik", "lines": ["Sandveien 1"], "postalCode": "0150", "city": "Oslo"})
        doctor = send(type="letter", properties={}, recipient={"nhn": {"herId": "8094866", "patient": {
            "person": "17912099997", "givenName": "Ola", "familyName": "Eksempel"}}})
        files = send(type="transfer", recipient={"organisation": "310000019"})
        wait_until(lambda: "svarut.delivered_altinn" in timeline(letter), SLOW, lambda: timeline(letter))
        wait_until(lambda: "svarut.delivered_health_network" in timeline(doctor), SLOW, lambda: timeline(doctor))
        wait_until(lambda: "svarut.read" in timeline(files), SLOW, lambda: timeline(files))
        _, _, page = ask(exports["SLUSE_URL"], path="/v1/inbox?wait=10", headers=key)
        item, = [one for one in json.loads(page)["items"] if one["connection"] == "svarinn"]
        self.assertEqual((["vedtak.pdf"], [len(PDF)]), ([one["name"] for one in item["documents"]], [one["size"] for one in item["documents"]]))

    def looks_up(self, lines, exports):
        """A person, by the command that was printed, and an organisation; and who has seen the person."""
        def call(method, path, body=None):
            status, _, answer = ask(exports["SLUSE_URL"], method, path, body and json.dumps(body), {
                "Authorization": f"Bearer {exports['SLUSE_KEY']}", "Purpose": "opptak", "Content-Type": "application/json"}, timeout=60)
            self.assertEqual(status, 200, answer)
            return json.loads(answer)
        start = next(i for i, line in enumerate(lines) if line.startswith("curl -sS \"$SLUSE_URL/v1/persons/lookup\""))
        self.assertIn("-H 'Purpose: opptak'", lines[start + 1])
        person = call("POST", "/v1/persons/lookup", json.loads(lines[start + 2].split("'")[1]))
        self.assertEqual("BERG", person["values"]["names"]["last"])
        register = next(line.split()[1] for line in lines if line.startswith("  Enhetsregisteret"))
        known = json.loads(ask(register, path="/control/state")[2])["first"][0]
        unit = call("POST", "/v1/organisations/lookup", {"organisation": known["organisasjonsnummer"]})
        self.assertEqual(known["navn"], unit["values"]["name"], unit)
        log = call("GET", f"/v1/persons/{person['handle']}/access-log")
        self.assertEqual(("fagsystem", "opptak"), (log["items"][-1]["system"], log["items"][-1]["purpose"]))

    def test_without_rabbitmq_all_but_fiks_io_works_and_it_says_how_to_get_it(self):
        with World() as world:
            nowhere = {"SLUSE_RABBITMQ_FOLDER": str(world.folder / "nowhere"), "LANG": "nb_NO.UTF-8"}
            said = world.sluse("sandbox", "--demo", "--data", world.folder / "sandbox", environment=nowhere)
            self.assertIn("Uten RabbitMQ går ingenting over KS Fiks her: apt-get install rabbitmq-server", said)
            self.assertRegex(said, r"ligger i innboksen til fagsystemet: [0-9a-f-]{36} \(form/v1, altinn-forms\)")
            self.assertNotIn("Arkivet har journalført", said)
            child = Process([SLUSE, "sandbox", "--data", world.folder / "sandbox"], world.folder / "sandbox.log", nowhere)
            try:
                lines, exports = self.welcome(child)
                self.assertIn("apt-get install rabbitmq-server", "".join(lines))
                self.by_svarut(exports)
                self.looks_up(lines, exports)
            finally:
                self.assertEqual(child.stop(), 0)

    def welcome(self, child):
        """The printed lines, and what they export."""
        lines = []
        while not lines or not lines[-1].startswith("Avslutt"):
            line = child.process.stdout.readline().decode()
            self.assertTrue(line, child.words())
            lines.append(line)
        return lines, dict(line.split()[1].split("=", 1) for line in lines if line.startswith("export "))

    def test_the_printed_curl_calls_work_as_they_stand(self):
        with World() as world:
            child = Process([SLUSE, "sandbox", "--data", world.folder / "sandbox"], world.folder / "sandbox.log")
            try:
                lines, exports = self.welcome(child)
                self.assertNotIn("apt-get", "".join(lines))
                start = next(i for i, line in enumerate(lines) if line.startswith("curl -sS \"$SLUSE_URL/v1/messages\""))
                body = "".join(lines[start:start + 3]).split("-d '", 1)[1].rsplit("'", 1)[0]
                self.assertEqual(json.loads(body)["recipient"], {"organisation": "312345676"})
                status, _, answer = ask(exports["SLUSE_URL"], "POST", "/v1/messages", body.encode(),
                                        {"Authorization": f"Bearer {exports['SLUSE_KEY']}", "Content-Type": "application/json"})
                self.assertEqual(status, 202, answer)
                self.assertEqual(ask(exports["SLUSE_URL"], path="/docs")[0], 200)
                self.comes_in(lines, exports)
                self.by_svarut(exports)
                self.looks_up(lines, exports)
            finally:
                self.assertEqual(child.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
