"""A look-up that is held already, with its entry in the access log on disk before it is answered, against nginx and Redis."""

import json
import pathlib
import shutil
import subprocess
import tempfile

from harness import ask, cpu_seconds, free_port, memory_of, wait_until
from people import Person
from records_world import RecordsWorld
from report import MIB, at_least, at_most

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 64
KILOBYTE = 1024


class Files:
    """nginx, one worker, with a file of 1 KB."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluse-nginx-"))
        (self.folder / "record").write_bytes(b"x" * KILOBYTE)
        self.url = f"http://127.0.0.1:{free_port()}"
        (self.folder / "nginx.conf").write_text(f"""
worker_processes 1; daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log;
events {{ worker_connections 4096; }}
http {{ access_log off; open_file_cache max=10; client_body_temp_path {self.folder}; proxy_temp_path {self.folder};
  fastcgi_temp_path {self.folder}; uwsgi_temp_path {self.folder}; scgi_temp_path {self.folder};
  server {{ listen {self.url.removeprefix("http://")}; root {self.folder}; }} }}
""")
        self.folder.chmod(0o755)
        self.process = subprocess.Popen(["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")])
        wait_until(self.answers, 10)

    def answers(self):
        try:
            return ask(self.url, path="/record")[0] == 200
        except OSError:
            return False

    def __enter__(self):
        return self.url

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis:
    """redis-server with one value of 1 KB, which is written nowhere."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluse-redis-"))
        self.port = str(free_port())
        self.process = subprocess.Popen(
            ["redis-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL)
        wait_until(lambda: "PONG" in self.client("redis-cli", "ping", check=False), 10)

    def client(self, program, *words, check=True):
        return subprocess.run([program, "-p", self.port, *words], capture_output=True, text=True, timeout=120, check=check).stdout

    def gets_a_second(self, seconds):
        """Without pipelining: each waits for its answer, as a caller of HTTP does."""
        self.client("redis-cli", "set", "key:000000000000", "x" * KILOBYTE)
        words = ["-c", str(CONNECTIONS), "-n", str(50_000 * seconds), "-d", str(KILOBYTE), "-t", "get", "--csv"]
        line = self.client("redis-benchmark", *words).strip().splitlines()[-1]
        return float(line.split(",")[1].strip('"'))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


def held_look_ups(report, size, wrk):
    """POST /v1/persons/lookup of one person whose record is held, 64 connections; each is in the access log before it is answered."""
    print("Look-ups of what is held, each logged durably")
    script = str(HERE / "post_letter.lua")
    with RecordsWorld() as world, Files() as nginx, Redis() as redis:
        world.start()
        status, answer, _ = world.look_up()
        assert status == 200, answer
        body = world.folder / "look-up.json"
        body.write_text(json.dumps({"person": Person.DIGITAL, "dataset": "contact"}))
        environment = {"SLUSE_BENCH_BODY": str(body), "SLUSE_KEY": world.reader, "SLUSE_BENCH_PURPOSE": "opptak"}
        asked = world.persons_asked()
        to_nginx, to_redis, rows = [], [], []
        for _ in range(3):
            file = wrk(nginx, "/record", script, {"SLUSE_BENCH_BODY": "", "SLUSE_KEY": "none"}, size["seconds"])
            gets = redis.gets_a_second(size["seconds"])
            before, cpu = answered(world), cpu_seconds(world.gateway.pid)
            ours = wrk(world.url, "/v1/persons/lookup", script, environment, size["seconds"])
            cpu = cpu_seconds(world.gateway.pid) - cpu
            assert ours["failed"] == 0 and answered(world) - before >= ours["requests"], ours
            rate = ours["requests"] / ours["seconds"]
            to_nginx.append(rate / (file["requests"] / file["seconds"]))
            to_redis.append(rate / gets)
            rows.append((rate, file["requests"] / file["seconds"], gets, ours, cpu))
        assert world.persons_asked() == asked, "the register was asked for what is held"
        rate, files, gets, ours, cpu = rows[-1]
        report.add("look-up: 1 KB file/s, nginx", files, "1/s")
        report.add("look-up: GET of 1 KB/s, Redis", gets, "1/s")
        report.add("look-up: held, logged durably/s", rate, "1/s")
        report.add("look-up: ratio to nginx (median of 3)", sorted(to_nginx)[1], "", 0.3, at_least, gate=FLOOR_NGINX)
        report.add("look-up: ratio to Redis (median of 3)", sorted(to_redis)[1], "", 0.25, at_least, gate=FLOOR_REDIS)
        report.add("look-up: p99", ours["p99_ms"], "ms")
        report.add("look-up: CPU each", cpu / ours["requests"] * 1e6, "µs")
        report.add("look-up: resident memory", memory_of(world.gateway.pid)["VmRSS"] / MIB, "MiB", 96, at_most, gate=96)


def answered(world):
    return world.metrics_sum("sluse_records_answers_total")


FLOOR_NGINX = 0.08
FLOOR_REDIS = 0.11
