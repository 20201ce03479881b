"""Holds the digital post stand-in against what Digdir has published.

Its API, driven through Prism (`prism proxy --errors`): no request or answer may break the OpenAPI document. Prism writes
multipart bodies anew, as text, so the three messages that are to arrive whole go straight to the stand-in. Every kind of
receipt it writes, and every kind of message that its tests send, by ajv against the official schemas, signatures by jose
(`verify_digital_post.mjs`).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
import digital_post_messages  # noqa: E402
from prism_proxy import Proxy, call, expect, failures, need, verdict  # noqa: E402

BOUNDARY = "grense"


def multipart(compact, sealed):
    head = ('Content-Disposition: form-data; name="{}"; filename="{}"\r\nContent-Type: {}\r\n\r\n')
    return (f"--{BOUNDARY}\r\n{head.format('forretningsmelding', 'sbd.jwt', 'application/jwt')}{compact}\r\n--{BOUNDARY}\r\n"
            f"{head.format('dokumentpakke', 'asic.cms', 'application/cms')}").encode() + sealed + f"\r\n--{BOUNDARY}--\r\n".encode()


def identity(compact):
    text = compact.split(".")[1]
    payload = json.loads(digital_post_messages.base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return payload["standardBusinessDocument"]["standardBusinessDocumentHeader"]["documentIdentification"]["instanceIdentifier"]


class World:
    """The two stand-ins, and what an order needs of them."""

    def __init__(self, folder, programs):
        def start(name, *more):
            child = subprocess.Popen([os.path.join(programs, "standin-" + name), "--state", os.path.join(folder, name), "--ca",
                                      os.path.join(folder, "ca"), *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            return child, json.loads(child.stdout.readline())

        self.maskinporten, line = start("maskinporten")
        self.post, self.line = start("digital_post", "--maskinporten-url", line["url"], "--time-scale", "1000", "--opens-after", "0")
        self.tokens = line["control"] + "/control/token"
        self.material = line["material"]

    def token(self, scope="digitalpostinnbygger:send"):
        answer = call("POST", self.tokens, {"organisation": "310000019", "scope": scope})
        return json.loads(answer[1])["access_token"]

    def build(self, token, **changes):
        receiver = "974761076" if changes.get("type") == "utskrift" else "922020175"
        certificate = os.path.join(self.line["material"]["certificates"], f"operator-{receiver}.cer")
        return digital_post_messages.build({"token": token, "key": self.material["key"], "chain": self.material["certificate"],
                                            "root": self.material["ca"], "operator": certificate, "receiver": receiver, **changes})

    def control(self, path, body):
        status, answer, _ = call("POST", self.line["control"] + path, body)
        if status != 200:
            failures.append(f"{path} {body}: {answer}")

    def end(self):
        for child in (self.post, self.maskinporten):
            child.stdin.close()
            child.wait()


def unread(base, bearer, count):
    for _ in range(3000):
        status, body, _ = call("GET", base + "/messages/in", headers=bearer)
        if status == 200 and len(json.loads(body)) >= count:
            return
    sys.exit("\n".join(failures + ["the receipts never came"]))


def drive(world, base):
    """Every call and every answer through `base`; the texts of all messages and receipts."""
    token = world.token()
    bearer = {"Authorization": "Bearer " + token}
    kind = {**bearer, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    expect("nothing unread", 204, call("GET", base + "/messages/in", headers=bearer))
    letter, sealed = world.build(token, unit="helse", body={
        "aapningskvittering": True, "virkningsdato": "2026-11-22", "virkningstidspunkt": "2026-11-22T08:00:00+01:00",
        "varsler": {"smsvarsel": {"mobiltelefonnummer": "+47 99999999", "varslingstekst": "Du har post", "repetisjoner": [0, 7]}}})
    printed, sealed_print = world.build(token, type="utskrift")
    abroad, sealed_abroad = world.build(token, type="utskrift", body={
        "mottaker": {"postnummer": None, "poststed": None, "adresselinje2": "11122 Stockholm", "land": "Sverige"}})
    broken, _ = world.build(token, signature="broken")
    direct = world.line["url"]
    expect("send", 201, call("POST", direct + "/messages/out?kanal=Sak_1", multipart(letter, sealed), kind))
    expect("send print", 201, call("POST", direct + "/messages/out", multipart(printed, sealed_print), kind))
    expect("send abroad", 201, call("POST", direct + "/messages/out", multipart(abroad, sealed_abroad), kind))
    expect("send broken", 400, call("POST", base + "/messages/out", multipart(broken, sealed), kind))
    other = {**kind, "Authorization": "Bearer " + world.token("other:scope")}
    expect("send without scope", 403, call("POST", base + "/messages/out", multipart(letter, sealed), other))
    expect("send with no token", 401, call("POST", base + "/messages/out", multipart(letter, sealed),
                                           {**kind, "Authorization": "Bearer abc"}))
    number = identity(letter)
    unread(direct, bearer, 6)
    expect("statuses", 200, call("GET", f"{base}/messages/out/{number}/statuses", headers=bearer))
    expect("statuses without scope", 403, call("GET", f"{base}/messages/out/{number}/statuses",
                                               headers={"Authorization": other["Authorization"]}))
    for wanted in ({"type": "varslingfeiletkvittering", "varslingskanal": "sms"}, {"type": "feil", "feiltype": "KLIENT"},
                   {"type": "varslingfeiletkvittering", "varslingskanal": "epost", "beskrivelse": "Adressen finnes ikke"},
                   {"type": "feil", "feiltype": "SERVER", "detaljer": "Ukjent feil"}, {"type": "returpostkvittering"}):
        world.control("/control/receipts", {"message": number, **wanted})
    listed = expect("unread", 200, call("GET", base + "/messages/in?page_size=50&page=0", headers=bearer))
    expect("unread by channel and unit", 200, call("GET", base + "/messages/in?kanal=sak_1&avsenderidentifikator=helse", headers=bearer))
    expect("unread without scope", 403, call("GET", base + "/messages/in", headers={"Authorization": other["Authorization"]}))
    receipt = listed[0]["downloadurl"].rsplit("/", 1)[1]
    expect("package of a receipt", 404, call("GET", f"{base}/messages/in/{receipt}", headers=bearer))
    expect("read", 200, call("POST", f"{base}/messages/in/{receipt}/read", b"", bearer))
    expect("read again", 404, call("POST", f"{base}/messages/in/{receipt}/read", b"", bearer))
    return [letter, printed, abroad] + [item["forretningsmelding"] for item in listed]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--standins", required=True)
    parser.add_argument("--reference", required=True)
    parser.add_argument("--peers", required=True)
    options = parser.parse_args()
    modules = os.path.join(options.peers, "node_modules")
    node = os.path.join(modules, ".bin", "node")
    document = os.path.join(options.reference, "openapi", "dpi-corner2-openapi.yaml")
    need(node, document)
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, options.standins)
        try:
            proxy = Proxy(modules, document, world.line["url"])
            try:
                texts = drive(world, proxy.url)
            finally:
                proxy.end()
        finally:
            world.end()
    judged = subprocess.run([node, os.path.join(options.peers, "verify_digital_post.mjs"), os.path.join(options.reference, "schemas")],
                            input=json.dumps(texts).encode(), check=False)
    verdict(judged.returncode == 0)


main()
