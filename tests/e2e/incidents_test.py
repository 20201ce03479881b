"""Twenty incidents, from the alarm to the end of it, with a person at the console in Chromium. Of each: one incident, however many
messages it hits; what is wrong, whose it is and what to do, in Norwegian on the page; at most three clicks from there to the act;
and once it is mended the incident ends by itself. One program and its stand-ins have them all, one after the other."""

import contextlib
import datetime
import json
import time
import unittest

from harness import SLOW, TENANT, wait_until
from incidents_world import OWNERS, CleanScanner, Incidents, card, group_card, issue_key, words

INITIALIZE = {"method": "POST", "path_prefix": "/correspondence/"}
CLICKS_MAX = 3
MINUTE, HOUR, DAY = 60, 3600, 86400


class IncidentsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = Incidents()
        cls.world.__enter__()
        cls.addClassCleanup(cls.world.__exit__, None, None, None)

    def test_each_of_twenty_incidents_is_told_once_explained_mended_in_three_clicks_and_over(self):
        incidents = (self.token_endpoint_down, self.wrong_scope, self.storm_of_503, self.expired_certificate_of_a_component,
                     self.storm_of_429, self.refused_recipient, self.lost_answer, self.missing_receipt, self.stuck_message,
                     self.group_tried_with_one_first, self.webhook_gone, self.silent_poller, self.little_disk, self.secret_that_ends,
                     self.certificate_that_ends, self.wrong_clock, self.quarantined_form, self.scanner_that_is_down,
                     self.no_traffic, self.counts_that_differ)
        self.assertEqual(20, len(incidents))
        told = []
        for incident in incidents:
            with self.subTest(incident.__name__):
                began = time.monotonic()
                self.clicks, self.alarm = 0, None
                with self.only():
                    expected = incident()
                told.append(f"{incident.__name__}: {expected or 'no alarm'}, {self.clicks} clicks, {time.monotonic() - began:.1f} s")
        print("\n".join(told))

    @contextlib.contextmanager
    def only(self):
        """One incident and no other, and it is over."""
        world = self.world
        before = {one["id"] for one in world.alarms()}
        try:
            yield
        finally:
            world.heal()
        new = [one for one in world.alarms() if one["id"] not in before]
        expected = [self.alarm["id"]] if self.alarm else []
        self.assertEqual(expected, [one["id"] for one in new], json.dumps(new, indent=1, ensure_ascii=False))
        self.assertTrue(all(one["resolvedAt"] for one in new), new)

    # --- what a person does
    def alarm_on_page(self, alarm):
        """It is there, in words that say what, whose and what to do."""
        self.alarm = alarm
        operator = self.world.operator
        operator.do("open", hash="#/alarms")
        text = words(operator.do("see", css=card(alarm)))
        for part in (alarm["title"], alarm["what"], alarm["action"], OWNERS[alarm["owner"]]):
            self.assertTrue(part)
            self.assertIn(words(part), text)
        return text

    def click(self, css, text=None):
        self.world.operator.do("click", css=css, **({"text": text} if text else {}))
        self.clicks = max(self.clicks, self.world.operator.clicks)
        self.assertLessEqual(self.world.operator.clicks, CLICKS_MAX)

    def say(self, why):
        self.world.operator.do("say", why=why)

    def see(self, css, *parts, text=None):
        shown = words(self.world.operator.do("see", css=css, **({"text": text} if text else {})))
        for part in parts:
            self.assertIn(part, shown)
        return shown

    def go_there(self):
        self.click(f"{card(self.alarm)} a", "Gå dit det rettes")

    def take(self):
        self.click(f"{card(self.alarm)} button", "Jeg tar den")
        self.say("ser på det")
        self.see(card(self.alarm), "Noen er på saken", text="ser på det")

    def examine(self, connection, *parts):
        """From the alarm to what the doctor says of the connection."""
        self.go_there()
        self.click(f'button[aria-label="Undersøk {connection}"]')
        self.see("tr[data-finding=red]", "Gjør dette", *parts)

    def retry_group(self):
        self.click(f"{group_card(self.alarm)} button.main")
        self.say("årsaken er rettet")

    # --- what happens

    def letters(self, count):
        return [self.world.send() for _ in range(count)]

    def all_delivered(self, letters):
        for letter in letters:
            self.world.wait_state(letter, "delivered", "read")
            self.world.correspondence_of(letter)

    def wait_circuit(self):
        circuit = 'connection="altinn-test"'
        wait_until(lambda: self.world.metrics_sum("sluse_circuit_open", circuit) == 1, SLOW, self.world.gateway.words)

    def altinn_down(self):
        """The alarm of a connection whose circuit has opened."""
        self.wait_circuit()
        self.alarm_on_page(self.world.wait_open("adapter_down", "altinn-test", lasts=2 * MINUTE + 10))

    def back(self, letters):
        self.world.heal()
        self.all_delivered(letters)
        self.world.wait_over(self.alarm)

    def failed(self, letters):
        for letter in letters:
            self.world.wait_state(letter, "failed")
        self.world.wait_open("messages_failed")
        self.world.looked()
        self.alarm_on_page(self.world.wait_open("messages_failed"))
        self.assertEqual(len(letters), self.alarm["count"])

    def sent_without_receipt(self):
        """A letter whose receipt cannot be fetched, while those of others can. One that was quicker than we is let go."""
        world = self.world
        while True:
            letter = world.send()
            world.wait_for(letter, "sent", "delivered", "read", seconds=SLOW)
            path = "/correspondence/api/v1/correspondence/" + world.correspondence_of(letter)["correspondenceId"]
            world.altinn.fault(kind="status", status=503, times=0, match={"method": "GET", "path_prefix": path})
            if world.message(letter)["state"] == "sent":
                return letter
            world.heal()

    # --- the twenty

    def token_endpoint_down(self):
        world = self.world
        world.maskinporten.fault(kind="status", status=503, times=0, match={"path_prefix": "/token"})
        letters = self.letters(2)
        self.altinn_down()
        self.examine("altinn-test", "Maskinporten svarer ikke")
        self.back(letters)
        return "adapter_down"

    def wrong_scope(self):
        world = self.world
        wrong = 'scope = "altinn:serviceowner altinn:feil"'
        world.apply(("# altinn-test goes on", wrong))
        letters = self.letters(2)
        self.failed(letters)
        self.go_there()
        self.see(group_card(self.alarm), "MP-2", "Samarbeidsportalen")
        world.apply((wrong, "# altinn-test goes on"))
        self.retry_group()
        self.back(letters)
        return "messages_failed"

    def storm_of_503(self):
        self.world.altinn.fault(kind="status", status=503, times=0, match={"path_prefix": "/correspondence/"})
        letters = self.letters(4)
        self.altinn_down()
        self.take()
        self.world.operator.do("open", hash="#/alarms")
        self.examine("altinn-test", "503")
        self.back(letters)
        return "adapter_down"

    def expired_certificate_of_a_component(self):
        world = self.world
        world.altinn.control("/control/tls", {"certificate": "expired"})
        try:
            world.apply(("# altinn-test goes on", "in_flight_max = 8"))     # what is connected already does not shake hands again
            letters = self.letters(2)
            self.altinn_down()
            self.examine("altinn-test", "Sertifikatet er utløpt")
        finally:
            world.altinn.control("/control/tls", {"certificate": "valid"})
        self.back(letters)
        world.apply(("in_flight_max = 8", "# altinn-test goes on"))
        return "adapter_down"

    def storm_of_429(self):
        world = self.world
        world.altinn.fault(kind="retry_after", retry_after=1, times=0, match=INITIALIZE)
        letters = self.letters(3)
        world.wait_passing(lambda: all(world.message(one)["deliveries"][0]["attempts"] for one in letters))
        world.clock.later(4 * HOUR + MINUTE)
        world.wait_open("backlog_old", "altinn-test")
        world.looked()
        self.alarm_on_page(world.wait_open("backlog_old", "altinn-test"))
        self.assertEqual(3, self.alarm["count"])
        self.take()
        self.back(letters)
        return "backlog_old"

    def refused_recipient(self):
        world = self.world
        world.altinn.fault(kind="unknown_recipient", times=1)
        letters = self.letters(1)
        self.failed(letters)
        world.operator.do("open", hash="#/failures")
        self.click(f"{group_card(self.alarm)} a", "Vis meldingene")
        self.click("main tbody a", letters[0])
        self.see(".explanation", "Altinn fant ingen med dette nummeret")
        self.click("section[aria-labelledby=acts] button", "Prøv på nytt")
        self.say("nummeret er registrert hos Altinn")
        self.back(letters)
        return "messages_failed"

    def lost_answer(self):
        """Nobody has to do anything: it is looked up."""
        self.world.altinn.fault(kind="cut_after_write", times=1, match=INITIALIZE)
        self.all_delivered(self.letters(1))
        self.world.looked()

    def missing_receipt(self):
        world = self.world
        world.apply(("look_seconds = 1", "look_seconds = 60"))
        world.looked(1)
        letter = self.sent_without_receipt()
        world.clock.later(HOUR + MINUTE)
        world.wait_passing(lambda: "overdue" in world.events_of(letter))
        world.apply(("look_seconds = 60", "look_seconds = 1"))
        world.clock.waited(MINUTE)
        self.alarm_on_page(world.wait_open("receipts_overdue", "altinn-test"))
        self.go_there()
        self.click("main tbody a", letter)
        self.see(".timeline li", text="Kvitteringen skulle ha kommet nå")
        self.back([letter])
        return "receipts_overdue"

    def stuck_message(self):
        world = self.world
        patient, narrow = "stuck_after_minutes = 10080", "in_flight_max = 1"
        world.apply((patient, "stuck_after_minutes = 1"), ("# altinn-test goes on", narrow))
        world.altinn.fault(kind="hang", delay_ms=100_000, times=1, match=INITIALIZE)
        letters = self.letters(1)
        wait_until(lambda: world.message(letters[0])["deliveries"][0]["attempts"], SLOW, world.gateway.words)
        letters += self.letters(1)
        world.clock.later(2 * MINUTE)
        self.alarm_on_page(world.wait_open("messages_stuck", "altinn-test"))
        self.go_there()
        self.see("main", "altinn-test")
        world.clock.waited(2 * MINUTE)
        self.back(letters)
        world.apply(("stuck_after_minutes = 1", patient), (narrow, "# altinn-test goes on"))
        return "messages_stuck"

    def group_tried_with_one_first(self):
        world, operator = self.world, self.world.operator
        world.altinn.fault(kind="unknown_recipient", times=13)
        letters = self.letters(13)
        self.failed(letters)
        world.altinn.fault(kind="hang", delay_ms=100_000, times=1, match=INITIALIZE)
        self.go_there()
        self.retry_group()
        self.see("[data-retry=running]", text="1 av 13")
        operator.do("open", hash="#/failures")
        self.click("[data-retry=running] button", "Pause")
        self.say("ser etter først")
        self.click("[data-retry=paused] button", "Avbryt resten")
        self.say("venter til i morgen")
        self.see("[data-retry=cancelled]")
        world.clock.waited(2 * MINUTE)      # the one that was tried comes through
        world.wait_passing(lambda: len([one for one in letters if world.message(one)["state"] == "failed"]) == 12)
        operator.do("open", hash="#/failures")
        self.retry_group()
        self.all_delivered(letters)
        self.see("[data-retry=done]", text="12 av 12")
        self.back(letters)
        return "messages_failed"

    def webhook_gone(self):
        world = self.world
        status, made = world.call("POST", "/v1/subscriptions", json.dumps({"url": world.receiver.url, "description": "Byggesak"}).encode(),
                                  {"Content-Type": "application/json"})
        self.assertEqual(201, status, made)
        world.receiver.status = 410
        letters = self.letters(1)
        self.alarm_on_page(world.wait_open("webhook_disabled", made["id"]))
        world.receiver.status = 204
        self.go_there()
        self.see("tr[data-webhook=off]", "byggesak", "slått av: ")
        self.click("tr[data-webhook=off] button", "Slå på")
        self.say("adressen er tilbake")
        self.see("tr[data-webhook=on]", "byggesak")
        self.back(letters)
        return "webhook_disabled"

    def silent_poller(self):
        world = self.world
        world.forms.fault(kind="status", status=503, times=0, match={"path_prefix": "/events/api/v1/events"})
        world.clock.waited(16 * MINUTE)
        world.wait_passing(lambda: world.metrics_sum("sluse_receiver_silent") == 1)
        world.clock.waited(6 * MINUTE)      # how a connection is, is asked each five minutes
        self.alarm_on_page(world.wait_open("poller_silent", "altinn-forms"))
        self.go_there()
        self.click('button[aria-label="Undersøk altinn-forms"]')
        self.see("tr[data-step]", text="Navneoppslag")
        world.heal()
        world.wait_passing(lambda: world.metrics_sum("sluse_receiver_silent") == 0)
        world.clock.waited(MINUTE + 5)
        world.wait_over(self.alarm)
        return "poller_silent"

    def little_disk(self):
        world = self.world
        low = "disk_free_bytes_min = 900000000000000"
        world.apply(("disk_free_bytes_min = 0", low))
        self.alarm_on_page(world.wait_open("disk_low", lasts=MINUTE + 10))
        self.take()
        world.apply((low, "disk_free_bytes_min = 0"))
        world.wait_over(self.alarm)
        return "disk_low"

    def secret_that_ends(self):
        world = self.world
        day = datetime.datetime.fromtimestamp(world.clock.now() + 6 * DAY, datetime.timezone.utc).date().isoformat()
        world.apply(("", f'\n[[alarms.expiry]]\nname = "hemmelighet hos KS"\ndate = "{day}"\n'))
        text = self.alarm_on_page(world.wait_open("secret_expiring"))
        self.assertIn("hemmelighet hos KS", text)
        self.assertEqual("critical", self.alarm["severity"])
        self.take()
        world.apply((f'date = "{day}"', 'date = "2099-01-01"'))
        world.wait_over(self.alarm)
        return "secret_expiring"

    def certificate_that_ends(self):
        world = self.world
        file = world.folder / "reserve.pem"
        ends = 7 + int(world.clock.now() - time.time()) // DAY
        issue_key(file, ends)
        world.add_reserve(file)
        text = self.alarm_on_page(world.wait_open("certificate_expiring", "connection.maskinporten-reserve"))
        self.assertIn("om 6 dager" if ends == 7 else "dager", text)
        self.assertEqual("critical", self.alarm["severity"])
        self.go_there()
        self.see("main tbody tr", "Reserve", text="maskinporten-reserve")
        issue_key(file, 900)
        world.apply(("# the reserve is as it was", "# the reserve has a new one"))
        world.wait_over(self.alarm)
        return "certificate_expiring"

    def wrong_clock(self):
        world = self.world
        world.altinn.control("/control/clock", {"skew_seconds": 40})
        self.all_delivered(self.letters(1))
        text = self.alarm_on_page(world.wait_open("clock_skew", lasts=2 * MINUTE + 10))
        self.assertIn("NTP", text)
        self.take()
        world.heal()
        world.clock.waited(11 * MINUTE)     # what was seen of a clock is believed for ten
        world.wait_over(self.alarm)
        return "clock_skew"

    def quarantined_form(self):
        world = self.world
        world.submit(data=[{"dataType": "model", "contentType": "application/xml", "text": "<skjema/>"}])
        self.alarm_on_page(world.wait_open("quarantined", "altinn-forms"))
        item, = world.admin("quarantine?tenant=" + TENANT)["items"]
        self.go_there()
        self.see("article[data-quarantined]", "form/v1", item["id"], item["reason"]["text"])
        self.click("article[data-quarantined] button", "Gi til fagsystem")
        self.say("skjemaet hører til oss")
        self.see("main", "Gitt til skjema.", "Ingenting ligger i karantene")
        self.assertEqual(item["id"], world.inbox.wait_for_one()["id"])
        world.wait_over(self.alarm)
        return "quarantined"

    def scanner_that_is_down(self):
        world = self.world
        socket = world.folder / "clamd.ctl"
        world.apply(("", f'\n[scanner]\nsocket = "{socket}"\nwhen_down = "hold"\n'))
        self.alarm_on_page(world.wait_open("scanner_down"))
        self.go_there()
        self.click("button.main", "Undersøk alt")
        self.see("tr[data-finding=red]", "Gjør dette", "clamd", text="Virusskanneren svarer ikke")
        scanner = CleanScanner(socket)
        self.addCleanup(scanner.server_close)
        self.addCleanup(scanner.shutdown)
        world.wait_over(self.alarm)
        return "scanner_down"

    def no_traffic(self):
        world = self.world
        world.clock.later(14 * DAY)
        self.alarm_on_page(world.wait_open("traffic_below", "byggesak *"))
        self.assertEqual("byggesak", self.alarm["system"])
        self.take()
        letters = self.letters(1)
        self.all_delivered(letters)
        world.clock.later(3 * MINUTE)       # what is younger than two may not all be there yet
        self.back(letters)
        return "traffic_below"

    def counts_that_differ(self):
        """The only one that nobody can bring about from outside."""
        world, failed = self.world, 7
        world.gateway.stop()
        world.change_store("INSERT INTO message_count (tenant, system, channel, state, count) VALUES (?, 'borte', 0, ?, 1)", TENANT, failed)
        world.start_gateway()
        world.operator.sign_in()
        self.alarm_on_page(world.wait_open("counts_differ", lasts=2 * MINUTE + 10))
        self.take()
        world.gateway.stop()
        world.change_store("DELETE FROM message_count WHERE system = 'borte'")
        world.start_gateway()
        world.wait_over(self.alarm)
        return "counts_differ"


if __name__ == "__main__":
    unittest.main(verbosity=2)
