"""Drives the Correspondence stand-in through Prism (`prism proxy --errors`): no request or answer may break the document.

JSON, octet-stream and GET calls. The multipart call is not modelled by the document (Prism cannot read indexed names), so
its body is made here by Python's own email package and sent straight to the stand-in: an independent writer against our
parser.
"""

import argparse
import email.generator
import email.mime.application
import email.mime.multipart
import email.mime.text
import email.policy
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid

from prism_proxy import Proxy, call, expect, failures, need, verdict

ORGANISATION = "urn:altinn:organization:identifier-no:310356875"


def letter(**changes):
    correspondence = {
        "resourceId": "sluse-brev",
        "sendersReference": "sak-1",
        "content": {"language": "nb", "messageTitle": "Vedtak", "messageBody": "Se *vedlegg*."},
    }
    correspondence.update(changes)
    return {"correspondence": correspondence, "recipients": [ORGANISATION]}


def until(base, path, headers, status):
    for _ in range(200):
        answer = call("GET", base + path, headers=headers)
        value = expect(f"GET {path}", 200, answer)
        if failures or (isinstance(value, dict) and value["status"] == status):
            return value
        time.sleep(0.02)
    failures.append(f"{path} never became {status}")
    return {}


def drive(base, sender, reader):
    watched = call("GET", base + "/correspondence?resourceId=sluse-brev", headers=sender)
    if watched[0] != 422:
        failures.append(f"the proxy let a search without its role pass: {watched[0]}")
    attachment = {"resourceId": "sluse-brev", "fileName": "vedtak.pdf", "displayName": "Vedtak", "sendersReference": "r"}
    identity = json.loads(expect("init attachment", 200, call("POST", base + "/attachment", attachment, sender)))
    octets = {**sender, "Content-Type": "application/octet-stream"}
    expect("upload", 200, call("POST", f"{base}/attachment/{identity}/upload", b"%PDF-1.4", octets))
    expect("upload twice", 400, call("POST", f"{base}/attachment/{identity}/upload", b"%PDF-1.4", octets))
    until(base, f"/attachment/{identity}", sender, "Published")
    expect("attachment details", 200, call("GET", f"{base}/attachment/{identity}/details", headers=sender))
    expect("unknown attachment", 404, call("GET", f"{base}/attachment/{uuid.uuid4()}", headers=sender))
    request = letter(
        propertyList={"saksnummer": "2026/1"},
        externalReferences=[{"referenceType": "Generic", "referenceValue": "sak-1"}],
        dueDateTime="2199-01-01T00:00:00Z",
        isConfirmationNeeded=True,
        notification={"notificationTemplate": "GenericAltinnMessage", "notificationChannel": "EmailAndSms",
                      "sendReminder": True, "reminderNotificationChannel": "Sms"},
        replyOptions=[{"linkURL": "https://svar.example.no/1", "linkText": "Svar"}],
        messageSender="Sandkassa kommune")
    request["existingAttachments"] = [identity]
    request["idempotentKey"] = str(uuid.uuid4())
    made = expect("init", 200, call("POST", base + "/correspondence", request, sender))
    expect("init again", 409, call("POST", base + "/correspondence", request, sender))
    expect("bad due time", 400, call("POST", base + "/correspondence", letter(dueDateTime="2020-01-01T00:00:00Z"), sender))
    expect("unknown sender reference", 400, call("POST", base + "/correspondence", letter(sendersReference="s", messageSender="<b>x</b>"), sender))
    if failures:
        return
    letter_id = made["correspondences"][0]["correspondenceId"]
    query = f"?resourceId=sluse-brev&role=Sender&idempotentKey={request['idempotentKey']}"
    found = expect("look-up", 200, call("GET", base + "/correspondence" + query, headers=sender))
    if not failures and found["ids"] != [letter_id]:
        failures.append(f"the look-up found {found}")
    path = f"/correspondence/{letter_id}"
    until(base, path, sender, "Published")
    expect("too late", 400, call("DELETE", base + path + "/purge", headers=sender))
    expect("read too early", 400, call("POST", base + path + "/markasread", headers=reader))
    expect("fetch", 200, call("GET", base + path, headers=reader))
    expect("read", 200, call("POST", base + path + "/markasread", headers=reader))
    expect("confirm", 200, call("POST", base + path + "/confirm", headers=reader))
    expect("content", 200, call("GET", base + path + "/content", headers=reader))
    expect("download", 200, call("GET", f"{base}{path}/attachment/{identity}/download", headers=reader))
    expect("details", 200, call("GET", base + path + "/details", headers=sender))
    expect("purge", 200, call("DELETE", base + path + "/purge", headers=reader))
    expect("unknown letter", 404, call("GET", f"{base}/correspondence/{uuid.uuid4()}", headers=sender))
    spare = json.loads(expect("init spare", 200, call("POST", base + "/attachment", attachment, sender)))
    expect("delete attachment", 200, call("DELETE", f"{base}/attachment/{spare}", headers=sender))


def multipart(base, control, sender):
    """The call Prism cannot judge, written by Python's email package."""
    form = email.mime.multipart.MIMEMultipart("form-data", policy=email.policy.HTTP)
    fields = {"Correspondence.ResourceId": "sluse-brev", "Correspondence.SendersReference": "s",
              "Correspondence.Content.Language": "nb", "Correspondence.Content.MessageTitle": "Vedtak",
              "Correspondence.Content.MessageBody": "Tekst", "Recipients[0]": ORGANISATION,
              "Correspondence.Content.Attachments[0].FileName": "a.pdf",
              "Correspondence.Content.Attachments[0].SendersReference": "f"}
    for name, value in fields.items():
        part = email.mime.text.MIMEText(value, "plain", "us-ascii", policy=email.policy.HTTP)
        part.add_header("Content-Disposition", "form-data", name=name)
        form.attach(part)
    payload = bytes(b for b in range(256) if b not in b"\r\n") * 300   # email would turn lone line ends into CRLF
    part = email.mime.application.MIMEApplication(payload, _encoder=lambda made: None, policy=email.policy.HTTP)
    part.add_header("Content-Disposition", "form-data", name="attachments", filename="a.pdf")
    form.attach(part)
    out = io.BytesIO()
    email.generator.BytesGenerator(out, policy=email.policy.HTTP, mangle_from_=False).flatten(form)
    head, body = out.getvalue().split(b"\r\n\r\n", 1)
    content_type = f'multipart/form-data; boundary="{form.get_boundary()}"'
    expect("multipart", 200, call("POST", base + "/correspondence/upload", body, {**sender, "Content-Type": content_type}))
    state = json.loads(call("GET", control + "/control/state")[1])
    digests = [file["sha256"] for file in state["attachments"]]
    if hashlib.sha256(payload).hexdigest() not in digests:
        failures.append("the multipart call's file did not arrive as it was sent")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--standin", required=True)
    parser.add_argument("--document", required=True)
    parser.add_argument("--peers", required=True)
    options = parser.parse_args()
    need(options.document, options.standin)
    with tempfile.TemporaryDirectory() as state:
        standin = subprocess.Popen([options.standin, "--port", "0", "--control-port", "0", "--state", state, "--time-scale", "1000"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = json.loads(standin.stdout.readline())
        try:
            proxy = Proxy(options.peers, options.document, line["url"])
            try:
                def token(organisation, scope):
                    answer = call("POST", line["control"] + "/control/token", {"organisation": organisation, "scope": scope})
                    return {"Authorization": "Bearer " + json.loads(answer[1])["token"]}

                sender = token("310000019", "altinn:serviceowner altinn:correspondence.write")
                reader = token("310356875", "altinn:correspondence.read")
                drive(proxy.url + "/correspondence/api/v1", sender, reader)
                multipart(line["url"] + "/correspondence/api/v1", line["control"], sender)
            finally:
                proxy.end()
        finally:
            standin.stdin.close()
            standin.wait()
    verdict()


main()
