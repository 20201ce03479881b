"""kill -9 at each step of a letter to the municipality: it is stored once, and Altinn is told only then."""

import contextlib
import json
import sqlite3
import unittest

from places import crash_points
from harness import ask, PDF, QUICK, SLOW, TENANT, World, wait_until

OURS = f"urn:altinn:organization:identifier-no:{TENANT}"
TO_SYSTEM = """
[system.post]
grants = ["receive:letter"]
[[inbox_route]]
type = "letter/v1"
adapter = "altinn"
resource = "sluse-brev"
to = ["post"]
"""
RECEIVE = f'poll_seconds = 1\nreceive = [{{ tenant = "{TENANT}", resource = "sluse-brev" }}]'


class LettersInTest(unittest.TestCase):
    def send_to_us(self, world):
        """The owner of the resource writes to the tenant; the letter's id."""
        token = world.altinn.control("/control/token", {"organisation": TENANT})["token"]

        def call(path, body, content_type="application/json"):
            status, _, answer = ask(world.altinn.url, "POST", "/correspondence/api/v1" + path, body,
                                    {"Authorization": f"Bearer {token}", "Content-Type": content_type})
            self.assertEqual(200, status, answer)
            return json.loads(answer)

        file = call("/attachment", json.dumps({"resourceId": "sluse-brev", "fileName": "tilsyn.pdf", "sendersReference": "f"}))
        call(f"/attachment/{file}/upload", PDF, "application/octet-stream")
        wait_until(lambda: world.altinn.state()["attachments"][0]["status"] == "Published", SLOW)
        made = call("/correspondence", json.dumps({
            "correspondence": {"resourceId": "sluse-brev", "sendersReference": "r", "content": {
                "language": "nb", "messageTitle": "Tilsyn", "messageBody": "Vi kommer."}},
            "recipients": [OURS], "existingAttachments": [file]}))
        return made["correspondences"][0]["correspondenceId"]

    def inbound(self, world):
        """How many copies the system has: read past the program, which may be dead."""
        database = next(world.data.rglob("*.db"))
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
            return store.execute("SELECT count(*) FROM inbox_copy WHERE system = 'post'").fetchone()[0]

    def statuses(self, world, letter):
        found = next(one for one in world.correspondences() if one["correspondenceId"] == letter)
        return [event["status"] for event in found["statusHistory"]]

    def try_point(self, point):
        with World(config_extra=QUICK, altinn_extra=RECEIVE, tenant_extra=TO_SYSTEM) as world:
            world.start_standins()
            client = world.maskinporten.facts["material"]["client_id"]
            world.maskinporten.control("/control/system-users", {"organisation": TENANT, "client_id": client, "system_id": "sluse"})
            world.start()
            world.gateway.stop(SLOW)
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            letter = self.send_to_us(world)
            wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
            if "Read" in self.statuses(world, letter):
                self.assertEqual(1, self.inbound(world), "told of before it was durable")
            world.start_gateway()
            wait_until(lambda: "Read" in self.statuses(world, letter), SLOW, world.gateway.words)
            self.assertEqual(1, self.inbound(world))


def test_of(point, name):
    def test(self):
        self.try_point(point)
    test.__name__ = name
    test.__doc__ = f"A letter to us survives a kill at {point}."
    return test


for _point in crash_points():
    if _point.startswith("altinn_letters."):
        _name = f"test_a_letter_to_us_survives_a_kill_at_{_point.split('.')[1]}"
        setattr(LettersInTest, _name, test_of(_point, _name))


if __name__ == "__main__":
    unittest.main(verbosity=2)
