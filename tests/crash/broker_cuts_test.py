"""Large files through Altinn Broker over a way that breaks again and again: they arrive whole, and memory does not grow.

In CI 60 MB with a cut every 4 MB; with SLUSE_TEST_SCALE=long 20 GB with a cut every 500 MB.
"""

import hashlib
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from broker_world import BrokerWorld, OTHER, QUICK, wait_until  # noqa: E402
from harness import LONG, SLOW, memory_of  # noqa: E402

SIZE, CUT = (20_000_000_000, 500_000_000) if LONG else (60_000_000, 4_000_000)
PIECE = min(CUT * 3, 1_000_000_000)      # the most there may be
PATIENCE = 3 * 3600 if LONG else SLOW
BLOCK = 1_000_000
# Large files take their time: a resumable upload must not expire meanwhile.
OPTIONS = ("--time-scale", "5") if LONG else ()
# A sanitizer keeps what was freed, by default up to 256 MB: as little as it can here, so that growth is the program's own.
UNDER_SANITIZER = {"ASAN_OPTIONS": "quarantine_size_mb=1:thread_local_quarantine_size_kb=64"}
GROWTH_MAX = 48 << 20


def pattern(block):
    """The block's bytes: no two blocks are alike."""
    return hashlib.sha512(str(block).encode()).digest() * (BLOCK // 64)


def write_file(path):
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        for block in range(SIZE // BLOCK):
            data = pattern(block)
            digest.update(data)
            file.write(data)
    return digest.hexdigest()


class BrokerCutsTest(unittest.TestCase):
    def setUp(self):
        self.highest = 0

    def watch(self, world, condition):
        def step():
            self.highest = max(self.highest, memory_of(world.gateway.pid)["VmRSS"])
            return condition()
        wait_until(step, PATIENCE, world.gateway.words, pause=0.2)

    def test_a_large_file_out_survives_every_cut(self):
        large = f"[limits]\ndocument_bytes_max = {SIZE}\n"
        with BrokerWorld(config_extra=QUICK + large, broker_options=OPTIONS, receive=False,
                         broker_extra=f"resumable_from_bytes = 1\npiece_bytes = {PIECE}") as world:
            world.start(UNDER_SANITIZER)
            path = world.folder / "stor.zip"
            wanted = write_file(path)
            world.broker.fault(kind="cut_upload", times=0, after_bytes=CUT)
            uploaded = subprocess.run(["curl", "-sS", "-f", "-T", str(path), "-X", "POST", "-H", f"Authorization: Bearer {world.key}",
                                       "-H", "Content-Type: application/octet-stream", world.url + "/v1/documents"],
                                      capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(0, uploaded.returncode, uploaded.stderr)
            path.unlink()
            before = memory_of(world.gateway.pid)["VmRSS"]
            status, answer = world.post(world.transfer(documents=[{"sha256": wanted, "name": "stor.zip"}]))
            self.assertEqual(202, status, answer)
            self.watch(world, lambda: world.message(answer["id"])["state"] in ("delivered", "failed"))
            made = world.transfers()
            self.assertEqual([(wanted, SIZE)], [(one["sha256"], one["fileTransferSize"]) for one in made])
            self.tell(before)

    def test_a_large_file_in_survives_every_cut(self):
        with BrokerWorld(config_extra=QUICK, broker_options=OPTIONS) as world:
            world.start(UNDER_SANITIZER)
            path = world.folder / "stor.zip"
            wanted = write_file(path)
            token = world.broker.control("/control/token", {"organisation": OTHER})["token"]
            made = world.as_organisation(OTHER, "POST", "", {
                "fileName": "stor.zip", "resourceId": "sluse-filer-2", "sender": f"0192:{OTHER}",
                "recipients": ["0192:310001007"]})["fileTransferId"]
            world.broker.fault(kind="cut_download", times=0, after_bytes=CUT)
            before = memory_of(world.gateway.pid)["VmRSS"]
            sent = subprocess.run(["curl", "-sS", "-f", "-T", str(path), "-X", "POST", "-H", f"Authorization: Bearer {token}",
                                   "-H", "Content-Type: application/octet-stream",
                                   f"{world.broker.url}/broker/api/v1/filetransfer/{made}/upload"],
                                  capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(0, sent.returncode, sent.stderr)
            path.unlink()
            self.watch(world, lambda: world.status_of(made) == "AllConfirmedDownloaded")
            self.assertEqual(1, world.inbound())
            downloads = world.transfers()[0]["downloads"]
            self.assertGreaterEqual(downloads, SIZE // CUT)
            self.assertEqual(wanted, world.transfers()[0]["sha256"])
            self.tell(before)

    def tell(self, before):
        print(f"highest resident {self.highest / 2**20:.1f} MiB, {(self.highest - before) / 2**20:.1f} MiB more than at first")
        self.assertLess(self.highest - before, GROWTH_MAX)


if __name__ == "__main__":
    if shutil.which("curl") is None:
        raise SystemExit("curl is missing")
    unittest.main(verbosity=2)
