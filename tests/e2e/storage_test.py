"""The disk and the process: full, shared, stopped, killed."""

import os
import signal
import unittest

from full_disk import fill, small_disk
from harness import PDF, Process, QUICK, SLOW, SLUSE, wait_until, World

FULL = QUICK + "[limits]\nfree_disk_bytes_min = 8000000\ndrain_seconds_max = 60\n"


class StorageTest(unittest.TestCase):
    def test_a_full_disk_refuses_before_it_accepts_and_letters_flow_again_when_there_is_room(self):
        disk = small_disk(self, "40m")
        with World(config_extra=FULL, data=disk / "data") as world:
            world.start()
            before = world.send(files={"varsel": PDF})
            ballast = fill(disk, 4_000_000)
            answers = []

            def refused():
                answers.append(world.post(world.letter(reference="full disk"), None, f"full-{len(answers)}"))
                return answers[-1][0] != 202
            wait_until(refused, SLOW, world.gateway.words)
            status, problem = answers[-1]
            self.assertEqual((507, "service.storage_full"), (status, problem["code"]))
            accepted = len(answers) - 1
            status, problem = world.post({**world.letter(), "documents": [{"part": "varsel", "name": "varsel.pdf"}]}, {"varsel": PDF * 40000})
            self.assertEqual(507, status, problem)
            self.assertEqual(1 + accepted, len(world.all_messages()))
            ballast.unlink()
            done = []

            def taken():
                status, answer = world.post(world.letter(reference="room"), None, "room")
                done.append(answer)
                return status == 202
            wait_until(taken, SLOW, lambda: str(done[-1]))
            world.wait_for(done[-1]["id"], "delivered", seconds=SLOW)
            world.wait_for(before, "delivered", seconds=SLOW)

    def test_a_file_larger_than_the_disk_is_refused_and_leaves_room_behind(self):
        disk = small_disk(self, "30m")
        with World(config_extra=FULL, data=disk / "data") as world:
            world.start()
            status, problem = world.call("POST", "/v1/documents", os.urandom(40_000_000), {"Content-Type": "application/pdf"})
            self.assertEqual(507, status, problem)

            def taken():
                return world.post(world.letter(reference="after"), None, "after")[0] == 202
            wait_until(taken, SLOW, world.gateway.words)

    def test_a_second_program_on_the_same_data_is_refused_and_the_first_goes_on(self):
        with World(config_extra=QUICK) as world:
            world.start()
            second = Process([SLUSE, "serve", "--config", world.config, "--ready-json"], world.folder / "second.log")
            try:
                self.assertEqual(73, second.process.wait(SLOW), second.words())
            finally:
                second.kill()
            world.wait_for(world.send(), "delivered", seconds=SLOW)

    def test_a_stop_lets_what_is_under_way_finish_and_a_start_goes_on(self):
        with World(config_extra=QUICK) as world:
            world.start()
            world.altinn.fault(kind="delay", delay_ms=2000, times=1, match={"method": "POST", "path_prefix": "/correspondence/"})
            letter = world.send(files={"varsel": PDF})
            wait_until(lambda: "attempt_started" in world.events_of(letter), SLOW)
            self.assertEqual(0, world.gateway.stop(SLOW))
            world.start_gateway()
            world.wait_for(letter, "delivered", seconds=SLOW)
            world.correspondence_of(letter)
            self.assertEqual(1, world.events_of(letter).count("attempt_started"), world.events_of(letter))

    def test_a_killed_program_starts_again_and_delivers_what_it_had(self):
        with World(config_extra=QUICK) as world:
            world.start()
            letters = [world.send(files={"varsel": PDF + str(number).encode()}) for number in range(10)]
            world.gateway.kill()
            world.start_gateway()
            for letter in letters:
                world.wait_for(letter, "delivered", seconds=SLOW)
            self.assertEqual(len(letters), len(world.correspondences()))
            world.sluse("verify", "--config", world.config, timeout=SLOW)

    def test_a_hangup_takes_a_changed_configuration_into_use_and_refuses_a_wrong_one(self):
        with World(config_extra=QUICK) as world:
            world.start()
            tenant = next((world.config / "tenants").iterdir())
            good = tenant.read_text()
            tenant.write_text(good.replace('grants = ["send:letter"]', 'grants = ["messages:read-all"]'))
            os.kill(world.gateway.pid, signal.SIGHUP)
            wait_until(lambda: world.post(world.letter())[0] == 403, SLOW, world.gateway.words)
            tenant.write_text(good)
            os.kill(world.gateway.pid, signal.SIGHUP)
            wait_until(lambda: world.post(world.letter(reference="again"), None, "again")[0] == 202, SLOW, world.gateway.words)
            tenant.write_text(good.replace("[system.byggesak]", "[systen.byggesak]"))
            os.kill(world.gateway.pid, signal.SIGHUP)
            wait_until(lambda: "systen" in world.gateway.words(), SLOW, world.gateway.words)
            self.assertTrue(world.gateway.running())
            world.wait_for(world.send(), "delivered", seconds=SLOW)


if __name__ == "__main__":
    unittest.main(verbosity=2)
