"""The program with SvarUt both ways: a connection that sends from the tenant's account, and one that receives by SvarInn.

What is sent to the tenant itself comes back in: the stand-in's SvarInn system is the tenant's.
"""

import contextlib
import hashlib
import sqlite3

from harness import PDF, QUICK, RECIPIENT, Standin, TENANT, World, wait_until

PERSON, RESERVED = "01816000064", "04816002163"
ADDRESS = {"name": "Kari Sandvik", "lines": ["Sandveien 1"], "postalCode": "0150", "city": "Oslo", "country": "NO"}
NHN_CONTACT = 'contact = { given_name = "Kari", family_name = "Ansatt", telephone = "55555555" }'


class SvarUtWorld(World):
    def __init__(self, way='delivery = "any"', svarut_extra="", svarinn_extra="", receive=True, **members):
        super().__init__(**{"config_extra": QUICK, **members})
        self.given_extra = self.config_extra
        self.way, self.svarut_extra, self.svarinn_extra, self.receive = way, svarut_extra, svarinn_extra, receive
        self.svarut = None

    def standins(self):
        return [*super().standins(), self.svarut]

    def start_standins(self):
        super().start_standins()
        self.svarut = Standin("svarut", self.folder / "svarut", "--organisation", TENANT, "--maskinporten-url",
                              self.maskinporten.url, "--time-scale", 200, log=self.folder / "svarut.log")
        self.svarut.control("/control/settings", {"reserved": [RESERVED]})
        self.facts = self.svarut.facts["material"]
        for name in ("integration", "mailbox"):
            secret = self.folder / f"{name}.password"
            secret.touch(0o600)
            secret.write_text(self.facts[f"{name}_password"] + "\n")
        receiving = f"""
[connection.svarinn-test]
adapter = "svarinn"
base_url = "{self.svarut.url}"
tenants = ["{TENANT}"]
key = "file:{self.facts['mailbox_key']}"
tenant = "{TENANT}"
user = "{self.facts['mailbox_user']}"
password = "file:{self.folder}/mailbox.password"
poll_seconds = 1
{self.svarinn_extra}
""" if self.receive else ""
        self.config_extra = self.given_extra + f"""
[connection.svarut-test]
adapter = "svarut"
base_url = "{self.svarut.url}"
tokens = "maskinporten-test"
tenants = ["{TENANT}"]
integration_id = "{self.facts['integration_id']}"
integration_password = "file:{self.folder}/integration.password"
accounts = [{{ tenant = "{TENANT}", account = "{self.facts['account']}" }}]
poll_seconds = 1
believed_missing_after_seconds = 3
{self.svarut_extra}
{receiving}
"""
        self.tenant_extra = f"""
[system.arkiv]
grants = ["receive:transfer"]
[[route]]
id = "filer"
type = "transfer/v1"
use = [{{ connection = "svarut-test", with = {{ delivery = "digital" }} }}]
[[inbox_route]]
id = "svarinn"
type = "transfer/v1"
to = ["arkiv"]
"""

    def ways(self):
        if isinstance(self.way, list):      # each a choice of its own
            return "use = [" + ", ".join(f"{{ connection = \"svarut-test\", {way} }}" for way in self.way) + "]"
        return f"use = [{{ connection = \"svarut-test\", with = {{ {self.way} }} }}]"

    def letter(self, **members):
        return {"type": "letter", "version": 1, "recipient": {"person": PERSON}, "title": "Vedtak", "address": ADDRESS,
                "documents": [{"part": "vedtak", "name": "vedtak.pdf"}], **members}

    def write(self, data=PDF, key=None, **members):
        """A letter that must be accepted; its id."""
        status, answer = self.post(self.letter(**members), {"vedtak": data}, key)
        assert status == 202, (status, answer)
        return answer["id"]

    def shipments(self):
        return self.svarut.state()["shipments"]

    def shipment_of(self, message_id):
        """The one shipment made of a message; fails when there is none, or more than one."""
        deliveries = {delivery["id"] for delivery in self.message(message_id)["deliveries"]}
        found = [one for one in self.shipments() if one["order"]["eksternReferanse"] in deliveries]
        assert len(found) == 1, (deliveries, found)
        return found[0]

    def let(self, shipment, status, words="prøve"):
        self.svarut.control("/control/status", {"id": shipment["id"], "status": status, "words": words})

    def inbound(self):
        """How many messages the store holds that came in by SvarInn: read past the program, which may be dead."""
        database = next(self.data.rglob("*.db"))
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
            return store.execute("SELECT count(*) FROM inbound WHERE connection = 'svarinn-test'").fetchone()[0]

    def wait_said(self, event):
        """A line of the program's log."""
        wait_until(lambda: f'"event":"{event}"' in self.gateway.words(10 ** 6), 180, self.gateway.words)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


__all__ = ["ADDRESS", "NHN_CONTACT", "PDF", "PERSON", "QUICK", "RECIPIENT", "RESERVED", "sha256", "SvarUtWorld", "TENANT",
           "wait_until"]
