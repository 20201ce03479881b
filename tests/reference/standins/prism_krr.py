"""Drives the contact register's stand-in through Prism: no request or answer may break the document."""

import argparse
import contextlib
import json
import os
import subprocess
import tempfile

from prism_proxy import Proxy, call, expect, failures, need, verdict

BOTH = "krr:global/kontaktinformasjon.read krr:global/digitalpost.read"


@contextlib.contextmanager
def started(programs, name, *more):
    """The stand-in's JSON line, as long as it runs."""
    program = os.path.join(programs, "standin-" + name)
    need(program)
    with tempfile.TemporaryDirectory() as state:
        child = subprocess.Popen([program, "--state", state, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            yield json.loads(child.stdout.readline())
        finally:
            child.stdin.close()
            child.wait()


def drive(base, control, token):
    people = json.loads(call("GET", control + "/control/people")[1])
    numbers = [person["number"] for person in people] + ["30000000000"]
    for version in ("v1", "v2"):
        url = f"{base}/{version}/personer"
        for scope in (BOTH, *BOTH.split()):
            answer = expect(f"{version} {scope}", 200, call("POST", url, {"personidentifikatorer": numbers}, token(scope)))
            if not failures and len(answer["personer"]) != len(numbers):
                failures.append(f"{version}: {len(answer['personer'])} of {len(numbers)} persons")
        # The proxy judges: none of these reaches the stand-in.
        for what, wrong in (("none", []), ("too many", ["30000000000"] * 1001), ("no number", ["3000000000x"])):
            status = call("POST", url, {"personidentifikatorer": wrong}, token(BOTH))[0]
            if status != 422:
                failures.append(f"the proxy let {what} pass: {status}")
    expect("print", 200, call("GET", base + "/v2/printSertifikat"))
    # It would see an answer that breaks the document.
    call("POST", control + "/control/faults", {"kind": "person_members", "set": {"status": "UTVANDRET"}})
    status, body, _ = call("POST", f"{base}/v2/personer", {"personidentifikatorer": numbers[:1]}, token(BOTH))
    if status == 200 or b"stoplight.io/prism/errors" not in body:
        failures.append(f"the proxy let an unknown status pass: {status}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--standins", required=True)
    parser.add_argument("--document", required=True)
    parser.add_argument("--peers", required=True)
    options = parser.parse_args()
    with contextlib.ExitStack() as running:
        maskinporten = running.enter_context(started(options.standins, "maskinporten"))
        krr = running.enter_context(started(options.standins, "krr", "--maskinporten-url", maskinporten["url"]))
        proxy = Proxy(options.peers, options.document, krr["url"] + "/rest")
        running.callback(proxy.end)

        def token(scope):
            wanted = {"organisation": "310000019", "scope": scope}
            answer = call("POST", maskinporten["control"] + "/control/token", wanted)
            return {"Authorization": "Bearer " + json.loads(answer[1])["access_token"]}

        drive(proxy.url, krr["control"], token)
    verdict()


main()
