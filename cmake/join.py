"""Groups the sources of each target into joined files. Reads lines `target<TAB>alone|<files...>` and writes, for each target, files
that include several sources, `<out>/<target>/<n>.cpp`; prints a line `target<TAB>joined;...<TAB>left;...<TAB>defined;...<TAB>macros;...`:
joined files that need the names of folders are `defined`, files of `left` with macros of their own are also `macros`.

What a file keeps to itself (its unnamed namespaces, its `static`s) must not meet the same name in another: a group is only files
that neither declare nor use each other's own names. What cannot be told is left alone: files with macros of their own, files that
compile somebody else's sources.
"""

import pathlib
import re
import sys

FILES_MAX = 14
BYTES_MAX = 80_000
MACROS = re.compile(r"^#\s*(define|undef)|^#include <boost/(asio|asio/ssl|beast)/(impl/)?src.hpp>", re.M)
ALONE = re.compile(r"^#include <boost/beast|^#include <(toml\+\+|CLI/)", re.M)
FOLDERS = re.compile(r"SLUSE_(SOURCE|BINARY|REFERENCE)_DIR")
TYPE = re.compile(r"(?:class|struct|enum class|enum struct|enum|union)\s+(?:\[\[\w+\]\]\s*)?(\w+)")
DECLARED = re.compile(r"(?<![\w:])(\w+)\s*(?:\(|=(?!=)|\{|;|\[)")
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.S)
USED = re.compile(r"(?<!\.)(?<!->)(?<!::)(?<![\w])[A-Za-z_]\w*")
CALLED = re.compile(r"(?<!\.)(?<!->)(?<!::)(?<![\w])([A-Za-z_]\w*)(?=\s*[(<])")
KEYWORDS = frozenset("""if for while switch return co_return co_await sizeof decltype noexcept alignas static_assert const void
default operator TEST_CASE TEMPLATE_TEST_CASE TEST_CASE_METHOD""".split())


class Source:
    def __init__(self, root, path):
        self.path = path
        self.text = (root / path).read_text()
        self.bytes = len(self.text)
        self.macros = bool(MACROS.search(self.text))
        self.alone = self.macros or bool(ALONE.search(self.text))
        self.folders = bool(FOLDERS.search(self.text))
        code = NOT_CODE.sub('""', re.sub(r"^\} *// namespace$", "} unnamed", self.text, flags=re.M))
        code = re.sub(r"^#.*", "", code, flags=re.M)
        self.opened = set(re.findall(r"^using namespace (?!std::)[^;]+;", code, re.M))
        self.used = set(USED.findall(code))
        self.called = set(CALLED.findall(code))
        self.own, self.own_functions, self.borrowed = self.names(code)

    @staticmethod
    def names(code):
        """What the file declares for itself alone, and the lines by which it takes other namespaces' names for its own."""
        own, functions, borrowed, unnamed = set(), set(), {}, False
        for line in code.splitlines():
            if line == "namespace {":
                unnamed = True
            elif line == "} unnamed":
                unnamed = False
            if line[:1] in ("", " ", "}", "#", ")", "/", "*"):
                continue
            using = re.match(r"using ((?:\w+::)+(\w+));", line)
            alias = re.match(r"(?:using|namespace) (\w+) =", line)
            if using:
                borrowed[using.group(2)] = line
            elif alias:
                borrowed[alias.group(1)] = line
            elif unnamed or line.startswith("static "):
                kind = TYPE.match(line)
                if kind:
                    own.add(kind.group(1))
                elif not line.startswith(("template", "namespace", "using")):
                    first = next((m for m in DECLARED.finditer(line) if m.group(1) not in KEYWORDS), None)
                    if first:
                        (functions if first.group(0).endswith("(") else own).add(first.group(1))
        return own, functions, borrowed

    def meets(self, other):
        """Whether a name of one would be seen by the other."""
        if not (self.opened <= other.opened or other.opened <= self.opened):
            return True
        for one, two in ((self, other), (other, self)):
            # A variable of two's may be called as a function of one's is.
            if one.own & two.used or one.own_functions & (two.called | two.own):
                return True
            if any(name in two.own | two.own_functions or two.borrowed.get(name, line) != line for name, line in one.borrowed.items()):
                return True
        return False


def groups_of(sources):
    groups = []
    for source in sources:
        for group in groups:
            if (len(group) < FILES_MAX and sum(s.bytes for s in group) + source.bytes < BYTES_MAX
                    and group[0].folders == source.folders and not any(source.meets(s) for s in group)):
                group.append(source)
                break
        else:
            groups.append([source])
    return groups


def write(path, text):
    """Only when it is another: what is as it was is not compiled again."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def main(root, out):
    kept = set()
    for line in sys.stdin:
        target, *paths = line.rstrip("\n").split("\t")
        sources = [Source(root, p) for p in paths]
        left = [s.path for s in sources if s.alone]
        macros = [s.path for s in sources if s.macros]
        joined, defined = [], []
        for number, group in enumerate(groups_of([s for s in sources if not s.alone])):
            if len(group) == 1:
                left.append(group[0].path)
                continue
            path = out / target / f"{number}.cpp"
            write(path, "// Made by cmake/join.py. A name that two of these files have for themselves parts them: configure again.\n"
                  + "".join(f'#include "{s.path}"\n' for s in group))
            kept.add(path)
            (defined if group[0].folders else joined).append(str(path))
        print(target, *(";".join(some) for some in (joined, left, defined, macros)), sep="\t")
    for path in out.glob("*/*.cpp"):
        if path not in kept:
            path.unlink()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
