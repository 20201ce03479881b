"""Every #include against the table in layers.txt."""

import fnmatch
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

INCLUDE = re.compile(r'#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
STD = re.compile(r"[a-z_0-9]+|std[a-z]+\.h|(math|string|ctype|locale|float|inttypes|assert|wchar|time|errno|limits)\.h")
# A library's name in an adapter's CMakeLists.txt, and the family of headers it brings.
LINKED = {"openssl": "openssl", "zlib": "zlib", "libxml": "libxml2", "xmlsec": "xmlsec1", "rabbitmq": "rabbitmq"}


@dataclass
class Row:
    folder: str
    ours: list
    outside: list


@dataclass
class Table:
    rows: list = field(default_factory=list)
    families: dict = field(default_factory=dict)  # prefix -> family

    def row_for(self, path):
        """The row with the longest folder that holds the file, or None."""
        folder = str(PurePosixPath(path).parent)
        best = None
        for row in self.rows:
            depth = row.folder.count("/") + 1
            head = "/".join(folder.split("/")[:depth])
            if head.count("/") + 1 == depth and fnmatch.fnmatchcase(head, row.folder):
                if best is None or depth > best.folder.count("/") + 1:
                    best = row
        return best

    def families_of(self, header):
        """The families a header belongs to; more than one prefix can name it, the longest ones decide."""
        if STD.fullmatch(header):
            return {"std"} | {f for p, f in self.families.items() if header == p}
        fitting = [p for p in self.families if header.startswith(p)]
        if not fitting:
            return set()
        longest = max(len(p) for p in fitting)
        return {self.families[p] for p in fitting if len(p) == longest}


def parse(text):
    table = Table()
    in_families = False
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line == "[families]":
            in_families = True
        elif in_families:
            name, prefixes = line.split(":", 1)
            for prefix in prefixes.split():
                table.families[prefix] = name.strip()
        else:
            cells = [c.strip() for c in line.split("|")]
            if len(cells) != 3:
                raise ValueError(f"layers.txt:{number}: expected folder | ours | outside")
            table.rows.append(Row(_repo_folder(cells[0]), _words(cells[1]), _words(cells[2])))
    return table


def _words(cell):
    return [] if cell == "-" else cell.split()


def _repo_folder(name):
    first = name.split("/")[0]
    return name if first in ("adapters", "tests", "bench", "gateway") else "gateway/" + name


def problems(table, path, text, linked=""):
    """(line, what is wrong) for one C++ file. `linked` is the text of the adapter's CMakeLists.txt, if it has one."""
    row = table.row_for(path)
    if row is None:
        return [(1, f"{path} lies in no folder that layers.txt knows: add a row")]
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line.strip())
        if not match:
            continue
        ours, outside = match.groups()
        if ours:
            complaint = _check_ours(row, path, ours)
        else:
            complaint = _check_outside(table, row, path, outside, linked)
        if complaint:
            found.append((number, complaint))
    return found


def _check_ours(row, path, header):
    if ".." in header.split("/"):
        return f'"{header}": include from the repository root, without ".."'
    if "/" not in header:  # written by the build, or beside the file in a test
        return None
    if "*" in row.ours:
        return None
    folder = str(PurePosixPath(header).parent)
    self_root = "/".join(path.split("/")[: row.folder.count("/") + 1])
    if folder == self_root or folder.startswith(self_root + "/"):
        if "/standin" in folder and "/standin" not in self_root:
            return f'"{header}": an adapter never includes its stand-in'
        return None
    for allowed in row.ours:
        if allowed.endswith(".hpp"):
            if header == allowed:
                return None
        elif allowed == "gateway/*":
            if header.startswith("gateway/"):
                return None
        elif allowed.startswith("adapters/"):
            if folder == allowed or folder.startswith(allowed + "/"):
                return None
        elif folder == "gateway/" + allowed or folder.startswith("gateway/" + allowed + "/"):
            return None
    return f'"{header}" may not be included from {row.folder} (tests/tidy/layers.txt)'


def _check_outside(table, row, path, header, linked):
    families = table.families_of(header)
    if not families:
        return f"<{header}> belongs to no family in layers.txt: is it a dependency we chose?"
    is_cpp = path.endswith(".cpp")
    for entry in row.outside:
        name, _, where = entry.partition("@")
        if name == "named":
            names = {family for word, family in LINKED.items() if word in linked.lower()}
        else:
            names = {name}
        if name == "asio":
            names.add("awaitable")
        if name == "beast":
            names.add("beast-source")
        if families & names:
            if where == "cpp" and not is_cpp:
                continue
            return None
    where = "a header of " if not is_cpp else ""
    return f"<{header}> ({', '.join(sorted(families))}) may not be included from {where}{row.folder}"
