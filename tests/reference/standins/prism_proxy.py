"""A stand-in behind Prism as a validating proxy, and the calls that go through it: what the tests of Prism share."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

failures = []


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def call(method, url, body=None, headers=None):
    headers = dict(headers or {})
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def expect(what, status, answer):
    """The answer's JSON, or its bytes; a failure when the status is another or Prism saw a violation."""
    got, body, headers = answer
    violated = b"stoplight.io/prism/errors" in body or any(n.lower() == "sl-violations" for n in headers)
    if got != status or violated:
        failures.append(f"{what}: {got} instead of {status}: {body[:600].decode('utf-8', 'replace')}")
    return json.loads(body) if body[:1] in (b"{", b"[") else body


def need(*paths):
    for path in paths:
        if not os.path.exists(path):
            sys.exit(f"{path} is missing (peers: run `npm ci` in tests/node)")


class Proxy:
    """`prism proxy --errors`; `url` is where it listens. `modules` is node_modules of tests/node."""

    def __init__(self, modules, document, upstream):
        prism = os.path.join(modules, ".bin", "prism")
        node = os.path.join(modules, ".bin", "node")
        need(prism, node, document)
        port = free_port()
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([node, os.path.realpath(prism), "proxy", "-h", "127.0.0.1", "-p", str(port), "--errors",
                                         document, upstream], stdout=self.log, stderr=self.log)
        self.url = f"http://127.0.0.1:{port}"
        self._wait_for(port)

    def _wait_for(self, port):
        for _ in range(1800):
            if self.process.poll() is not None:
                sys.exit("prism ended by itself")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        sys.exit("prism did not come up")

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def verdict(also_good=True):
    for failure in failures:
        print(failure)
    print(f"{len(failures)} violations")
    sys.exit(0 if also_good and not failures else 1)
