"""Persons and organisations from their registers with the real program: each purpose gets its own fields through its own role, the
registers are asked no more than is needed, and what they answer wrongly or not at all is told for what it is.
"""

import concurrent.futures
import datetime
import json
import re
import unittest

from harness import ask, SLOW, TENANT, wait_until
from registers_world import RegistersWorld, ROLES

DAY = 24 * 3600
STRANGER = "57859100351"        # synthetic; of nobody in the register


class RegistersTest(unittest.TestCase):
    def setUp(self):
        self.world = self.enterContext(RegistersWorld())

    def start(self):
        self.world.start()
        return self.world

    def said_nowhere(self, *personal):
        world = self.world
        said = world.gateway.words(most=10_000_000) + ask(world.admin_url, path="/metrics")[2].decode()
        for word in personal:
            self.assertNotIn(word, said)

    def test_two_systems_get_the_fields_of_their_purposes_and_the_register_is_asked_once_for_each_part(self):
        world = self.start()
        person = world.somebody()
        first = world.found("opptak", person["number"])
        self.assertEqual({"status", "names", "addresses"}, set(first["values"]))
        self.assertEqual(["residence"], list(first["values"]["addresses"]))
        self.assertEqual(person["last"], first["values"]["names"]["last"])
        self.assertEqual(("Folkeregisteret", "fetched"), (first["fields"]["names"]["source"], first["fields"]["names"]["freshness"]))
        self.assertEqual(1, world.persons_asked())
        # What another purpose may see of what is held costs no call; what is not held costs one.
        names = world.found("nabovarsel", person["number"], fields=["names"])
        self.assertEqual(({"names": first["values"]["names"]}, 1), (names["values"], world.persons_asked()))
        other = world.found("nabovarsel", person["number"])
        self.assertEqual({"names", "birthDate"}, set(other["values"]))
        self.assertEqual((person["born"], 2), (other["values"]["birthDate"], world.persons_asked()))
        for purpose in ("opptak", "nabovarsel"):
            again = world.found(purpose, person["number"])
            self.assertEqual({"fresh"}, {origin["freshness"] for origin in again["fields"].values()})
        self.assertEqual(2, world.persons_asked())
        # Each through its own role, by a body: no number stands in an address.
        persons = [one for one in world.asked_of(world.persons) if "/personer/" in one]
        self.assertEqual([f"POST /folkeregister/api/v1/{role}/v1/personer/bulkoppslag" for role in ("rolle-adresse", "rolle-grunndata")],
                         [one.partition("?")[0] for one in persons])
        for field in ("birthDate", "family", "addresses.postal"):
            status, refused, _ = world.look_up("opptak", person["number"], fields=[field])
            self.assertEqual((403, "records.field_not_in_purpose"), (status, refused["code"]))
        self.assertEqual(2, world.persons_asked())
        status, log, _ = world.ask_records("GET", f"/v1/persons/{first['handle']}/access-log")
        self.assertEqual([("barnehage", "opptak"), ("plan", "nabovarsel"), ("plan", "nabovarsel"), ("barnehage", "opptak"), ("plan", "nabovarsel")],
                         [(one["system"], one["purpose"]) for one in log["items"] if one["kind"] == "read"])
        self.said_nowhere(person["number"], person["last"] + " " + person["first"])

    def test_a_hundred_at_once_are_asked_about_once(self):
        world = self.start()
        people = [one["number"] for one in world.persons.control("/control/people")][:100]
        status, answer, _ = world.ask_records("POST", "/v1/persons/lookup", {"persons": people, "dataset": "person"})
        self.assertEqual(200, status, answer)
        self.assertEqual(100, len([one for one in answer["items"] if one["known"]]))
        self.assertEqual(100, world.persons_asked())
        self.assertEqual(1, len([one for one in world.asked_of(world.persons) if "/personer/" in one]))

    def test_a_hundred_callers_who_ask_for_the_same_person_at_once_cost_one_call_and_each_is_in_the_log(self):
        world = self.start()
        person = world.somebody()["number"]
        world.persons.fault(kind="delay", delay_ms=2000, match={"path_suffix": "/bulkoppslag"})
        with concurrent.futures.ThreadPoolExecutor(100) as callers:
            found = list(callers.map(lambda _: world.found("opptak", person), range(100)))
        self.assertEqual(1, world.persons_asked())
        self.assertEqual(1, len({json.dumps(one["values"], sort_keys=True) for one in found}))
        spared = sum(world.metrics_sum("sluse_records_answers_total", f'how="{how}"') for how in ("shared", "held"))
        self.assertEqual((99, 1), (spared, world.metrics_sum("sluse_records_answers_total", 'how="fetched"')))
        status, log, _ = world.ask_records("GET", f"/v1/persons/{found[0]['handle']}/access-log?limit=200")
        self.assertEqual((200, 100), (status, len([one for one in log["items"] if one["kind"] == "read"])))

    def test_a_graded_address_leaves_to_no_purpose_without_the_right(self):
        world = self.start()
        for grading, protection in (("fortrolig", "confidential"), ("klientadresse", "client")):
            with self.subTest(grading=grading):
                person = world.somebody(grading)
                street = f"{person['address']['street']} {person['address']['house']}"
                kept = world.found("opptak", person["number"])
                self.assertEqual(["addresses.residence"], kept["withheld"])
                self.assertNotIn("addresses", kept["values"])
                self.assertNotIn(street, json.dumps(kept, ensure_ascii=False))
                given = world.found("barnevern", person["number"])
                self.assertEqual((protection, True), (given["values"]["protection"], given["values"]["addresses"]["residence"]["graded"]))
                self.assertIn(street, given["values"]["addresses"]["residence"]["lines"][0])
                # Also after it is held.
                self.assertNotIn(street, json.dumps(world.found("opptak", person["number"]), ensure_ascii=False))
                self.said_nowhere(person["number"], street)

    def test_a_grading_that_comes_later_is_heeded_when_the_person_is_asked_for_anew(self):
        world = self.start()
        person = world.somebody()
        self.assertIn("addresses", world.found("opptak", person["number"])["values"])
        world.persons.control("/control/person", {"number": person["number"], "act": "grade", "grading": "strengtFortrolig"})
        world.gateway.stop()
        world.later(25 * 3600)
        world.start_gateway()
        kept = world.found("opptak", person["number"])
        self.assertNotIn("addresses", kept["values"], kept)

    def test_a_local_correction_stands_over_the_register_with_source_and_person_until_its_end(self):
        world = self.start()
        person = world.somebody()
        found = world.found("opptak", person["number"])
        path = f"/v1/persons/{found['handle']}/corrections/person"
        end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)
        correction = {"values": {"names": {"first": "LIV", "last": "HANSEN"}}, "source": "vigselsattest", "until": end.strftime("%Y-%m-%dT%H:%M:%SZ")}
        self.assertEqual((400, "records.actor_missing"), self.code_of(world.ask_records("PUT", path, correction)), "nobody's correction")
        self.assertEqual((403, "auth.not_granted"), self.code_of(world.ask_records("PUT", path, correction, "nabovarsel", Actor="kari")))
        self.assertEqual(204, world.ask_records("PUT", path, correction, Actor="saksbehandler-7")[0])
        for purpose in ("opptak", "nabovarsel"):
            corrected = world.found(purpose, person["number"], fields=["names"])
            self.assertEqual({"names": correction["values"]["names"]}, corrected["values"])
            origin = corrected["fields"]["names"]
            self.assertEqual(("vigselsattest", correction["until"][:19]), (origin["source"], origin["correctedUntil"][:19]), origin)
        self.assertEqual(found["values"]["addresses"], world.found("opptak", person["number"])["values"]["addresses"])
        (world.folder / "person").write_text(person["number"])
        report = json.loads(world.sluse("report", "person", "--json", "--person-file", world.folder / "person", "--tenant", TENANT,
                                        "--why", "innsyn", "--config", world.config))
        self.assertEqual([("person", "ordinary")], [(one["dataset"], one["sensitivity"]) for one in report["held"]])
        self.assertEqual([("vigselsattest", "saksbehandler-7")],
                         [(one["source"], one["actor"]) for held in report["held"] for one in held["corrections"]])
        self.assertEqual(["corrected"], [entry["kind"] for entry in report["entries"] if entry["kind"] == "corrected"])
        # Whom the register does not know, too.
        stranger = world.found("opptak", STRANGER)
        self.assertFalse(stranger["known"])
        self.assertEqual(204, world.ask_records("PUT", path.replace(found["handle"], stranger["handle"]), correction, Actor="saksbehandler-7")[0])
        known = world.found("opptak", STRANGER, fields=["names"])
        self.assertEqual((True, {"names": correction["values"]["names"]}), (known["known"], known["values"]))
        world.gateway.stop()
        world.later(3 * 3600)
        world.start_gateway()
        self.assertEqual(found["values"]["names"], world.found("opptak", person["number"], fields=["names"])["values"]["names"])

    def test_of_the_whole_register_what_purposes_want_is_kept_and_how_far_it_came_is_told(self):
        world = self.start()
        said = world.sluse("load", "enhetsregisteret", "--tenant", TENANT, "--why", "fyller opp", "--config", world.config, timeout=SLOW)
        *_, last = said.strip().splitlines()
        read, total, kept = (int(word) for word in re.findall(r"(?<= )\d+(?= )", last))
        self.assertEqual(total, read, said)
        self.assertTrue(0 < kept <= read, said)
        self.assertIn("ferdig", last)
        unit = next(one for one in world.organisations.state()["first"]
                    if one.get("forretningsadresse", {}).get("kommunenummer") == "0301")["organisasjonsnummer"]
        self.assertEqual("fresh", world.organisation(unit)["fields"]["name"]["freshness"])
        self.assertEqual([], [one for one in world.asked_of(world.organisations) if f"/enheter/{unit}" in one], "nobody was asked about it alone")

    def code_of(self, answered):
        return answered[0], answered[1]["code"]

    def test_an_organisation_and_its_roles_come_from_their_register_once(self):
        world = self.start()
        unit = next(one for one in world.organisations.state()["first"] if "forretningsadresse" in one)
        number = unit["organisasjonsnummer"]
        for _ in range(2):
            found = world.organisation(number)
            self.assertEqual((number, unit["navn"]), (found["values"]["number"], found["values"]["name"]))
            self.assertEqual({"number", "name", "status", "addresses"}, set(found["values"]))
            roles = world.organisation(number, "organisation.roles")
            self.assertEqual("LEDE", roles["values"]["roles"][0]["role"]["code"])
        self.assertEqual("fresh", found["fields"]["name"]["freshness"])
        self.assertEqual([f"GET /enhetsregisteret/api/enheter/{number}", f"GET /enhetsregisteret/api/enheter/{number}/roller"],
                         [one for one in world.asked_of(world.organisations) if f"/{number}" in one])
        # Deleted ones are told of, nobody's number is not.
        world.organisations.control("/control/unit", {"number": number, "act": "delete"})
        nobody = world.organisation("310000019")
        self.assertFalse(nobody["known"])

    def test_an_answer_about_somebody_else_is_refused_with_its_code_and_is_nowhere_in_the_logs(self):
        world = self.start()
        person = world.somebody()
        world.persons.fault(kind="wrong_person", times=0)
        status, refused, headers = world.look_up("opptak", person["number"])
        self.assertEqual((503, "records.register_unavailable"), (status, refused["code"]), refused)
        self.assertEqual(["freg.wrong_person"], [one["code"] for one in refused["errors"]])
        self.assertIn("Retry-After", headers)
        self.said_nowhere(person["number"], "01817012345")
        world.persons.control("/control/faults", method="DELETE")
        wait_until(lambda: world.look_up("opptak", person["number"])[0] == 200, SLOW, lambda: world.gateway.words())
        unit = world.organisations.state()["first"][0]["organisasjonsnummer"]
        world.organisations.fault(kind="wrong_organisation", times=0)
        status, refused, _ = world.ask_records("POST", "/v1/organisations/lookup", {"organisation": unit}, "nabovarsel")
        self.assertEqual((503, ["brreg.wrong_organisation"]), (status, [one["code"] for one in refused["errors"]]))

    def test_while_the_register_is_down_what_is_held_is_told_and_marked_and_what_is_not_held_is_refused(self):
        world = self.start()
        person, stranger = world.somebody(), world.somebody(nth=5)
        held = world.found("opptak", person["number"])
        world.gateway.stop()
        world.later(25 * 3600)
        world.persons.fault(kind="status", status=503, times=0, match={"path_prefix": "/folkeregister"})
        world.start_gateway()
        stale = world.found("opptak", person["number"])
        self.assertEqual(held["values"], stale["values"])
        self.assertEqual({"stale"}, {origin["freshness"] for origin in stale["fields"].values()})
        status, refused, headers = world.look_up("opptak", stranger["number"])
        self.assertEqual((503, "records.register_unavailable"), (status, refused["code"]))
        self.assertIn("Retry-After", headers)
        # A week on, and it is too old to be told.
        world.gateway.stop()
        world.later(8 * DAY)
        world.start_gateway()
        self.assertEqual(503, world.look_up("opptak", person["number"])[0])

    def test_a_person_of_another_municipality_is_found_by_no_handle(self):
        world = self.start()
        handle = world.found("opptak", world.somebody()["number"])["handle"]
        for path in (f"/v1/persons/{handle}?dataset=person", f"/v1/persons/{handle}/access-log"):
            status, refused, _ = world.ask_records("GET", path, key=world.keys["neighbour"])
            self.assertEqual((404, "records.not_found"), (status, refused["code"]))
        # Its own look-up finds no connection to the register: the roles are the municipality's.
        status, refused, _ = world.ask_records("POST", "/v1/persons/lookup", {"person": world.somebody()["number"], "dataset": "person"},
                                               key=world.keys["neighbour"])
        self.assertEqual((502, ["register.none"]), (status, [one["code"] for one in refused["errors"]]), refused)
        self.assertEqual(1, world.persons_asked())

    def test_check_tells_of_a_role_with_two_purposes_and_of_a_purpose_that_is_not_there(self):
        world = self.world
        world.roles = ROLES.replace("rolle-grunndata", "rolle-adresse").replace("barnevern", "barnvern")
        world.start_standins()
        world.write_config()
        done = world.sluse("--lang", "en", "check", "--config", world.config, check=False)
        self.assertNotEqual(0, done.returncode)
        said = done.stdout + done.stderr
        line = 1 + next(number for number, text in enumerate((world.config / "sluse.toml").read_text().splitlines()) if text.startswith("roles ="))
        self.assertRegex(said, rf"sluse\.toml:{line}:\d+.*the role belongs to the purpose \"(opptak|nabovarsel)\" already; give each purpose "
                               "a role of its own in the register")
        self.assertRegex(said, rf"sluse\.toml:{line}:\d+.*unknown purpose \"barnvern\"; did you mean \"barnevern\"\?")


if __name__ == "__main__":
    unittest.main()
