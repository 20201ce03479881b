"""The named places at which the program can be told to die, and a letter sent into such a death."""

import http.client
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from harness import SLOW, SOURCE, wait_until  # noqa: E402


def crash_points():
    """Found in the sources, so a new one is tried without being asked for."""
    found = set()
    for folder in ("gateway", "adapters"):
        for file in (SOURCE / folder).rglob("*.cpp"):
            found.update(re.findall(r'GATEWAY_CRASH_POINT\("([a-z_.]+)"\)', file.read_text()))
    return sorted(found)


def crash(test, world, point, message, files, key):
    """The program, dying at the point while the letter is on its way; returns the letter's id if it was acknowledged before."""
    accepted = None
    try:
        world.start_gateway({"SLUSE_CRASH_POINT": point})
    except AssertionError:      # already at its start: what it stores then counts too
        test.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
        return None
    try:
        status, answer = world.post(message, files, key)
        test.assertEqual(202, status, answer)
        accepted = answer["id"]
    except (OSError, http.client.HTTPException):
        pass    # cut off before the answer
    wait_until(lambda: not world.gateway.running(), SLOW, lambda: f"{point} was never reached; {world.gateway.words()}")
    test.assertEqual(137, world.gateway.process.returncode, world.gateway.words())
    world.gateway.close()
    return accepted
