"""The inbox as one specialist system uses it."""

import json

from harness import SLOW, wait_until


class SystemsInbox:
    def __init__(self, world, system):
        self.world, self.system = world, system
        self.key = world.create_key(system)

    def take(self, wait=0, most=20):
        """What is handed out now, or within `wait` seconds."""
        status, answer = self.world.call("GET", f"/v1/inbox?wait={wait}&max={most}", key=self.key, timeout=wait + 60)
        assert status == 200, (status, answer)
        return answer["items"]

    def wait_for_one(self, seconds=SLOW):
        """The one thing that is handed out next, by long poll."""
        items = wait_until(lambda: self.take(wait=30), seconds, self.world.gateway.words)
        assert len(items) == 1, items
        return items[0]

    def settle(self, item, act, **members):
        """(status, body) of an acknowledgement or a rejection."""
        body = json.dumps({"lease": item["lease"], **members}).encode()
        return self.world.call("POST", f"/v1/inbox/{item['id']}/{act}", body, {"Content-Type": "application/json"}, key=self.key)

    def ack(self, item, **members):
        status, answer = self.settle(item, "ack", **members)
        assert (status, answer) == (200, {"id": item["id"], "state": "acknowledged"}), (status, answer)

    def reject(self, item, reason, **members):
        status, answer = self.settle(item, "reject", reason=reason, **members)
        assert (status, answer) == (200, {"id": item["id"], "state": "rejected"}), (status, answer)

    def find(self, item_id):
        """(status, body)"""
        return self.world.call("GET", f"/v1/inbox/{item_id}", key=self.key)

    def state(self, item_id):
        status, answer = self.find(item_id)
        assert status == 200, (status, answer)
        return answer["state"]

    def file(self, sha256):
        """(status, bytes)"""
        return self.world.call("GET", f"/v1/documents/{sha256}", key=self.key)

    def counts(self):
        """Today's: {type: {state: how many}}."""
        status, answer = self.world.call("GET", "/v1/inbox/counts", key=self.key)
        assert status == 200, (status, answer)
        assert all(one["total"] == sum(one["states"].values()) for one in answer["items"]), answer
        return {one["type"]: one["states"] for one in answer["items"]}

    def events_of(self, item_id):
        """What its system was told of it, in order."""
        status, page = self.world.call("GET", "/v1/events?limit=200", key=self.key)
        assert status == 200 and len(page["items"]) < 200, (status, page)
        names = [one["type"] for one in page["items"] if one["subject"] == item_id]
        return [name.removeprefix("no.sluse.inbox.").removesuffix(".v1") for name in names]

    def everything(self):
        """Every item of the system, however it stands, as an operator's list has it."""
        listed = json.loads(self.world.sluse("inbox", "list", "--config", self.world.config, "--system", self.system, "--limit",
                                             200, "--json"))
        assert listed["next"] is None, "more than a page"
        return [line["id"] for line in reversed(listed["items"])]
