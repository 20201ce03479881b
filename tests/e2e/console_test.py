"""The console: what the browser is served, who gets in, what each role may call, and how the pages look and behave in
Debian's Chromium - by the keyboard alone, in three languages and both themes, with hostile text in every field of a message.
The real operators' API over a store in memory (console_world.cpp); `oathtool` makes the one-time codes, axe-core judges the
pages. `console_test.py pictures` writes gateway/console/pictures."""

import gzip
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import unittest
import urllib.parse

import yaml

from harness import SOURCE, TENANT, ask

NODE = SOURCE / "tests/node/node_modules/.bin/node"
SCRIPT = SOURCE / "tests/node/console.mjs"
WORLD = os.environ.get("SLUSE_CONSOLE_WORLD", SOURCE / "build/dev/tests/e2e/console_world")
SCRIPT_BYTES_MAX = 120 * 1024
OTHER = "310005002"     # a municipality of the same installation
FIRST_PAINT_GATE = 5000     # ms: under sanitizers, on a machine that does other things too
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


class Child:
    """A program that is spoken with by lines of JSON, and killed at the end."""

    def start(self, *command, **more):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **more)

    def say(self, what):
        self.process.stdin.write(json.dumps(what).encode() + b"\n")
        self.process.stdin.flush()

    def __exit__(self, kind, value, trace):
        self.process.kill()
        self.process.wait(30)
        self.process.stdin.close()
        self.process.stdout.close()


class Console(Child):
    """The operators' API over a store in memory, with these accounts and a message for each text."""

    def __init__(self, accounts=(), texts=(), failing=0, oidc=None):
        self.asked = {"oidc": oidc, "accounts": [dict(zip(("name", "role", "tenant", "systems"), one)) for one in accounts], "texts": list(texts), "failing": failing}

    def __enter__(self):
        self.start(WORLD, "console: a world to look at serves until it is killed")
        self.say(self.asked)
        line = self.process.stdout.readline()
        while line and not line.startswith(b"{"):       # Catch's own words
            line = self.process.stdout.readline()
        facts = json.loads(line)
        self.url, self.messages, self.resent = facts["url"], facts["messages"], facts["resent"]
        self.accounts = {made["name"]: made for made in facts["accounts"]}
        return self

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


class Provider(Child):
    """oidc-provider, who signs in whoever it is told to."""

    def __enter__(self):
        self.start(NODE, SOURCE / "tests/node/oidc_provider.mjs", stderr=subprocess.DEVNULL)
        facts = json.loads(self.process.stdout.readline())
        self.issuer, self.key, self.kid = facts["issuer"], facts["key"], facts["kid"]
        return self

    def tell(self, **what):
        self.say(what)
        assert json.loads(self.process.stdout.readline())["ready"]

    def visit(self, url, until):
        """As a browser: follows where it is sent, with its cookies, until the address begins so."""
        held = {}
        for _ in range(10):
            cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in held.items())} if held else {}
            connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)
            connection.request("GET", url.removeprefix(self.issuer), headers=cookies)
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.split(";")[0].partition("=")
                held[name] = value
            if answer.status not in (302, 303):
                return answer.status, body.decode()
            url = urllib.parse.urljoin(url, answer.headers["Location"])
            if url.startswith(until):
                return answer.status, url
        raise AssertionError("sent round and round")


def concrete(path):
    one = "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21"
    words = {"{version}": "1", "{id}": one, "{sha256}": "0" * 64, "{connection}": "altinn-test", "{name}": "ingen", "{change}": "apply",
             "{attempt}": "1"}
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

    def test_nothing_makes_markup_of_words_and_links_lead_into_the_console(self):
        for file in sorted((SOURCE / "gateway/console/source").iterdir()):
            text = file.read_text()
            self.assertNotRegex(text, r"innerHTML|outerHTML|insertAdjacentHTML|srcdoc|document[.]write|\beval\(|new Function", file.name)
            for link in re.findall(r"""\bhref=(\{?["'`][^"'`]*|\{[^}]*)""", text):
                self.assertTrue(re.match(r"""\{?["'`](#/|#content|/admin/v1/)""", link) or link == "{inside", (file.name, link))

    def test_the_languages_have_the_same_texts(self):
        texts = [json.loads((SOURCE / f"gateway/console/texts/{one}.json").read_text()) for one in ("nb", "nn", "en")]
        for other in texts[1:]:
            self.assertEqual(list(texts[0]), list(other))
            for key, text in other.items():
                self.assertEqual(sorted(re.findall(r"\{\w+\}", texts[0][key])), sorted(re.findall(r"\{\w+\}", text)), key)


class SignInAtProvider(unittest.TestCase):
    """Against oidc-provider, which takes pushed requests alone, PKCE and private_key_jwt."""

    def begin(self, world):
        status, headers, answer = world.admin("POST", "/admin/v1/session/provider")
        self.assertEqual(201, status, answer)
        return json.loads(answer)["url"], {"Cookie": headers["Set-Cookie"].split(";")[0]}

    def come_back(self, world, provider, url, cookie):
        status, back = provider.visit(url, world.url)
        self.assertIn(status, (302, 303), back)
        answer = world.admin("GET", back.removeprefix(world.url), headers=cookie)
        return back, answer

    def test_a_person_signs_in_at_an_independent_provider_and_out_again(self):
        with Provider() as provider:
            oidc = {"issuer": provider.issuer, "clientId": "sluse-console", "key": provider.key, "kid": provider.kid,
                    "acr": ["substantial", "high"], "claims": {"groups": "sluse-drift"}, "role": "operator"}
            with Console(oidc=oidc) as world:
                provider.tell(redirectUrl=world.url + "/admin/v1/session/provider/callback", signOutUrl=world.url + "/console/")
                self.assertEqual({"offered": True}, json.loads(world.admin("GET", "/admin/v1/session/provider")[2]))
                provider.tell(person="kari-pairwise", acr="high", groups=["alle", "sluse-drift"])
                url, cookie = self.begin(world)
                self.assertEqual(["client_id", "request_uri"], sorted(urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)))
                back, (status, headers, _) = self.come_back(world, provider, url, cookie)
                self.assertEqual((303, "/console/"), (status, headers["Location"]))
                session = headers["Set-Cookie"]
                self.assertRegex(session, "^sluse_session=[^;]+;.*HttpOnly; SameSite=Strict")
                signed_in = {"Cookie": session.split(";")[0]}
                view = json.loads(world.admin("GET", "/admin/v1/session", headers=signed_in)[2])
                self.assertRegex(view["name"], "^oidc:[0-9a-f]{24}$")
                self.assertEqual([{"role": "operator", "tenant": TENANT}], view["roles"])
                self.assertEqual(200, world.admin("GET", f"/admin/v1/flow?tenant={TENANT}", headers=signed_in)[0])

                again = world.admin("GET", back.removeprefix(world.url), headers=cookie)
                self.assertEqual("/console/#/provider/session.provider_state", again[1]["Location"])

                status, _, answer = world.admin("DELETE", "/admin/v1/session", headers={**signed_in, "X-CSRF-Token": view["csrf"]})
                self.assertEqual(200, status)
                status, page = provider.visit(json.loads(answer)["signOutUrl"], world.url)
                self.assertEqual(200, status, page)      # it asks whether one wants to
                self.assertEqual(401, world.admin("GET", "/admin/v1/session", headers=signed_in)[0])

                for person, reason in (({"acr": "low", "groups": ["sluse-drift"]}, "level"), ({"acr": "high", "groups": []}, "not_bound")):
                    provider.tell(person="ola-pairwise", **person)
                    _, (_, headers, _) = self.come_back(world, provider, *self.begin(world))
                    self.assertEqual(f"/console/#/provider/session.provider_{reason}", headers["Location"])
                # A code that another browser brings is of no use to it.
                url, _ = self.begin(world)
                _, (_, headers, _) = self.come_back(world, provider, url, {})
                self.assertEqual("/console/#/provider/session.provider_state", headers["Location"])


    def test_the_browser_goes_to_another_site_and_comes_back_signed_in_or_with_the_reason(self):
        with Provider() as provider:
            oidc = {"issuer": provider.issuer, "clientId": "sluse-console", "key": provider.key, "kid": provider.kid,
                    "acr": ["substantial", "high"], "claims": {"groups": "sluse-drift"}, "role": "operator"}
            with Console(oidc=oidc) as world:
                provider.tell(redirectUrl=world.url + "/admin/v1/session/provider/callback", signOutUrl=world.url + "/console/")

                def look(expects):
                    task = {"url": world.url, "chromium": shutil.which("chromium"), "provider": provider.issuer, "expects": expects}
                    done = subprocess.run([str(NODE), str(SOURCE / "tests/node/console_provider.mjs")], input=json.dumps(task),
                                          capture_output=True, text=True, timeout=120)
                    self.assertEqual(0, done.returncode, done.stderr)
                    found = json.loads(done.stdout)
                    self.assertIsNone(found.get("error"), found)
                    self.assertEqual(([], []), (found["axe"], found["policy"]))
                    return found

                provider.tell(person="kari-pairwise", acr="high", groups=["sluse-drift"])
                found = look("in")
                self.assertIn("oidc:", found["who"])
                self.assertEqual([["sluse_session", "Strict", True]], found["cookies"])
                self.assertIn("client_id=sluse-console", found["leftTo"])
                self.assertNotIn("id_token", found["leftTo"])
                provider.tell(person="kari-pairwise", acr="low", groups=["sluse-drift"])
                found = look("refused")
                self.assertIn("Innloggingen er ikke sikker nok", found["said"])
                self.assertTrue(found["focused"])
                self.assertEqual(world.url + "/console/", found["address"])


class Roles(unittest.TestCase):
    def test_the_configuration_gives_the_roles_there_are(self):
        schema = json.loads((SOURCE / "schemas/gateway.schema.json").read_text())
        account = schema["properties"]["admin"]["properties"]["oidc"]["properties"]["account"]["items"]["properties"]
        access = json.loads((SOURCE / "schemas/admin-access.json").read_text())
        self.assertEqual(access["roles"], account["roles"]["items"]["properties"]["role"]["enum"])

    def test_each_role_may_make_the_calls_it_is_given_and_no_other(self):
        access = json.loads((SOURCE / "schemas/admin-access.json").read_text())
        given = {rule["call"]: rule for rule in access["calls"]}
        paths = yaml.safe_load((SOURCE / "schemas/admin-openapi.yaml").read_text())["paths"]
        calls = [f"{method.upper()} {path.removeprefix('/admin/v1/')}" for path, item in paths.items() if path.startswith("/admin/v1/")
                 and not path.startswith("/admin/v1/session") for method in item if method in ("get", "post", "put", "delete")]
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
                        if rule and where == TENANT:
                            self.reach_no_other(world, headers, role, rule, method, "/admin/v1/" + concrete(path))

    def reach_no_other(self, world, headers, role, rule, method, target):
        """The same call about another municipality, which there is, named in the question or in the body."""
        bodies = [({} if method == "POST" else None, f"?tenant={OTHER}")]
        if method == "POST":
            bodies.append(({"tenant": OTHER}, f"?tenant={TENANT}"))
        for body, question in bodies:
            status, _, answer = world.admin(method, target + question, body, headers)
            self.assertEqual((403, "session.not_allowed"), (status, json.loads(answer).get("code")), (role, rule["call"], question, body))


class Pages(unittest.TestCase):
    def test_pages_are_for_everybody_and_nothing_in_a_message_comes_alive(self):
        self.look()

    def look(self, pictures=None):
        roles = json.loads((SOURCE / "schemas/admin-access.json").read_text())["roles"]
        accounts = [("berit", "archivist", TENANT), ("olav", "operator", TENANT), ("anne", "administrator", "*"), ("per", "auditor", TENANT),
                    ("dina", "data_protection_officer", TENANT), ("del", "system_owner", TENANT, ["byggesak"])]
        texts = ORDINARY if pictures else PAYLOADS
        with Console(accounts + [(role.replace("_", "-"), role, TENANT) for role in roles], texts, FAILING) as world:
            people = {name: {"name": name, "password": made["password"], "secret": made["totpSecret"]} for name, made in world.accounts.items()}
            task = {"url": world.url, "chromium": shutil.which("chromium"), "message": world.messages[-1], "edited": world.messages[-2], "hostile": world.messages[-3], "resent": world.resent,
                    "pictures": pictures,
                    "account": people["berit"], "operator": people["olav"],
                    "administrator": people["anne"], "officer": people["dina"], "auditor": people["per"], "purpose": texts[0],
                    "pages": list(PAGES), "texts": texts, "figures": ["accepted", "handedOver", "delivered", "failed", "received", "retried", "mended"],
                    "roles": {**{role: people[role.replace("_", "-")] for role in roles}, "part": people["del"]}}
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
            every = {" ".join(text.split()) for text in texts}
            self.assertEqual(len(texts) + 1, len(found["steps"]["documents"]))
            for shown in (found["steps"]["documents"], found["steps"]["lines"]):
                told = [" ".join(line.split()) for line in shown]
                self.assertEqual([], [text for text in every if not any(text in line for line in told)])
            may = {rule["call"]: rule for rule in json.loads((SOURCE / "schemas/admin-access.json").read_text())["calls"]}
            part = [page for page, call in PAGES.items() if "system_owner" in may[call]["roles"] and may[call].get("bySystem")]
            self.assertEqual(part, found["steps"]["menus"].pop("part"))
            self.assertEqual((["byggesak"], 0), (found["steps"]["part"], found["steps"]["partFailed"]))
            self.assertTrue(found["steps"]["ofPart"])
            for role, menu in found["steps"]["menus"].items():
                wanted = [page for page, call in PAGES.items() if role in may[call]["roles"] and may[call]["scope"] != "installation"]
                self.assertEqual(wanted, menu, role)
            self.assertRegex(found["steps"]["key"], r"^slu_[0-9a-z]{12}_[0-9A-Za-z_-]{43}$")
            self.assertIn("8443", found["steps"]["diff"])
            self.assertNotIn("hunter2", found["steps"]["diff"])
            self.assertIn("åpnet innhold", found["steps"]["audit"])
            self.assertIn("laget en bevispakke", found["steps"]["audit"])
            self.assertRegex(found["steps"]["evidence"][0], "^sluse-[0-9a-f-]{36}[.]zip$")
            self.assertEqual("PK\3\4", found["steps"]["evidence"][1])
            self.assertIn("kan ikke leses", found["steps"]["certificates"])
            self.assertIn("byggesak", found["steps"]["flow"])
            self.assertTrue(found["steps"]["drawn"])
            accepted = len(texts) + FAILING + len(world.resent)
            self.assertRegex(found["steps"]["summary"], rf"Siste 30 dager: {accepted} mottatt .* {FAILING + 1} feilet")
            self.assertRegex(found["steps"]["readout"], r"Mottatt fra fagsystem \d+, Overlevert \d+, Levert \d+, Feilet \d+$")
            self.assertIn(str(accepted), found["steps"]["history"])
            self.assertIn("Tid fra mottatt til levert", found["steps"]["benefits"])
            self.assertIn("account berit", found["steps"]["timeline"])
            for words in ("Hvem har den nå\nSluse", "Hvorfor denne veien\nFørstevalget i ruten brev", "Forsøk\n0"):
                self.assertIn(words, found["steps"]["message"])
            self.assertIn("account berit", found["steps"]["approval"])
            self.assertIn("kan sendes likevel", found["steps"]["approval"])
            self.assertIn(f"Rettet utgave av\n{world.messages[-2]}", found["steps"]["corrected"])
            passed = " ".join(found["steps"]["exchanges"].split())
            self.assertIn("Kall til fellesløsningen, forsøk 1", passed)
            self.assertEqual([], [text for text in every if text not in passed])
            self.assertEqual(0, found["steps"]["exchangesAlive"])
            self.assertEqual("off", found["steps"]["exchangesSilent"])
            self.assertRegex(found["steps"]["box"], "^Vis meldingene: byggesak, ")
            for page, drowned in found["steps"].get("drowned", {}).items():
                self.assertGreater(drowned["taught"], 0, page)
                self.assertEqual((0, 0, 0), (drowned["missing"], drowned["alive"], drowned["obeyed"]), page)
            self.assertEqual(0 if pictures else 8, len(found["steps"].get("drowned", {})))
            unsure = found["steps"]["mayHaveArrived"]
            self.assertIn("ukjent om siste forsøk nådde mottakeren", unsure["said"])
            self.assertFalse(unsure["sentUnsaid"])
            self.assertIn("Meldingen kan ha kommet fram", unsure["refused"])
            self.assertEqual(["svarut-test (brev/2)"], unsure["ways"])
            self.assertIn("mottakeren er ringt", unsure["timeline"])
            self.assertIn("har ingen postkasse", found["steps"]["resent"])
            self.assertIn("svarut-test", found["steps"]["resent"])
            for words in ("Gitt til byggesak.", "Avsluttet."):
                self.assertIn(words, found["steps"]["settled"])
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
            self.assertLess(0, found["steps"]["firstPaint"])
            self.assertLess(found["steps"]["firstPaint"], FIRST_PAINT_GATE)
            print(f"axe-core: {found['axeRuns']} looks; first paint after {found['steps']['firstPaint']:.0f} ms (goal 1000)")


if __name__ == "__main__":
    if sys.argv[1:] == ["pictures"]:
        folder = SOURCE / "gateway/console/pictures"
        folder.mkdir(exist_ok=True)
        Pages("look").look(str(folder))
        missing = [page for page in PAGES if not (folder / f"{page}.png").exists()]
        assert not missing, missing
    else:
        unittest.main()
