"""Holds the digital post stand-in against what Digdir has published.

Its API, driven through Prism (`prism proxy --errors`): no request or answer may break the OpenAPI document. Prism writes
multipart bodies anew, as text, so the three messages that are to arrive whole go straight to the stand-in. Every kind of
receipt it writes, and every kind of message that its tests send, by ajv against the official schemas, signatures by jose
(`verify_digital_post.mjs`).
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
import digital_post_messages  # noqa: E402

BOUNDARY = "grense"
failures = []


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def call(method, url, body=None, headers=None):
    headers = dict(headers or {})
    if isinstance(body, dict):
        body = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def expect(what, status, answer):
    got, body, headers = answer
    violated = b"stoplight.io/prism/errors" in body or any(n.lower() == "sl-violations" for n in headers)
    if got != status or violated:
        failures.append(f"{what}: {got} instead of {status}: {headers.get('sl-violations', '')} {body[:600].decode('utf-8', 'replace')}")
    return json.loads(body) if body[:1] in (b"{", b"[") else body


def wait_for(port, process):
    for _ in range(1800):
        if process.poll() is not None:
            sys.exit("prism ended by itself")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("prism did not come up")


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
    prism = os.path.join(modules, ".bin", "prism")
    node = os.path.join(modules, ".bin", "node")
    document = os.path.join(options.reference, "openapi", "dpi-corner2-openapi.yaml")
    for needed in (prism, node, document):
        if not os.path.exists(needed):
            sys.exit(f"{needed} is missing (peers: run `npm ci` in tests/node)")
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, options.standins)
        port = free_port()
        with open(os.path.join(folder, "prism.log"), "wb") as log:
            proxy = subprocess.Popen([node, os.path.realpath(prism), "proxy", "-h", "127.0.0.1", "-p", str(port), "--errors",
                                      document, world.line["url"]], stdout=log, stderr=log)
        try:
            wait_for(port, proxy)
            texts = drive(world, f"http://127.0.0.1:{port}")
        finally:
            proxy.terminate()
            proxy.wait()
            world.end()
    judged = subprocess.run([node, os.path.join(options.peers, "verify_digital_post.mjs"), os.path.join(options.reference, "schemas")],
                            input=json.dumps(texts).encode(), check=False)
    for failure in failures:
        print(failure)
    print(f"{len(failures)} violations")
    sys.exit(1 if failures or judged.returncode else 0)


main()
