"""Look-ups with the real program and the contact register: fetched once and reused, every read with a purpose and in the log.
"""

import json
import unittest

from harness import ask, TENANT
from people import Person
from records_world import RecordsWorld


class RecordsTest(unittest.TestCase):
    def setUp(self):
        self.world = self.enterContext(RecordsWorld())
        self.world.start()
        self.call, self.look_up, self.persons_asked = self.world.call, self.world.look_up, self.world.persons_asked

    def refused(self, answer, status, code):
        self.assertEqual((status, code), (answer[0], answer[1]["code"]), answer)

    def test_a_look_up_is_fetched_once_and_reused_and_the_access_log_shows_both(self):
        status, first, _ = self.look_up()
        self.assertEqual(200, status, first)
        self.assertEqual("fetched", first["fields"]["status"]["freshness"])
        self.assertEqual({"reserved", "status", "email"}, set(first["values"]))
        self.assertEqual(["address"], list(first["values"]["email"]))
        self.assertNotIn(Person.DIGITAL, json.dumps(first))
        asked = self.persons_asked()
        # What is held outlives the program, whose adapter then remembers nothing.
        self.world.gateway.stop()
        self.world.start_gateway()
        status, again, _ = self.look_up()
        self.assertEqual("fresh", again["fields"]["status"]["freshness"], again)
        self.assertEqual(first["handle"], again["handle"])
        self.assertEqual(first["values"], again["values"])
        self.assertEqual(asked, self.persons_asked())
        status, by_handle, _ = self.call("GET", f"/v1/persons/{first['handle']}?dataset=contact&fields=reserved")
        self.assertEqual({"reserved": False}, by_handle["values"])
        status, log, _ = self.call("GET", f"/v1/persons/{first['handle']}/access-log", purpose=None)
        self.assertEqual(200, status, log)
        self.assertEqual(["fetched", "fresh", "fresh"], [entry["freshness"] for entry in log["items"]])
        self.assertEqual({("barnehage", "opptak", "barnehageloven § 16")},
                         {(entry["system"], entry["purpose"], entry["legalBasis"]) for entry in log["items"]})
        self.assertEqual("sb-7", log["items"][0]["actor"])
        status, log, _ = self.call("GET", f"/v1/persons/{first['handle']}/access-log", purpose=None)
        self.assertEqual("log_read", log["items"][-1]["kind"])
        # What that spared is told by tenant and system, also of before the program was started again.
        made = self.world.sluse("keys", "create", "--config", self.world.config, "--admin", "--why", "test", "--json")
        status, _, answer = ask(self.world.admin_url, "GET", f"/admin/v1/statistics/records?tenant={TENANT}", None,
                                {"Authorization": f"Bearer {json.loads(made)['key']}"})
        self.assertEqual(200, status, answer)
        self.assertEqual([("barnehage", 3, 2, 1)], [(one["system"], one["answers"], one["withoutRegisterCall"], one["fetched"])
                                                    for one in json.loads(answer)["items"]])
        self.assertEqual(2, self.world.metrics_sum("sluse_records_answers_total", 'how="held"'))

    def test_what_has_no_purpose_no_right_or_no_form_is_refused_and_nobody_is_asked(self):
        before = self.persons_asked()
        self.refused(self.call("POST", "/v1/persons/lookup", {"person": Person.DIGITAL}, purpose=None), 400, "records.purpose_missing")
        self.refused(self.call("POST", "/v1/persons/lookup", {"person": Person.DIGITAL}, purpose="ukjent"), 403,
                     "records.unknown_purpose")
        self.refused(self.look_up(fields=["mobile"]), 403, "records.field_not_in_purpose")
        self.refused(self.look_up(person="01816000065"), 400, "records.not_a_national_id")
        self.refused(self.call("POST", "/v1/persons/lookup", {"person": Person.DIGITAL, "dataset": "contact"}, purpose="annet"), 403,
                     "auth.not_granted")
        self.refused(self.call("POST", "/v1/persons/lookup", {"person": Person.DIGITAL, "dataset": "contact"}, key=self.world.key),
                     403, "auth.not_granted")
        self.refused(self.call("GET", "/v1/persons/0b9cf8a4-2f60-4f4e-8d0a-310000019001?dataset=contact"), 404, "records.not_found")
        self.assertEqual(before, self.persons_asked())

    def test_an_own_dataset_is_published_read_and_never_written_over_unseen(self):
        status, made, headers = self.call("PUT", "/v1/records/plass/lia", {"navn": "Lia"})
        self.assertEqual((201, '"1"'), (status, headers["ETag"]), made)
        self.refused(self.call("PUT", "/v1/records/plass/lia", {"navn": "To"}), 412, "records.conflict")
        self.refused(self.call("PUT", "/v1/records/plass/lia", {"nav": "To"}, **{"If-Match": '"1"'}), 422, "records.invalid")
        status, read, _ = self.call("GET", "/v1/records/plass/lia")
        self.assertEqual({"navn": "Lia"}, read["values"])
        self.refused(self.call("GET", f"/v1/records/contact/{Person.DIGITAL}"), 400, "records.other_key")
        status, changes, _ = self.call("GET", "/v1/records/plass/changes")
        self.assertEqual([("lia", 1, False)], [(one["key"], one["version"], one["removed"]) for one in changes["items"]])
        # Many at once, all or nothing; what is removed is told of by the changes.
        many = {"items": [{"key": "lia", "value": {"navn": "Lia barnehage"}, "version": 1}, {"key": "asen", "value": {"navn": "Åsen"}}]}
        wrong = {"items": [*many["items"], {"key": "bo", "value": {"nav": "Bø"}}]}
        self.refused(self.call("POST", "/v1/records/plass", wrong), 422, "records.invalid")
        status, done, _ = self.call("POST", "/v1/records/plass", many)
        self.assertEqual((200, [2, 1]), (status, [one["version"] for one in done["items"]]), done)
        self.refused(self.call("DELETE", "/v1/records/plass/lia", **{"If-Match": '"1"'}), 412, "records.conflict")
        self.assertEqual(204, self.call("DELETE", "/v1/records/plass/lia", **{"If-Match": '"2"'})[0])
        status, more, _ = self.call("GET", f"/v1/records/plass/changes?after={changes['next']}")
        self.assertEqual([("asen", False), ("lia", True)], [(one["key"], one["removed"]) for one in more["items"]])


if __name__ == "__main__":
    unittest.main()
