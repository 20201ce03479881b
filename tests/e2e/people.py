"""A world that also writes to persons: the contact register and digital post with its operators, and a route that chooses.

    with People() as world:
        world.start()
        letter = world.write_to(Person.RESERVED, address=ADDRESS)
        world.wait_for(letter, "delivered")
"""

import atexit
import base64
import json
import pathlib
import re
import shutil
import tempfile

from harness import multipart, PDF, Standin, TENANT, wait_until, World

# Stands in every business certificate that stand-ins issue.
BUSINESS_POLICY = "2.16.578.1.1.1.1.100"
ADDRESS = {"name": "Kari Sandvik", "lines": ["Sandveien 1"], "postalCode": "0150", "city": "Oslo", "country": "NO"}
DIGIPOST, EBOKS, PRINT = "984661185", "922020175", "974761076"


class Person:
    """Synthetic people of the contact register's stand-in (its README has the table)."""
    DIGITAL = "01816000064"             # Digipost, may be notified
    DIGITAL_EBOKS = "02816000850"
    NO_MAILBOX = "03816001411"
    RESERVED = "04816002163"            # with a mailbox
    EXPIRED = "06816003510"             # contact details too old to be used; with a mailbox
    NO_DETAILS = "10816006371"          # with a mailbox
    DEAD = "14816009112"
    UNKNOWN = "15816009828"


def way(connection, settings, condition="", more=""):
    """One choice of a route, as TOML."""
    use_if = f"\nif = {{ {condition} }}" if condition else ""
    return f"[[route.use]]\nconnection = \"{connection}\"\nwith = {{ {settings} }}{use_if}\n{more}\n"


RETURN_ADDRESS = 'return_address = { name = "Prøve kommune", lines = ["Postboks 1"], postal_code = "0001", city = "Oslo" }'
DIGITAL_WAY = way("digital-post", 'service = "digital"', 'recipient = "person", mailbox = true')
PAPER_WAY = way("digital-post", f'service = "print", {RETURN_ADDRESS}', 'recipient = "person", has_address = true')


class People(World):
    """The route is mailbox, paper, Altinn unless `ways` says otherwise: a text, or a function of the world."""

    def __init__(self, ways=None, post_options=(), connection_extra="", **settings):
        super().__init__(**settings)
        self.wanted_ways = ways
        self.post_options = post_options
        self.connection_extra = connection_extra
        self.krr = self.post_office = None

    def standins(self):
        return [*super().standins(), self.krr, self.post_office]

    def start_standins(self):
        self.take_keys()
        super().start_standins()
        operators = self.folder / "operators"
        tokens = ["--maskinporten-url", self.maskinporten.url]
        self.krr = Standin("krr", self.folder / "krr", *tokens, "--certificates", operators, log=self.folder / "krr.log")
        options = {"--time-scale": 100, "--opens-after": "never", **dict(self.post_options)}
        self.post_office = Standin("digital_post", self.folder / "post", *tokens, "--certificates", operators,
                                   "--ca", self.folder / "maskinporten" / "ca",
                                   *[word for option in options.items() for word in option], log=self.folder / "post.log")
        self.leave_keys()

    KEY_FOLDERS = ("maskinporten", "operators")
    kept_keys = None

    def take_keys(self):
        """Keys and certificates of stand-ins that have just begun, made once for all worlds of a run: they take most of its time."""
        if People.kept_keys:
            for name in self.KEY_FOLDERS:
                shutil.copytree(People.kept_keys / name, self.folder / name)

    def leave_keys(self):
        if not People.kept_keys:
            kept = pathlib.Path(tempfile.mkdtemp(prefix="sluse-test-keys-"))
            atexit.register(shutil.rmtree, kept, ignore_errors=True)
            for name in self.KEY_FOLDERS:
                shutil.copytree(self.folder / name, kept / name)
            People.kept_keys = kept

    def write_config(self, *arguments, **settings):
        self.trust_file().write_text(json.dumps({"test": {"roots": [{"der_base64": self.root_in(name)} for name in
                                                                    ("business_ca", "operator_ca")],
                                                          "policies": [BUSINESS_POLICY]}}))
        super().write_config(*arguments, **settings)
        material = self.maskinporten.facts["material"]
        with open(self.config / "sluse.toml", "a") as file:
            file.write(f"""
[connection.krr-test]
adapter = "krr"
base_url = "{self.krr.url}"
tokens = "maskinporten-test"
tenants = ["{TENANT}"]
[connection.digital-post]
adapter = "digital_post"
environment = "test"
base_url = "{self.post_office.url}"
organisation = "{TENANT}"
key = "file:{material['keystore']}"
key_password = "file:{material['keystore_password_file']}"
trust_file = "{self.trust_file()}"
revocation = "off"
poll_seconds = 1
tokens = "maskinporten-test"
tenants = ["{TENANT}"]
{self.connection_extra}
""")

    def trust_file(self):
        return self.folder / "trust.json"

    def root_in(self, name):
        with open(self.post_office.facts["material"][name]) as file:
            text = re.search("-----BEGIN CERTIFICATE-----(.*?)-----END", file.read(), re.S).group(1)
        return base64.b64encode(base64.b64decode(text)).decode()

    def ways(self):
        if callable(self.wanted_ways):
            return self.wanted_ways(self)
        return self.wanted_ways or DIGITAL_WAY + PAPER_WAY + self.altinn_choice()

    def altinn_choice(self, condition=""):
        resource = self.altinn.facts["material"]["resources"][0]["id"]
        return way("altinn-test", f'resource = "{resource}"', condition)

    def letter_to(self, person, **members):
        return {"type": "letter", "version": 1, "recipient": {"person": person}, "title": "Om barnehageplassen",
                "nonSensitiveTitle": "Brev fra Prøve kommune",
                "documents": [{"part": "brev", "name": "brev om plass.pdf", "title": "Brev"}], **members}

    def post_to(self, person, key=None, files=None, **members):
        return self.post(self.letter_to(person, **members), files or {"brev": PDF}, key)

    def write_to(self, person, key=None, files=None, **members):
        """A letter that must be accepted; returns its id."""
        status, answer = self.post_to(person, key, files, **members)
        assert status == 202, (status, answer)
        return answer["id"]

    def try_out(self, person, **members):
        """What policy would choose: the answer to a dry run."""
        content_type, body = multipart(self.letter_to(person, **members), {"brev": PDF})
        status, answer = self.call("POST", "/v1/messages?dryRun=true", body, {"Content-Type": content_type})
        assert status == 200, (status, answer)
        return answer

    def at_post_office(self, message_id=None):
        """What corner 2 has taken, of one message or of all."""
        taken = self.post_office.state()["messages"]
        if message_id is None:
            return taken
        deliveries = {delivery["id"] for delivery in self.message(message_id)["deliveries"]}
        return [one for one in taken if one["id"] in deliveries]

    def wait_for_event(self, message_id, code, seconds=60):
        """Waits until something of that code is on the timeline; returns its event."""
        def found():
            return next((event for event in self.timeline(message_id) if event["code"] == code), None)
        return wait_until(found, seconds, lambda: json.dumps(self.timeline(message_id), indent=1, ensure_ascii=False))

    def details_of(self, message_id):
        """The Norwegian explanations on the timeline, in order."""
        return [event["text"] for event in self.timeline(message_id)]

    def travel(self, seconds):
        """Goes on in time: the program stops, and starts again later."""
        self.gateway.stop()
        self.later(seconds)
        self.start_gateway()
