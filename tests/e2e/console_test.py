"""The console: what the browser is served, who gets in, what each role may call, and how the pages look and behave in
Debian's Chromium - by the keyboard alone, in three languages and both themes, with hostile text in every field of a message.
The real operators' API over a store in memory (console_world.cpp); `oathtool` makes the one-time codes, axe-core judges the
pages. `console_test.py pictures` writes gateway/console/pictures."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import yaml

from harness import SOURCE, TENANT, ask

NODE = SOURCE / "tests/node/node_modules/.bin/node"
SCRIPT = SOURCE / "tests/node/console.mjs"
WORLD = os.environ.get("SLUSE_CONSOLE_WORLD", SOURCE / "build/dev/tests/e2e/console_world")
SCRIPT_BYTES_MAX = 120 * 1024
FAILING = 24
PAGES = dict(re.findall(r"id: '(\w+)', call: '([^']+)'", (SOURCE / "gateway/console/source/pages.ts").read_text()))
ORDINARY = ["Varsel om tilsyn", "Svar på søknad om barnehageplass", "Vedtak om byggetillatelse", "Innkalling til møte"]
EVIL = ["<img src=x onerror=window.__alive=1>", "<script>window.__alive=1</script>", "\"><svg onload=window.__alive=1>",
        "javascript:window.__alive=1", "<a href=javascript:window.__alive=1>x</a>", "{{constructor.constructor('window.__alive=1')()}}",
        "</title><iframe srcdoc='<script>parent.__alive=1</script>'>", "<details open ontoggle=window.__alive=1>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=window.__alive=1>", "<body onload=window.__alive=1>"]
AROUND = [("", ""), ("'", "'"), ("\"", "\""), ("`", "`"), ("</td>", "<td>"), ("<!--", "-->"), ("<![CDATA[", "]]>"), ("&lt;", "&gt;"),
          ("\u202e", "\u202c"), ("<noscript>", "</noscript>"), ("<textarea>", "</textarea>"), ("<style>", "</style>"), ("]}", "{["),
          ("%3Cscript%3E", "%00"), ("<svg><script>", "</script></svg>"), ("<select>", "</select>"), ("<xmp>", "</xmp>"),
          ("<title>", "</title>"), ("<b ", ">"), ("\\u003c", "\\u003e")]
PAYLOADS = [before + evil + after for evil in EVIL for before, after in AROUND]


def totp(secret):
    return subprocess.run(["oathtool", "--totp", "-b", secret], capture_output=True, text=True, check=True).stdout.strip()


class Console:
    """The operators' API over a store in memory, with these accounts and a message for each text."""

    def __init__(self, accounts=(), texts=(), failing=0):
        self.asked = {"accounts": [dict(zip(("name", "role", "tenant"), one)) for one in accounts], "texts": list(texts), "failing": failing}

    def __enter__(self):
        self.process = subprocess.Popen([WORLD, "console: a world to look at serves until it is killed"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdin.write(json.dumps(self.asked).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        while line and not line.startswith(b"{"):       # Catch's own words
            line = self.process.stdout.readline()
        facts = json.loads(line)
        self.url, self.messages = facts["url"], facts["messages"]
        self.accounts = {made["name"]: made for made in facts["accounts"]}
        return self

    def __exit__(self, kind, value, trace):
        self.process.kill()
        self.process.wait(30)
        self.process.stdin.close()
        self.process.stdout.close()

    def sign_in(self, name):
        """Headers of a signed-in browser."""
        made = self.accounts[name]
        body = {"name": name, "password": made["password"], "code": totp(made["totpSecret"])}
        status, headers, answer = self.admin("POST", "/admin/v1/session", body)
        assert status == 201, (status, answer)
        cookie = headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie
        return {"Cookie": cookie.split(";")[0], "X-CSRF-Token": json.loads(answer)["csrf"]}

    def admin(self, method, path, body=None, headers=None):
        data = None if body is None else json.dumps(body).encode()
        more = {"Content-Type": "application/json"} if body is not None else {}
        return ask(self.url, method, path, data, {**more, **(headers or {})})


def concrete(path):
    one = "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21"
    words = {"{version}": "1", "{id}": one, "{sha256}": "0" * 64, "{connection}": "altinn-test", "{name}": "ingen", "{change}": "apply"}
    for word, instead in words.items():
        path = path.replace(word, instead)
    return path.replace("{act}", "renew" if "/accounts/" in path else "hold")


class Files(unittest.TestCase):
    def test_files_are_small_compressed_kept_for_ever_and_bound_to_this_program(self):
        with Console() as world:
            status, headers, page = world.admin("GET", "/console/")
            self.assertEqual(200, status)
            self.assertEqual("no-cache", headers["Cache-Control"])
            policy = headers["Content-Security-Policy"]
            for words in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'none'"):
                self.assertIn(words, policy)
            self.assertNotIn("unsafe", policy)
            self.assertNotRegex(page.decode(), r"<script(?![^>]*src)|<style| style=| on\w+=")
            total = 0
            for name in re.findall(r'(?:src|href)="(/console/[^"]+)"', page.decode()):
                status, headers, packed = world.admin("GET", name, headers={"Accept-Encoding": "gzip"})
                self.assertEqual((200, "gzip"), (status, headers["Content-Encoding"]), name)
                self.assertIn("immutable", headers["Cache-Control"])
                self.assertEqual(304, world.admin("GET", name, headers={"If-None-Match": headers["ETag"]})[0])
                text = gzip.decompress(packed).decode()
                self.assertEqual(set(), set(re.findall(r"https?://[\w.-]+", text)) - {"http://www.w3.org"}, name)
                total += len(packed) if name.endswith(".js") else 0
            self.assertGreater(total, 1000)
            self.assertLessEqual(total, SCRIPT_BYTES_MAX)
            print(f"JavaScript: {total} bytes compressed")

    def test_the_languages_have_the_same_texts(self):
        texts = [json.loads((SOURCE / f"gateway/console/texts/{one}.json").read_text()) for one in ("nb", "nn", "en")]
        for other in texts[1:]:
            self.assertEqual(list(texts[0]), list(other))
            for key, text in other.items():
                self.assertEqual(sorted(re.findall(r"\{\w+\}", texts[0][key])), sorted(re.findall(r"\{\w+\}", text)), key)


class Roles(unittest.TestCase):
    def test_each_role_may_make_the_calls_it_is_given_and_no_other(self):
        access = json.loads((SOURCE / "schemas/admin-access.json").read_text())
        given = {rule["call"]: rule for rule in access["calls"]}
        paths = yaml.safe_load((SOURCE / "schemas/admin-openapi.yaml").read_text())["paths"]
        calls = [f"{method.upper()} {path.removeprefix('/admin/v1/')}" for path, item in paths.items() if path.startswith("/admin/v1/")
                 and path != "/admin/v1/session" for method in item if method in ("get", "post", "put", "delete")]
        self.assertLessEqual(set(given), set(calls))
        people = {(role, where): role.replace("_", "-") + (".alle" if where == "*" else "") for role in access["roles"]
                  for where in (TENANT, "*")}
        with Console([(name, role, where) for (role, where), name in people.items()]) as world:
            for role in access["roles"]:
                for where in (TENANT, "*"):
                    headers = world.sign_in(people[role, where])
                    for call in calls:
                        method, path = call.split(" ")
                        rule = given.get(call)
                        may = rule is not None and role in rule["roles"] and (where == "*" or rule["scope"] != "installation")
                        target = "/admin/v1/" + concrete(path) + (f"?tenant={TENANT}" if rule and rule["scope"] == "named" else "")
                        status, _, answer = world.admin(method, target, {} if method == "POST" else None, headers)
                        code = json.loads(answer).get("code") if answer else None
                        self.assertEqual(not may, code == "session.not_allowed", (role, where, call, status, answer[:200]))
                        self.assertNotEqual(401, status, (role, call))


class Pages(unittest.TestCase):
    def test_pages_are_for_everybody_and_nothing_in_a_message_comes_alive(self):
        self.look()

    def look(self, pictures=None):
        roles = json.loads((SOURCE / "schemas/admin-access.json").read_text())["roles"]
        accounts = [("berit", "archivist", TENANT), ("olav", "operator", TENANT), ("anne", "administrator", "*"), ("per", "auditor", TENANT),
                    ("dina", "data_protection_officer", TENANT)]
        texts = ORDINARY if pictures else PAYLOADS
        with Console(accounts + [(role.replace("_", "-"), role, TENANT) for role in roles], texts, FAILING) as world:
            people = {name: {"name": name, "password": made["password"], "secret": made["totpSecret"]} for name, made in world.accounts.items()}
            task = {"url": world.url, "chromium": shutil.which("chromium"), "message": world.messages[-1], "pictures": pictures,
                    "account": people["berit"], "operator": people["olav"],
                    "administrator": people["anne"], "officer": people["dina"], "auditor": people["per"], "purpose": texts[0],
                    "pages": list(PAGES), "roles": {role: people[role.replace("_", "-")] for role in roles}}
            done = subprocess.run([str(NODE), str(SCRIPT)], input=json.dumps(task), capture_output=True, text=True, timeout=600)
            self.assertEqual(0, done.returncode, done.stderr)
            found = json.loads(done.stdout)
            self.assertIsNone(found.get("error"), found.get("error"))
            self.assertEqual([], found["axe"])
            self.assertEqual([], found["foreign"])
            self.assertEqual([], found["policy"])
            self.assertEqual((0, 0), (found["alerts"], found["alive"]))
            shown = {" ".join(title.split()) for title in found["steps"]["titles"]}
            self.assertEqual({" ".join(text.split()) for text in texts}, shown)
            self.assertIn("skjult", found["steps"]["closed"])
            may = {rule["call"]: rule for rule in json.loads((SOURCE / "schemas/admin-access.json").read_text())["calls"]}
            for role, menu in found["steps"]["menus"].items():
                wanted = [page for page, call in PAGES.items() if role in may[call]["roles"] and may[call]["scope"] != "installation"]
                self.assertEqual(wanted, menu, role)
            self.assertRegex(found["steps"]["key"], r"^slu_[0-9a-z]{12}_[0-9A-Za-z_-]{43}$")
            self.assertIn("8443", found["steps"]["diff"])
            self.assertNotIn("hunter2", found["steps"]["diff"])
            self.assertIn("åpnet innhold", found["steps"]["audit"])
            self.assertIn("kan ikke leses", found["steps"]["certificates"])
            self.assertIn("byggesak", found["steps"]["flow"])
            self.assertIn("account berit", found["steps"]["timeline"])
            self.assertLessEqual(found["steps"]["overflow"], 0)
            screens = [found["steps"][name] for name in ("empty", "searching", "failed", "forbidden")]
            self.assertEqual(4, len(set(screens)), screens)
            for page, screens in found["steps"]["screens"].items():
                self.assertEqual(4, len(set(screens)), (page, screens))
            self.assertIn(f"{FAILING} meldinger blir prøvd på nytt", found["steps"]["preview"])
            self.assertLessEqual(found["steps"]["clicks"], 3)
            self.assertIn(f"{FAILING} av {FAILING} sendt på nytt", found["steps"]["retried"])
            self.assertIn("Ferdig", found["steps"]["retried"])
            for words in ("i orden", "hoppet over", "Navneoppslag", "krr.example.no", "Gjør dette"):
                self.assertIn(words, found["steps"]["doctor"])
            print(f"axe-core: {found['axeRuns']} looks; first paint after {found['steps']['firstPaint']:.0f} ms")


if __name__ == "__main__":
    if sys.argv[1:] == ["pictures"]:
        folder = SOURCE / "gateway/console/pictures"
        folder.mkdir(exist_ok=True)
        Pages("look").look(str(folder))
    else:
        unittest.main()
