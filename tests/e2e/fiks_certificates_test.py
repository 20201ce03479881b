"""The certificates that Fiks' catalogue has: changed, not the pinned one, expired, and our own that none of our keys fits."""

import base64
import hashlib
import subprocess
import unittest

from fiks_world import FiksWorld
from harness import SLOW, wait_until

MADE = "no.ks.fiks.plan.v2.oppdatering.arealplan.opprett"
PAYLOAD = {"nasjonalArealplanId": {"kommunenummer": "3118", "planidentifikasjon": "2021001"}}
AUTHORITY = """[ca]
default_ca = one
[one]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
"""


def fingerprint(pem):
    return hashlib.sha256(base64.b64decode("".join(line for line in pem.splitlines() if not line.startswith("-----")))).hexdigest()


class CertificateTest(unittest.TestCase):
    def test_a_certificate_that_changed_is_used_and_one_that_is_not_pinned_is_refused(self):
        with FiksWorld() as world:
            world.start()
            first = self.certificate(world)
            world.wait_for(world.say(MADE, PAYLOAD), "read", seconds=SLOW)
            # The neighbour's key is replaced in the catalogue alone: what is sent now, it cannot open.
            self.publish(world, self.made(world, "other"))
            self.restart(world)
            world.say(MADE, PAYLOAD)
            wait_until(lambda: len(world.heard(MADE)) == 2, SLOW, world.gateway.words)
            self.assertEqual(["", "Nyttelasten kan ikke dekrypteres"], [one["fault"] for one in world.heard(MADE)])
            # Now the first is pinned: the other is not sent for, whatever the catalogue says.
            world.fiks_extra = f'pinned = [{{ account = "{world.material["echo_account"]}", sha256 = ["{fingerprint(first)}"] }}]'
            world.write_config()
            self.restart(world)
            refused = world.say(MADE, PAYLOAD)
            world.wait_for(refused, "failed", seconds=SLOW)
            self.assert_told(world, refused, "fiks_io.certificate_not_pinned", "us")
            self.assertEqual(2, len(world.heard(MADE)))
            self.publish(world, first)
            self.restart(world)
            world.wait_for(world.say(MADE, PAYLOAD), "read", seconds=SLOW)

    def test_an_expired_certificate_is_used_as_ks_does_and_stands_on_the_timeline(self):
        with FiksWorld() as world:
            world.start()
            key = next(world.folder.rglob(world.material["echo_account"] + ".key.pem"))
            self.publish(world, self.made(world, "old", key, ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"]))
            self.restart(world)
            sent = world.say(MADE, PAYLOAD)
            world.wait_for(sent, "read", seconds=SLOW)
            self.assertEqual([""], [one["fault"] for one in world.heard(MADE)])
            self.assert_told(world, sent, "fiks_io.certificate_expired", "recipient")

    def test_our_own_certificate_that_none_of_our_keys_fits_is_said_at_once(self):
        with FiksWorld() as world:
            world.start()
            self.assertEqual(("ready", None), self.health(world))
            self.publish(world, self.made(world, "foreign"), world.material["account"])
            self.restart(world)
            self.assertEqual(("degraded", "fiks_io.own_key_other"), self.health(world))

    def restart(self, world):
        """What is kept of the catalogue is kept in memory, for ten minutes."""
        world.gateway.stop(SLOW)
        world.start_gateway()
        world.wait_receiving()

    def health(self, world):
        one, = (one for one in world.admin("/admin/v1/connections")["items"] if one["id"] == "fiks")
        return one["health"], one.get("reason", {}).get("code")

    def assert_told(self, world, message, code, owner):
        line, = (line for line in world.timeline(message) if line["code"] == code)
        self.assertEqual(owner, line["owner"])
        self.assertTrue(line["text"] and line["action"], line)

    def certificate(self, world, account=None):
        found, = (one for one in world.fiks.state()["accounts"] if one["id"] == (account or world.material["echo_account"]))
        return found["certificate"]

    def publish(self, world, certificate, account=None):
        account = account or world.material["echo_account"]
        found, = (one for one in world.fiks.state()["accounts"] if one["id"] == account)
        world.fiks.control("/control/accounts", {"id": account, "organisation": found["organisation"], "certificate": certificate})

    def made(self, world, name, key=None, dates=("-days", "30")):
        """A certificate of this key, or of a new one."""
        folder = world.folder / name
        folder.mkdir()
        (folder / "index.txt").touch()
        (folder / "ca.cnf").write_text(AUTHORITY)
        if key is None:
            key = folder / "key.pem"
            self.openssl(folder, "genrsa", "-out", key, "2048")
        self.openssl(folder, "req", "-new", "-key", key, "-subj", "/CN=Nabo", "-out", "request.pem")
        self.openssl(folder, "ca", "-batch", "-config", "ca.cnf", "-selfsign", "-keyfile", key, "-in", "request.pem", "-notext", *dates,
                     "-out", "certificate.pem")
        return (folder / "certificate.pem").read_text()

    def openssl(self, folder, *arguments):
        done = subprocess.run(["openssl", *[str(one) for one in arguments]], cwd=folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(0, done.returncode, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
