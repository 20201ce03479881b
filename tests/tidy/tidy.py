#!/usr/bin/env python3
"""The house style as a test: `tidy.py CHECK`, exit 0 when nothing is wrong, else one line per finding.

Run from anywhere; the tree is the one this file lies in unless --root says otherwise. Needs only Python 3.11's standard
library, and clang-format-14 for `format`.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import coroutines
import data_files
import layers
import reached
import seams
import text_rules

HERE = Path(__file__).resolve().parent
SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".cache"}
CPP = (".hpp", ".cpp")
CPP_FOLDERS = ("gateway/", "adapters/", "tests/", "bench/")
# Bytes that are somebody else's, or that a tool writes: nobody here chose their words.
NOT_OURS = ("LICENSE", "package-lock.json")
DATA_FOLDERS = ("schemas/", "config/", "adapters/", "docker/", "tests/node/")
FORMAT_BATCH = 40


class Tree:
    def __init__(self, root):
        self.root = Path(root)
        self.paths = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
            base = Path(folder).relative_to(self.root)
            self.paths += [str(base / name) for name in sorted(files)]

    def cpp(self):
        return [p for p in self.paths if p.endswith(CPP) and p.startswith(CPP_FOLDERS)]

    def bytes(self, path):
        return (self.root / path).read_bytes()

    def text(self, path):
        return self.bytes(path).decode("utf-8", errors="replace")

    def is_text(self, path):
        return not path.endswith(NOT_OURS) and b"\0" not in self.bytes(path)[:4096]

    def rules(self, name):
        return (HERE / name).read_text(encoding="utf-8")


def at(path, findings):
    return [(path, line, what) for line, what in findings]


def check_layers(tree):
    table = layers.parse(tree.rules("layers.txt"))
    found = []
    for path in tree.cpp():
        linked = ""
        if path.startswith("adapters/"):
            build = "/".join(path.split("/")[:2]) + "/CMakeLists.txt"
            linked = tree.text(build) if build in tree.paths else ""
        found += at(path, layers.problems(table, path, tree.text(path), linked))
    return found


def check_coroutines(tree):
    return [f for p in tree.cpp() for f in at(p, coroutines.problems(tree.text(p)))]


def check_seams(tree):
    rules = seams.parse(tree.rules("seams.txt"))
    return [f for p in tree.cpp() for f in at(p, seams.problems(rules, p, tree.text(p)))]


def check_format(tree):
    paths = tree.cpp()
    found = []
    for start in range(0, len(paths), FORMAT_BATCH):
        run = subprocess.run(
            ["clang-format-14", "--style=file", "--dry-run", "-Werror", *paths[start : start + FORMAT_BATCH]],
            cwd=tree.root, capture_output=True, text=True, check=False,
        )
        bad = {line.split(":")[0] for line in run.stderr.splitlines() if ": error:" in line}
        found += [(path, 1, "run clang-format-14 -i on it") for path in sorted(bad)]
        if run.returncode and not bad:
            found.append((".clang-format", 1, run.stderr.strip()))
    return found


def check_marks(tree):
    rules = text_rules.table(tree.rules("marks.txt"), 3)
    ours = [p for p in tree.paths if tree.is_text(p)]
    return [
        f for p in ours if p not in ("tests/tidy/marks.txt", "tests/tidy/tidy_test.py")
        for f in at(p, text_rules.marks(rules, p, tree.text(p)))
    ]


def check_length(tree):
    listed = {path: reason for path, reason in text_rules.table(tree.rules("long_files.txt"), 2)}
    found = [("tests/tidy/long_files.txt", 1, f"{p} is listed but is not there") for p in listed if p not in tree.paths]
    found += [("tests/tidy/long_files.txt", 1, f"{p} has no reason") for p, reason in listed.items() if not reason]
    for path in tree.paths:
        if path.endswith((*CPP, ".py", ".mjs")):
            found += at(path, text_rules.length(listed, path, tree.text(path)))
    return found


def check_readmes(tree):
    return text_rules.readmes(tree.paths)


def check_links(tree):
    paths = set(tree.paths)
    return [f for p in tree.paths if p.endswith(".md") for f in at(p, text_rules.links(p, tree.text(p), paths))]


def check_test_names(tree):
    return [
        f for p in tree.cpp() if p.startswith("tests/") for f in at(p, text_rules.test_names(p, tree.text(p)))
    ]


def check_data(tree):
    wanted = [p for p in tree.paths if p.startswith(DATA_FOLDERS) and p.endswith((".json", ".toml"))]
    wanted.append("CMakePresets.json")
    return [
        f for p in wanted if not data_files.may_be_malformed(p) for f in at(p, data_files.problems(p, tree.bytes(p)))
    ]


def check_texts(tree):
    languages, found = {}, []
    for language in data_files.LANGUAGES:
        path = f"schemas/texts/{language}.json"
        if path not in tree.paths:
            found.append((path, 1, "is missing"))
            continue
        bad = data_files.problems(path, tree.bytes(path))
        found += at(path, bad)
        if not bad:
            languages[language] = data_files.load_json(tree.bytes(path))
    if not found:
        found += [("schemas/texts", 1, what) for what in data_files.text_problems(languages)]
    return found


def check_causes(tree):
    path = "schemas/texts/causes.json"
    if path not in tree.paths or data_files.problems(path, tree.bytes(path)):
        return []
    texts = {name: data_files.load_json(tree.bytes(f"schemas/texts/{name}.json")) for name in ("codes", "en")}
    return at(path, [(1, what) for what in data_files.cause_problems(
        data_files.load_json(tree.bytes(path)), texts["codes"], texts["en"])])


def check_reached(tree):
    path, causes = "tests/unit/failures/reached.json", "schemas/texts/causes.json"
    if causes not in tree.paths or data_files.problems(causes, tree.bytes(causes)):
        return []
    if path not in tree.paths:
        return [(path, 1, "is missing")]
    bad = data_files.problems(path, tree.bytes(path))
    return at(path, bad or [(1, what) for what in reached.problems(
        data_files.load_json(tree.bytes(path)), data_files.load_json(tree.bytes(causes)),
        lambda p: tree.text(p) if p in tree.paths else None)])


CHECKS = {
    "layers": (check_layers, "every #include against layers.txt"),
    "coroutines": (check_coroutines, "no statement with co_await that g++ 12 compiles wrongly"),
    "seams": (check_seams, "clock, chance, disk, threads and environment only behind their seams"),
    "format": (check_format, "clang-format-14 would change nothing"),
    "marks": (check_marks, "nothing says it is unfinished, no path of one machine"),
    "length": (check_length, "no file longer than 430 lines without a reason"),
    "readmes": (check_readmes, "each folder with more than three source files has a README.md"),
    "links": (check_links, "links in Markdown lead to files that are there"),
    "test_names": (check_test_names, "a test's name is a sentence"),
    "data": (check_data, "JSON and TOML parse, no key stands twice"),
    "texts": (check_texts, "every text code in nb, nn and en with the same placeholders"),
    "causes": (check_causes, "every code of a component is a cause or none, with owner and what to do"),
    "reached": (check_reached, "each cause is reached by a test, from what a component or this machine does"),
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:12} {what}" for name, (_, what) in CHECKS.items()),
    )
    parser.add_argument("check", nargs="+", choices=[*CHECKS, "all"])
    parser.add_argument("--root", default=HERE.parent.parent)
    arguments = parser.parse_args()
    tree = Tree(arguments.root)
    names = list(CHECKS) if "all" in arguments.check else arguments.check
    failed = False
    for name in names:
        found = CHECKS[name][0](tree)
        for path, line, what in sorted(found):
            print(f"{path}:{line}: {what}")
        print(f"{name}: {len(tree.paths)} files in the tree, {len(found)} findings")
        failed = failed or bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
