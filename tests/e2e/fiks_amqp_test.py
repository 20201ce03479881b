"""Another client of the broker, npm amqplib, feeds the account's queue as Java and .NET do and as nobody should: whatever comes is
stored or set aside, acknowledged, and answered where an answer is due. amqplib reads what the answers became."""

import base64
import json
import pathlib
import subprocess
import unittest
import uuid

from fiks_world import FiksWorld
from harness import SLOW, SOURCE, wait_until

MADE = "no.ks.fiks.plan.v2.oppdatering.arealplan.opprett"
OWN = "egendefinert-header."
NODE = SOURCE / "tests" / "node"


class AmqplibWorld(FiksWorld):
    """Besides everybody else there is a sender whose queue amqplib alone reads."""

    def start(self, environment=None):
        super().start(environment)
        neighbour, = (one for one in self.fiks.state()["accounts"] if one["id"] == self.material["echo_account"])
        self.sender = str(uuid.uuid4())
        self.fiks.control("/control/accounts", {"id": self.sender, "organisation": neighbour["organisation"], "name": "Fagsystem",
                                                "certificate": neighbour["certificate"]})

    def package(self, files, **members):
        """Sealed for our account, as base64."""
        return self.fiks.control("/control/package", {"to": self.material["account"], "files": files, **members})["base64"]

    def message(self, body, **headers):
        """With the headers that Fiks IO gives every message, besides or instead of them what is said; None: without it."""
        all_headers = {"melding-id": str(uuid.uuid4()), "avsender-id": self.sender, "avsender-navn": "Nabo kommune, fagsystem", "type": MADE,
                       **{name.replace("_", "-"): value for name, value in headers.items()}}
        return {"queue": f"fiksio.konto.{self.material['account']}", "body": body, "properties": {},
                "headers": {name: value for name, value in all_headers.items() if value is not None}}

    def node(self, script, **order):
        material = self.material
        login = {"port": int(material["amqp_port"]), "ca": material["amqp_ca"], "user": material["amqp_operator"],
                 "password": pathlib.Path(material["amqp_operator_password_file"]).read_text().strip()}
        file = self.folder / f"{script}.json"
        file.write_text(json.dumps({**login, **order}))
        done = subprocess.run([NODE / "node_modules" / ".bin" / "node", NODE / script, file], capture_output=True, text=True, timeout=SLOW)
        return [json.loads(line) for line in done.stdout.splitlines()] or [{"error": done.stderr}]

    def publish(self, *messages):
        said = self.node("fiks_amqp_publish.mjs", messages=messages)
        assert said == [{"confirmed": len(messages)}], said

    def answers(self, count):
        """The headers and bodies of what came back to the sender."""
        said = self.node("fiks_amqp.mjs", queue=f"fiksio.konto.{self.sender}", count=count, then="ack", waitMs=SLOW * 1000)
        got = [one for one in said if "headers" in one]
        assert len(got) == count, (said, self.gateway.words())
        return got

    def wait_empty(self):
        """Nothing waits and nothing is unacknowledged: a queue gives its consumer back what it had when it goes."""
        wait_until(lambda: self.queue()["messages"] == 0, SLOW, self.gateway.words)
        self.gateway.stop()
        left = self.queue()
        self.start_gateway()
        self.wait_receiving()
        assert left == {"messages": 0, "consumers": 0}, left


class AmqplibTest(unittest.TestCase):
    def test_messages_as_java_and_dotnet_make_them_are_stored_and_their_sender_is_answered(self):
        with AmqplibWorld() as world:
            world.start()
            java, dotnet, large = (str(uuid.uuid4()) for _ in range(3))
            file = [{"name": "payload.json", "text": "{\"plan\": 7}"}]
            # Java: text, all of them; a correlation in the spelling that it had until 2026; an expiration; a timestamp.
            as_java = world.message(world.package(file), **{
                OWN + "klientMeldingId": java, OWN + "klientKorrelasjonId": "sak 7", OWN + "fagsystem": "Æ-plan", "melding_id": java})
            as_java["properties"] = {"expiration": "604800000", "contentType": "application/octet-stream", "timestamp": 1_800_000_000}
            # .NET: header values as byte arrays where its client was given bytes, integers and lists of its own beside them.
            as_dotnet = world.message(world.package(file, flavour="dotnet"), **{
                OWN + "klientMeldingId": dotnet, OWN + "klientKorrelasjonsId": "sak 8", "melding_id": dotnet.upper(),
                "x-delivery-count": 0, "x-death": [{"count": {"!": "long", "value": 1}, "reason": "rejected", "queue": "annen"}],
                OWN + "nummer": 42, OWN + "bytes": {"bytes": "AAEC/w=="}, "tid": {"!": "timestamp", "value": 1_800_000_000}, "tom": None})
            as_dotnet["properties"] = {"messageId": "a", "appId": "b", "correlationId": "c", "replyTo": "d", "type": "e", "priority": 4}
            # Larger than a frame may be, so that it comes in several.
            in_frames = world.message(world.package([{"name": "payload.json", "size": 1_500_000}]), melding_id=large)
            world.publish(as_java, as_dotnet, in_frames)
            items = world.take_all(3)
            self.assertEqual([(java, "sak 7"), (dotnet, "sak 8"), (large, None)],
                             [(item["content"]["messageId"], item["content"].get("correlation")) for item in items])
            self.assertEqual([11, 11, 1_500_000], [item["content"]["documents"][0]["size"] for item in items])
            self.assertEqual({"fagsystem": "Æ-plan"}, items[0]["content"]["headers"])
            self.assertEqual({world.sender}, {item["content"]["from"]["account"] for item in items})
            # One answer for each, to the account that sent it, that names it and carries its correlation.
            answers = {one["headers"]["svar-til"]: one for one in world.answers(3)}
            self.assertEqual({java, dotnet, large}, set(answers))
            for one in answers.values():
                self.assertEqual((MADE + ".mottatt", world.material["account"], ""),
                                 (one["headers"]["type"], one["headers"]["avsender-id"], one["body"]))
            self.assertEqual(["sak 7", "sak 8"], [answers[one]["headers"][OWN + "klientKorrelasjonsId"] for one in (java, dotnet)])
            self.assertEqual(3, len({one["headers"][OWN + "klientMeldingId"] for one in answers.values()}))
            world.wait_empty()
            self.assertEqual([], world.aside())

    def test_what_nobody_should_send_is_set_aside_and_stops_nothing(self):
        with AmqplibWorld() as world:
            world.start()
            body = world.package([{"name": "payload.json", "text": "{}"}])
            odd_values = (7, True, 7.5, {"!": "timestamp", "value": 1}, {"!": "long", "value": 1 << 40}, ["liste"], {"tabell": "i tabell"})
            missing = [world.message(body, **{name: None}) for name in ("melding_id", "avsender_id", "type")]
            wrong = [world.message(body, melding_id="ikke en uuid"), world.message(body, type="æ ø å"), world.message(body, type="x" * 300),
                     world.message(body, avsender_id={"bytes": base64.b64encode(bytes(16)).decode()})]      # bytes are read as text
            odd = [world.message(body, avsender_id=value) for value in odd_values]
            bodies = [world.message(""), world.message(base64.b64encode(b"ikke noe CMS").decode()), world.message(body[:400])]
            bare = {**world.message(body), "headers": {}}
            strange = [*missing, *wrong, *odd, *bodies, bare]
            world.publish(*strange, world.message(body))
            item = world.inbox.wait_for_one()       # the last one comes through
            self.assertEqual(MADE, item["content"]["messageType"])
            world.inbox.ack(item)
            wait_until(lambda: len(world.aside()) >= len(strange), SLOW, lambda: str(world.aside()) + world.gateway.words())
            codes = world.aside()
            self.assertEqual(len(strange), len(codes), codes)
            self.assertEqual(len(odd_values), codes.count("fiks_io.header_not_text"), codes)
            self.assertEqual(len(wrong), codes.count("fiks_io.header_wrong"), codes)
            self.assertEqual(len(missing) + 1, codes.count("fiks_io.header_missing"), codes)
            self.assertEqual([], world.inbox.take(wait=1))
            # Those whose headers said who is to be told are told, by the protocol's word for it; then the good one's receipt.
            types = sorted(one["headers"]["type"].removeprefix("no.ks.fiks.plan.v2.") for one in world.answers(len(bodies) + 1))
            self.assertEqual(["feilmelding.ugyldigforespoersel"] * len(bodies) + ["oppdatering.arealplan.opprett.mottatt"], types)
            world.wait_empty()


if __name__ == "__main__":
    unittest.main(verbosity=2)
