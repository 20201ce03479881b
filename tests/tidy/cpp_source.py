"""Just enough C++ to check house rules on: tokens, matched brackets, and what each `{` opens.

Not a parser. Comments vanish, a preprocessor line is one token, literals are one token each, and every brace is told
apart as a block of statements, a lambda's body, the body of a type or namespace, or an initialiser.
"""

import re
from dataclasses import dataclass

BLOCK, LAMBDA, SCOPE, INIT = "block", "lambda", "scope", "init"

OPEN = {"(": ")", "[": "]", "{": "}"}
CLOSE = {")", "]", "}"}
SCOPE_WORDS = {"class", "struct", "union", "enum", "namespace"}
BLOCK_WORDS = {"else", "do", "try", "const", "noexcept", "override", "final", "mutable", "constexpr", "consteval"}
EXPRESSION_WORDS = {"return", "co_return", "co_await", "co_yield", "throw", "new", "delete", "case", "and", "or", "not"}

TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
  | (?P<raw>(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)")
  | (?P<string>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*")
  | (?P<char>(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
  | (?P<number>\.?\d(?:'?[\w.]|(?<=[eEpP])[+-])*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<punct><=>|<<=|>>=|\.\.\.|->\*|::|->|\+\+|--|<<|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
DIRECTIVE = re.compile(r"[ \t]*#(?:[^\n\\/\"]|\\.|\\\n|\"(?:\\.|[^\"\\\n])*\"|//[^\n]*|/\*.*?\*/|/)*", re.DOTALL)


@dataclass
class Token:
    kind: str  # word, punct, string, raw, char, number, directive
    text: str
    line: int


def tokenize(source):
    """The tokens of a file, without white space and comments. Unknown bytes become single punctuation tokens."""
    tokens = []
    position, line, fresh_line = 0, 1, True
    while position < len(source):
        if fresh_line:
            directive = DIRECTIVE.match(source, position)
            if directive:
                tokens.append(Token("directive", directive.group().strip(), line))
                line += directive.group().count("\n")
                position = directive.end()
                fresh_line = False
                continue
        match = TOKEN.match(source, position)
        text = match.group()
        if match.lastgroup == "space":
            fresh_line = fresh_line or "\n" in text
        elif match.lastgroup != "comment":
            kind = "raw" if match.lastgroup == "delimiter" else match.lastgroup
            tokens.append(Token(kind, text, line))
            fresh_line = False
        line += text.count("\n")
        position = match.end()
        if position < len(source) and source[position - 1] == "\n":
            fresh_line = True
    return tokens


class Source:
    """A tokenised file with its brackets matched: `match[i]` is the other end, `brace[i]` what the `{` at i opens."""

    def __init__(self, text):
        self.directives = [t for t in tokenize(text) if t.kind == "directive"]
        self.tokens = [t for t in tokenize(text) if t.kind != "directive"]
        self.match = {}
        self.brace = {}
        self.introducers = set()  # indexes of `[` that begin a lambda
        self._match_brackets()

    def text(self, index):
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def kind(self, index):
        return self.tokens[index].kind if 0 <= index < len(self.tokens) else ""

    def is_open(self, index):
        return self.kind(index) == "punct" and self.text(index) in OPEN

    def is_close(self, index):
        return self.kind(index) == "punct" and self.text(index) in CLOSE

    def _match_brackets(self):
        stack = []
        for index in range(len(self.tokens)):
            if self.is_open(index):
                if self.text(index) == "[" and self._begins_lambda(index):
                    self.introducers.add(index)
                if self.text(index) == "{":
                    self.brace[index] = self._brace_kind(index)
                stack.append(index)
            elif self.is_close(index) and stack:
                opening = stack.pop()
                self.match[opening] = index
                self.match[index] = opening

    def _begins_lambda(self, index):
        before = self.text(index - 1)
        if self.text(index + 1) == "[" or before == "[":  # an attribute: [[nodiscard]]
            return False
        if self.kind(index - 1) in ("string", "raw", "number", "char") or before in (")", "]", "}"):
            return False
        if before == "auto" or (before in ("&", "&&") and self.text(index - 2) == "auto"):  # auto& [key, value]
            return False
        if self.kind(index - 1) == "word":
            return before in EXPRESSION_WORDS and before != "delete"
        return True

    def _brace_kind(self, index):
        before = self.text(index - 1)
        if index == 0 or before in (";", "{", ":"):
            inside = self._enclosing_brace(index)
            return INIT if before == "{" and inside == INIT else BLOCK
        if before == "}":
            return BLOCK
        if before == "]":
            return LAMBDA if self.match.get(index - 1) in self.introducers else INIT
        if before == ")":
            return self._after_parameters(index - 1)
        if self.kind(index - 1) == "string":
            return SCOPE if self.text(index - 2) == "extern" else INIT
        if before in SCOPE_WORDS:
            return SCOPE
        if before in ("else", "do", "try"):
            return BLOCK
        if self.kind(index - 1) == "word" or before in (">", ">>", "*", "&", "..."):
            return self._after_name(index)
        return INIT

    def _enclosing_brace(self, index):
        """What the `{` just before index was found to be (only asked when it stands directly before)."""
        return self.brace.get(index - 1, BLOCK)

    def _after_parameters(self, closing):
        """`) {`: the body of a lambda when the parameter list follows an introducer, else of a function or statement."""
        opening = self.match.get(closing)
        while opening is not None:
            before = opening - 1
            if self.text(before) == "]" and self.match.get(before) in self.introducers:
                return LAMBDA
            if self.text(before) in ("noexcept", "decltype", "requires"):  # look past it, to the list before
                before -= 1
                while self.kind(before) == "word" or self.text(before) == "->":
                    before -= 1
                opening = self.match.get(before) if self.text(before) == ")" else None
                continue
            return BLOCK
        return BLOCK

    def _after_name(self, index):
        """`name {` or `> {`: walk back over the names before it to what they belong to."""
        at = index - 1
        words = []
        while at >= 0:
            text = self.text(at)
            if text in (";", "{", "}", "=", "(", "[", "?") or text in EXPRESSION_WORDS:
                break
            if text == "," and self._template_depth(at, index) == 0:
                break
            if text == "->":
                return self._behind_arrow(at)
            if text in (")", "]"):
                opening = self.match.get(at, at)
                if text == ")" and all(w in BLOCK_WORDS or w == "&" or w == "&&" for w in words):
                    return self._after_parameters(at)
                if text == "]" and at - opening and opening in self.introducers:
                    return LAMBDA
                at = opening
                words.append(text)
            else:
                words.append(text)
            at -= 1
        if "requires" in words or any(w in SCOPE_WORDS for w in words):
            return SCOPE
        return INIT

    def _template_depth(self, start, end):
        """Unclosed `>` between start and end: more than none means the comma at start lies in a template's list."""
        closing = sum(t.text.count(">") for t in self.tokens[start:end] if t.text in (">", ">>"))
        return closing - sum(1 for t in self.tokens[start:end] if t.text == "<")

    def _behind_arrow(self, arrow):
        """`-> Type {` closes a function's or lambda's head; what stands before the arrow says which."""
        at = arrow - 1
        while self.text(at) in BLOCK_WORDS or self.text(at) in ("&", "&&"):
            at -= 1
        if self.text(at) == ")":
            return self._after_parameters(at)
        if self.text(at) == "]" and self.match.get(at) in self.introducers:
            return LAMBDA
        return INIT
