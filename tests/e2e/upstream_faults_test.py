"""The national components fail in every way they can; letters wait, go once, or fail with a reason that can be acted on."""

import datetime
import json
import unittest
import urllib.parse

from harness import PDF, QUICK, SLOW, Standin, TENANT, wait_until, World

INITIALIZE = {"method": "POST", "path_prefix": "/correspondence/"}


class UpstreamFaultsTest(unittest.TestCase):
    """Each test has stand-ins of its own: a fault left behind must not be met by another test."""

    def setUp(self):
        self.world = World(config_extra=QUICK)
        self.addCleanup(self.end)
        self.world.start()

    def end(self):
        self.world.__exit__(None, None, None)

    def delivered_once(self, letter):
        self.world.wait_for(letter, "delivered", seconds=SLOW)
        self.world.correspondence_of(letter)
        self.assertEqual(1, self.world.events_of(letter).count("delivered"))

    def attempts(self, letter):
        return self.world.message(letter)["deliveries"][0]["attempts"]

    def fault_then_delivered(self, times=2, **fault):
        """The fault meets the first calls; then the letter goes, exactly once."""
        self.world.altinn.fault(match=INITIALIZE, times=times, **fault)
        letter = self.world.send(files={"varsel": PDF})
        self.delivered_once(letter)
        self.assertNotIn(fault["kind"], json.dumps(self.world.altinn.control("/control/faults")), "the fault was never met")
        return letter

    def test_a_letter_waits_while_altinn_answers_503(self):
        self.assertGreaterEqual(self.attempts(self.fault_then_delivered(kind="status", status=503)), 2)

    def test_a_login_page_with_200_is_not_taken_for_an_answer(self):
        self.fault_then_delivered(kind="html_200")

    def test_a_broken_answer_to_a_letter_that_was_taken_does_not_double_it(self):
        self.fault_then_delivered(kind="bad_json", times=1)

    def test_an_answer_lost_after_the_letter_was_taken_does_not_double_it(self):
        self.fault_then_delivered(kind="cut_after_write", times=1)

    def test_an_answer_cut_half_way_does_not_double_the_letter(self):
        self.fault_then_delivered(kind="cut_answer", times=1)

    def test_a_500_after_the_letter_was_taken_does_not_double_it(self):
        self.fault_then_delivered(kind="status", status=500, after=True, times=1)

    def test_a_connection_closed_before_the_answer_is_tried_again(self):
        self.fault_then_delivered(kind="cut_before")

    def test_a_call_that_hangs_and_is_closed_is_tried_again(self):
        self.fault_then_delivered(kind="hang", delay_ms=1500, times=1)

    def test_letters_wait_while_altinn_is_dead_and_go_when_it_is_back(self):
        world = self.world
        world.altinn.process.kill()
        letters = [world.send(reference=f"død-{number}") for number in range(3)]
        wait_until(lambda: all(self.attempts(letter) >= 1 for letter in letters), SLOW, world.gateway.words)
        for letter in letters:
            self.assertIn(world.message(letter)["state"], ("queued", "pending", "sending"))
        restart(world, "altinn", "--maskinporten-url", world.maskinporten.url, "--organisation", TENANT, "--time-scale", 50)
        for letter in letters:
            self.delivered_once(letter)

    def test_letters_wait_while_no_token_is_to_be_had_and_then_go(self):
        world = self.world
        world.maskinporten.fault(kind="status", status=503, times=0, match={"path_prefix": "/token"})
        letters = [world.send(files={"varsel": PDF}) for _ in range(3)]
        wait_until(lambda: all(self.attempts(letter) >= 2 for letter in letters), SLOW, world.gateway.words)
        self.assertEqual([], world.correspondences())
        world.maskinporten.control("/control/faults", method="DELETE")
        for letter in letters:
            self.delivered_once(letter)

    def test_a_letter_with_malware_fails_with_a_reason(self):
        world = self.world
        world.altinn.fault(kind="malware", times=1)
        letter = world.send(files={"varsel": PDF})
        world.wait_for(letter, "failed", seconds=SLOW)
        last = world.timeline(letter)[-1]
        self.assertEqual("failed", last["event"])
        for member in ("code", "title", "text", "owner", "action"):
            self.assertTrue(last[member], last)
        other = world.send(files={"varsel": PDF})
        self.delivered_once(other)

    def test_a_letter_that_can_never_be_taken_fails_at_once_with_a_code_and_blocks_no_other(self):
        world = self.world
        world.altinn.fault(kind="unknown_recipient", times=1)
        bad = world.send()
        world.wait_for(bad, "failed", seconds=SLOW)
        self.assertEqual(1, self.attempts(bad))
        last = world.timeline(bad)[-1]
        self.assertEqual("failed", last["event"])
        self.assertTrue(last["code"] and last["owner"] and last["action"], last)
        self.assertEqual([], world.correspondences())
        self.delivered_once(world.send())

    def test_a_letter_that_hangs_does_not_hold_up_the_others(self):
        world = self.world
        world.altinn.fault(kind="hang", delay_ms=8000, times=1, match=INITIALIZE)
        hanging = world.send(reference="henger")
        wait_until(lambda: self.attempts(hanging) >= 1, SLOW)
        others = [world.send() for _ in range(5)]
        for letter in others:
            self.delivered_once(letter)
        self.delivered_once(hanging)

    def test_a_storm_of_429_ends_with_every_letter_delivered_once(self):
        world = self.world
        world.altinn.fault(kind="retry_after", retry_after=1, times=15, match=INITIALIZE)
        letters = [world.send(reference=f"storm-{number}") for number in range(10)]
        for letter in letters:
            self.delivered_once(letter)
        self.assertEqual(len(letters), len(world.correspondences()))


class PatientTest(unittest.TestCase):
    def test_a_letter_waits_as_long_as_a_429_says(self):
        patient = QUICK.replace("backoff_max_ms = 1000", "backoff_max_ms = 60000")
        with World(config_extra=patient) as world:
            world.start()
            world.altinn.fault(kind="retry_after", retry_after=3, times=1, match=INITIALIZE)
            letter = world.send(files={"varsel": PDF})
            world.wait_for(letter, "delivered", seconds=SLOW)
            world.correspondence_of(letter)
            timeline = world.timeline(letter)
            started = [event["at"] for event in timeline if event["event"] == "attempt_started"]
            self.assertEqual(2, len(started), timeline)
            # Without being asked, it would have come again after a tenth of a second.
            self.assertGreaterEqual(seconds_of(started[1]) - seconds_of(started[0]), 2.9, timeline)


def seconds_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def restart(world, name, *options):
    """The stand-in again, with its memory, on the port it had."""
    before = getattr(world, name)
    port = urllib.parse.urlsplit(before.url).port
    again = Standin(name, world.folder / name, "--port", port, *options, log=world.folder / f"{name}.log")
    setattr(world, name, again)


if __name__ == "__main__":
    unittest.main(verbosity=2)
