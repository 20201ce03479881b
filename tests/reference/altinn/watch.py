"""What the tests with Prism before a stand-in share: the program calls Watch, which lets Prism judge what a document describes.

    program -> Watch -> Prism (what `judge` was told of) -> stand-in
                     -> stand-in (the rest)
"""

import collections
import contextlib
import http.client
import http.server
import os
import pathlib
import subprocess
import sys
import threading
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))
from harness import free_port, SLOW, SOURCE, wait_until  # noqa: E402

PEERS = SOURCE / "tests" / "node" / "node_modules"
DOCUMENTS = pathlib.Path(os.environ["SLUSE_REFERENCE_DIR"]) / "altinn"


class Watch(http.server.ThreadingHTTPServer):
    """Carries each call on to Prism or to the stand-in, and keeps what it saw."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Passing)
        self.standin = None
        self.judges = []                        # (path prefix, Prism's address)
        self.exempt = ()                        # paths that no document can describe
        self.calls = collections.Counter()      # (method, kind)
        self.asked = collections.Counter()      # (method, path) of judged calls
        self.violations = []
        self.forms = []                         # (content type, body) of each multipart call
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def judge_of(self, path):
        """Prism's address for a call; None for one that goes to the stand-in unjudged."""
        if path in self.exempt:
            return None
        return next((address for prefix, address in self.judges if path.startswith(prefix)), None)


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urllib.parse.urlsplit(self.path).path
        judge = self.server.judge_of(path)
        kind = self.headers.get("Content-Type", "none").split(";")[0]
        if kind == "multipart/form-data":
            self.server.forms.append((self.headers["Content-Type"], body))
        if judge:       # also when its answer is lost on the way back
            self.server.asked[(self.command, path)] += 1
        target = urllib.parse.urlsplit(judge or self.server.standin)
        onward = http.client.HTTPConnection(target.hostname, target.port, timeout=120)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        onward.request(self.command, self.path, body=body or None, headers=headers)
        answer = onward.getresponse()
        data = answer.read()
        if judge:
            self.server.calls[(self.command, kind)] += 1
            if b"stoplight.io/prism/errors" in data or answer.getheader("sl-violations"):
                self.server.violations.append((self.command, self.path, answer.status, answer.getheader("sl-violations"),
                                               data[:1000], body[:1000] if kind == "application/json" else len(body)))
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", answer.getheader("Content-Length", "0") if self.command == "HEAD" else str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        onward.close()

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = pass_on

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def prism(folder, document, upstream):
    """`prism proxy --errors` by a document; its address."""
    port = free_port()
    words = folder / f"prism-{port}.log"
    with open(words, "wb") as log:
        process = subprocess.Popen([PEERS / ".bin" / "node", (PEERS / ".bin" / "prism").resolve(), "proxy", "-h", "127.0.0.1", "-p",
                                    str(port), "--errors", document, upstream], stdout=log, stderr=log)
    try:
        wait_until(lambda: b"listening" in words.read_bytes(), SLOW, lambda: words.read_text(errors="replace"))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def watching(test):
    """A Watch that has seen no violation when the test is through."""
    watch = Watch()
    try:
        yield watch
    finally:
        watch.shutdown()
        watch.server_close()
    test.assertEqual([], watch.violations)
    print(dict(watch.calls), flush=True)
