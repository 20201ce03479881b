"""Groups the sources of each target into joined files: join.py <source folder> <out> [further]. Reads lines `target<TAB>alone|<files...>` and writes, for each target, files
that include several sources, `<out>/<target>/<n>.cpp`; prints a line `target<TAB>joined;...<TAB>left;...<TAB>defined;...<TAB>macros;...`:
joined files that need the names of folders are `defined`, files of `left` with macros of their own are also `macros`.

What a file keeps to itself (its unnamed namespaces, its `static`s) must not meet the same name in another: a group is only files
that neither declare nor use each other's own names. A file that no group takes is joined all the same where the names it meets there can
be renamed by a macro: those that stand for something of the file's own and nothing else. What cannot be told is left alone: files with
macros of their own, files that compile somebody else's sources.

`further` joins whole groups by renaming too: fewer objects, so that less of the library's templates is compiled again and again.
"""

import pathlib
import re
import sys

FILES_MAX = 14
BYTES_MAX = 80_000
# A file that would be left by itself may go to a group that is full.
FULL = 1.25
FURTHER_FILES_MAX = 40
FURTHER_BYTES_MAX = 160_000
MACROS = re.compile(r"^#\s*(define|undef)|^#include <boost/(asio|asio/ssl|beast)/(impl/)?src.hpp>", re.M)
HEAVY = re.compile(r"^#include <(boost/beast|toml\+\+|CLI)/", re.M)
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
        self.stem = pathlib.PurePath(path).stem
        text = (root / path).read_text()
        self.bytes = len(text)
        self.macros = bool(MACROS.search(text))
        self.folders = bool(FOLDERS.search(text))
        self.heavy = frozenset(HEAVY.findall(text))
        beside = pathlib.PurePath(path).parent
        self.includes = [f'#include "{beside / name}"' if (root / beside / name).exists() else line
                         for line, name in re.findall(r'^(#include ["<](.*)[">])', text, re.M)]
        self.conditions = bool(re.search(r"^#\s*if", text, re.M))
        self.renamed = set()
        code = NOT_CODE.sub('""', re.sub(r"^\} *// namespace$", "} unnamed", text, flags=re.M))
        code = re.sub(r"^#.*", "", code, flags=re.M)
        self.code = code
        self.opened = set(re.findall(r"^using namespace (?!std::)[^;]+;", code, re.M))
        self.used = set(USED.findall(code))
        self.called = set(CALLED.findall(code))
        self.own, self.own_functions, self.borrowed, self.shared = self.names(code)

    def owns(self, name):
        return name in self.own or name in self.own_functions

    @staticmethod
    def names(code):
        """What the file declares for itself alone, the lines by which it takes other namespaces' names for its own, and what it has for all."""
        own, functions, borrowed, shared, unnamed = set(), set(), {}, set(), False
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
            else:
                shared |= {m.group(1) for m in DECLARED.finditer(line)}
        return own, functions, borrowed, shared

    def clashes(self, other):
        """The names of one that the other would see, each with the file that has it; none when it is not by single names that they meet."""
        if not (self.opened <= other.opened or other.opened <= self.opened):
            return None
        found = set()
        for one, two in ((self, other), (other, self)):
            # A variable of two's may be called as a function of one's is.
            names = one.own & two.used | one.own_functions & (two.called | two.own)
            found |= {(one, name) for name in names - one.renamed - (two.renamed & (two.own | two.own_functions))}
            if any(name in two.own | two.own_functions or two.borrowed.get(name, line) != line for name, line in one.borrowed.items()):
                return None
        return found

    def may_rename(self, name):
        """Whether all that goes by this name in the file is surely the file's own, and no macro."""
        return not self.conditions and not name.endswith("_") and not name.isupper() and name not in self.shared and not re.search(rf"(?:\.|->|::)\s*{name}\b", self.code)

    def borrows_for(self, other):
        """Whether a name it took from elsewhere goes by in the other file, perhaps for something else."""
        return any(name in other.used and name not in other.borrowed for name in self.borrowed)

    def text(self):
        """How the file stands in a joined one. What it includes comes first, so that a header's names stay as they are."""
        lines = []
        if self.renamed:
            lines += self.includes + [f"#define {name} {name}_of_{self.stem}" for name in sorted(self.renamed)]
        lines += [f'#include "{self.path}"'] + [f"#undef {name}" for name in sorted(self.renamed)]
        return "".join(line + "\n" for line in lines)


def has_room(group, source, full=1.0):
    return (len(group) < FILES_MAX * full and sum(s.bytes for s in group) + source.bytes < BYTES_MAX * full
            and group[0].heavy == source.heavy)


def bytes_of(group):
    return sum(source.bytes for source in group)


def groups_of(sources, further):
    groups = []
    for source in sources:
        for group in groups:
            if (has_room(group, source) and group[0].folders == source.folders
                    and not any(source.clashes(s) != set() for s in group)):
                group.append(source)
                break
        else:
            groups.append([source])
    groups = joined_by_renaming(groups)
    return joined_further(groups) if further else groups


def joined_by_renaming(groups):
    """A file that is left by itself goes to others all the same where its own or their own names can be renamed."""
    for single in [group for group in groups if len(group) == 1]:
        for group in groups:
            if group is single or len(single) > 1 or not has_room(group, single[0], FULL):
                continue
            clashes = set()
            for source in group:
                found = single[0].clashes(source)
                if found is None or single[0].borrows_for(source) or source.borrows_for(single[0]):
                    break
                clashes |= found
            else:
                renames = [next(((s, name) for s in (single[0], owner) if s.owns(name) and s.may_rename(name)), None)
                           for owner, name in clashes]
                if None not in renames:
                    for source, name in renames:
                        source.renamed.add(name)
                    group.append(single[0])
                    groups.remove(single)
                    break
    return groups


def renames_between(group, other):
    """What to rename in two groups so that they may stand in one file; none when that is not enough."""
    if {s.stem for s in group} & {s.stem for s in other}:
        return None
    renames = set()
    for one in group:
        for two in other:
            found = one.clashes(two)
            if found is None or one.borrows_for(two) or two.borrows_for(one):
                return None
            for owner, name in found:
                both = (owner, two if owner is one else one)
                if not any((source, name) in renames for source in both):
                    source = next((s for s in both if s.owns(name) and s.may_rename(name)), None)
                    if source is None:
                        return None
                    renames.add((source, name))
    # `using Owned = unique_ptr<T, Free>` is another type where Free is renamed.
    aliases = " ".join(line for s in group + other for line in s.borrowed.values())
    return None if any(re.search(rf"\b{name}\b", aliases) for _, name in renames) else renames


def joined_further(groups):
    """Each group, smallest first, goes to another where both have room."""
    for group in sorted(groups, key=bytes_of):
        for other in sorted(groups, key=bytes_of):
            if (other is group or len(other) + len(group) > FURTHER_FILES_MAX or bytes_of(other) + bytes_of(group) > FURTHER_BYTES_MAX
                    or group[0].folders != other[0].folders):
                continue
            renames = renames_between(group, other)
            if renames is not None:
                for source, name in renames:
                    source.renamed.add(name)
                other.extend(group)
                groups.remove(group)
                break
    return groups


def write(path, text):
    """Only when it is another: what is as it was is not compiled again."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def main(root, out, further):
    kept = set()
    for line in sys.stdin:
        target, *paths = line.rstrip("\n").split("\t")
        sources = [Source(root, p) for p in paths]
        left = [s.path for s in sources if s.macros]
        macros = list(left)
        joined, defined = [], []
        for number, group in enumerate(groups_of([s for s in sources if not s.macros], further)):
            if len(group) == 1:
                left.append(group[0].path)
                continue
            path = out / target / f"{number}.cpp"
            write(path, "// Made by cmake/join.py. A name that two of these files have for themselves parts them: configure again.\n"
                  + "".join(s.text() for s in group))
            kept.add(path)
            (defined if any(s.folders for s in group) else joined).append(str(path))
        print(target, *(";".join(some) for some in (joined, left, defined, macros)), sep="\t")
    for path in out.glob("*/*.cpp"):
        if path not in kept:
            path.unlink()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:] == ["further"])
