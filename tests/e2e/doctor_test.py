"""The connection doctor from outside: what works is green, and what is broken on purpose is red with the remedy that fits."""

import json
import time
import unittest

from harness import ask, QUICK, World

TEN_SECONDS = 10
SLACK = 5       # for a program under sanitizers on a busy machine, around the ten it promises


class DoctorTest(unittest.TestCase):
    """One world whose stand-ins speak TLS; each test mends what it broke."""

    @classmethod
    def setUpClass(cls):
        cls.world = World(config_extra=QUICK, tls=True)
        cls.addClassCleanup(cls.world.__exit__, None, None, None)
        cls.world.start()

    def tearDown(self):
        for standin in self.world.standins():
            standin.control("/control/faults", method="DELETE")
            standin.control("/control/clock", {"skew_seconds": 0})
            standin.control("/control/tls", {"certificate": "valid"})

    def doctor(self, *arguments):
        """The exit code and the examinations by connection; the machine is None."""
        done = self.world.sluse("--lang", "en", "doctor", *arguments, "--config", self.world.config, "--json", check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        answer = json.loads(done.stdout)
        return done.returncode, {one.get("connection"): one for one in answer["examinations"]}

    def steps(self, connection):
        code, found = self.doctor(connection)
        self.assertEqual(code == 1, found[connection]["state"] == "red")
        return {step["step"]: step for step in found[connection]["steps"]}

    def red(self, connection, step, code, owner):
        found = self.steps(connection)[step]
        self.assertEqual(("red", code, owner), (found["state"], found.get("code"), found.get("owner")), found)
        self.assertTrue(found["title"] and found["text"] and found["action"], found)
        return found

    def test_all_is_green_when_all_works_and_a_person_can_read_it(self):
        code, found = self.doctor()
        self.assertEqual(0, code, found)
        self.assertEqual({None, "maskinporten-test", "altinn-test"}, set(found))
        for step in found["altinn-test"]["steps"]:
            self.assertIn(step["state"], ("green", "yellow") if step["step"] == "tls" else ("green", "skipped"), step)
        call = found["altinn-test"]["steps"][-1]
        self.assertEqual(("call", "green", True), (call["step"], call["state"], call["seen"]["provesAccess"]))
        page = self.world.sluse("--lang", "nb", "doctor", "--config", self.world.config)
        for words in ("Denne maskinen", "altinn-test (altinn, tt02)", "vi slipper inn", "Ingenting er rødt."):
            self.assertIn(words, page)

    def test_an_expired_certificate_and_one_of_another_host_are_told_apart(self):
        self.world.altinn.control("/control/tls", {"certificate": "expired"})
        self.red("altinn-test", "tls", "doctor.tls.expired", "component")
        self.world.altinn.control("/control/tls", {"certificate": "wrong-host"})
        self.red("altinn-test", "tls", "doctor.tls.wrong_host", "us")

    def test_a_clock_off_by_hours_is_red(self):
        self.world.altinn.control("/control/clock", {"skew_seconds": 7200})
        found = self.red("altinn-test", "clock", "doctor.clock.behind", "us")
        self.assertLess(found["seen"]["secondsAhead"], -7000)

    def test_a_token_endpoint_that_is_down_is_red_also_while_an_old_token_is_kept(self):
        self.steps("altinn-test")
        self.world.maskinporten.fault(kind="status", status=503, times=0, match={"path_prefix": "/token"})
        steps = self.steps("altinn-test")
        self.assertEqual(("red", "maskinporten.unavailable"), (steps["token"]["state"], steps["token"]["code"]))
        self.assertEqual(("skipped", "skipped"), (steps["scope"]["state"], steps["call"]["state"]))

    def test_a_call_that_is_refused_or_answered_by_a_login_page_is_red(self):
        for fault, code, owner in (({"kind": "status", "status": 403}, "doctor.call.forbidden", "us"),
                                   ({"kind": "status", "status": 401}, "doctor.call.unauthorised", "us"),
                                   ({"kind": "html_200"}, "doctor.call.not_the_component", "network")):
            with self.subTest(code):
                self.world.altinn.fault(**fault, times=0, match={"path_prefix": "/correspondence/"})
                self.red("altinn-test", "call", code, owner)
                self.world.altinn.control("/control/faults", method="DELETE")

    def test_everything_that_hangs_takes_ten_seconds_at_most(self):
        for standin in self.world.standins():
            standin.fault(kind="hang", delay_ms=30000, times=0)
        began = time.monotonic()
        code, found = self.doctor()
        self.assertLess(time.monotonic() - began, TEN_SECONDS + SLACK)
        self.assertEqual(1, code)
        for connection in ("maskinporten-test", "altinn-test"):
            self.assertEqual("red", found[connection]["state"])
            self.assertLess(found[connection]["milliseconds"], 1000 * TEN_SECONDS)

    def test_neither_a_token_nor_a_stranger_is_shown(self):
        status, _, body = ask(self.world.admin_url, "POST", "/admin/v1/examine", b"{}", {"Content-Type": "application/json"})
        self.assertEqual(401, status, body)
        text = json.dumps(self.doctor()[1])
        self.assertNotIn("eyJ", text)
        self.assertEqual(4, self.world.sluse("doctor", "no-such", "--config", self.world.config, check=False).returncode)


class DeadTest(unittest.TestCase):
    def test_a_component_that_is_gone_is_a_closed_port(self):
        with World(config_extra=QUICK) as world:
            world.start()
            world.altinn.process.kill()
            done = world.sluse("doctor", "altinn-test", "--config", world.config, "--json", check=False)
            steps = {step["step"]: step for step in json.loads(done.stdout)["examinations"][0]["steps"]}
            self.assertEqual(("red", "doctor.tcp.refused"), (steps["tcp"]["state"], steps["tcp"]["code"]))
            self.assertEqual("doctor.skipped.after", steps["call"]["code"])
            self.assertEqual(1, done.returncode)


if __name__ == "__main__":
    unittest.main(verbosity=2)
