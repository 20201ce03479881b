"""A world whose specialist systems look persons up and own a dataset: the contact register, two purposes, an access log.

    with RecordsWorld() as world:
        world.start()
        status, answer, headers = world.look_up(Person.DIGITAL)
"""

import json

from harness import ask, QUICK
from people import People, Person

GRANTS = """
[system.barnehage]
grants = ["read:contact:opptak", "access-log:read", "publish:plass", "read:plass:opptak"]
[purpose.opptak]
name = "Opptak i barnehage"
legal_basis = "barnehageloven § 16"
retention_days = 30
[purpose.opptak.datasets]
contact = ["reserved", "status", "email.address"]
plass = ["navn"]
[purpose.annet]
legal_basis = "forvaltningsloven § 17"
datasets = { contact = ["mobile"] }
[dataset.plass]
owner = "barnehage"
legal_basis = "barnehageloven § 8"
schema = '{"type": "object", "required": ["navn"], "properties": {"navn": {"type": "string"}}}'
"""
RECORDS = "[records]\nsynthetic_ids = true\n"


class RecordsWorld(People):
    def __init__(self, **settings):
        super().__init__(config_extra=QUICK + RECORDS, tenant_extra=GRANTS, **settings)
        self.reader = None

    def start(self, *more, **settings):
        super().start(*more, **settings)
        self.reader = self.create_key("barnehage")

    def call(self, method, path, body=None, purpose="opptak", key=None, **headers):
        """Status, answer, headers."""
        sent = {"Authorization": f"Bearer {key or self.reader}", "Content-Type": "application/json", **headers}
        if purpose:
            sent["Purpose"] = purpose
        data = None if body is None else json.dumps(body)
        status, answered, answer = ask(self.url, method, path, data, sent)
        return status, json.loads(answer) if answer else None, answered

    def look_up(self, person=Person.DIGITAL, **members):
        return self.call("POST", "/v1/persons/lookup", {"person": person, "dataset": "contact", **members}, Actor="sb-7")

    def access_log(self, handle):
        status, log, _ = self.call("GET", f"/v1/persons/{handle}/access-log", purpose=None)
        assert status == 200, log
        return log["items"]

    def persons_asked(self):
        return self.krr.state()["persons_asked"]
