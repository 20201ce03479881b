"""Drives the stand-in of Altinn's forms through Prism, with requests as the adapter makes them: none may break a document."""

import argparse
import contextlib
import json
import os
import subprocess
import tempfile

from prism_proxy import Proxy, call, expect, failures, need, verdict

RESOURCE = "urn:altinn:resource:app_sandkassa_skjema"
FORMS = "altinn:serviceowner/instances.read altinn:serviceowner/instances.write altinn:events.subscribe"
USERS = "altinn:authentication/systemuser.request.read altinn:authentication/systemuser.request.write"


def events(base, token):
    wish = {"endPoint": "https://sluse.example/callbacks/altinn-forms/secret", "resourceFilter": RESOURCE,
            "typeFilter": "app.instance.process.completed"}
    made = expect("subscribe", 201, call("POST", base + "/events/api/v1/subscriptions", wish, token))
    expect("subscriptions", 200, call("GET", base + "/events/api/v1/subscriptions", None, token))
    expect("subscription", 200, call("GET", f"{base}/events/api/v1/subscriptions/{made['id']}", None, token))
    feed = base + "/events/api/v1/events?resource=" + RESOURCE + "&after=0&type=app.instance.process.completed&size=100"
    expect("feed", 200, call("GET", feed, None, token))
    expect("unsubscribe", 200, call("DELETE", f"{base}/events/api/v1/subscriptions/{made['id']}", None, token))


def storage(base, token, instance):
    listing = base + "/storage/api/v1/instances?appId=sandkassa%2Fskjema&process.isComplete=true"
    changed = "&lastChanged=gte%3A2020-01-01T00%3A00%3A00.000Z&lastChanged=lt%3A2100-01-01T00%3A00%3A00.000Z"
    for more in ("&excludeConfirmedBy=sandkassa" + changed, changed):
        page = expect("list", 200, call("GET", listing + more + "&order=asc%3AlastChanged&includeDataElements=false&size=1",
                                        None, token))
        expect("next page", 200, call("GET", base + "/storage" + page["next"].split("/storage", 1)[1], None, token))
    one = f"{base}/storage/api/v1/instances/{instance}"
    seen = expect("instance", 200, call("GET", one, None, token))
    for element in seen["data"]:
        status, body, _ = call("GET", f"{one}/data/{element['id']}", None, token)
        if status == 200 and len(body) != element["size"]:
            failures.append(f"data of {element['contentType']}: {len(body)} bytes")
    expect("complete", 200, call("POST", one + "/complete", None, token))


def app(base, token, instance):
    one = f"{base}/sandkassa/skjema/instances/{instance}"
    expect("substatus", 200, call("PUT", one + "/substatus", {"label": "Mottatt", "description": "Sak 17"}, token))


def users(base, token):
    request = base + "/authentication/api/v1/systemuser/request/vendor"
    wish = {"systemId": "310000019_sluse", "partyOrgNo": "310001007", "externalRef": "broker",
            "rights": [{"resource": [{"id": "urn:altinn:resource", "value": "sluse-filoverforing"}]}]}
    made = expect("request", 201, call("POST", request, wish, token))
    expect("request again", 200, call("POST", request, wish, token))
    expect("request by id", 200, call("GET", f"{request}/{made['id']}", None, token))
    expect("request by reference", 200, call("GET", request + "/byexternalref/310000019_sluse/310001007/broker", None, token))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--standin", required=True)
    parser.add_argument("--documents", required=True)
    parser.add_argument("--peers", required=True)
    options = parser.parse_args()
    need(options.standin)
    with contextlib.ExitStack() as running:
        state = running.enter_context(tempfile.TemporaryDirectory())
        child = subprocess.Popen([options.standin, "--state", state, "--time-scale", "1000"], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
        running.callback(lambda: (child.stdin.close(), child.wait()))
        line = json.loads(child.stdout.readline())

        def token(scope):
            answer = call("POST", line["control"] + "/control/token", {"scope": scope})
            return {"Authorization": "Bearer " + json.loads(answer[1])["token"]}

        made = json.loads(call("POST", line["control"] + "/control/forms", {"count": 3})[1])["instances"]
        for document, drive, more in (("altinn-events-v1.derived", events, [token(FORMS)]),
                                      ("altinn-storage-v1.derived", storage, [token(FORMS), made[0]]),
                                      ("altinn-app-api-v1", app, [token(FORMS), made[0]]),
                                      ("altinn-authentication-v1.derived", users, [token(USERS)])):
            proxy = Proxy(options.peers, os.path.join(options.documents, document + ".openapi.json"), line["url"])
            try:
                drive(proxy.url, *more)
            finally:
                proxy.end()
    verdict()


main()
