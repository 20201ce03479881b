#!/usr/bin/env python3
"""Makes what the gateway serves about itself, at build time, from schemas/.

    make_docs.py <schemas folder> <output folder>

Writes openapi.yaml and openapi.json (one document each: the message schemas are taken in) and docs.html (one page, no
other host, readable without JavaScript). Needs python3-yaml. The same input gives the same bytes.
"""

import base64
import copy
import hashlib
import html
import json
import pathlib
import re
import sys

import yaml

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
METHODS = ("get", "put", "post", "patch", "delete")


def escape(text):
    return html.escape(str(text), quote=True)


def say(nb, nn, en, tag="span"):
    """The same words in three languages; the style sheet shows one of them."""
    return "".join(f'<{tag} lang="{code}" data-l="{code}">{text}</{tag}>' for code, text in (("nb", nb), ("nn", nn), ("en", en)))


def word(text):
    """A name as code that may break after a dot, a dash or an underscore, not in the middle of a word."""
    return "<code>" + re.sub(r"([._-])", r"\1<wbr>", escape(text)) + "</code>"


def inline(text):
    out = []
    for index, piece in enumerate(re.split(r"`([^`]+)`", text)):
        if index % 2:
            out.append(f"<code>{escape(piece)}</code>")
        else:
            out.append(re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(piece)))
    return "".join(out)


def prose(text):
    """Paragraphs and flat lists of the Markdown we write in descriptions."""
    out = []
    for block in re.split(r"\n\s*\n", (text or "").strip()):
        if block.startswith("- "):
            items = re.split(r"\n(?=- )", block)
            out.append("<ul>" + "".join(f"<li>{inline(' '.join(item[2:].split()))}</li>" for item in items) + "</ul>")
        elif block:
            out.append(f"<p>{inline(' '.join(block.split()))}</p>")
    return "".join(out)


# --- one document ----------------------------------------------------------------------------------------------------

def rewrite(node, change):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                node[key] = change(value)
            else:
                rewrite(value, change)
    elif isinstance(node, list):
        for value in node:
            rewrite(value, change)


def bundle(folder):
    """openapi.yaml with each message schema as a component, its definitions beside it as <Name>_<definition>."""
    document = copy.deepcopy(yaml.safe_load((folder / "openapi.yaml").read_text(encoding="utf-8")))   # also breaks YAML anchors
    document = json.loads(json.dumps(document))
    components = document["components"]["schemas"]
    taken = {}

    def take(reference):
        if reference.startswith("#"):
            return reference
        if reference not in taken:
            schema = json.loads((folder / reference).read_text(encoding="utf-8"))
            name = "".join(word.capitalize() for word in schema["title"].split("/"))
            taken[reference] = f"#/components/schemas/{name}"
            definitions = schema.pop("definitions", {})
            for key in ("$schema", "$id", "$comment"):
                schema.pop(key, None)
            inside = lambda ref: ref.replace("#/definitions/", f"#/components/schemas/{name}_")
            rewrite(schema, inside)
            rewrite(definitions, inside)
            added[name] = schema
            added.update({f"{name}_{key}": value for key, value in definitions.items()})
        return taken[reference]

    added = {}
    rewrite(document, take)
    components.update(added)
    return document


# --- the page --------------------------------------------------------------------------------------------------------

class Page:
    def __init__(self, document, texts, codes):
        self.document, self.texts, self.codes = document, texts, codes

    def resolve(self, node):
        seen = {}
        while "$ref" in node:
            beside = {key: value for key, value in node.items() if key != "$ref"}
            seen = {**beside, **seen}
            target = self.document
            for key in node["$ref"][2:].split("/"):
                target = target[key.replace("~1", "/").replace("~0", "~")]
            node = target
        return {**node, **seen}

    def name_of(self, node):
        """The component a reference ends at."""
        name = None
        while "$ref" in node:
            name = node["$ref"].rsplit("/", 1)[1]
            node = self.document["components"]["schemas"][name]
        return name

    def kind(self, node):
        """A type in a few words, with a link where it is an object of its own."""
        name = self.name_of(node)
        full = self.resolve(node)
        if name and (full.get("properties") or full.get("enum")):
            return f'<a href="#schema-{escape(name)}">{escape(name)}</a>'
        if "const" in full:
            return f"<code>{escape(json.dumps(full['const'], ensure_ascii=False))}</code>"
        if "enum" in full:
            return " | ".join(f"<code>{escape(value)}</code>" for value in full["enum"])
        kind = full.get("type", "any")
        if kind == "array":
            return "list of " + self.kind(full.get("items", {}))
        if name:
            return escape(f"{kind} ({name.rsplit('_', 1)[-1]})")
        return escape(kind)

    @staticmethod
    def limits(full):
        words = []
        for key, text in (("minLength", "at least {} characters"), ("maxLength", "at most {} characters"), ("minimum", "from {}"),
                          ("maximum", "up to {}"), ("minItems", "at least {} items"), ("maxItems", "at most {} items"),
                          ("maxProperties", "at most {} members"), ("pattern", "form `{}`"), ("default", "default `{}`")):
            if key in full and not (key in ("minLength", "minimum") and full[key] in (0, 1)):
                value = full[key]
                words.append(inline(text.format(json.dumps(value) if isinstance(value, bool) else value)))
        return "; ".join(words)

    def members(self, schema, caption):
        rows = []
        required = schema.get("required", [])
        for name, node in schema.get("properties", {}).items():
            full = self.resolve(node)
            must = ' <span class="must">required</span>' if name in required else ""
            about = " ".join(filter(None, (inline(full.get("description", "")), f'<span class="quiet">{self.limits(full)}</span>' if self.limits(full) else "")))
            inner = ""
            if full.get("properties") and not self.name_of(node):
                inner = f"<details><summary>Members of <code>{escape(name)}</code></summary>{self.members(full, name)}</details>"
            item = self.resolve(full.get("items", {})) if full.get("type") == "array" else {}
            if item.get("properties") and not self.name_of(full["items"]):
                inner = f"<details><summary>Members of each <code>{escape(name)}</code></summary>{self.members(item, name)}</details>"
            rows.append(f'<tr><th scope="row">{word(name)}{must}</th><td>{self.kind(node)}</td><td>{about}{inner}</td></tr>')
        choice = [option["required"][0] for option in schema.get("oneOf", []) if len(option.get("required", [])) == 1]
        any_of = [option["required"][0] for option in schema.get("anyOf", []) if len(option.get("required", [])) == 1]
        note = "<p>Exactly one of " + ", ".join(f"<code>{escape(name)}</code>" for name in choice) + ".</p>" if choice else ""
        note += "<p>At least one of " + ", ".join(f"<code>{escape(name)}</code>" for name in any_of) + ".</p>" if any_of else ""
        return (f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(caption)}"><table><caption class="quiet">{escape(caption)}</caption>'
                '<thead><tr><th scope="col">Member</th><th scope="col">Type</th><th scope="col">What</th></tr></thead>'
                f'<tbody>{"".join(rows)}</tbody></table></div>{note}')

    @staticmethod
    def example(value, media):
        if media == "multipart/form-data" or not isinstance(value, str):
            value = json.dumps(value, indent=2, ensure_ascii=False)
        return f"<pre tabindex=\"0\"><code>{escape(value)}</code></pre>"

    def bodies(self, content):
        out = []
        for media, spec in content.items():
            schema = spec.get("schema", {})
            out.append(f"<p><code>{escape(media)}</code> {self.kind(schema)}</p>")
            shown = [("Example", spec["example"])] if "example" in spec else [(e.get("summary", k), e["value"]) for k, e in spec.get("examples", {}).items()]
            for title, value in shown:
                out.append(f"<details><summary>{escape(title)}</summary>{self.example(value, media)}</details>")
        return "".join(out)

    def operation(self, path, method, spec):
        out = [f'<section aria-labelledby="op-{spec["operationId"]}"><h3 id="op-{spec["operationId"]}">{escape(spec["summary"])}</h3>',
               f'<p class="path"><span class="method {method.upper()}">{method.upper()}</span> <code>{escape(path)}</code></p>', prose(spec.get("description"))]
        for sample in spec.get("x-codeSamples", []):
            out.append(f'<pre tabindex="0"><code>{escape(sample["source"].rstrip())}</code></pre>')
        parameters = [self.resolve(p) for p in spec.get("parameters", [])]
        if parameters:
            rows = "".join(
                f'<tr><th scope="row">{word(p["name"])}{" <span class=must>required</span>" if p.get("required") else ""}</th>'
                f'<td>{escape(p["in"])}</td><td>{inline(p.get("description", ""))} <span class="quiet">{self.limits(self.resolve(p["schema"]))}</span></td></tr>'
                for p in parameters)
            out.append('<h4>Parameters</h4><div class="scroll" tabindex="0" role="group" aria-label="Parameters"><table><thead><tr><th scope="col">Name</th>'
                       f'<th scope="col">In</th><th scope="col">What</th></tr></thead><tbody>{rows}</tbody></table></div>')
        if "requestBody" in spec:
            out.append("<h4>Body</h4>" + self.bodies(spec["requestBody"]["content"]))
        out.append('<h4>Answers</h4><div class="scroll" tabindex="0" role="group" aria-label="Answers"><table><thead><tr><th scope="col">Status</th>'
                   '<th scope="col">When</th></tr></thead><tbody>')
        for status, answer in spec["responses"].items():
            answer = self.resolve(answer)
            body = "" if status >= "400" and not any("example" in c for c in answer.get("content", {}).values()) else self.bodies(answer.get("content", {}))
            headers = ", ".join(f"<code>{escape(name)}</code>" for name in answer.get("headers", {}) if name != "traceparent")
            headers = f'<p class="quiet">Headers: {headers}</p>' if headers else ""
            out.append(f'<tr><th scope="row"><code>{status}</code></th><td>{inline(answer["description"])}{headers}{body}</td></tr>')
        out.append("</tbody></table></div></section>")
        return "".join(out)

    def operations(self):
        nav, main = [], []
        for tag in self.document["tags"]:
            found = [(path, method, spec) for path, methods in self.document["paths"].items()
                     for method, spec in methods.items() if method in METHODS and tag["name"] in spec["tags"]]
            main.append(f'<h2 id="tag-{escape(tag["name"])}">{escape(tag["name"].capitalize())}</h2>{prose(tag["description"])}')
            nav.append(f'<h2>{escape(tag["name"].capitalize())}</h2><ul>')
            for path, method, spec in found:
                nav.append(f'<li><a href="#op-{spec["operationId"]}">{escape(spec["summary"])}</a></li>')
                main.append(self.operation(path, method, spec))
            nav.append("</ul>")
        return "".join(nav), "".join(main)

    def schemas(self):
        out = []
        for name, schema in self.document["components"]["schemas"].items():
            full = self.resolve(schema)
            if "$ref" in schema:
                continue
            if not full.get("properties") and not full.get("enum"):
                continue
            body = self.members(full, name) if full.get("properties") else "<p>" + ", ".join(f"<code>{escape(v)}</code>" for v in full["enum"]) + "</p>"
            out.append(f'<section aria-labelledby="schema-{escape(name)}"><h3 id="schema-{escape(name)}">{escape(name)}</h3>{prose(full.get("description"))}{body}</section>')
        return "".join(out)

    def code_rows(self, names, with_status):
        rows = []
        for code in names:
            facts = self.codes[code]
            status = f'<td>{facts["status"]}</td>' if with_status else ""
            texts = []
            for language in LANGUAGES:
                text = {key: re.sub(r"\{(\w+)\}", r"<var>\1</var>", escape(value)) for key, value in self.texts[language][code].items()}
                texts.append(f'<div lang="{language}" data-l="{language}"><b>{text["title"]}</b><span>{text["detail"]}</span><span class="quiet">{text["action"]}</span></div>')
            rows.append(f'<tr data-code id="code-{escape(code)}"><th scope="row">{word(code)}</th>{status}'
                        f'<td>{facts["owner"]}</td><td class="texts">{"".join(texts)}</td></tr>')
        return "".join(rows)

    def code_tables(self):
        answers = [code for code, facts in self.codes.items() if "status" in facts]
        others = [code for code, facts in self.codes.items() if "status" not in facts]
        out = []
        for names, title, with_status in ((answers, say("Koder i svar", "Kodar i svar", "Codes in answers"), True),
                                          (others, say("Koder på tidslinjen", "Kodar på tidslinja", "Codes on the timeline"), False)):
            columns = ["Code"] + (["HTTP"] if with_status else []) + ["Owner", say("Tekst", "Tekst", "Text")]
            head = "".join(f'<th scope="col">{column}</th>' for column in columns)
            out.append(f'<h3>{title}</h3><div class="scroll" tabindex="0" role="group" aria-label="Codes"><table><thead><tr>{head}</tr></thead>'
                       f"<tbody>{self.code_rows(names, with_status)}</tbody></table></div>")
        return "".join(out)

    def render(self, folder):
        style = (folder / "page.css").read_text(encoding="utf-8")
        script = (folder / "page.js").read_text(encoding="utf-8")
        digest = lambda text: "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
        guides = "".join(f'<div lang="{code}" data-l="{code}">{(folder / f"guide.{code}.html").read_text(encoding="utf-8")}</div>' for code in LANGUAGES)
        switch = "".join(f'<label lang="{code}"><input type="radio" name="language" id="show-{code}" value="{code}"{" checked" if code == "nb" else ""}> {name}</label>'
                         for code, name in LANGUAGES.items())
        nav, operations = self.operations()
        info = self.document["info"]
        policy = f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; base-uri 'none'; form-action 'none'"
        start = say("Kom i gang", "Kom i gang", "Getting started")
        codes = say("Feilkoder og hendelser", "Feilkodar og hendingar", "Error codes and events")
        objects = say("Objekter", "Objekt", "Objects")
        find = say("Finn en kode", "Finn ein kode", "Find a code")
        return f"""<!doctype html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sluse – API</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">{say("Hopp til innholdet", "Hopp til innhaldet", "Skip to the content")}</a>
<header>
<h1>{escape(info["title"])} API <small>{escape(info["version"])}</small></h1>
<p>{say("Ett API fra fagsystemene til fellesløsningene.", "Eitt API frå fagsystema til fellesløysingane.", escape(info["summary"]))}</p>
<fieldset><legend>Språk / Language</legend>{switch}</fieldset>
</header>
<div class="page">
<nav aria-label="Innhold / Contents">
<h2>{say("Veiledning", "Rettleiing", "Guide")}</h2>
<ul><li><a href="#start">{start}</a></li><li><a href="#about">{say("Felles for alle kall", "Felles for alle kall", "Common to all calls")}</a></li></ul>
<div lang="en">{nav}</div>
<h2>{say("Oppslag", "Oppslag", "Reference")}</h2>
<ul><li><a href="#objects">{objects}</a></li><li><a href="#codes">{codes}</a></li><li><a href="/openapi.yaml">openapi.yaml</a></li></ul>
</nav>
<main id="main" tabindex="-1">
<div id="start">{guides}</div>
<section lang="en" aria-labelledby="about"><h2 id="about">Common to all calls</h2>{prose(info["description"])}
<p><strong>Authentication:</strong> <code>Authorization: Bearer</code> with {inline(self.document["components"]["securitySchemes"]["key"]["description"])}</p></section>
<div lang="en">{operations}</div>
<h2 id="objects">{objects}</h2>
<div lang="en">{self.schemas()}</div>
<h2 id="codes">{codes}</h2>
<p class="find" hidden><label for="find-code">{find}</label> <input type="search" id="find-code" autocomplete="off"> <span id="find-count" role="status"></span></p>
{self.code_tables()}
</main>
</div>
<footer><p>{say("Siden er laget av samme beskrivelse som testene bruker, og henter ingenting fra andre.", "Sida er laga av same omtale som testane bruker, og hentar ingenting frå andre.", "This page is made from the description the tests use, and fetches nothing from elsewhere.")}</p></footer>
<script>{script}</script>
</body>
</html>
"""


def main():
    schemas, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    load = lambda name: json.loads((schemas / "texts" / name).read_text(encoding="utf-8"))
    document = bundle(schemas)
    page = Page(document, {code: load(f"{code}.json") for code in LANGUAGES}, load("codes.json"))
    out.mkdir(parents=True, exist_ok=True)
    write = lambda name, text: (out / name).write_text(text, encoding="utf-8")
    write("openapi.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    write("openapi.yaml", yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110))
    write("docs.html", page.render(schemas / "docs"))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main()
