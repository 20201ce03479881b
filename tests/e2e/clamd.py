"""A real clamd of the test's own: one signature, its own folder and socket, ended by its own pid."""

import os
import pathlib
import shutil
import socket
import subprocess

from harness import wait_until

# Not in one piece, so that no scanner takes this file for a test of it.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
START = 120     # seconds at most until it listens


class Clamd:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.socket = self.folder / "clamd.ctl"
        self.process = None
        (self.folder / "db").mkdir(parents=True)
        (self.folder / "db" / "eicar.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
        (self.folder / "clamd.conf").write_text(
            f"DatabaseDirectory {self.folder / 'db'}\nLocalSocket {self.socket}\nForeground yes\nStreamMaxLength 1M\n"
            "OfficialDatabaseOnly no\nSelfCheck 0\n")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, value, trace):
        self.stop()

    def start(self):
        program = shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        assert program, "clamd is not here: is clamav-daemon installed?"
        self.socket.unlink(missing_ok=True)
        with open(self.folder / "clamd.log", "ab") as log:
            self.process = subprocess.Popen([program, f"--config-file={self.folder / 'clamd.conf'}"], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        wait_until(self.listens, START, lambda: (self.folder / "clamd.log").read_text(errors="replace"), pause=0.1)

    def listens(self):
        assert self.process.poll() is None, (self.folder / "clamd.log").read_text(errors="replace")
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None
