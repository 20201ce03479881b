"""A municipality with letters and forms, its alarms, and an operator at the console in Chromium who is told what is wrong and counts
clicks. All programs share one clock, which the test moves on; nothing waits for minutes to pass."""

import contextlib
import http.server
import json
import mmap
import os
import re
import shutil
import socketserver
import sqlite3
import struct
import subprocess
import threading
import time
from unittest import mock

from forms_world import FormsWorld
from harness import SHIFTED_CLOCK, SLOW, SOURCE, TENANT, ask, free_port, wait_until

NODE = SOURCE / "tests/node/node_modules/.bin/node"
QUICK_TO_GIVE_UP = """
[dispatch]
lease_seconds = 10
receipt_pace = 50.0
backoff_first_ms = 100
backoff_max_ms = 500
breaker_failures = 3
breaker_pause_ms = 200
receipt_overdue_hours = 1
"""
ALARMS = """
[alarms]
look_seconds = 1
resolve_after_seconds = 1
disk_free_bytes_min = 0
stuck_after_minutes = 10080
backlog_hours_max = 4
learn_traffic = false
[[alarms.traffic]]
tenant = "%s"
system = "byggesak"
working_days = 3
[webhooks]
allow = ["127.0.0.1/32"]
plain_http = true
ports = ["1024-65535"]
retry_seconds = [1]
""" % TENANT
HEALTH_FIRST = 5 * 60
# So many seconds pass at once while something is waited for: less than what is under way may last on a slow machine.
PASS_AT_ONCE = 15
# Forms come in, and no route takes them.
UNROUTED = """
[system.skjema]
grants = ["receive:form"]
"""


class Clock:
    """Of all programs started by environment(): the time of day, and what measures."""

    def __init__(self, file):
        file.write_bytes(bytes(16))
        self.file = file
        with open(file, "r+b") as opened:
            self.memory = mmap.mmap(opened.fileno(), 16)

    def environment(self):
        return {"LD_PRELOAD": str(SHIFTED_CLOCK), "SLUSE_SHIFTED_CLOCK_FILE": str(self.file),
                "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")}

    def add(self, at, seconds):
        before, = struct.unpack_from("q", self.memory, at)
        struct.pack_into("q", self.memory, at, before + seconds)

    def later(self, seconds):
        self.add(0, seconds)

    def waited(self, seconds):
        """As if all had run for so long. The day goes on with it."""
        self.add(0, seconds)
        self.add(8, seconds)

    def now(self):
        return time.time() + struct.unpack_from("q", self.memory, 0)[0]


class Receiver(http.server.ThreadingHTTPServer):
    """Of events: says what it is told to say."""

    daemon_threads = True
    status = 204

    class Call(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Call)
        self.url = f"http://127.0.0.1:{self.server_port}/hook"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class CleanScanner(socketserver.ThreadingUnixStreamServer):
    """As clamd answers INSTREAM when nothing is found. A real clamd is in inbox_test."""

    daemon_threads = True

    class Session(socketserver.StreamRequestHandler):
        def handle(self):
            self.rfile.read(len(b"zINSTREAM\0"))
            while length := struct.unpack(">I", self.rfile.read(4))[0]:
                self.rfile.read(length)
            self.wfile.write(b"stream: OK\0")

    def __init__(self, socket):
        super().__init__(str(socket), self.Session)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Operator:
    def __init__(self, url, clock, account):
        self.clock, self.account = clock, account
        self.process = subprocess.Popen([str(NODE), str(SOURCE / "tests/node/operator.mjs"), url, shutil.which("chromium")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.sign_in()

    def do(self, act, **what):
        self.process.stdin.write(json.dumps({"act": act, **what}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the browser is gone"
        answer = json.loads(line)
        assert "error" not in answer, answer.get("error")
        self.clicks = answer["clicks"]
        return answer["text"]

    def sign_in(self):
        code = subprocess.run(["oathtool", "--totp", "-b", f"--now=@{int(self.clock.now())}", self.account["totpSecret"]],
                              capture_output=True, text=True, check=True).stdout.strip()
        self.do("signIn", name=self.account["name"], password=self.account["password"], code=code)

    def end(self):
        self.process.kill()
        self.process.wait(30)
        self.process.stdin.close()
        self.process.stdout.close()


class Incidents(FormsWorld):
    def __init__(self):
        super().__init__(webhooks=False, tls=True, config_extra=QUICK_TO_GIVE_UP + ALARMS, tenant_extra=UNROUTED,
                         altinn_extra="# altinn-test goes on")
        self.receiver = self.operator = None

    def __enter__(self):
        super().__enter__()
        try:
            self.begin()
        except BaseException:
            self.__exit__(*[AssertionError, None, None])
            raise
        return self

    def begin(self):
        self.folder.mkdir(exist_ok=True)
        self.clock = Clock(self.folder / "clock")
        self.receiver = Receiver()
        self.start()
        # So long after its start the program asks its connections how they are; before, it knows of none that it works again.
        self.clock.waited(HEALTH_FIRST)
        config = ("--config", self.config)
        self.admin_key = json.loads(self.sluse("keys", "create", *config, "--admin", "--why", "test", "--json"))["key"]
        account = self.admin("accounts", {"name": "vakt", "why": "vakt", "roles": [
            {"role": role, "tenant": "*"} for role in ("operator", "archivist", "administrator")]})
        self.operator = Operator(self.admin_url, self.clock, account)

    def __exit__(self, *why):
        if self.operator:
            self.operator.end()
        if self.receiver:
            self.receiver.shutdown()
            self.receiver.server_close()
        super().__exit__(*why)

    def start_standins(self):
        with mock.patch.dict(os.environ, self.clock.environment()):
            super().start_standins()

    def write_config(self, **addresses):
        super().write_config(admin=f"127.0.0.1:{free_port()}", **addresses)     # the browser finds it again after a restart

    def start_gateway(self, environment=None):
        super().start_gateway({**self.clock.environment(), **(environment or {})})

    def apply(self, *changes):
        """Edits of sluse.toml, each (before, after); what stands at the end is ("", more)."""
        file = self.config / "sluse.toml"
        text = file.read_text()
        for before, after in changes:
            assert not before or text.count(before) == 1, (before, text.count(before))
            text = text.replace(before, after) if before else text + after
        file.write_text(text)
        self.admin("config/apply", {"why": "retting"})

    def admin(self, path, act=None):
        headers = {"Authorization": f"Bearer {self.admin_key}", "Accept-Language": "nb", "Content-Type": "application/json"}
        method, data = ("GET", None) if act is None else ("POST", json.dumps(act).encode())
        status, _, body = ask(self.admin_url, method, "/admin/v1/" + path, data, headers)
        assert status in (200, 201), (path, status, body)
        return json.loads(body)

    def alarms(self, open_only=False):
        return self.admin("alarms?limit=200" + ("&open=true" if open_only else ""))["items"]

    def looks(self):
        return self.metrics_sum("sluse_alarm_looks_total", 'outcome="done"')

    def looked(self, times=2):
        """So many looks have ended since now; of two, one has begun since now. The second between two of them passes at once."""
        for _ in range(times):
            before = self.looks()
            self.clock.waited(1)
            wait_until(lambda: self.looks() > before, SLOW, self.gateway.words)

    def looked_until(self, what, words):
        """A look after another, until it is so."""
        left = iter(range(PASS_AT_ONCE))

        def found():
            value = what()
            if not value and next(left, None) is not None:
                self.looked(1)
            return value
        return wait_until(found, SLOW, words, pause=0.05)

    def wait_passing(self, what, words=None):
        """Until it is so; pauses between attempts, and those of the components, pass at once."""
        left = iter(range(PASS_AT_ONCE))

        def found():
            if next(left, None) is not None:
                self.clock.waited(1)
            return what()
        wait_until(found, SLOW, words or self.gateway.words, pause=0.05)

    def wait_state(self, message_id, *states):
        self.wait_passing(lambda: self.message(message_id)["state"] in states,
                          lambda: json.dumps(self.timeline(message_id), indent=1, ensure_ascii=False))

    def wait_open(self, kind, subject=None, lasts=0):
        """The one incident; `lasts`: so many seconds it must have been there, which pass at once."""
        if lasts:
            self.looked()
            self.clock.later(lasts)

        def found():
            return [one for one in self.alarms(True) if one["kind"] == kind and (subject is None or one["subject"] == subject)]
        return self.looked_until(found, lambda: json.dumps(self.alarms(), indent=1, ensure_ascii=False) + self.gateway.words())[0]

    def wait_over(self, alarm):
        def over():
            return next(one for one in self.alarms() if one["id"] == alarm["id"])["resolvedAt"]
        self.looked_until(over, lambda: json.dumps(self.alarms(True), indent=1, ensure_ascii=False) + self.gateway.words())

    def add_reserve(self, key):
        """Another connection to Maskinporten."""
        material = self.maskinporten.facts["material"]
        self.apply(("", f"""
[connection.maskinporten-reserve]
adapter = "maskinporten"
environment = "test"
base_url = "{self.maskinporten.url}"
organisation = "{TENANT}"
client_id = "{material['client_id']}"
key = "file:{key}"
tenants = ["{TENANT}"]
{self.trusted_roots(self.maskinporten)}
# the reserve is as it was
"""))

    def heal(self):
        """No fault is left behind for the next incident."""
        for standin in self.standins():
            standin.control("/control/faults", method="DELETE")
            standin.control("/control/clock", {"skew_seconds": 0})


    def change_store(self, statement, *values):
        """In the program's own file, while it does not run."""
        with contextlib.closing(sqlite3.connect(self.data / "sluse.db")) as store, store:
            store.execute(statement, values)


def issue_key(file, days):
    """A key and its certificate in one file, as a business certificate may lie."""
    parts = [file.with_suffix(".key"), file.with_suffix(".crt")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(days), "-subj", "/CN=Reserve",
                    "-keyout", parts[0], "-out", parts[1]], check=True, capture_output=True)
    file.touch(0o600)
    file.write_text("".join(part.read_text() for part in parts))


def card(alarm):
    return f'article[aria-labelledby="a-{alarm["id"]}"]'


def group_card(alarm):
    return f'article[aria-labelledby="g-{alarm["subject"]}"]'


OWNERS = {"us": "den som drifter Sluse", "sender": "fagsystemet", "recipient": "mottakeren", "national": "fellesløsningen"}


def words(text):
    return re.sub(r"\s+", " ", text)
