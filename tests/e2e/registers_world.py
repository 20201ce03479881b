"""A world with the national registers behind it: persons, organisations and contact details, purposes with roles of their own, and
a neighbour municipality.

    with RegistersWorld() as world:
        world.start()
        person = world.somebody()
        status, answer, headers = world.look_up("opptak", person["number"])
"""

import json

from harness import ask, QUICK, SLOW, Standin, TENANT, wait_until, World

NEIGHBOUR = "310005002"
SYSTEMS = {"opptak": "barnehage", "nabovarsel": "plan", "barnevern": "vern"}     # purpose -> who asks
GRANTS = """
[system.barnehage]
grants = ["read:person:opptak", "read:contact:opptak", "access-log:read", "correct:person"]
[system.plan]
grants = ["read:person:nabovarsel", "read:organisation:nabovarsel", "read:organisation.roles:nabovarsel"]
[system.vern]
grants = ["read:person:barnevern"]
[purpose.opptak]
legal_basis = "barnehageloven § 16"
datasets = { person = ["status", "names", "addresses.residence"], contact = ["reserved"] }
[purpose.nabovarsel]
legal_basis = "plan- og bygningsloven § 21-3"
organisations_in = ["0301"]
[purpose.nabovarsel.datasets]
person = ["names", "birthDate"]
organisation = ["number", "name", "status", "addresses.business"]
"organisation.roles" = ["roles"]
[purpose.barnevern]
legal_basis = "barnevernsloven § 2-2"
graded_addresses = true
datasets = { person = ["names", "addresses", "protection"] }
"""
NEIGHBOURS_GRANTS = """
[system.nabo]
grants = ["read:person:opptak", "access-log:read"]
[purpose.opptak]
legal_basis = "barnehageloven § 16"
datasets = { person = ["names"] }
"""
ROLES = 'opptak = "rolle-adresse", nabovarsel = "rolle-grunndata", barnevern = "rolle-full"'


class RegistersWorld(World):
    def __init__(self, roles=ROLES, **settings):
        super().__init__(config_extra=QUICK + "[records]\nsynthetic_ids = true\n", tenant_extra=GRANTS, **settings)
        self.roles = roles
        self.persons = self.organisations = self.krr = None
        self.keys = {}

    def standins(self):
        return [*super().standins(), self.persons, self.organisations, self.krr]

    def start_standins(self):
        super().start_standins()
        tokens = ["--maskinporten-url", self.maskinporten.url]
        self.persons = Standin("folkeregister", self.folder / "freg", *tokens, "--organisation", TENANT, log=self.folder / "freg.log")
        self.organisations = Standin("enhetsregisteret", self.folder / "brreg", log=self.folder / "brreg.log")
        self.krr = Standin("krr", self.folder / "krr", *tokens, log=self.folder / "krr.log")

    def write_config(self, *arguments, **settings):
        super().write_config(*arguments, **settings)
        material = self.persons.facts["material"]
        with open(self.config / "sluse.toml", "a") as file:
            file.write(f"""
[connection.folkeregister]
adapter = "folkeregister"
base_url = "{self.persons.url}"
integration_id = "{material['integration_id']}"
integration_password = "file:{material['integration_password_file']}"
roles = {{ {self.roles} }}
feed_role = "{material['feed_role']}"
tokens = "maskinporten-test"
tenants = ["{TENANT}"]
[connection.enhetsregisteret]
adapter = "enhetsregisteret"
base_url = "{self.organisations.url}/enhetsregisteret/api"
tenants = ["{TENANT}"]
[connection.krr]
adapter = "krr"
base_url = "{self.krr.url}"
tokens = "maskinporten-test"
tenants = ["{TENANT}"]
""")
        key = self.folder / "neighbour.key"
        self.sluse("keys", "create-tenant-key", "--out", key)
        (self.config / "tenants" / f"{NEIGHBOUR}.toml").write_text(
            f"[tenant]\nname = \"Nabo kommune\"\nsealing_key = \"file:{key}\"\n{NEIGHBOURS_GRANTS}")

    def start(self, *more, **settings):
        super().start(*more, **settings)
        for purpose, system in SYSTEMS.items():
            self.keys[purpose] = self.create_key(system)
        made = self.sluse("keys", "create", "--config", self.config, "--tenant", NEIGHBOUR, "--system", "nabo", "--why", "test", "--json")
        self.keys["neighbour"] = json.loads(made)["key"]
        self.wait_until_followed()

    def wait_until_followed(self):
        """Both registers' feeds have a place to go on from: what is fetched from now on is not outdated by their beginning."""
        def followed():
            return all(self.metrics_sum("sluse_feed_last_success_seconds", f'"{register}"') for register in ("folkeregister", "enhetsregisteret"))
        wait_until(followed, SLOW, lambda: self.gateway.words())

    def ask_records(self, method, path, body=None, purpose="opptak", key=None, **headers):
        """Status, answer, headers."""
        headers |= {"Authorization": f"Bearer {key or self.keys[purpose]}", "Content-Type": "application/json", "Purpose": purpose}
        status, answered, answer = ask(self.url, method, path, None if body is None else json.dumps(body), headers)
        return status, json.loads(answer) if answer else None, answered

    def look_up(self, purpose, person, dataset="person", **members):
        return self.ask_records("POST", "/v1/persons/lookup", {"person": person, "dataset": dataset, **members}, purpose)

    def found(self, purpose, person, **members):
        status, answer, _ = self.look_up(purpose, person, **members)
        assert status == 200, (status, answer)
        return answer

    def organisation(self, number, dataset="organisation"):
        status, answer, _ = self.ask_records("POST", "/v1/organisations/lookup", {"organisation": number, "dataset": dataset},
                                             "nabovarsel")
        assert status == 200, (status, answer)
        return answer

    def somebody(self, grading="ugradert", nth=0):
        """Who lives in Norway, with an address of that grading."""
        return [one for one in self.persons.control("/control/people")
                if one["grading"] == grading and one["status"] == "bosatt"][nth]

    def persons_asked(self):
        return self.persons.state()["persons_asked"]

    def asked_of(self, standin):
        """The addresses that were asked for there, method first."""
        return [f"{one['method']} {one['path']}" for one in standin.control("/control/requests")["last"]]
