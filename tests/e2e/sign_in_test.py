"""Systems without a key of ours: by tokens (of the stand-in, and of an issuer made with jose), and by client certificates that
openssl made."""

import http.client
import json
import ssl
import subprocess
import time
import unittest

from harness import ask, SOURCE, World

NODE = SOURCE / "tests/node/node_modules/.bin/node"
CONSUMER, OTHER = "310002003", "991825827"
GRANTS = """
[maskinporten_in]
issuer = "%s"
[maskinporten_in.scopes]
"sluse:brev" = ["send:letter"]
"sluse:annet" = []
"""
TOKEN = f'token = {{ consumer = "{CONSUMER}", scope = "sluse:brev" }}'


def bind(world, system, line):
    """Adds a line to a system of the tenant's file."""
    for file in (world.config / "tenants").iterdir():
        text = file.read_text()
        file.write_text(text.replace(f"[system.{system}]\n", f"[system.{system}]\n{line}\n"))


class Issuer:
    """token_issuer.mjs."""

    def __init__(self):
        self.process = subprocess.Popen([str(NODE), str(SOURCE / "tests/node/token_issuer.mjs")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["issuer"]

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def token(self, by=None, **claims):
        self.process.stdin.write(json.dumps({"claims": claims, "by": by}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["token"]


class TokenTest(unittest.TestCase):
    def status(self, world, token, path="/v1/messages"):
        status, headers, body = ask(world.url, "GET", path, None, {"Authorization": f"Bearer {token}"})
        if status >= 400:
            self.assertEqual("application/problem+json", headers["Content-Type"])
        if status == 401:
            self.assertEqual(("Bearer", "auth.missing_or_invalid"), (headers["WWW-Authenticate"], json.loads(body)["code"]))
        return status

    def test_a_system_sends_with_a_token_of_maskinporten(self):
        with World() as world:
            world.start_standins()
            world.config_extra = GRANTS % (world.maskinporten.url + "/")
            world.write_config()
            bind(world, "byggesak", TOKEN)
            world.start()

            def issued(**order):
                order = {"organisation": CONSUMER, "scope": "sluse:brev", **order}
                return world.maskinporten.control("/control/token", order)["access_token"]

            world.key = issued()
            letter = world.send()
            world.wait_for(letter, "delivered")
            world.key = issued(supplier=OTHER)
            self.assertEqual(letter, world.message(letter)["id"])
            self.assertEqual(403, self.status(world, issued(organisation=OTHER)))
            self.assertEqual(403, self.status(world, issued(scope="sluse:annet")))
            self.assertEqual(401, self.status(world, issued(lifetime=-11)))
            self.assertEqual(401, self.status(world, issued(resource="https://other.example")))
            said = world.gateway.words(100_000)
            self.assertIn("signed_in_by_token", said)
            self.assertNotIn(world.key, said)

    def test_tokens_made_with_jose_are_taken_and_each_forgery_refused(self):
        with Issuer() as issuer, World(config_extra=GRANTS % issuer.url) as world:
            world.start_standins()
            world.write_config()
            bind(world, "byggesak", TOKEN)
            world.start()
            now = int(time.time())
            self.assertEqual(200, self.status(world, issuer.token()))
            self.assertEqual(404, self.status(world, issuer.token(), "/v1/messages/nothing"))
            for forged in ({"by": "stranger"}, {"by": "secret"}, {"by": "nobody"}, {"iss": "https://evil.example/"},
                           {"exp": now - 60}, {"exp": None}, {"iat": now + 60}, {"nbf": now + 60}, {"cnf": {"jkt": "x"}},
                           {"consumer": None}, {"consumer": {"authority": "iso6523-actorid-upis", "ID": CONSUMER}}, {"scope": None},
                           {"aud": ["https://other.example"]}, {"pid": "x"}):
                with self.subTest(forged):
                    self.assertEqual(401, self.status(world, issuer.token(**forged)))
            self.assertEqual(403, self.status(world, issuer.token(scope="unknown")))
            self.assertGreaterEqual(world.metrics_sum("sluse_sign_in_refused_total"), 14)

    def test_without_the_issuers_keys_a_token_is_answered_with_503_and_keys_of_ours_go_on(self):
        with Issuer() as issuer:
            url, token = issuer.url, issuer.token()
        with World(config_extra=GRANTS % url) as world:
            world.start_standins()
            world.write_config()
            bind(world, "byggesak", TOKEN)
            world.start()
            self.assertEqual(503, self.status(world, token))
            self.assertEqual(200, self.status(world, world.key))


class Authority:
    """A root that openssl made, and leaves below it."""

    def __init__(self, folder, name):
        self.folder = folder / name
        self.folder.mkdir()
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "2",
                     "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def issue(self, name, subject, days="1", extensions="keyUsage=critical,digitalSignature\n"):
        (self.folder / f"{name}.ext").write_text("basicConstraints=CA:FALSE\n" + extensions)
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject, "-utf8")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", days,
                     "-extfile", f"{name}.ext", "-out", f"{name}.pem")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"


class CertificateTest(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.__exit__, None, None, None)
        self.world.start_standins()
        self.world.write_config()
        self.ours = Authority(self.world.folder, "ours")
        server, key = self.ours.issue("server", "/CN=localhost", extensions="subjectAltName=IP:127.0.0.1\n")
        main = self.world.config / "sluse.toml"
        main.write_text(main.read_text().replace("[listen.public]\n", f"""[listen.public]
certificate = "file:{server}"
key = "file:{key}"
client_ca = "file:{self.ours.folder / 'root.pem'}"
"""))

    def call(self, certificate=None, headers=None):
        context = ssl.create_default_context(cafile=self.ours.folder / "root.pem")
        if certificate:
            context.load_cert_chain(*certificate)
        port = int(self.world.url.rsplit(":", 1)[1])
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
        try:
            connection.request("GET", "/v1/messages", headers=headers or {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def test_a_system_signs_in_with_its_certificate_and_no_other_does(self):
        business = f"/C=NO/O=PRØVE/organizationIdentifier=NTRNO-{CONSUMER}/CN=Fag"
        named = self.ours.issue("named", "/CN=Et navngitt")
        print_ = self.ours.openssl("x509", "-in", "named.pem", "-noout", "-fingerprint", "-sha256")
        sha256 = print_.split("=")[1].strip().replace(":", "").lower()
        bind(self.world, "byggesak", f'certificates = [{{ organisation = "{CONSUMER}" }}]')
        bind(self.world, "oversikt", f'certificates = [{{ sha256 = "{sha256}" }}]')
        self.world.start()
        self.assertEqual(200, self.call(self.ours.issue("good", business))[0])
        self.assertEqual(200, self.call(named)[0])
        other = self.ours.issue("other", f"/C=NO/O=ANNEN/organizationIdentifier=NTRNO-{OTHER}/CN=Fag")
        self.assertEqual((403, "auth.not_bound"), (self.call(other)[0], self.call(other)[1]["code"]))
        self.assertEqual(403, self.call(self.ours.issue("nameless", "/CN=Fag"))[0])
        self.assertEqual(401, self.call()[0])
        self.assertEqual(401, self.call(named, {"Authorization": "Bearer slu_wrong"})[0])
        self.assertEqual(200, self.call(headers={"Authorization": f"Bearer {self.world.key}"})[0])
        self.assertEqual(401, self.call(headers={"X-Client-Cert": named[0].read_text().replace("\n", "")})[0])
        # Those that TLS itself does not let in.
        foreign = Authority(self.world.folder, "theirs").issue("good", business)
        expired = self.ours.issue("expired", business, days="-1")
        for refused in (foreign, expired):
            with self.assertRaises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
                self.call(refused)


if __name__ == "__main__":
    unittest.main(verbosity=2)
