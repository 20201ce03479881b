"""Runs the real program against the real stand-ins, each on a free loopback port with folders of its own.

    with World() as world:
        world.start()
        letter = world.send(title="Varsel", files={"varsel": b"%PDF-1.7 ..."})
        world.wait_for(letter, "delivered")

Needs only Python's standard library and a build tree (environment SLUSE_BUILD, by default build/dev beside this folder).
Nothing here sleeps for luck: every wait asks for what it waits for, and ends with what it saw.
"""

import contextlib
import datetime
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SLUSE_BUILD", SOURCE / "build" / "dev"))
SLUSE = BUILD / "bin" / "sluse"
SHIFTED_CLOCK = os.environ.get("SLUSE_SHIFTED_CLOCK_LIBRARY", BUILD / "tests" / "e2e" / "shifted_clock.so")
STANDINS = BUILD / "lib" / "sluse" / "standins"
TENANT = "310001007"
RECIPIENT = "310002003"
LONG = os.environ.get("SLUSE_TEST_SCALE") == "long"
SLOW = 180      # an upper bound for whatever must happen soon; generous, for builds with sanitizers on busy machines

# Waits that suit stand-ins which move quickly.
QUICK = """
[dispatch]
lease_seconds = 5
receipt_pace = 50.0
backoff_first_ms = 100
backoff_max_ms = 1000
breaker_pause_ms = 200
"""
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def ask(url, method="GET", path="/", body=None, headers=None, timeout=30):
    """One HTTP exchange; returns (status, headers, body bytes)."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        # A body that is refused before its end is not read to it: the answer is there all the same.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def multipart(message, files):
    """A multipart/form-data body: the message first, then its files. Returns (content type, bytes)."""
    boundary = "sluse-" + os.urandom(12).hex()
    lines = [f"--{boundary}\r\nContent-Disposition: form-data; name=\"message\"\r\nContent-Type: application/json\r\n\r\n".encode(),
             json.dumps(message).encode(), b"\r\n"]
    for name, data in files.items():
        lines += [f"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}.pdf\"\r\n"
                  "Content-Type: application/pdf\r\n\r\n".encode(), data, b"\r\n"]
    lines.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(lines)


class Process:
    """A child that says it is ready by one JSON line on standard output; its words are kept for a failing test."""

    def __init__(self, arguments, log, environment=None, cwd=None):
        self.log = log
        with open(log, "ab") as errors:
            self.process = subprocess.Popen([str(a) for a in arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=errors, env={**os.environ, **(environment or {})}, cwd=cwd)

    @property
    def pid(self):
        return self.process.pid

    def ready(self):
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait(10)
            raise AssertionError(f"{self.process.args[0]} ended with {code}: {self.words()}")
        return json.loads(line)

    def words(self, most=4000):
        text = pathlib.Path(self.log).read_text(errors="replace") if os.path.exists(self.log) else ""
        return text[-most:]

    def running(self):
        return self.process.poll() is None

    def kill(self):
        if self.running():
            self.process.kill()
        self.process.wait(30)
        self.close()

    def stop(self, timeout=60):
        if self.running():
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(30)
            raise AssertionError(f"{self.process.args[0]} did not end: {self.words()}")
        finally:
            self.close()
        return code

    def close(self):
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(Exception):
                stream.close()


class Standin:
    def __init__(self, name, state, *options, log):
        self.process = Process([STANDINS / f"standin-{name}", "--port", 0, "--control-port", 0, "--state", state, *options], log)
        self.facts = self.process.ready()
        self.url = self.facts["url"]
        self.control_url = self.facts["control"]

    def control(self, path, body=None, method=None):
        method = method or ("GET" if body is None else "POST")
        data = None if body is None else json.dumps(body).encode()
        status, _, answer = ask(self.control_url, method, path, data, {"Content-Type": "application/json"})
        assert status < 300, (path, status, answer)
        return json.loads(answer) if answer else None

    def fault(self, **members):
        return self.control("/control/faults", members)

    def state(self):
        return self.control("/control/state")


class World:
    """Stand-ins, configuration, keys and the program. Everything is in one folder that goes at the end."""

    def __init__(self, folder=None, time_scale=50, config_extra="", tenant_extra="", altinn_extra="", data=None, tls=False):
        self.own_folder = folder is None
        self.shift = 0      # seconds that it is later than it is
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="sluse-test-"))
        self.data = pathlib.Path(data) if data else self.folder / "data"
        self.config = self.folder / "config"
        self.time_scale = time_scale
        self.config_extra = config_extra
        self.tenant_extra = tenant_extra
        self.altinn_extra = altinn_extra
        self.tls = tls      # the stand-ins speak it, each with a root of its own
        self.gateway = None
        self.url = self.admin_url = None
        self.key = None
        self.maskinporten = self.altinn = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and self.gateway is not None:
            print("--- gateway said:\n" + self.gateway.words(), file=sys.stderr)
        standins = [standin.process for standin in self.standins() if standin is not None]
        for child in (self.gateway, *standins):
            if child is not None:
                with contextlib.suppress(Exception):
                    child.kill()
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def standins(self):
        """Every stand-in of this world, None for one that has not been started."""
        return [self.altinn, self.maskinporten]

    def start_standins(self):
        options = ["--organisation", TENANT, *(["--tls", "valid"] if self.tls else [])]
        self.maskinporten = Standin("maskinporten", self.folder / "maskinporten", *options, log=self.folder / "maskinporten.log")
        self.altinn = Standin("altinn", self.folder / "altinn", *options, *self.of_maskinporten(),
                              "--time-scale", self.time_scale, log=self.folder / "altinn.log")

    def of_maskinporten(self):
        """What a stand-in is told of it."""
        trusted = ["--maskinporten-ca", self.maskinporten.facts["ca"]] if self.tls else []
        return ["--maskinporten-url", self.maskinporten.url, *trusted]

    def trusted_roots(self, standin):
        return f"ca_file = \"{standin.facts['ca']}\"" if self.tls else ""

    def write_config(self, public="127.0.0.1:0", admin="127.0.0.1:0"):
        material = self.maskinporten.facts["material"]
        (self.config / "tenants").mkdir(parents=True, exist_ok=True)
        sealing_key = self.folder / "tenant.key"
        if not sealing_key.exists():
            self.sluse("keys", "create-tenant-key", "--out", sealing_key)
        (self.config / "sluse.toml").write_text(f"""
[listen.public]
address = "{public}"
[listen.admin]
address = "{admin}"
[store]
engine = "sqlite"
path = "{self.data}"
[connection.maskinporten-test]
adapter = "maskinporten"
environment = "test"
base_url = "{self.maskinporten.url}"
organisation = "{TENANT}"
client_id = "{material['client_id']}"
key = "file:{material['keystore']}"
key_password = "file:{material['keystore_password_file']}"
tenants = ["{TENANT}"]
{self.trusted_roots(self.maskinporten)}
[connection.altinn-test]
adapter = "altinn"
environment = "tt02"
base_url = "{self.altinn.url}"
tokens = "maskinporten-test"
tenants = ["{TENANT}"]
{self.trusted_roots(self.altinn)}
{self.altinn_extra}
{self.config_extra}
""")
        (self.config / "tenants" / f"{TENANT}.toml").write_text(f"""
[tenant]
name = "Prøve kommune"
sealing_key = "file:{sealing_key}"
[system.byggesak]
name = "Byggesak"
grants = ["send:letter"]
[system.oversikt]
grants = ["messages:read-all"]
[[route]]
id = "brev"
type = "letter/v1"
{self.ways()}
{self.tenant_extra}
""")

    def altinn_way(self):
        resource = self.altinn.facts["material"]["resources"][0]["id"]
        return f"{{ connection = \"altinn-test\", with = {{ resource = \"{resource}\" }} }}"

    def ways(self):
        """The choices of the route for letters."""
        return f"use = [{self.altinn_way()}]"

    def start(self, environment=None):
        """Stand-ins (once), configuration (once), the program; a key for system byggesak (once)."""
        if self.maskinporten is None:
            self.start_standins()
        if not self.config.exists():
            self.write_config()
        self.start_gateway(environment)
        if self.key is None:
            self.key = self.create_key("byggesak")

    def later(self, seconds):
        """It is later, for the stand-ins at once and for the program when it starts next."""
        self.shift += seconds
        for standin in self.standins():
            standin.control("/control/clock", {"skew_seconds": self.shift})

    def see_the_time(self):
        """While the program does not run: it has seen just now how much later it is, and believes the clock when it starts next."""
        now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self.shift)
        with contextlib.closing(sqlite3.connect(self.data / "sluse.db")) as database:
            database.execute("UPDATE adapter_state SET value = ? WHERE connection = 'sluse.retention'",
                             (now.strftime("%Y-%m-%dT%H:%M:%S.000Z").encode(),))
            database.commit()

    def start_gateway(self, environment=None):
        if self.gateway is not None:
            self.gateway.close()
        shifted = {"LD_PRELOAD": str(SHIFTED_CLOCK), "SLUSE_SHIFTED_CLOCK_SECONDS": str(self.shift),
                   "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")} if self.shift else {}
        self.gateway = Process([SLUSE, "serve", "--config", self.config, "--ready-json"], self.folder / "gateway.log",
                               {**shifted, **(environment or {})})
        facts = self.gateway.ready()
        self.url, self.admin_url = facts["public"], facts["admin"]

    def create_key(self, system):
        made = json.loads(self.sluse("keys", "create", "--config", self.config, "--tenant", TENANT, "--system", system, "--why", "test", "--json"))
        return made["key"]

    def sluse(self, *arguments, check=True, environment=None, timeout=120):
        """Runs a verb; returns its standard output."""
        done = subprocess.run([str(SLUSE), *[str(a) for a in arguments]], capture_output=True, text=True, timeout=timeout,
                              env={**os.environ, "LANG": "C.UTF-8", **(environment or {})})
        if check and done.returncode != 0:
            raise AssertionError(f"sluse {' '.join(str(a) for a in arguments)} gave {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout if check else done

    def call(self, method, path, body=None, headers=None, key=None, timeout=60):
        headers = {"Authorization": f"Bearer {key or self.key}", **(headers or {})}
        status, got, answer = ask(self.url, method, path, body, headers, timeout)
        is_json = "json" in got.get("Content-Type", "")
        return status, (json.loads(answer) if is_json and answer else answer)

    def letter(self, **members):
        return {"type": "letter", "version": 1, "recipient": {"organisation": RECIPIENT}, "title": "Varsel om tilsyn",
                "body": "Vi kommer på tilsyn.", **members}

    def post(self, message, files=None, idempotency_key=None, timeout=60):
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        if files:
            headers["Content-Type"], body = multipart(message, files)
        else:
            headers["Content-Type"], body = "application/json", json.dumps(message).encode()
        return self.call("POST", "/v1/messages", body, headers, timeout=timeout)

    def send(self, files=None, idempotency_key=None, **members):
        """A letter that must be accepted; returns its id."""
        message = self.letter(**members)
        if files:
            message["documents"] = [{"part": name, "name": f"{name}.pdf"} for name in files]
        status, answer = self.post(message, files, idempotency_key)
        assert status == 202, (status, answer)
        return answer["id"]

    def message(self, message_id):
        status, answer = self.call("GET", f"/v1/messages/{message_id}")
        assert status == 200, (status, answer)
        return answer

    def timeline(self, message_id):
        status, answer = self.call("GET", f"/v1/messages/{message_id}/events")
        assert status == 200, (status, answer)
        return answer["items"]

    def wait_for(self, message_id, *states, seconds=60):
        """Waits until the message is in one of the states; fails with its timeline."""
        seen = None

        def reached():
            nonlocal seen
            seen = self.message(message_id)
            return seen["state"] in states
        wait_until(reached, seconds, lambda: json.dumps([seen, self.timeline(message_id)], indent=1, ensure_ascii=False))
        return seen

    def metrics(self):
        """Prometheus text as {name with labels: value}."""
        status, _, text = ask(self.admin_url, path="/metrics")
        assert status == 200
        values = {}
        for line in text.decode().splitlines():
            match = re.match(r"^([a-z_]+(?:\{.*\})?) ([0-9.e+-]+|NaN)$", line)
            if match:
                values[match.group(1)] = float(match.group(2))
        return values

    def metrics_sum(self, name, label=""):
        """The sum over all series of a metric whose labels hold `label`."""
        return sum(value for key, value in self.metrics().items() if key.split("{")[0] == name and label in key)

    def all_messages(self):
        """Every message of the caller's system, over all pages."""
        items, cursor = [], None
        while True:
            path = "/v1/messages?limit=200" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else "")
            status, page = self.call("GET", path)
            assert status == 200, (status, page)
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                return items

    def events_of(self, message_id):
        """The names of the events on the timeline, in order."""
        return [event["event"] for event in self.timeline(message_id)]

    def codes_of(self, message_id):
        """What each event on the timeline is about, in order."""
        return [event["code"] for event in self.timeline(message_id)]

    def correspondence_of(self, message_id):
        """The one correspondence made of a message; fails when there is none, or more than one."""
        deliveries = {delivery["id"] for delivery in self.message(message_id)["deliveries"]}
        found = [one for one in self.correspondences() if one["idempotentKey"] in deliveries]
        assert len(found) == 1, (deliveries, found)
        return found[0]

    def correspondences(self):
        """What the Altinn stand-in holds."""
        return self.altinn.state()["correspondences"]


def wait_until(condition, seconds=30, words=lambda: "", pause=0.02):
    """Asks again and again; fails after `seconds` with what `words` says."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {words()}")
        time.sleep(pause)


def memory_of(pid):
    """Resident and highest resident memory in bytes."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {name: int(re.search(rf"^{name}:\s+(\d+) kB", text, re.M).group(1)) * 1024 for name in ("VmRSS", "VmHWM")}


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
