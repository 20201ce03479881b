"""A component whose certificate cannot be trusted: nothing is sent there, the timeline says why, and letters go when it is mended."""

import unittest

from harness import PDF, QUICK, SLOW, wait_until, World


class TlsTest(unittest.TestCase):
    def wait_out(self, kind, code, standin="altinn"):
        """A letter meets the certificate of this kind at the stand-in, waits, and goes once the certificate is right."""
        with World(config_extra=QUICK, tls=True) as world:
            world.start_standins()
            faulty = getattr(world, standin)
            faulty.control("/control/tls", {"certificate": kind})
            world.start()
            letter = world.send(files={"varsel": PDF})
            wait_until(lambda: code in world.codes_of(letter), SLOW, lambda: f"{world.timeline(letter)}")
            told = next(event for event in world.timeline(letter) if event["code"] == code)
            for member in ("title", "text", "owner", "action"):
                self.assertTrue(told[member], told)
            wait_until(lambda: world.message(letter)["deliveries"][0]["attempts"] >= 2, SLOW, world.gateway.words)
            self.assertIn(world.message(letter)["state"], ("queued", "sending"))
            self.assertEqual([], world.correspondences())
            faulty.control("/control/tls", {"certificate": "valid"})
            world.wait_for(letter, "delivered", seconds=SLOW)
            world.correspondence_of(letter)

    def test_a_letter_waits_while_altinns_certificate_is_expired(self):
        self.wait_out("expired", "upstream.tls_expired")

    def test_a_letter_waits_while_altinn_shows_another_hosts_certificate(self):
        self.wait_out("wrong-host", "upstream.tls_wrong_host")

    def test_a_letter_waits_while_maskinportens_certificate_is_expired(self):
        self.wait_out("expired", "upstream.tls_expired", standin="maskinporten")

    def test_a_component_that_nobody_vouches_for_is_not_trusted(self):
        with World(config_extra=QUICK, tls=True) as world:
            world.start_standins()
            world.write_config()
            settings = world.config / "sluse.toml"
            # Trusts the system's roots, which know nothing of the stand-in's.
            settings.write_text(settings.read_text().replace(f"ca_file = \"{world.altinn.facts['ca']}\"", ""))
            world.start()
            letter = world.send()
            wait_until(lambda: "upstream.tls_untrusted" in world.codes_of(letter), SLOW, lambda: f"{world.timeline(letter)}")
            self.assertEqual([], world.correspondences())


if __name__ == "__main__":
    unittest.main(verbosity=2)
