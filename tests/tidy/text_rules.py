"""Rules that read files as text: leftover marks, length, a README in each folder, links, names of tests."""

import fnmatch
import posixpath
import re

LINES_MAX = 430
SOURCES_WITHOUT_README_MAX = 3
SOURCE_ENDINGS = (".hpp", ".cpp", ".py", ".mjs")
WORDS_IN_A_SENTENCE_MIN = 4

TEST_CASE = re.compile(
    r'\b(?:TEST_CASE|TEST_CASE_METHOD|TEMPLATE_TEST_CASE|TEMPLATE_LIST_TEST_CASE|SCENARIO)\s*\(\s*'
    r'(?:[\w:<>]+\s*,\s*)?((?:"(?:\\.|[^"\\])*"\s*)+)(?:,\s*((?:"(?:\\.|[^"\\])*"\s*)+))?'
)
LINK = re.compile(r"\[[^\]\[]*\]\(([^()\s]+)\)")
LITERAL = re.compile(r'"((?:\\.|[^"\\])*)"')


def table(text, columns):
    """The rows of a `a | b | c` file; `\\|` is a bar inside a cell, a line that starts with # is a comment."""
    rows = []
    for raw in text.splitlines():
        line = raw.strip()
        if line and not line.startswith("#"):
            cells = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)]
            if len(cells) != columns:
                raise ValueError(f"expected {columns} columns: {line}")
            rows.append(cells)
    return rows


def marks(rules, path, text):
    found = []
    for name, expression, allowed in rules:
        if any(fnmatch.fnmatchcase(path, pattern) for pattern in allowed.split()):
            continue
        for match in re.finditer(expression, text):
            line = text.count("\n", 0, match.start()) + 1
            found.append((line, f"leftover mark ({name}): {match.group()}"))
    return found


def length(listed, path, text):
    lines = text.count("\n")
    if lines <= LINES_MAX or path in listed:
        return []
    return [(lines, f"{lines} lines, at most {LINES_MAX}: split it by idea, or list it in tests/tidy/long_files.txt with a reason")]


def readmes(paths):
    """Folders with more than three source files of their own and no README.md. One README serves all of tests/unit."""
    paths = set(paths)
    count = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder and name.endswith(SOURCE_ENDINGS) and not folder.startswith("tests/unit/"):
            count[folder] = count.get(folder, 0) + 1
    return [
        (folder, 1, f"{number} source files and no README.md: say in one screen what the folder is for")
        for folder, number in sorted(count.items())
        if number > SOURCES_WITHOUT_README_MAX and folder + "/README.md" not in paths
    ]


def links(path, text, paths):
    """Links of a Markdown file to files of this tree that are not there. Links to other hosts are not looked at."""
    found = []
    for match in LINK.finditer(text):
        target = match.group(1).partition("#")[0]
        if not target or re.match(r"[a-z]+:", target):
            continue
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if wanted not in paths and not any(p.startswith(wanted + "/") for p in paths):
            found.append((text.count("\n", 0, match.start()) + 1, f"{target} is not there"))
    return found


def test_names(path, text):
    """A test's name is the promise it keeps: a sentence, no full stop, not hidden."""
    found = []
    for match in TEST_CASE.finditer(text):
        name = "".join(LITERAL.findall(match.group(1)))
        tags = "".join(LITERAL.findall(match.group(2) or ""))
        line = text.count("\n", 0, match.start()) + 1
        if len(name.split()) < WORDS_IN_A_SENTENCE_MIN:
            found.append((line, f'"{name}": a test\'s name is a sentence that states the promise'))
        elif name.endswith("."):
            found.append((line, f'"{name}": no full stop, it is a title'))
        if "[." in tags or "[!" in tags:
            found.append((line, f'"{name}": hidden and may-fail tests ({tags}) prove nothing'))
    return found
