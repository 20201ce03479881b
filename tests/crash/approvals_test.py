"""Acts that need a second person, in the real program: asked for by one and approved, declined or left by others who have signed in;
and kill -9 between the approval and the act, and between the act and its end. What was approved is done exactly once."""

import contextlib
import http.client
import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from harness import QUICK, SLOW, TENANT, ask, wait_until  # noqa: E402
from mending import Mending  # noqa: E402

RULES = """
[second_person]
acts = ["message-retry", "group-retry"]
hours = 2
"""


class Approving(Mending):
    def __init__(self):
        super().__init__(config_extra=QUICK, tenant_extra=RULES)
        self.accounts = {}

    def add(self, name, role):
        status, made = self.operate("POST", "accounts", {"name": name, "why": "ny på vakt", "roles": [{"role": role, "tenant": TENANT}]})
        assert status == 201, made
        self.accounts[name] = made

    def sign_in(self, name):
        made = self.accounts[name]
        code = subprocess.run(["oathtool", "--totp", "-b", made["totpSecret"]], capture_output=True, text=True, check=True).stdout.strip()
        body = json.dumps({"name": name, "password": made["password"], "code": code}).encode()
        status, headers, answer = ask(self.admin_url, "POST", "/admin/v1/session", body, {"Content-Type": "application/json"})
        assert status == 201, answer
        headers = {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": json.loads(answer)["csrf"], "Content-Type": "application/json"}

        def act(path, why="sett og enig"):
            status, _, answer = ask(self.admin_url, "POST", f"/admin/v1/{path}", json.dumps({"why": why}).encode(), headers)
            return status, json.loads(answer)
        return act

    def approval(self, id):
        return self.operate("GET", f"approvals/{id}")[1]

    def deliveries(self, letter):
        return self.operate("GET", f"messages/{letter}")[1]["deliveries"]


class Approvals(unittest.TestCase):
    def waits(self, answer):
        status, said = answer
        self.assertEqual((202, "approval.waits"), (status, said["code"]), said)
        return said["approval"]["id"]

    def die(self, world, point, approve):
        """The program dies of what a person approves; one who has not signed in before, for a code is good once."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            world.start_gateway({"SLUSE_CRASH_POINT": point})
            approve()
        wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
        self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
        world.gateway.close()

    def test_what_another_person_approves_is_done_once_whenever_the_program_is_killed(self):
        with Approving() as world:
            world.start()
            for name, role in (("kari", "operator"), ("ola", "operator"), ("eva", "tenant_approver"), ("nils", "operator")):
                world.add(name, role)
            first, second, third, left = world.failed_letters(4)
            kari, ola = world.sign_in("kari"), world.sign_in("ola")
            with self.subTest("one asks, another declines or approves, and nobody his own"):
                mine = self.waits(kari(f"messages/{third}/retry", "mottakeren finnes nå"))
                self.assertEqual("approval.same_person", kari(f"approvals/{mine}/approve")[1]["code"])
                self.assertEqual(403, world.operate("POST", f"approvals/{mine}/approve", {"why": "jeg er root"})[0])
                self.assertEqual("declined", ola(f"approvals/{mine}/decline", "ikke ennå")[1]["state"])
                mine = self.waits(kari(f"messages/{third}/retry", "mottakeren finnes nå"))
                status, done = ola(f"approvals/{mine}/approve")
                self.assertEqual((200, "done"), (status, done["state"]), done)
                world.wait_for(third, "delivered", seconds=SLOW)
                line = next(event for event in world.operate("GET", f"messages/{third}/events")[1]["items"] if event["event"] == "retried")
                self.assertEqual("account kari, account ola", line["who"], line)
            early, late = self.waits(kari(f"messages/{first}/retry")), self.waits(kari(f"messages/{second}/retry"))
            with self.subTest("root asks like everybody, and the exit code says that nothing is done"):
                asked = world.sluse("retry", left, "--config", world.config, "--why", "rettet", check=False)
                self.assertEqual(6, asked.returncode, asked.stdout + asked.stderr)
            over = asked.stdout.split()[-1]
            listed = world.sluse("approvals", "--config", world.config)
            self.assertIn(early, listed)
            self.assertIn("account kari", listed)
            world.gateway.stop(SLOW)
            self.die(world, "approvals.approved", lambda: world.sign_in("eva")(f"approvals/{early}/approve"))
            self.die(world, "approvals.carried_out:2", lambda: world.sign_in("nils")(f"approvals/{late}/approve"))
            world.later(3 * 3600)
            world.start_gateway()
            for letter, approval in ((first, early), (second, late)):
                world.wait_for(letter, "delivered", seconds=SLOW)
                wait_until(lambda: world.approval(approval)["state"] == "done", SLOW, lambda: str(world.approval(approval)))
                self.assertEqual(2, len(world.deliveries(letter)))
            wait_until(lambda: world.approval(over)["state"] == "expired", SLOW, lambda: str(world.approval(over)))
            self.assertEqual(1, len(world.deliveries(left)))
            self.assertEqual(3, len(world.correspondences()))
            acts = [entry["act"] for entry in world.operate("GET", "audit")[1]["items"]]
            for act, times in (("approval_declined", 1), ("approval_approved", 3), ("approval_expired", 1)):
                self.assertEqual(times, acts.count(act), acts)


if __name__ == "__main__":
    unittest.main(verbosity=2)
