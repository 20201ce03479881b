"""Names that only a few folders may use, listed with their reasons in seams.txt."""

import bisect
import fnmatch
import re
from dataclasses import dataclass

from cpp_source import tokenize

# `Type name (` and `Class :: name (` declare or define a function; after these words it is a call.
DECLARED = re.compile(r"(?:\b(?!(?:return|co_return|co_await|co_yield|throw|else|do|and|or|not)\b)\w+|[>*&]|\w ::) (\w+) \(")


@dataclass
class Rule:
    name: str
    pattern: re.Pattern
    allowed: list
    reason: str


def parse(text):
    rules = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        cells = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)]
        if len(cells) != 4:
            raise ValueError(f"seams.txt:{number}: expected rule | pattern | folders | reason")
        rules.append(Rule(cells[0], re.compile(cells[1]), cells[2].split(), cells[3]))
    return rules


def _is_in(path, folders):
    parts = path.split("/")   # the last is the file, which may be named itself
    for folder in folders:
        depth = folder.count("/") + 1
        if len(parts) >= depth and fnmatch.fnmatchcase("/".join(parts[:depth]), folder):
            return True
    return False


def problems(rules, path, text):
    """(line, what is wrong) for each use of a name outside its folders."""
    words, starts, lines = [], [], []
    length = 0
    for token in tokenize(text):
        word = {"string": '""', "raw": '""', "char": "''", "directive": ";"}.get(token.kind, token.text)
        words.append(word)
        starts.append(length)
        lines.append(token.line)
        length += len(word) + 1
    joined = " ".join(words)
    own = set(DECLARED.findall(joined))  # an unqualified call of a function the file declares itself is its own
    found = []
    for rule in rules:
        if _is_in(path, rule.allowed):
            continue
        for match in rule.pattern.finditer(joined):
            called = re.fullmatch(r"(?:\w+ )*?(\w+) \( ?", match.group())
            if called and called.group(1) in own:
                continue
            line = lines[bisect.bisect_right(starts, match.start()) - 1]
            found.append((line, f"`{match.group().strip()}` ({rule.name}): {rule.reason}"))
    return found
