"""The program with a connection to the forms of one service owner at Altinn, which is the tenant.

What came in is asked for in one place, `FormsWorld.arrived`.
"""

import json

from harness import ask, free_port, QUICK, RECIPIENT, Standin, TENANT, wait_until, World
from systems_inbox import SystemsInbox

APP = "sandkassa/skjema"
RESOURCE = "urn:altinn:resource:app_sandkassa_skjema"
CLAIM = 125     # seconds: what was cut off is taken up again after two minutes
TO_SYSTEM = """
[system.skjema]
grants = ["receive:form", "send:prefill"]
[[route]]
id = "forhandsutfylt"
type = "prefill/v1"
use = [{ connection = "altinn-forms", with = { app = "skjema" } }]
[[inbox_route]]
id = "skjema"
type = "form/v1"
app = "sandkassa/skjema"
to = ["skjema"]
"""


class FormsWorld(World):
    def __init__(self, forms_extra="", forms_options=(), webhooks=True, scale=1000, **members):
        super().__init__(**{"config_extra": QUICK, "tenant_extra": TO_SYSTEM, **members})
        self.forms_extra = forms_extra
        self.forms_options = forms_options
        self.webhooks = webhooks
        self.scale = scale
        self.forms = None
        self.given_extra = self.config_extra
        self.inbox = None

    def start(self, environment=None):
        super().start(environment)
        self.inbox = self.inbox or SystemsInbox(self, "skjema")

    def standins(self):
        return [self.forms, *super().standins()]

    def start_standins(self):
        super().start_standins()
        self.forms = Standin("altinn_forms", self.folder / "forms", "--organisation", TENANT, *self.of_maskinporten(),
                             "--time-scale", self.scale, *self.forms_options, log=self.folder / "forms.log")
        self.forms_url = self.forms.url

    def write_config(self, **addresses):
        public = f"127.0.0.1:{free_port()}"     # Altinn is told of it before the program runs
        told = f'callback_url = "http://{public}"' if self.webhooks else ""
        self.config_extra = self.given_extra + f"""
[connection.altinn-forms]
adapter = "altinn_forms"
environment = "tt02"
base_url = "{self.forms_url}"
apps_url = "{self.forms_url}"
tokens = "maskinporten-test"
tenants = ["{TENANT}"]
organisation = "{TENANT}"
org = "sandkassa"
apps = ["skjema"]
feed_seconds = 1
{told}
{self.forms_extra}
"""
        super().write_config(**{"public": public, **addresses})

    def start_gateway_after_claims(self):
        """As if it had been down until all that it had begun may be taken up again."""
        self.later(CLAIM)
        self.start_gateway()

    def submit(self, **command):
        """Somebody sends in a form; its instance, "<party>/<guid>"."""
        return self.forms.control("/control/forms", command)["instances"][0]

    def hold_back_feed(self, milliseconds=3_600_000):
        self.forms.control("/control/pace", {"held_back_ms": milliseconds})

    def instance(self, instance_id):
        return next(one for one in self.forms.state()["instances"] if one["id"] == instance_id)

    def confirmed(self, instance_id):
        return [one["stakeholderId"] for one in self.instance(instance_id)["completeConfirmations"]] == ["sandkassa"]

    def subscriptions(self):
        return self.forms.state()["events"]["subscriptions"]

    def wait_validated(self, seconds=60):
        """The address that Altinn Events was given, once it has been answered."""
        wait_until(lambda: [one["validated"] for one in self.subscriptions()] == [True], seconds, lambda: f"{self.subscriptions()}")
        return self.subscriptions()[0]["endPoint"]

    def wait_looked_around(self, seconds=60):
        """Until subscriptions, feed and list have each had their first turn: what waits is counted after them."""
        wait_until(lambda: "sluse_altinn_forms_waiting" in str(self.metrics()), seconds, self.gateway.words)

    def event(self, instance_id, **members):
        return {"specversion": "1.0", "id": "0f6f5a9e-4a2a-4f6e-9c53-1c1d2e3f4a5b", "type": "app.instance.process.completed",
                "source": f"{self.forms_url}/{APP}/instances/{instance_id}", "resource": RESOURCE, "resourceinstance": instance_id,
                **members}

    def call_back(self, address, body, **headers):
        """The status of a call to an address as a stranger or as Altinn makes it."""
        path = address[len(self.url):] if address.startswith(self.url) else address
        body = json.dumps(body).encode() if isinstance(body, dict) else body
        return ask(self.url, "POST", path, body, {"Content-Type": "application/json", **headers})[0]

    def arrived(self):
        """Every form that is stored, as the system reads it, with what Sluse found in it."""
        found = []
        for one in self.inbox.everything():
            status, item = self.inbox.find(one)
            assert status == 200, (status, item)
            found.append({**item["content"], "marks": item["marks"]})
        return found

    def prefilled(self, **members):
        """A form for somebody to fill in."""
        return {"type": "prefill", "version": 1, "recipient": {"organisation": RECIPIENT}, "values": {"navn": "Kari"}, **members}

    def store(self, data, media_type="application/pdf"):
        """A file that the system has uploaded; its hash."""
        status, answer = self.call("POST", "/v1/documents", data, {"Content-Type": media_type}, key=self.inbox.key)
        assert status == 201, (status, answer)
        return answer["sha256"]

    def given_back(self, form):
        """(file name, hash) of what the service owner put beside the form."""
        instance = self.instance(form)
        return [(one["filename"], instance["sha256"][one["id"]]) for one in instance["data"] if one["dataType"] == "vedtak"]

    def aside(self):
        """What is wrong with each form that only a person can help."""
        listed = json.loads(self.sluse("quarantine", "list", "--config", self.config, "--json"))
        return [one["reason"]["code"] for one in listed["items"]]


__all__ = ["APP", "FormsWorld", "RESOURCE"]
