"""Whether each cause is reached: tests/unit/failures/reached.json names for each code of the catalogue the test that has a
component's answer or a fault of this machine end in it. That the test is run and holds is the test's own affair.
"""

import re

CPP_CASE = re.compile(r'\b(?:TEMPLATE_)?TEST_CASE\(\s*("(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*)')
PYTHON_CASE = re.compile(r"^\s*def (test_\w+)", re.M)
ASSERTS = re.compile(r"\b(?:CHECK|REQUIRE)\w*\(|\bcheck\(|\bexpect\(|\bself\.assert")


def cases(path, text):
    """The tests in a file: their names to their text."""
    pattern = PYTHON_CASE if path.endswith(".py") else CPP_CASE
    heads = list(pattern.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return {re.sub(r'"\s*"', "", head.group(1)).strip('"'): text[head.start():end] for head, end in zip(heads, ends)}


def stands_in(code, text):
    return re.search(rf"(?<![\w.]){re.escape(code)}(?![\w.])", text) is not None


def problems(reached, causes, read):
    """`read` gives a file's text, or nothing."""
    wanted = {code for cause, about in causes["causes"].items() for code in (cause, *about.get("also", ()))}
    found, seen = [], set()
    for path, by_case in reached.items():
        there = cases(path, read(path) or "")
        for name, codes in by_case.items():
            text = there.get(name, "")
            if not ASSERTS.search(text):
                found.append(f"{path}: no such test: {name}")
            found += [f"{code}: is no cause" for code in codes if code not in wanted]
            found += [f"{code}: does not stand in {name}" for code in codes if text and not stands_in(code, text)]
            seen.update(codes)
    return found + [f"{code}: no test reaches it" for code in sorted(wanted - seen)]
