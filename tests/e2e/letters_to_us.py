"""Letters from the owner of a resource at Altinn to the tenant, and the system that gets them."""

import json

from harness import ask, PDF, SLOW, TENANT, wait_until

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


def let_read(world):
    """The tenant's system user may read its letters."""
    client = world.maskinporten.facts["material"]["client_id"]
    world.maskinporten.control("/control/system-users", {"organisation": TENANT, "client_id": client, "system_id": "sluse"})


def send_to_us(world, altinn=None):
    """The letter's id. `altinn`: the stand-in's address, where the world's is another's."""
    token = world.altinn.control("/control/token", {"organisation": TENANT})["token"]

    def call(path, body, content_type="application/json"):
        status, _, answer = ask(altinn or world.altinn.url, "POST", "/correspondence/api/v1" + path, body,
                                {"Authorization": f"Bearer {token}", "Content-Type": content_type})
        assert status == 200, (status, answer)
        return json.loads(answer)

    file = call("/attachment", json.dumps({"resourceId": "sluse-brev", "fileName": "tilsyn.pdf", "sendersReference": "f"}))
    call(f"/attachment/{file}/upload", PDF, "application/octet-stream")
    wait_until(lambda: world.altinn.state()["attachments"][0]["status"] == "Published", SLOW)
    made = call("/correspondence", json.dumps({
        "correspondence": {"resourceId": "sluse-brev", "sendersReference": "r", "content": {
            "language": "nb", "messageTitle": "Tilsyn", "messageBody": "Vi kommer."}},
        "recipients": [OURS], "existingAttachments": [file]}))
    return made["correspondences"][0]["correspondenceId"]


def statuses(world, letter):
    """What Altinn has noted of it, oldest first."""
    found = next(one for one in world.correspondences() if one["correspondenceId"] == letter)
    return [event["status"] for event in found["statusHistory"]]
