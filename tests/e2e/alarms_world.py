"""A program with alarms, a real mail server (RFC 5321 over sockets) and a receiver of signed calls."""

import base64
import contextlib
import email
import email.policy
import hashlib
import hmac
import json
import socketserver
import ssl
import subprocess
import threading

import http.server

from harness import SLOW, TENANT, World, wait_until

SECRET = base64.b64encode(bytes(range(32))).decode()


class Mailbox(socketserver.ThreadingTCPServer):
    """Speaks SMTP (RFC 5321) as far as a client needs it, and keeps what it takes."""

    allow_reuse_address = True
    daemon_threads = True

    class Session(socketserver.StreamRequestHandler):
        def say(self, line):
            self.wfile.write(line.encode() + b"\r\n")

        def begin_tls(self):
            self.say("220 go on")
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            self.setup()
            self.safe = True

        def signs_in(self, line):
            words = line.split(" ")
            if len(words) < 3:
                self.say("334 ")
                words.append(self.rfile.readline().decode().strip())
            self.known = base64.b64decode(words[2]) == b"\0sluse\0hemmelig"
            self.say("235 welcome" if self.known else "535 who are you")

        def handle(self):
            with contextlib.suppress(ssl.SSLError, ConnectionError):
                self.talk()

        def talk(self):
            self.say("220 mail ESMTP")
            self.safe = self.known = self.server.tls is None
            recipients = []
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                verb = line.split(" ")[0].upper()
                if verb in ("EHLO", "HELO"):
                    self.say("250-mail")
                    self.say("250 AUTH PLAIN" if self.safe else "250 STARTTLS")
                elif verb == "STARTTLS":
                    self.begin_tls()
                elif verb == "AUTH" and self.safe:
                    self.signs_in(line)
                elif not self.known:
                    self.say("530 not without signing in")
                elif verb == "MAIL":
                    self.say("250 ok")
                elif verb == "RCPT":
                    recipients.append(line.split("<")[1].split(">")[0])
                    self.say("250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (data := self.rfile.readline()) != b".\r\n":
                        lines.append(data[1:] if data.startswith(b"..") else data)
                    message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                    self.server.mails.append((recipients, message))
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("502 not known here")

    def __init__(self, certificate=None):
        super().__init__(("127.0.0.1", 0), self.Session)
        self.mails = []
        self.tls = None     # else STARTTLS and a password are demanded
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def subjects(self):
        return [message["Subject"] for _, message in self.mails]


class Hook(http.server.ThreadingHTTPServer):
    daemon_threads = True

    class Call(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
            expected = "v1," + base64.b64encode(hmac.new(bytes(range(32)), signed, hashlib.sha256).digest()).decode()
            self.server.calls.append((self.headers["webhook-id"], self.headers["webhook-signature"] == expected, json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Call)
        self.calls = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


def settings(mailbox, hook, folder, date="2020-01-01"):
    (folder / "secret").write_text("whsec_" + SECRET + "\n")
    (folder / "secret").chmod(0o600)
    return f"""
[webhooks]
allow = ["127.0.0.1/32"]
plain_http = true
ports = ["1024-65535"]
[alarms]
look_seconds = 1
resolve_after_seconds = 1
disk_free_bytes_min = 0
console_url = "https://sluse.kommune.no/console"
[alarms.mail]
server = "127.0.0.1"
port = {mailbox.port}
security = "none"
from = "sluse@kommune.no"
[[alarms.to]]
name = "drift"
mail = "drift@kommune.no"
kinds = ["secret_expiring"]
[[alarms.to]]
name = "vakt"
webhook = "http://127.0.0.1:{hook.server_address[1]}/alarm"
secret = "file:{folder}/secret"
kinds = ["secret_expiring"]
[[alarms.expiry]]
name = "hemmelighet hos KS"
date = "{date}"
"""


def make_certificate(file):
    """For 127.0.0.1, signed by itself; key and certificate in one file."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                    "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file, "-out", f"{file}.pem"],
                   check=True, capture_output=True)
    with open(file, "a") as both, open(f"{file}.pem") as certificate:
        both.write(certificate.read())
    return file


class Alarmed:
    """The program, a mail server and a receiver of calls; a secret that is out of date."""

    def __init__(self, mail_tls=False):
        self.mail_tls = mail_tls

    def __enter__(self):
        self.world = World()
        self.world.folder.mkdir(exist_ok=True)
        self.mailbox = Mailbox(make_certificate(self.world.folder / "mail") if self.mail_tls else None)
        self.hook = Hook()
        folder = self.world.config
        (folder / "tenants").mkdir(parents=True)
        self.world.sluse("keys", "create-tenant-key", "--out", self.world.folder / "tenant.key")
        (folder / "sluse.toml").write_text(f"""
[listen.public]
address = "127.0.0.1:0"
[listen.admin]
address = "127.0.0.1:0"
[store]
engine = "sqlite"
path = "{self.world.data}"
""" + settings(self.mailbox, self.hook, self.world.folder))
        (folder / "tenants" / f"{TENANT}.toml").write_text(f"""
[tenant]
name = "Prøve kommune"
sealing_key = "file:{self.world.folder}/tenant.key"
[system.byggesak]
grants = ["messages:read-all"]
""")
        return self

    def __exit__(self, *why):
        self.world.__exit__(*why)
        for server in (self.mailbox, self.hook):
            server.shutdown()
            server.server_close()

    def start(self, environment=None):
        self.world.start_gateway(environment)

    def kill(self):
        self.world.gateway.kill()

    def sluse(self, verb, *options):
        return self.world.sluse(verb, *options, "--config", self.world.config)

    def alarms(self, *options):
        return json.loads(self.sluse("alarms", "--json", *options))["items"]

    def secret_alarms(self):
        return [alarm for alarm in self.alarms("--all") if alarm["kind"] == "secret_expiring"]

    def told(self, mails, calls):
        wait_until(lambda: len(self.mailbox.mails) >= mails and len(self.hook.calls) >= calls, SLOW,
                   lambda: (self.mailbox.subjects(), self.hook.calls))

    def written(self, count):
        """So many letters of this run of the program are down as told: a kill from here on repeats none."""
        wait_until(lambda: self.world.metrics_sum("sluse_alarm_notices_total", 'outcome="told"') >= count, SLOW)

    def mend(self):
        file = self.world.config / "sluse.toml"
        file.write_text(file.read_text().replace("2020-01-01", "2099-01-01"))
        self.sluse("config", "apply", "--why", "ny hemmelighet")
