"""Drives the Broker stand-in through Prism (`prism proxy --errors`): no request or answer may break the document.

The official document is an older copy; where it is known to differ from the service it is corrected here: `correct` is
the whole list. The derived document, which has the resumable upload too, is used as it is.
"""

import argparse
import hashlib
import json
import os
import subprocess
import tempfile
import time
import uuid

from prism_proxy import Proxy, call, expect, failures, need, verdict

SENDER, RECIPIENT = "310000019", "310356875"
BASE = "/broker/api/v1/filetransfer"


def correct(document):
    """The known defects of the official document, each with what the service does instead."""
    paths, schemas = document["paths"], document["components"]["schemas"]
    # The service answers a confirmation with 204 and no body.
    confirm = paths[BASE + "/{fileTransferId}/confirmdownload"]["post"]["responses"]
    confirm["204"] = {"description": "No Content"}
    # The overview says when the file was published.
    schemas["FileTransferOverviewExt"]["properties"]["published"] = {"type": ["string", "null"]}
    # The upload has a body.
    octets = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    paths[BASE + "/{fileTransferId}/upload"]["post"]["requestBody"] = {"content": octets}
    # Refusals are problem+json, the download's too; a part of a file is 206, a part outside it 416.
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    for operations in paths.values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    answer["content"] = problem
    download = paths[BASE + "/{fileTransferId}/download"]["get"]["responses"]
    download["206"] = {"description": "Partial Content", "content": octets}
    download["416"] = {"description": "Range Not Satisfiable", "content": problem}
    return document


def until(base, path, headers, status):
    for _ in range(400):
        value = expect(f"GET {path}", 200, call("GET", base + path, headers=headers))
        if failures or value["fileTransferStatus"] == status:
            return value
        time.sleep(0.02)
    failures.append(f"{path} never became {status}")
    return {}


def drive(base, sender, reader, tus):
    data = b"plain text, for Prism reads bodies as UTF-8\n" * 50
    described = {"fileName": "rapport.zip", "resourceId": "sluse-filer", "sendersFileTransferReference": str(uuid.uuid4()),
                 "sender": f"0192:{SENDER}", "recipients": [f"0192:{RECIPIENT}"], "propertyList": {"reference": "LEV-7"},
                 "checksum": hashlib.md5(data).hexdigest()}
    made = expect("make", 200, call("POST", base, described, sender))["fileTransferId"]
    octets = {**sender, "Content-Type": "application/octet-stream"}
    expect("confirm too early", 400, call("POST", f"{base}/{made}/confirmdownload", headers=reader))
    expect("fetch too early", 403, call("GET", f"{base}/{made}/download", headers=reader))
    expect("upload", 200, call("POST", f"{base}/{made}/upload", data, octets))
    expect("upload twice", 409, call("POST", f"{base}/{made}/upload", data, octets))
    until(base, f"/{made}", sender, "Published")
    waiting = base + "?resourceId=sluse-filer&status=Published&recipientStatus=Initialized&role=Recipient"
    found = expect("search", 200, call("GET", waiting, headers=reader))
    if made not in found:
        failures.append(f"the search found {found}")
    expect("confirm unfetched", 400, call("POST", f"{base}/{made}/confirmdownload", headers=reader))
    expect("a part", 206, call("GET", f"{base}/{made}/download", headers={**reader, "Range": "bytes=100-"}))
    expect("no part", 416, call("GET", f"{base}/{made}/download", headers={**reader, "Range": "bytes=99999-"}))
    whole = expect("download", 200, call("GET", f"{base}/{made}/download", headers=reader))
    if whole != data:
        failures.append("the file did not come out as it went in")
    expect("confirm", 204, call("POST", f"{base}/{made}/confirmdownload", headers=reader))
    expect("confirm again", 204, call("POST", f"{base}/{made}/confirmdownload", headers=reader))
    expect("details", 200, call("GET", f"{base}/{made}/details", headers=sender))
    expect("unknown", 404, call("GET", f"{base}/{uuid.uuid4()}", headers=sender))
    wrong = expect("make another", 200, call("POST", base, described, sender))["fileTransferId"]
    expect("wrong checksum", 400, call("POST", f"{base}/{wrong}/upload", b"other bytes", octets))
    if not tus:
        return
    large = expect("make a third", 200, call("POST", base, described, sender))["fileTransferId"]
    where, resumable = f"{base}/upload/tus/{large}", {**sender, "Tus-Resumable": "1.0.0"}
    expect("begin", 201, call("POST", where, headers={**resumable, "Upload-Length": str(len(data))}))
    piece = {**resumable, "Content-Type": "application/offset+octet-stream"}
    expect("first piece", 204, call("PATCH", where, data[:1000], {**piece, "Upload-Offset": "0"}))
    expect("wrong offset", 409, call("PATCH", where, data[:10], {**piece, "Upload-Offset": "7"}))
    told = {name.lower(): value for name, value in call("HEAD", where, headers=resumable)[2].items()}
    offset = told.get("upload-offset")
    if offset != "1000":
        failures.append(f"the upload stands at {offset}")
    expect("last piece", 204, call("PATCH", where, data[1000:], {**piece, "Upload-Offset": "1000"}))
    until(base, f"/{large}", sender, "Published")


def main():
    parser = argparse.ArgumentParser()
    for name in ("standin", "reference", "peers"):
        parser.add_argument("--" + name, required=True)
    options = parser.parse_args()
    official = os.path.join(options.reference, "altinn-broker-v1.openapi31.json")
    derived = os.path.join(options.reference, "altinn-broker-v1.derived.openapi.json")
    need(official, derived, options.standin)
    with tempfile.TemporaryDirectory() as state:
        corrected = os.path.join(state, "official.json")
        with open(official, encoding="utf-8-sig") as file, open(corrected, "w", encoding="utf-8") as out:
            json.dump(correct(json.load(file)), out)
        standin = subprocess.Popen([options.standin, "--port", "0", "--control-port", "0", "--state", os.path.join(state, "broker"),
                                    "--time-scale", "1000", "--searches-per-minute", "0", "--calls-per-minute", "0"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = json.loads(standin.stdout.readline())
        try:
            for document, tus in ((corrected, False), (derived, True)):
                proxy = Proxy(options.peers, document, line["url"])
                try:
                    def token(organisation):
                        answer = call("POST", line["control"] + "/control/token", {"organisation": organisation})
                        return {"Authorization": "Bearer " + json.loads(answer[1])["token"]}

                    drive(proxy.url + BASE, token(SENDER), token(RECIPIENT), tus)
                finally:
                    proxy.end()
        finally:
            standin.stdin.close()
            standin.wait()
    verdict()


main()
