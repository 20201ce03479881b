"""The program with a connection to KS Fiks IO: its own account, an archive, and a neighbour's specialist system that says and hears
whatever it is told to."""

import contextlib
import http.client
import json
import socket
import urllib.parse

from harness import QUICK, SLOW, Standin, TENANT, wait_until, World
from systems_inbox import SystemsInbox

TO_SYSTEMS = """
[system.sak]
grants = ["send:archive", "send:protocol", "receive:protocol", "receive:archiveanswer"]
[[inbox_route]]
id = "fiks"
type = "protocol/v1"
to = ["sak"]
"""


class FiksWorld(World):
    def __init__(self, options=(), fiks_extra="", **members):
        super().__init__(**{"config_extra": QUICK, **members})
        self.options, self.fiks_extra = options, fiks_extra
        self.fiks = None
        self.inbox = None
        self.given_extra = self.config_extra

    def standins(self):
        return [self.fiks, *super().standins()]

    def start_fiks(self):
        material = self.maskinporten.facts["material"]
        self.fiks = Standin("fiks_io", self.folder / "fiks", "--organisation", TENANT, "--maskinporten-url", self.maskinporten.url,
                            "--ca", self.folder / "maskinporten" / "ca", "--certificate", material["certificate"], "--broker", "yes",
                            *self.options, log=self.folder / "fiks.log")
        self.material = self.fiks.facts["material"]

    def start_standins(self):
        super().start_standins()
        self.start_fiks()

    def start(self, environment=None):
        super().start(environment)
        self.inbox = self.inbox or SystemsInbox(self, "sak")
        self.key = self.inbox.key
        self.wait_receiving()

    def wait_receiving(self, seconds=SLOW):
        def received():
            try:
                return self.queue()["consumers"] > 0
            except AssertionError:      # the broker is on its way back
                return False
        wait_until(received, seconds, self.gateway.words)

    def write_config(self, **addresses):
        material = self.maskinporten.facts["material"]
        self.config_extra = self.given_extra + f"""
[connection.fiks]
adapter = "fiks_io"
environment = "test"
base_url = "{self.fiks.url}"
amqp_host = "127.0.0.1"
amqp_port = {self.material["amqp_port"]}
ca_file = "{self.material["amqp_ca"]}"
integration_id = "{self.material["integration_id"]}"
integration_password = "file:{self.material["integration_password_file"]}"
key = "file:{material["keystore"]}"
key_password = "file:{material["keystore_password_file"]}"
accounts = [{{ account = "{self.material["account"]}", tenant = "{TENANT}" }}]
tokens = "maskinporten-test"
tenants = ["{TENANT}"]
{self.fiks_extra}
"""
        self.tenant_extra = self.tenant_extra or TO_SYSTEMS + f"""
[[route]]
id = "arkiv"
type = "archive/v1"
use = [{{ connection = "fiks", with = {{ to = "{self.material["archive_account"]}" }} }}]
[[route]]
id = "protokoll"
type = "protocol/v1"
use = [{{ connection = "fiks" }}]
"""
        super().write_config(**addresses)

    def queue(self, account=None):
        return self.fiks.control("/control/queue", {"account": account or self.material["account"]})

    def admin(self, path):
        """The operators' API, by its socket."""
        connection = http.client.HTTPConnection("localhost", timeout=60)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with contextlib.closing(connection):
            connection.sock.connect(str(self.data / "admin.sock"))
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, (path, answer.status, body)
            return json.loads(body)

    def broker(self, act, **members):
        self.fiks.control("/control/broker", {"act": act, **members})

    def neighbour_sends(self, kind, files=({"name": "payload.json", "text": "{}"},), **members):
        return self.fiks.control("/control/message", {"type": kind, "to": self.material["account"], "files": list(files), **members})

    def journal_post(self, pdf, **members):
        message = {"type": "archive", "version": 1, "intent": "searchOrNew", "case": {"title": "Tilsyn", "externalKey": {"system": "sak", "key": "7"}},
                   "record": {"kind": "U", "title": "Vedtak"}, "documents": [{"part": "vedtak", "name": "vedtak.pdf"}], **members}
        status, answer = self.post(message, {"vedtak": pdf})
        assert status == 202, (status, answer)
        return answer["id"]

    def say(self, kind, payload=None, **members):
        """A protocol message to the neighbour; its id."""
        message = {"type": "protocol", "version": 1, "messageType": kind, "to": {"account": self.material["echo_account"]}, **members}
        if payload is not None:
            message["payload"] = {"json": payload}
        status, answer = self.post(message)
        assert status == 202, (status, answer)
        return answer["id"]

    def take_all(self, count):
        """Everything that came in, each acknowledged in turn: what one sender says is handed out in order. Fails when there is more."""
        items = []
        while len(items) < count:
            items.append(self.inbox.wait_for_one())
            self.inbox.ack(items[-1])
        assert self.inbox.take(wait=2) == [], items
        return items

    def heard(self, kind=None):
        """What the neighbour was sent, of this type."""
        return [one for one in self.fiks.state()["echo"] if kind in (None, one["type"])]

    def records(self):
        return self.fiks.state()["archive"]["records"]

    def found_by(self, **by):
        status, page = self.call("GET", "/v1/messages?" + urllib.parse.urlencode(by))
        assert status == 200, (status, page)
        return [one["id"] for one in page["items"]]

    def aside(self):
        """What is wrong with each message that only a person can help."""
        listed = json.loads(self.sluse("quarantine", "list", "--config", self.config, "--json"))
        return [one["reason"]["code"] for one in listed["items"]]
