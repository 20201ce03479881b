"""The program with Altinn Broker both ways: one connection sends as one organisation and receives as another.

Files to the tenant itself come back in: the sender's system user is the tenant's sub-unit, the recipient the tenant.
"""

import contextlib
import hashlib
import json
import sqlite3

from harness import ask, QUICK, Standin, TENANT, World, wait_until

OTHER = "310002003"     # who receives what we send, and sends what we receive
TO_BOTH = """
[[inbox_route]]
id = "filer-inn"
type = "transfer/v1"
resource = "sluse-filer-2"
sender = "310002003"
to = ["arkiv", "post"]
"""


class BrokerWorld(World):
    def __init__(self, broker_extra="", broker_options=(), receive=True, inbox_routes=TO_BOTH, **members):
        super().__init__(**members)
        self.inbox_routes = inbox_routes
        self.broker_extra = broker_extra
        self.broker_options = broker_options
        self.receive = receive
        self.broker = None
        self.given_extra = self.config_extra

    def __exit__(self, kind, value, trace):
        if self.broker is not None:
            self.broker.process.kill()
        super().__exit__(kind, value, trace)

    def start_standins(self):
        super().start_standins()
        self.broker = Standin("altinn_broker", self.folder / "broker", "--organisation", TENANT, "--maskinporten-url",
                              self.maskinporten.url, "--time-scale", 200, "--searches-per-minute", 0, "--calls-per-minute", 0,
                              *self.broker_options, log=self.folder / "broker.log")
        client = self.maskinporten.facts["material"]["client_id"]
        self.maskinporten.control("/control/system-users", {"organisation": TENANT, "client_id": client, "system_id": "sluse"})
        receive = f'receive = [{{ tenant = "{TENANT}", resource = "sluse-filer-2" }}]' if self.receive else ""
        self.config_extra = self.given_extra + f"""
[connection.broker-test]
adapter = "altinn_broker"
environment = "tt02"
base_url = "{self.broker.url}"
tokens = "maskinporten-test"
tenants = ["{TENANT}"]
poll_seconds = 1
{receive}
{self.broker_extra}
"""
        self.tenant_extra = f"""
[system.arkiv]
grants = ["send:transfer", "receive:transfer"]
[system.post]
grants = ["receive:transfer"]
[[route]]
id = "filer"
type = "transfer/v1"
use = [{{ connection = "broker-test", with = {{ resource = "sluse-filer" }} }}]
{self.inbox_routes}
"""

    def start(self, environment=None):
        super().start(environment)
        self.key = self.create_key("arkiv")

    def transfer(self, **members):
        return {"type": "transfer", "version": 1, "recipient": {"organisation": OTHER},
                "documents": [{"part": "fil", "name": "rapport.zip"}], **members}

    def transfers(self, **wanted):
        """What the stand-in holds, narrowed by members."""
        every = self.broker.state()["transfers"]
        return [one for one in every if all(one[name] == value for name, value in wanted.items())]

    def as_organisation(self, organisation, method, path, body=None, content_type="application/json"):
        """A call of another organisation's at Broker."""
        token = self.broker.control("/control/token", {"organisation": organisation})["token"]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        status, _, answer = ask(self.broker.url, method, "/broker/api/v1/filetransfer" + path, body, headers)
        assert status < 300, (method, path, status, answer)
        return json.loads(answer) if answer[:1] in (b"{", b"[") else answer

    def other_sends(self, data, name="inn.zip"):
        """OTHER sends a file to the tenant; its id."""
        made = self.as_organisation(OTHER, "POST", "", {
            "fileName": name, "resourceId": "sluse-filer-2", "sender": f"0192:{OTHER}", "recipients": [f"0192:{TENANT}"],
            "sendersFileTransferReference": "ref-1", "checksum": hashlib.md5(data).hexdigest()})["fileTransferId"]
        self.as_organisation(OTHER, "POST", f"/{made}/upload", data, "application/octet-stream")
        return made

    def status_of(self, transfer):
        return next(one["fileTransferStatus"] for one in self.broker.state()["transfers"] if one["fileTransferId"] == transfer)

    def inbound(self):
        """How many messages the store holds that came in by Broker, routed or not: read past the program, which may be dead."""
        return self.ask_store("SELECT count(*) FROM inbound WHERE connection = 'broker-test'")[0][0]

    def copies(self):
        """For each system, how many copies it has of each."""
        return self.ask_store("SELECT system, count(*) FROM inbox_copy GROUP BY system, item ORDER BY system")

    def ask_store(self, question):
        database = next(self.data.rglob("*.db"))
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
            return store.execute(question).fetchall()


__all__ = ["BrokerWorld", "OTHER", "QUICK", "TENANT", "TO_BOTH", "wait_until"]
