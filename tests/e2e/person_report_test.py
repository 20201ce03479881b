"""What the municipality owes a person: the report, legal hold, and erasure after which no bytes and no way back are left."""

import html.parser
import json
import sqlite3
import subprocess
import unittest
import uuid

from harness import SLOW, SLUSE, TENANT, wait_until
from people import Person
from records_world import RecordsWorld


class Page(html.parser.HTMLParser):
    """What a page is made of, and whether its elements are closed in order."""

    VOID = {"meta", "br"}

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.words, self.attributes = [], [], "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        self.words += data


class PersonReportTest(unittest.TestCase):
    def act(self, world, *words, person=Person.DIGITAL, code=0):
        """A verb about a person, whose number goes in by standard input."""
        ran = subprocess.run([str(SLUSE), *words, "--config", str(world.config)], input=f"{person}\n", text=True,
                             capture_output=True, timeout=SLOW, check=False)
        self.assertEqual(code, ran.returncode, ran.stdout + ran.stderr)
        return ran.stdout + (ran.stderr if code else "")

    def bytes_at_rest(self, *folders):
        return {str(file): file.read_bytes() for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()}

    def found(self, needles, files):
        return {(name, what) for what, needle in needles.items() for name, content in files.items() if needle in content}

    def test_the_report_is_a_page_in_three_languages_and_json(self):
        with RecordsWorld() as world:
            world.start()
            world.call("POST", "/v1/persons/lookup", {"person": Person.DIGITAL, "dataset": "contact"},
                       Actor="<script>alert(1)</script>", Case="<img src=x onerror=alert(1)>")
            for language in ("nb", "nn", "en"):
                page = self.act(world, "report", "person", "--html", "--page-language", language, "--why", "innsyn <b>17</b>")
                read = Page(page)
                self.assertEqual([], read.open)
                self.assertIn(("lang", language), read.attributes)
                self.assertEqual(1, read.tags.count("h1"))
                self.assertLessEqual({"main", "h2", "h3", "h4", "table", "caption", "th"}, set(read.tags))
                self.assertEqual(set(), {"script", "img", "link", "iframe", "form", "b"} & set(read.tags))
                self.assertEqual([], [name for name, _ in read.attributes if name in ("src", "href") or name.startswith("on")])
                for words in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "innsyn <b>17</b>", "barnehageloven § 16"):
                    self.assertIn(words, read.words)
                self.assertNotIn(Person.DIGITAL, page.replace("</title>", ""))
            report = json.loads(self.act(world, "report", "person", "--json", "--why", "innsyn"))
            self.assertEqual(["contact"], [held["dataset"] for held in report["held"]])
            self.assertEqual("barnehageloven § 16", report["held"][0]["purposes"][0]["legalBasis"])
            self.assertEqual(["read", *["reported"] * 4], [entry["kind"] for entry in report["entries"]])
            unknown = self.act(world, "report", "person", "--why", "x", person=Person.RESERVED, code=4)   # whom nobody looked up
            self.assertIn("records.not_found", unknown)
            self.assertNotIn(Person.RESERVED, unknown)
            log = world.access_log(report["handle"])
            self.assertEqual("innsyn <b>17</b>", log[1]["reason"])
            self.assertNotIn(Person.DIGITAL, world.gateway.words())

    def test_after_an_erasure_nothing_is_left_in_the_files_and_there_is_no_way_back(self):
        with RecordsWorld() as world:
            world.start()
            status, looked_up, _ = world.look_up()
            self.assertEqual(200, status)
            handle = looked_up["handle"]
            self.assertEqual(0, world.gateway.stop(SLOW))
            owner = uuid.UUID(handle).bytes
            with sqlite3.connect(world.data / "sluse.db") as database:
                keys = [row[0] for row in database.execute("SELECT wrapped FROM content_key WHERE substr(owner, 1, 16) = ?", (owner,))]
                sealed = [row[0] for row in database.execute("SELECT sealed FROM record WHERE subject = ?", (owner,))]
                sealed += [row[0] for row in database.execute("SELECT sealed FROM subject WHERE handle = ?", (owner,))]
            database.close()
            self.assertEqual(2, len(keys), "one key for the person, one for the record")
            way_back = {f"key {number}": key for number, key in enumerate(keys)}
            cipher = {f"sealed {number}": bytes(value) for number, value in enumerate(sealed)}
            plain = {"person": Person.DIGITAL.encode(), "address": looked_up["values"]["email"]["address"].encode()}
            world.start_gateway()
            before = self.found({**way_back, **cipher}, self.bytes_at_rest(world.data))
            self.assertEqual({*way_back, *cipher}, {what for _, what in before}, "the scan sees what is there")

            self.assertIn("Slettet", self.act(world, "erase", "person", "--why", "krav 2026/18"))
            backup = world.folder / "backup"
            world.sluse("backup", backup, "--why", "etter sletting", "--config", world.config, timeout=SLOW)
            files = self.bytes_at_rest(world.data, backup)
            self.assertIn(str(backup / "sluse-keys.db"), files)
            self.assertEqual(set(), self.found({**way_back, **plain}, files))
            self.assertEqual(0, world.gateway.stop(SLOW))
            files = self.bytes_at_rest(world.data, backup)
            self.assertEqual(set(), self.found({**way_back, **cipher, **plain}, files))
            world.start_gateway()
            proved = json.loads(world.sluse("verify", "--log", "--config", world.config, "--json", timeout=SLOW))
            self.assertTrue(proved["sound"], proved)
            left = json.loads(self.act(world, "report", "person", "--handle", handle, "--json", "--why", "kontroll", person=""))
            self.assertTrue(left["forgotten"])
            self.assertEqual([], left["held"])
            erased = [entry for entry in left["entries"] if entry["kind"] == "erased"]
            self.assertEqual([("erasure.on_request", "krav 2026/18")] * 2, [(entry["code"], entry["reason"]) for entry in erased])
            status, again, _ = world.look_up()
            self.assertEqual(200, status)
            self.assertNotEqual(handle, again["handle"])

    def test_what_its_purpose_keeps_no_longer_is_erased_by_the_clock_and_explained(self):
        with RecordsWorld() as world:
            world.start()
            _, looked_up, _ = world.look_up()
            self.assertEqual(0, world.gateway.stop(SLOW))
            world.shift += 31 * 24 * 3600       # the program alone: nothing is asked of a register any more
            world.start_gateway()               # a clock that is so much further is not believed at once
            wait_until(lambda: "clock_not_believed" in world.gateway.words(), SLOW, world.gateway.words)
            self.assertEqual(1, len(json.loads(self.act(world, "report", "person", "--json", "--why", "innsyn"))["held"]))
            self.assertEqual(0, world.gateway.stop(SLOW))
            world.see_the_time()
            world.start_gateway()
            wait_until(lambda: "records_erased" in world.gateway.words(), SLOW, world.gateway.words)
            report = json.loads(self.act(world, "report", "person", "--json", "--why", "innsyn"))
            self.assertEqual([], report["held"])
            self.assertFalse(report["forgotten"])
            erased = [entry for entry in report["entries"] if entry["kind"] == "erased"]
            self.assertEqual([("gateway:retention", "opptak", "erasure.retention", "contact")],
                             [(one["system"], one["purpose"], one["code"], one["dataset"]) for one in erased])
            self.assertEqual(looked_up["handle"], report["handle"])
            # Who it was is what is left, so that the log can be shown; it goes when that is asked for.
            self.assertIn("Slettet", self.act(world, "erase", "person", "--why", "krav"))
            self.act(world, "report", "person", "--why", "innsyn", code=4)
            left = json.loads(self.act(world, "report", "person", "--handle", report["handle"], "--json", "--why", "kontroll", person=""))
            self.assertEqual((True, ["erasure.retention", "erasure.on_request"]),
                             (left["forgotten"], [entry["code"] for entry in left["entries"] if entry["kind"] == "erased"]))

    def test_an_ended_id_is_linked_by_hand_with_the_one_in_use_and_separated_again(self):
        with RecordsWorld() as world:
            world.start()
            _, ended, _ = world.look_up()
            _, in_use, _ = world.look_up(Person.RESERVED)
            both = f"{Person.DIGITAL}\n{Person.RESERVED}"
            for wrong, code, ended_with in ((f"{Person.DIGITAL}\n{Person.RESERVED[:-1]}4", "records.not_a_national_id", 2),
                                            (f"{Person.DIGITAL}\n{Person.DIGITAL}", "records.link_loop", 1)):
                said = self.act(world, "link", "person", "--why", "feil", person=wrong, code=ended_with)
                self.assertIn(code, said)
                self.assertNotIn(Person.RESERVED[:-1], said)
            self.assertIn("én person", self.act(world, "link", "person", "--why", "melding 2026/20", person=both))
            self.assertTrue(world.look_up()[1]["ended"])
            for person in both.split():
                report = json.loads(self.act(world, "report", "person", "--json", "--why", "innsyn", person=person))
                self.assertEqual(2, len(report["held"]))
                self.assertEqual([("records.id_linked", "operator:root", "melding 2026/20")],
                                 [(one["code"], one["system"], one["reason"]) for one in report["entries"] if one["kind"] == "corrected"])
            self.assertIn("to personer igjen", self.act(world, "link", "person", "--undo", "--why", "feil person"))
            self.assertNotIn("ended", world.look_up()[1])
            report = json.loads(self.act(world, "report", "person", "--json", "--why", "innsyn", person=Person.RESERVED))
            self.assertEqual((in_use["handle"], 1), (report["handle"], len(report["held"])))
            self.assertEqual(["feil person"], [one["reason"] for one in report["entries"] if one["kind"] == "corrected"])
            self.assertNotEqual(ended["handle"], in_use["handle"])
            for person in both.split():
                self.assertNotIn(person, world.gateway.words(10_000_000))

    def test_under_a_legal_hold_erasure_is_refused_with_the_reason(self):
        with RecordsWorld() as world:
            world.start()
            world.look_up()
            self.assertIn("før dette oppheves", self.act(world, "legal-hold", "person", "--why", "tvist 2026/19"))
            refused = self.act(world, "erase", "person", "--why", "krav", code=1)
            self.assertIn("records.legal_hold", refused)
            report = json.loads(self.act(world, "report", "person", "--json", "--why", "innsyn"))
            self.assertTrue(report["legalHold"])
            self.assertEqual(["read", "held", "refused", "reported"], [entry["kind"] for entry in report["entries"]])
            self.assertIn("tillatt igjen", self.act(world, "legal-hold", "person", "--lift", "--why", "forlik"))
            self.assertIn("Slettet", self.act(world, "erase", "person", "--why", "krav"))
            self.act(world, "report", "person", "--why", "innsyn", code=4)
            self.act(world, "report", "person", "--why", "innsyn", person="", code=2)
            self.assertEqual(TENANT, report["tenant"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
