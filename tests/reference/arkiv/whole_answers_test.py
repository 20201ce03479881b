"""Answers of an archive with everything in them that the official XML Schemas allow, made from those schemas.

    whole_answers_test.py <read_archive_answers> <fiks-arkiv-v1> <schemas/messages>

Each optional element stands there, each choice is taken in turn, each repeated element stands twice. xmllint judges what is made;
the adapter must read all of it under names of its own, nothing under `more`, and what it makes of it must hold by
archiveanswer/v1.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

XS = "{http://www.w3.org/2001/XMLSchema}"
READER, FOLDER, MESSAGES = (pathlib.Path(argument) for argument in sys.argv[1:4])
DEPTH_MAX = 14

# Answer type -> its schema and root element.
ANSWERS = {
    "arkivering.arkivmelding.opprett.kvittering": ("arkivmeldingKvittering", 0),
    "arkivering.dokumentobjekt.opprett.kvittering": ("dokumentobjektOpprettKvittering", 0),
    "innsyn.mappe.hent.resultat": ("mappeHentResultat", 0),
    "innsyn.registrering.hent.resultat": ("registreringHentResultat", 0),
    "innsyn.sok.resultat.utvidet": ("sokeresultat", 0),
    "innsyn.sok.resultat.minimum": ("sokeresultatMinimum", 0),
    "innsyn.sok.resultat.noekler": ("sokeresultatNoekler", 0),
    "feilmelding.ugyldigforespoersel": ("ugyldigforespoersel", 0),
    "feilmelding.serverfeil": ("serverfeil", 0),
    "feilmelding.ikkefunnet": ("ikkefunnet", 0),
}
# Elements that hold themselves again: not entered a second time.
RECURSIVE = {"mappe", "registrering"}
TEXTS = {"string": "Tekst & <mer>", "int": "17", "boolean": "true", "date": "2026-01-06", "dateTime": "2026-01-06T12:31:02+01:00",
         "double": "61.25", "anyType": None}


class Schemas:
    """All types of the folder, by namespace and name."""

    def __init__(self):
        self.types, self.elements, self.prefixes = {}, {}, {}
        for path in FOLDER.glob("*.xsd"):
            prefixes = dict(event[1] for event in ElementTree.iterparse(path, events=["start-ns"]))
            root = ElementTree.parse(path).getroot()
            space = root.get("targetNamespace")
            for node in root:
                if node.get("name"):
                    kind = self.elements if node.tag == XS + "element" else self.types
                    kind[(space, node.get("name"))] = node
                for inner in node.iter():
                    self.prefixes[id(inner)] = (prefixes, space, inner)

    def resolve(self, node, name):
        prefixes, space, _ = self.prefixes[id(node)]
        prefix, _, local = name.rpartition(":")
        return prefixes.get(prefix, space), local


class Maker:
    """One instance of an element; `turn` says which alternative of each choice is taken."""

    def __init__(self, schemas, turn):
        self.schemas, self.turn = schemas, turn
        self.choices = 1

    def element(self, space, name, kind, open_names=()):
        inner = self.content(kind, open_names + (name,))
        return f'<x:{name} xmlns:x="{space}">{inner}</x:{name}>'

    def content(self, kind, open_names):
        space, name = kind
        if space.endswith("XMLSchema"):
            return "<eget><felt>verdi</felt></eget>" if name == "anyType" else escape(TEXTS[name])
        return self.members(self.schemas.types[kind], open_names)

    def members(self, node, open_names):
        if node.tag == XS + "simpleType" or node.tag == XS + "simpleContent":
            return self.simple(node)
        return "".join(self.particle(child, open_names) for child in node)

    def simple(self, node):
        values = [one.get("value") for one in node.iter(XS + "enumeration")]
        if values:
            return values[self.turn % len(values)]
        for pattern in node.iter(XS + "pattern"):
            return "NO" if pattern.get("value") == "[A-Z]{2}" else "2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e"
        for one in node.iter():
            if one.get("base"):
                base = self.schemas.resolve(one, one.get("base"))
                if base[0].endswith("XMLSchema"):
                    return escape(TEXTS[base[1]])
                return self.simple(self.schemas.types[base])
        raise ValueError(ElementTree.tostring(node))

    def particle(self, node, open_names):
        if node.tag in (XS + "annotation", XS + "attribute"):
            return ""
        if node.tag == XS + "extension":
            base = self.schemas.types[self.schemas.resolve(node, node.get("base"))]
            return self.members(base, open_names) + self.members(node, open_names)
        if node.tag == XS + "choice":
            self.choices = max(self.choices, len(node))
            return self.particle(node[self.turn % len(node)], open_names)
        if node.tag != XS + "element":
            return self.members(node, open_names)
        name = node.get("name")
        if len(open_names) > DEPTH_MAX or (name in RECURSIVE and name in open_names):
            return ""
        _, space, _ = self.schemas.prefixes[id(node)]
        made = self.element(space, name, self.schemas.resolve(node, node.get("type")), open_names)
        return made * (1 if node.get("maxOccurs", "1") == "1" else 2)


def more_of(value, path=""):
    """Every `more`, with where it is."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "more":
                yield path, inner
            else:
                yield from more_of(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from more_of(inner, f"{path}/{index}")


class WholeAnswers(unittest.TestCase):
    def setUp(self):
        self.schemas = Schemas()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def make(self, kind, root):
        """Paths of instances in which every choice is taken once."""
        space, name = next(key for key in self.schemas.elements if key[1] == root)
        declared = self.schemas.resolve(self.schemas.elements[(space, name)], self.schemas.elements[(space, name)].get("type"))
        turn, turns, paths = 0, 1, []
        while turn < turns:
            maker = Maker(self.schemas, turn)
            path = self.folder / f"{kind}.{turn}.xml"
            path.write_text('<?xml version="1.0" encoding="UTF-8"?>\n' + maker.element(space, name, declared), encoding="utf-8")
            paths.append(path)
            turns = max(turns, maker.choices)
            turn += 1
        return paths

    def read(self, lines):
        done = subprocess.run([READER, MESSAGES / "archiveanswer" / "v1.schema.json"], input="\n".join(lines) + "\n", text=True,
                              capture_output=True, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def test_whatever_the_schemas_allow_is_valid_and_read_without_loss(self):
        lines = []
        for kind, (root, _) in ANSWERS.items():
            paths = self.make(kind, root)
            schema = FOLDER / f"no.ks.fiks.arkiv.v1.{kind}.xsd"
            judged = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", schema, *paths], text=True, capture_output=True,
                                    check=False)
            self.assertEqual(0, judged.returncode, judged.stderr)
            lines += [f"no.ks.fiks.arkiv.v1.{kind}\t{path}" for path in paths]
        self.assertGreater(len(lines), 25)
        standings = set()
        for line, (standing, content, faults) in zip(lines, self.read(lines)):
            with self.subTest(line):
                self.assertEqual("", faults)
                value = json.loads(content)
                self.assertEqual([], list(more_of(value)), content)
                standings.add(value["outcome"])
        self.assertEqual({"done", "failed"}, standings)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
