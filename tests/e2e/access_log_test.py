"""The access log as a proof: the chain made by another hand than the program's, verified by the program, with and without it."""

import hashlib
import json
import os
import re
import socket
import sqlite3
import struct
import unittest

from harness import BUILD, QUICK, SHIFTED_CLOCK, SLOW, TENANT, World, ask, wait_until
from incidents_world import Clock

SYSTEMS_LOG = os.environ.get("SLUSE_SYSTEMS_LOG_LIBRARY", BUILD / "tests" / "e2e" / "systems_log.so")

LOOKS_OFTEN = """
[alarms]
look_seconds = 1
resolve_after_seconds = 1
"""
COLUMNS = ("number", "kind", "at", "system", "purpose", "dataset", "fields", "subject", "freshness", "code", "sealed")


def text(value):
    raw = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">I", len(raw)) + raw


def canonical(entry):
    """As gateway/records/log_chain.hpp says it."""
    fields = entry["fields"].split(",") if entry["fields"] else []
    return (b"sluse-log-v1" + text(TENANT) + struct.pack(">QQQ", entry["number"], entry["kind"], entry["at"]) + text(entry["system"])
            + text(entry["purpose"]) + text(entry["dataset"]) + struct.pack(">I", len(fields)) + b"".join(map(text, fields))
            + text(entry["subject"] or b"") + text(entry["freshness"]) + text(entry["code"]) + text(entry["sealed"]))


def some_entries(count):
    return [{"number": number, "kind": 1, "at": 1_790_000_000_000_000 + number, "system": "byggesak", "purpose": "byggesak",
             "dataset": "person", "fields": ",".join(["names", "addresses.residence"][:number % 3]),
             "subject": bytes([number]) * 16 if number % 2 else None, "freshness": "fresh", "code": "", "sealed": b"\0sealed"}
            for number in range(1, count + 1)]


class AccessLogTest(unittest.TestCase):
    def put(self, world, entries):
        """The whole log anew, in a chain."""
        database = sqlite3.connect(world.data / "sluse.db")
        before = bytes(32)
        with database:
            database.execute("DELETE FROM access_log")
            for entry in entries:
                before = hashlib.sha256(before + canonical(entry)).digest()
                database.execute(f"INSERT INTO access_log (tenant, {', '.join(COLUMNS)}, hash) VALUES ({', '.join('?' * 13)})",
                                 (TENANT, *[entry[column] for column in COLUMNS], before))
        database.close()

    def verify(self, world, *more):
        return world.sluse("verify", "--log", *more, check=False, timeout=SLOW)

    def test_a_log_is_proved_and_what_is_done_to_it_is_said_with_its_place(self):
        with World(config_extra=QUICK + LOOKS_OFTEN) as world:
            world.start()
            self.assertEqual(0, world.gateway.stop(SLOW))
            entries = some_entries(30)
            self.put(world, entries)
            world.start_gateway()   # writes a checkpoint at once, and again when it stops
            self.assertEqual(0, world.gateway.stop(SLOW))
            world.start_gateway()
            answer = json.loads(world.sluse("verify", "--log", "--config", world.config, "--json", timeout=SLOW))
            self.assertTrue(answer["sound"], answer)
            log = answer["tenants"][0]
            self.assertEqual((TENANT, 30, 30, 1), (log["tenant"], log["entries"], log["proved"], log["checkpoints"]))
            said = self.verify(world, "--config", world.config)
            self.assertEqual(0, said.returncode, said.stderr)
            self.assertIn("30 oppføringer, alle slik de ble skrevet", said.stdout)
            self.assertEqual(0, world.gateway.stop(SLOW))
            place = world.data / "checkpoints" / f"{TENANT}.checkpoints"
            offline = ("--offline", "--data", world.data, "--tenant", TENANT, "--checkpoints", place, "--public-key", log["publicKey"])
            sound = self.verify(world, *offline)
            self.assertEqual(0, sound.returncode, sound.stdout + sound.stderr)
            self.assertIn("bevist til og med oppføring 30", sound.stdout)
            as_json = self.verify(world, *offline, "--json")
            self.assertEqual(answer, json.loads(as_json.stdout), "the same whether the program runs or not")

            forged = some_entries(30)
            forged[11]["purpose"] = "skatt"
            self.put(world, forged)
            found = self.verify(world, *offline)
            self.assertEqual(1, found.returncode, found.stdout)
            self.assertIn("Loggen er skrevet om", found.stdout)
            # The chain alone is whole: only the checkpoint tells.
            alone = self.verify(world, "--offline", "--data", world.data, "--tenant", TENANT, "--config", world.config)
            self.assertEqual(0, alone.returncode, alone.stdout + alone.stderr)
            self.assertIn("Ingen kontrollpunkter", alone.stdout)

            self.put(world, entries[:20])
            cut = self.verify(world, *offline)
            self.assertEqual(1, cut.returncode, cut.stdout)
            self.assertIn("oppføring 21 til 30", cut.stdout)
            database = sqlite3.connect(world.data / "sluse.db")
            with database:
                database.execute("UPDATE access_log SET system = 'andre' WHERE number = 7")
                database.execute("DELETE FROM access_log WHERE number IN (12, 13)")
            database.close()
            several = self.verify(world, *offline)
            self.assertEqual(1, several.returncode, several.stdout)
            self.assertIn("Oppføring 7 til 7", several.stdout)
            self.assertIn("Oppføring 12 til 13", several.stdout)
            told = self.verify(world, *offline, "--json")
            self.assertEqual(1, told.returncode, told.stderr)
            told = json.loads(told.stdout)
            self.assertFalse(told["sound"])
            self.assertIn((12, 13), [(fault.get("from"), fault.get("to")) for fault in told["tenants"][0]["faults"]])

            world.start_gateway()
            wait_until(lambda: "access_log_rolled_back" in world.gateway.words(), SLOW, world.gateway.words)
            online = self.verify(world, "--config", world.config)
            self.assertEqual(1, online.returncode, online.stdout)
            in_use = self.verify(world, *offline)
            self.assertEqual(73, in_use.returncode, in_use.stderr)
            wait_until(lambda: self.is_alarm(world), SLOW, world.gateway.words)
            # A newer copy of the log is put back: what was proved is there again.
            self.assertEqual(0, world.gateway.stop(SLOW))
            self.put(world, entries)
            world.start_gateway()
            wait_until(lambda: not self.is_alarm(world), SLOW, world.gateway.words)

    def test_heads_go_to_the_systems_log_at_their_interval_and_what_it_got_proves_the_log(self):
        config = QUICK + "[records]\ncheckpoint_syslog = true\ncheckpoint_minutes = 1\n"
        with World(config_extra=config) as world, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
            receiver.bind(str(world.folder / "log"))
            receiver.settimeout(SLOW)
            clock = Clock(world.folder / "clock")
            both = {**clock.environment(), "LD_PRELOAD": f"{SHIFTED_CLOCK} {SYSTEMS_LOG}", "SLUSE_SYSTEMS_LOG": str(world.folder / "log")}
            got = []

            def a_refusal_is_logged():
                status, refused = world.call("POST", "/v1/persons/lookup", json.dumps({"person": "17859130003"}), {"Content-Type": "application/json"})
                self.assertEqual((400, "records.purpose_missing"), (status, refused["code"]))

            def line():
                said = receiver.recv(2000).decode()
                self.assertRegex(said, r"^<133>sluse: sluse-checkpoint-v1 ")
                got.append(said.removeprefix("<133>sluse: "))
            world.start(both)
            a_refusal_is_logged()
            clock.waited(61)
            line()
            a_refusal_is_logged()
            self.assertEqual(0, world.gateway.stop(SLOW))
            line()
            world.start_gateway(both)
            a_refusal_is_logged()
            clock.waited(61)
            line()
            self.assertEqual(0, world.gateway.stop(SLOW))
            self.assertEqual([f" number={number} " for number in (1, 2, 3)], [re.search(r" number=\d+ ", one).group() for one in got])
            collected = world.folder / "collected"
            collected.write_text("\n".join(got) + "\n")
            self.assertEqual(collected.read_text(), (world.data / "checkpoints" / f"{TENANT}.checkpoints").read_text())
            offline = ("--offline", "--data", world.data, "--tenant", TENANT, "--checkpoints", collected, "--config", world.config)
            proved = self.verify(world, *offline)
            self.assertEqual(0, proved.returncode, proved.stdout + proved.stderr)
            self.assertIn("bevist til og med oppføring 3", proved.stdout)
            database = sqlite3.connect(world.data / "sluse.db")
            with database:
                database.execute("DELETE FROM access_log WHERE number = 3")
            database.close()
            cut = self.verify(world, *offline)
            self.assertEqual(1, cut.returncode, cut.stdout)
            self.assertIn("oppføring 3 til 3", cut.stdout)

    def is_alarm(self, world):
        if not hasattr(world, "admin_key"):
            made = world.sluse("keys", "create", "--config", world.config, "--admin", "--why", "test", "--json")
            world.admin_key = json.loads(made)["key"]
        status, _, answer = ask(world.admin_url, "GET", "/admin/v1/alarms?open=true", None, {"Authorization": f"Bearer {world.admin_key}"})
        assert status == 200, answer
        return "access_log_rolled_back" in [alarm["kind"] for alarm in json.loads(answer)["items"]]

    def test_what_cannot_be_tried_is_said_with_the_exit_codes_of_the_program(self):
        with World(config_extra=QUICK) as world:
            world.start()
            self.assertEqual(0, world.gateway.stop(SLOW))
            self.put(world, some_entries(3))
            nowhere = self.verify(world, "--offline", "--data", world.folder)
            self.assertEqual(4, nowhere.returncode, nowhere.stderr)
            no_file = self.verify(world, "--offline", "--data", world.data, "--config", world.config, "--checkpoints", world.folder / "none")
            self.assertEqual(4, no_file.returncode, no_file.stderr)
            (world.folder / "some").write_text("")
            no_key = self.verify(world, "--offline", "--data", world.data, "--config", world.folder, "--checkpoints", world.folder / "some")
            self.assertEqual(2, no_key.returncode, no_key.stderr)
            self.assertIn("--public-key", no_key.stderr)
            unreachable = self.verify(world, "--config", world.config)
            self.assertEqual(3, unreachable.returncode, unreachable.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
