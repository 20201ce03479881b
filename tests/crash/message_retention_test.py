"""kill -9 while the content of a message that has ended is erased: it is erased whole, and its timeline says so once.

Likewise while the record that is left of it goes: with all its rows and one entry in the access log each, or not at all. And what is left of it in the files, in a new backup among them; and a legal hold, under which nothing goes.
"""

import contextlib
import datetime
import http.client
import json
import pathlib
import shutil
import socket
import sqlite3
import sys
import tempfile
import unittest
import uuid

from places import crash_points

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from harness import PDF, QUICK, SLOW, wait_until, World  # noqa: E402

OWN = ("message_eraser.before", "message_eraser.done")
OF_BARE = ("message_eraser.bare_before", "message_eraser.bare_half", "message_eraser.bare_done")
ROWS = {"message": "id", "delivery": "message", "event": "message"}
RULE = '[retention."letter/v1"]\ncontent_days = 0\n'
TITLE = "Vedtak som ingen skal se igjen"
DAY = 24 * 3600
LARGE = PDF + b"%" * 20_000     # in a file of its own; a small one lies in the store


class MessageRetentionCrashTest(unittest.TestCase):
    def withdrawn(self, world, **more):
        later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)
        letter = world.send(title=TITLE, notBefore=later.strftime("%Y-%m-%dT%H:%M:%SZ"), **more)
        status, answer = world.call("POST", f"/v1/messages/{letter}/cancel")
        self.assertEqual(202, status, answer)
        world.wait_for(letter, "cancelled", seconds=SLOW)
        return letter

    def test_content_is_erased_once_wherever_the_program_dies(self):
        for point in OWN:
            with self.subTest(point=point), World(config_extra=QUICK, tenant_extra=RULE) as world:
                world.start()
                letter = self.withdrawn(world)
                self.assertEqual(TITLE, world.message(letter)["title"])
                self.assertEqual(0, world.gateway.stop(SLOW))
                self.dies(world, point)
                world.start_gateway()
                wait_until(lambda: "content_erased" in world.events_of(letter), SLOW, world.gateway.words)
                self.assertEqual(1, world.events_of(letter).count("content_erased"))
                shown = world.message(letter)
                self.assertEqual("cancelled", shown["state"])
                self.assertNotIn("title", shown)
                self.assertIn("Lageret er helt", world.sluse("verify", "--config", world.config, timeout=SLOW))

    def dies(self, world, point):
        with contextlib.suppress(AssertionError):       # it may die before it says that it is ready
            world.start_gateway({"SLUSE_CRASH_POINT": point})
        wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
        self.assertEqual(137, world.gateway.process.returncode, world.gateway.words())

    def left_of(self, world, letters):
        """Rows of each letter by table, and the letters whose end the access log explains; read in a copy: what a kill leaves is the program's to mend."""
        with tempfile.TemporaryDirectory() as folder:
            for name in ("sluse.db", "sluse.db-wal"):
                if (world.data / name).exists():
                    shutil.copy(world.data / name, folder)
            with contextlib.closing(sqlite3.connect(pathlib.Path(folder) / "sluse.db")) as database:
                rows = {letter: {table: database.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", (uuid.UUID(letter).bytes,)).fetchone()[0]
                                 for table, column in ROWS.items()} for letter in letters}
                told = [row[0] for row in database.execute("SELECT fields FROM access_log WHERE code = 'erasure.message_record'")]
        return rows, sorted(told)

    def test_the_record_that_is_left_goes_whole_and_is_explained_once_wherever_the_program_dies(self):
        for point in OF_BARE:
            with self.subTest(point=point), World(config_extra=QUICK, tenant_extra=RULE + "record_days = 90\n") as world:
                world.start()
                letters = sorted(self.withdrawn(world) for _ in range(3))
                self.assertEqual(0, world.gateway.stop(SLOW))
                world.start_gateway()
                wait_until(lambda: all("content_erased" in world.events_of(letter) for letter in letters), SLOW, world.gateway.words)
                self.assertEqual(0, world.gateway.stop(SLOW))
                before, told = self.left_of(world, letters)
                self.assertTrue(all(rows["message"] == 1 and rows["delivery"] and rows["event"] for rows in before.values()), before)
                self.assertEqual([], told)
                world.shift += 91 * DAY
                world.see_the_time()
                self.dies(world, point)
                after, told = self.left_of(world, letters)
                nothing = {letter: dict.fromkeys(ROWS, 0) for letter in letters}
                self.assertEqual((nothing, letters) if point == "message_eraser.bare_done" else (before, []), (after, told))
                world.start_gateway()
                wait_until(lambda: all(world.call("GET", f"/v1/messages/{letter}")[0] == 404 for letter in letters), SLOW, world.gateway.words)
                self.assertIn("Lageret er helt", world.sluse("verify", "--config", world.config, timeout=SLOW))
                self.assertTrue(json.loads(world.sluse("verify", "--log", "--config", world.config, "--json", timeout=SLOW))["sound"])
                self.assertEqual(0, world.gateway.stop(SLOW))
                self.assertEqual((nothing, letters), self.left_of(world, letters))

    def operator(self, world, method, path, body=None):
        """The operators' API, by its socket."""
        connection = http.client.HTTPConnection("localhost", timeout=SLOW)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with contextlib.closing(connection):
            connection.sock.connect(str(world.data / "admin.sock"))
            connection.request(method, f"/admin/v1/{path}", json.dumps(body) if body else None, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def foreseen(self, world):
        """What the dry run says of letters that were sent."""
        items = json.loads(world.sluse("retention", "--dry-run", "--json", "--config", world.config, timeout=SLOW))["items"]
        return next(item for item in items if item["kind"] == "message")["content"]

    def secrets_of(self, world, letter):
        """What opens it, and what is opened: its keys, its sealed bytes and those of its documents."""
        owner, found = uuid.UUID(letter).bytes, {}
        with contextlib.closing(sqlite3.connect(world.data / "sluse.db")) as database:
            def ask(sql, *values):
                return [bytes(row[0]) for row in database.execute(sql, values)]
            hashes = ask("SELECT hash FROM document_use WHERE owner = ?", owner)
            self.assertEqual(2, len(hashes))
            keys = ask("SELECT wrapped FROM content_key WHERE owner = ?", owner)
            sealed = ask("SELECT b.sealed FROM message m JOIN message_bytes b ON b.id = m.bytes WHERE m.id = ?", owner)
            for one in hashes:
                keys += ask("SELECT wrapped FROM content_key WHERE kind = 2 AND owner = ?", one)
                sealed += [value[:200] for value in ask("SELECT b.sealed FROM document d JOIN document_bytes b ON b.id = d.bytes "
                                                        "WHERE d.hash = ?", one)]
        self.assertEqual((3, 2), (len(keys), len(sealed)))
        files = [path for path in (world.data / "documents").rglob("*") if path.is_file()]
        self.assertEqual(1, len(files), files)
        sealed.append(files[0].read_bytes()[-200:])
        found.update({f"key {number}": key for number, key in enumerate(keys)})
        found.update({f"sealed {number}": value for number, value in enumerate(sealed)})
        return found

    def scan(self, needles, *folders):
        files = {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
        return {(name, what) for what, needle in needles.items() for name, content in files.items() if needle in content}

    def test_under_a_legal_hold_a_letter_stays_and_after_it_nothing_of_it_is_left_in_any_file(self):
        with World(config_extra=QUICK, tenant_extra=RULE) as world:
            world.start()
            letter = self.withdrawn(world, files={"stort": LARGE, "lite": PDF})
            hold = f"messages/{letter}/legal-hold"
            self.assertEqual(400, self.operator(world, "POST", hold, {"held": True})[0], "without a reason")
            self.assertEqual((200, {"id": letter, "legalHold": True}), self.operator(world, "POST", hold, {"why": "klagesak 2026/17"}))
            free = self.withdrawn(world)
            self.assertEqual((1, 1), (self.foreseen(world)["due"], self.foreseen(world)["heldBack"]["legalHold"]))
            self.assertEqual(TITLE, world.message(free)["title"], "a dry run changes nothing")
            self.assertEqual(0, world.gateway.stop(SLOW))
            secrets = self.secrets_of(world, letter)
            self.assertEqual(set(secrets), {what for _, what in self.scan(secrets, world.data)}, "the scan sees what is there")

            world.start_gateway()
            wait_until(lambda: "content_erased" in world.events_of(free), SLOW, world.gateway.words)
            self.assertEqual(TITLE, world.message(letter)["title"])
            self.assertEqual(200, self.operator(world, "POST", hold, {"held": False, "why": "avgjort"})[0])
            self.assertEqual(0, world.gateway.stop(SLOW))
            world.shift += 2 * DAY      # what was held back is looked at again within a day
            world.start_gateway()
            wait_until(lambda: "content_erased" in world.events_of(letter), SLOW, world.gateway.words)
            self.assertEqual(["legal_hold_set", "legal_hold_lifted", "content_erased"], world.events_of(letter)[-3:])
            self.assertEqual(0, world.gateway.stop(SLOW))
            world.start_gateway()       # documents that nobody refers to any more are collected
            wait_until(lambda: "documents_collected" in world.gateway.words(1_000_000), SLOW, world.gateway.words)
            self.assertEqual([], [path for path in (world.data / "documents").rglob("*") if path.is_file()])
            backup = world.folder / "backup"
            world.sluse("backup", backup, "--why", "etter sletting", "--config", world.config, timeout=SLOW)
            self.assertTrue((backup / "sluse-keys.db").is_file())
            self.assertIn("Lageret er helt", world.sluse("verify", "--config", world.config, timeout=SLOW))
            self.assertEqual(0, world.gateway.stop(SLOW))
            self.assertEqual(set(), self.scan({**secrets, "title": TITLE.encode()}, world.data, backup))

    def test_every_place_around_it_is_tried(self):
        self.assertEqual({*OWN, *OF_BARE}, {point for point in crash_points() if point.startswith("message_eraser.")})


if __name__ == "__main__":
    unittest.main(verbosity=2)
