"""A small disk of its own, and filling it."""

import os
import pathlib
import subprocess
import tempfile


def small_disk(test, size):
    """A folder on a disk of that size; the test is skipped where none can be had."""
    folder = tempfile.mkdtemp(prefix="sluse-disk-")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True)
    if done.returncode != 0:
        os.rmdir(folder)
        test.skipTest(f"a tmpfs cannot be mounted here: {done.stderr.strip()}")
    test.addCleanup(lambda: (subprocess.run(["umount", "-l", folder], check=False), os.rmdir(folder)))
    return pathlib.Path(folder)


def fill(disk, leave):
    """Ballast, so that so many bytes are left; the file."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    ballast.write_bytes(b"\0" * (free - leave))
    return ballast
