"""What operators do: a system user asked for at Altinn and followed until a person has answered, subscriptions of systems looked
after, and failed messages corrected. The real program and its verbs, and what the log says of who did it and why."""

import hashlib
import io
import json
import re
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from harness import PDF, QUICK, SLOW, SLUSE, TENANT, World, ask, wait_until
from mending import Mending
from webhooks_test import Hooked

SYSTEM = f"""
system_id = "{TENANT}_sluse"
system_user_rights = ["sluse-brev"]
"""
NORWEGIAN = {"LANG": "nb_NO.UTF-8"}


class Asking(World):
    def __init__(self, more=""):
        super().__init__(altinn_extra=SYSTEM + more)

    def __enter__(self):
        super().__enter__()
        self.start()
        return self

    def verb(self, verb, *words, connection="altinn-test", **more):
        why = ["--why", "ny avtale"] if verb == "request-system-user" else []
        return self.sluse("altinn", verb, connection, "--config", self.config, *why, *words, **more)

    def request(self, reference, *words):
        """Asked for the tenant itself; what Altinn has of it."""
        return json.loads(self.verb("request-system-user", "--organisation", TENANT, "--reference", reference, "--json", *words))["value"]

    def answer(self, request, act):
        self.altinn.control("/control/system_user", {"id": request["id"], "act": act})

    def requests(self):
        return self.altinn.state()["systemUserRequests"]


class ShippedConsole(unittest.TestCase):
    def test_the_program_itself_serves_the_console_and_its_files_with_their_policy_and_its_data_to_nobody_unknown(self):
        with Asking() as world:
            status, headers, page = ask(world.admin_url, "GET", "/console/")
            self.assertEqual(200, status)
            for words in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"):
                self.assertIn(words, headers["Content-Security-Policy"])
            names = re.findall(r'(?:src|href)="(/console/[^"]+)"', page.decode())
            self.assertTrue(any(name.endswith(".js") for name in names), names)
            for name in names:
                status, headers, _ = ask(world.admin_url, "GET", name)
                self.assertEqual(200, status, name)
                self.assertIn("immutable", headers["Cache-Control"])
                self.assertEqual("nosniff", headers["X-Content-Type-Options"])
            for call in ("session", "failures", "audit", "certificates", "systems"):
                self.assertEqual(401, ask(world.admin_url, "GET", f"/admin/v1/{call}")[0], call)
            with self.subTest("an evidence package verifies offline, by sluse and by others' programs"), tempfile.TemporaryDirectory() as folder:
                self.check_evidence(world, Path(folder))

    def check_evidence(self, world, folder):
        document = PDF + b"%" + b"fyll " * 30_000
        message = world.send(files={"vedtak": document})
        world.wait_for(message, "sent", "delivered")
        key = json.loads(world.sluse("keys", "create", "--config", world.config, "--admin", "--why", "test", "--json"))["key"]
        public_key = json.loads(world.sluse("verify", "--log", "--config", world.config, "--json"))["tenants"][0]["publicKey"]
        status, headers, package = ask(world.admin_url, "POST", f"/admin/v1/messages/{message}/evidence",
                                       json.dumps({"purpose": "complaint", "why": "klage 2026/17"}).encode(),
                                       {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
        self.assertEqual((200, "application/zip"), (status, headers["Content-Type"]), package[:500])
        path = folder / "bevis.zip"
        path.write_bytes(package)
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            self.assertIsNone(opened.testzip())
            manifest = json.loads(opened.read("manifest.json"))
            for file in manifest["files"]:
                self.assertEqual(file["sha256"], hashlib.sha256(opened.read(file["name"])).hexdigest(), file)
            self.assertEqual(document, opened.read("documents/01-vedtak.pdf"))
            told = [event["id"] for event in json.loads(opened.read("timeline.json"))["events"]]
            self.assertEqual(told, [event["id"] for event in world.timeline(message)][:len(told)])
            opened.extractall(folder)
        subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public-key.pem", "-rawin", "-in", "manifest.json",
                        "-sigfile", "manifest.sig"], cwd=folder, check=True, capture_output=True)
        said = world.sluse("verify", "--evidence", path, "--key", public_key, environment=NORWEGIAN)
        self.assertIn("laget med nøkkelen du ga", said)
        self.assertIn("Pakken er hel", said)
        self.assertIn("nøkkelen som ligger i pakken", world.sluse("verify", "--evidence", path, environment=NORWEGIAN))
        path.write_bytes(package.replace(b"%PDF-1.7", b"%PDF-1.6"))
        changed = world.sluse("verify", "--evidence", path, "--key", public_key, check=False, environment=NORWEGIAN)
        self.assertEqual(1, changed.returncode, changed)
        self.assertIn("documents/01-vedtak.pdf", changed.stdout)
        self.assertEqual(4, world.sluse("verify", "--evidence", folder / "ingen.zip", check=False).returncode)
        self.assertEqual(2, world.sluse("verify", "--evidence", path, "--key", "feil", check=False).returncode)


class SystemUsers(unittest.TestCase):
    def test_it_is_asked_for_once_with_rights_link_and_who_must_approve_and_followed_until_it_is_approved(self):
        with Asking() as world:
            said = world.verb("request-system-user", "--organisation", TENANT, environment=NORWEGIAN)
            [request] = world.requests()
            for words in ("sluse-brev", request["confirmUrl"], f"tilgangsstyrer i Altinn for {TENANT}", "venter på godkjenning",
                          f"sluse altinn system-user altinn-test --organisation {TENANT} --follow"):
                self.assertIn(words, said)
            again = json.loads(world.verb("request-system-user", "--organisation", TENANT, "--json"))["value"]["request"]
            self.assertEqual(request["id"], again["id"])
            self.assertEqual(1, len(world.requests()))
            following = subprocess.Popen([str(SLUSE), "altinn", "system-user", "altinn-test", "--organisation", TENANT, "--follow",
                                          "--config", str(world.config), "--lang", "nb"], stdout=subprocess.PIPE, text=True)
            self.addCleanup(following.kill)
            self.addCleanup(following.stdout.close)
            for line in following.stdout:       # it waits now
                if request["confirmUrl"] in line:
                    break
            world.answer(request, "escalate")
            world.answer(request, "approve")
            said = following.stdout.read()
            self.assertEqual(0, following.wait(SLOW), said)
            self.assertIn("godkjent (Accepted)", said)
            self.assertIn("Systembrukeren er opprettet", said)
            log = world.gateway.words(100_000)
            acts = [json.loads(line) for line in log.splitlines() if '"connection_act"' in line]
            self.assertEqual(["ny avtale"] * 2, [act["why"] for act in acts])
            self.assertTrue(all(act["who"] for act in acts))
            self.assertNotIn(request["confirmUrl"], log)

    def test_a_request_that_was_not_approved_ends_the_following_and_can_be_made_anew(self):
        endings = {"reject": "avslått (Rejected)", "deny": "avvist av Altinn (Denied)", "timeout": "utløpt uten svar (Timedout)"}
        with Asking() as world:
            for act, words in endings.items():
                with self.subTest(act):
                    first = world.request(act)["request"]
                    world.answer(first, act)
                    ended = world.verb("system-user", "--organisation", TENANT, "--reference", act, "--follow", check=False,
                                       environment=NORWEGIAN)
                    self.assertEqual(1, ended.returncode, ended)
                    self.assertIn(words, ended.stdout)
                    second = world.request(act)["request"]
                    self.assertEqual("New", second["status"])
                    self.assertNotEqual(first["id"], second["id"])

    def test_an_answer_lost_on_the_way_makes_no_second_request(self):
        with Asking() as world:
            world.altinn.fault(kind="cut_after_write", match={"method": "POST", "path_prefix": "/authentication/api/v1/systemuser"})
            self.assertEqual("New", world.request("tapt")["request"]["status"])
            self.assertEqual(1, len(world.requests()))

    def test_who_may_not_ask_is_told_what_is_missing(self):
        with Asking('onboarding_scope = "altinn:authentication/systemuser.request.read"') as world:
            refused = world.verb("request-system-user", "--organisation", TENANT, check=False, environment=NORWEGIAN)
            self.assertEqual(1, refused.returncode)
            self.assertIn("altinn:authentication/systemuser.request.write", refused.stderr)
            self.assertEqual([], world.requests())
            nobody = world.verb("system-user", "--organisation", TENANT, environment=NORWEGIAN)     # which may be read
            self.assertIn("ikke bedt om", nobody)

    def test_what_cannot_be_asked_for_reaches_nobody(self):
        with Asking() as world:
            for words, code, exit_code in ((["--organisation", TENANT, "--right", "fremmed"], "system_user.refused", 1),
                                           ([], "system_user.wish_wrong", 1)):
                refused = world.verb("request-system-user", *words, check=False)
                self.assertEqual(exit_code, refused.returncode, refused)
                self.assertIn(code, refused.stderr)
            unknown = world.verb("system-user", connection="ingen", check=False)
            self.assertEqual(4, unknown.returncode)
            other = world.verb("system-user", connection="maskinporten-test", check=False)
            self.assertIn("connection.no_such_act", other.stderr)
            self.assertEqual([], world.requests())


class Webhooks(unittest.TestCase):
    def test_operators_look_after_the_subscriptions_of_systems(self):
        with Hooked() as hooked:
            world, made = hooked.world, hooked.made

            def verb(name, *words, **more):
                why = [] if name in ("list", "show") else ["--why", "mottakeren flyttes"]
                return world.sluse("webhooks", name, *words, "--config", world.config, *why, **more)
            [listed] = json.loads(verb("list", "--json"))["items"]
            self.assertEqual((made["id"], "byggesak", TENANT), (listed["id"], listed["system"], listed["tenant"]))
            self.assertIn(hooked.receiver.url, verb("show", made["id"], environment=NORWEGIAN))
            self.assertIn("tok imot prøven (204", verb("test", made["id"], environment=NORWEGIAN))
            hooked.receiver.answers({"status": 500})
            self.assertEqual(1, verb("test", made["id"], check=False).returncode)

            self.assertIn("(subscription.disabled_by_operator)", verb("disable", made["id"]))
            self.assertEqual("subscription.disabled_by_operator", hooked.look()["disabledCode"])
            told = [event for event in hooked.log() if event["type"] == "no.sluse.subscription.disabled.v1"]
            self.assertEqual(["subscription.disabled_by_operator"], [event["data"]["code"] for event in told])
            hooked.deliver(1)
            self.assertGreater(hooked.look()["behind"], 0)
            verb("enable", made["id"])

            def of_messages():      # what is told of a subscription is not posted to it
                return {event["id"] for event in hooked.log() if event["type"].startswith("no.sluse.message.")}
            wait_until(lambda: hooked.receiver.taken() >= of_messages(), SLOW, lambda: str(hooked.look()))

            taken = len(hooked.receiver.calls())
            verb("replay", made["id"], "--since", "2020-01-01T00:00:00Z")
            wait_until(lambda: {call["id"] for call in hooked.receiver.calls()[taken:]} >= of_messages(), SLOW)
            secret = verb("rotate", made["id"]).strip()
            hooked.receiver.trust([made["secret"], secret])
            hooked.deliver(1)
            wait_until(lambda: hooked.receiver.taken() >= of_messages(), SLOW, lambda: str(hooked.look()))
            self.assertEqual([True, True], hooked.receiver.calls()[-1]["fits"])

            log = world.gateway.words(1_000_000)
            acts = [json.loads(line) for line in log.splitlines() if '"admin_act"' in line and "mottakeren flyttes" in line]
            self.assertEqual(["webhook_tested", "webhook_tested", "webhook_disabled", "webhook_enabled", "webhook_replayed", "webhook_rotated"],
                             [act["act"] for act in acts])
            self.assertNotIn(secret, log)


class Corrections(unittest.TestCase):
    def test_a_failed_letter_is_corrected_and_sent_once_and_its_system_is_told_where_it_went_on(self):
        with Mending(config_extra=QUICK) as world:
            world.start()
            [letter] = world.failed_letters(1, files={"varsel": PDF}, orderKey="sak 7")
            shown = world.content_of(letter)
            self.assertEqual("Varsel om tilsyn", shown["content"]["title"])
            self.assertNotIn("obstacle", shown)

            status, judged = world.edit(letter, {"title": "x" * 300, "expiresAt": "2020-01-01T00:00:00Z"}, dryRun=True)
            self.assertEqual((200, False), (status, judged["ok"]), judged)
            self.assertEqual({"/title", "/expiresAt"}, {one["pointer"] for one in judged["problems"]}, judged)
            status, refused = world.edit(letter, {"title": "x" * 300})
            self.assertEqual((422, ["/title"]), (status, [one["pointer"] for one in refused["errors"]]), refused)
            self.assertEqual("failed", world.message(letter)["state"])
            status, judged = world.edit(letter, {"title": "Rettet varsel"}, dryRun=True)
            self.assertTrue(judged["ok"], judged)

            status, made = world.edit(letter, {"title": "Rettet varsel"}, shown["version"])
            self.assertEqual(202, status, made)
            status, again = world.edit(letter, {"title": "Rettet varsel"}, shown["version"])
            self.assertEqual((202, made["id"], True), (status, again["id"], again["replayed"]))
            status, other = world.edit(letter, {"title": "Noe annet"}, shown["version"])
            self.assertEqual((409, "message.replaced"), (status, other["code"]))
            corrected = world.wait_for(made["id"], "delivered", seconds=SLOW)
            self.assertEqual((letter, "Rettet varsel", "feiler-0"), (corrected["replaces"], corrected["title"], corrected["reference"]))
            self.assertEqual("Rettet varsel", world.correspondence_of(made["id"])["messageTitle"])
            self.assertEqual(1, len(world.correspondences()))

            old = world.message(letter)
            self.assertEqual(("cancelled", made["id"]), (old["state"], old["replacedBy"]))
            self.assertIn(made["id"], old["deliveries"][-1]["text"])
            self.assertEqual("replaced", world.events_of(letter)[-1])
            status, page = world.call("GET", "/v1/events?limit=100")
            told = {event["type"]: event for event in page["items"]}
            replaced = told["no.sluse.message.replaced.v1"]
            self.assertEqual((letter, made["id"]), (replaced["subject"], replaced["data"]["params"]["replacedBy"]))
            replaces = told["no.sluse.message.replaces.v1"]
            self.assertEqual((made["id"], letter), (replaces["subject"], replaces["data"]["params"]["replaces"]))
            self.assertNotIn("feil i brevet", json.dumps(page))
            self.assertEqual(409, world.call("POST", f"/v1/messages/{letter}/cancel", b"")[0])
            self.assertEqual(409, world.operate("POST", f"messages/{letter}/retry", {"why": "en gang til"})[0])
            status, passed = world.operate("GET", f"messages/{made['id']}/attempts/1/exchanges")
            self.assertEqual(200, status, passed)
            exchanges = [one for call in passed["items"] if call["work"] == "send" for one in call["exchanges"]]
            self.assertTrue(any(one.get("status") == 200 and "/correspondence/api/v1/correspondence" in one["url"] for one in exchanges), passed)
            for words in ("Rettet varsel", "Bearer", "feiler-0"):       # nor anything else that the letter says
                self.assertNotIn(words, json.dumps(passed, ensure_ascii=False))
            self.assertEqual("message.replaced", world.content_of(letter)["obstacle"]["code"])
            self.assertEqual(0, world.operate("GET", "failures")[1]["total"])


class TwoWays(Mending):
    def ways(self):
        """The first names what Altinn does not know: no other way is taken by itself."""
        return f"use = [{{ connection = \"altinn-test\", with = {{ resource = \"finnes-ikke\" }} }}, {self.altinn_way()}]"


class Resending(unittest.TestCase):
    def test_a_failed_letter_goes_on_by_the_way_that_is_chosen_and_once(self):
        with TwoWays(config_extra=QUICK) as world:
            world.start()
            letter = world.send()
            world.wait_for(letter, "failed", seconds=SLOW)
            status, ways = world.operate("GET", f"messages/{letter}/ways")
            self.assertEqual(200, status, ways)
            self.assertEqual([("brev/1", True, False), ("brev/2", False, True)],
                             [(one["id"], one["tried"], one["usable"]) for one in ways["items"]], ways)
            for way, version, code in (("brev/1", ways["version"], "message.no_such_way"), ("brev/3", ways["version"], "message.no_such_way"),
                                       ("brev/2", "en annen", "message.changed_meanwhile")):
                status, refused = world.resend(letter, version, way)
                self.assertEqual((409, code), (status, refused["code"]), refused)
            status, done = world.resend(letter, ways["version"], "brev/2")
            self.assertEqual(202, status, done)
            status, again = world.resend(letter, ways["version"], "brev/2")
            self.assertEqual(409, status, again)
            world.wait_for(letter, "delivered", seconds=SLOW)
            first, second = world.message(letter)["deliveries"]
            self.assertEqual(("failed", first["id"]), (first["state"], second["replaces"]))
            self.assertIn("resent", world.events_of(letter))
            world.correspondence_of(letter)
            self.assertEqual(1, len(world.correspondences()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
