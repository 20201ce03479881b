"""The shapes g++ 12.2 compiles wrongly, without a word, in a statement that contains `co_await`.

Temporaries of a type without a constructor of its own, capturing lambdas, and whatever comes out of `?:` are destroyed
twice; and behind `&&` or `||` a member coroutine loses its `this`. So none of `{`, `?` and a capture may stand in such a statement; a lambda that is itself a coroutine captures
nothing, because its closure dies before its frame.
"""

from cpp_source import BLOCK, INIT, LAMBDA, Source

CONTROL = {"if", "while", "switch", "for"}
COROUTINE_WORDS = {"co_await", "co_return", "co_yield"}


def problems(text):
    """(line, what is wrong) for each bad shape in a file."""
    if not any(word in text for word in COROUTINE_WORDS):
        return []
    source = Source(text)
    found = set()
    seen = set()
    for index, token in enumerate(source.tokens):
        if token.kind != "word" or token.text not in COROUTINE_WORDS:
            continue
        if source.text(index - 1) == "operator":
            continue
        found.update(_capturing_coroutine(source, index))
        if token.text != "co_await":
            continue
        statement = _statement(source, index)
        if statement not in seen:
            seen.add(statement)
            found.update(_bad_shapes(source, *statement))
    return sorted(found)


def _control_paren(source, opening):
    """Whether the `(` at opening belongs to if, while, switch or for."""
    before = opening - 1
    if source.text(before) in ("constexpr", "consteval"):
        before -= 1
    return source.text(before) in CONTROL


def _statement(source, index):
    """(first, last) token of the full expression or declaration that the token at index is part of."""
    at = index - 1
    while at >= 0:
        text = source.text(at)
        if source.kind(at) == "punct":
            if source.is_close(at):
                opening = source.match.get(at)
                if opening is None:
                    break
                if text == "}" and source.brace.get(opening) not in (INIT, LAMBDA):
                    break
                if text == ")" and _control_paren(source, opening):
                    break
                at = opening - 1
                continue
            if text == ";":
                break
            if text == "{" and source.brace.get(at) != INIT:
                break
            if text == "(" and _control_paren(source, at):
                break
        elif source.kind(at) == "word" and text in ("else", "do"):
            break
        at -= 1
    first = at + 1
    at = first
    while at < len(source.tokens):
        if source.is_open(at):
            if source.text(at) == "{" and source.brace.get(at) == BLOCK:
                break
            at = source.match.get(at, len(source.tokens)) + 1
            continue
        if source.is_close(at) or source.text(at) == ";":
            break
        at += 1
    return first, at


def _bad_shapes(source, first, last):
    at = first
    while at < last:
        text = source.text(at)
        line = source.tokens[at].line
        if source.kind(at) == "punct":
            if text == "?":
                yield line, "`?:` in a statement with co_await: use if/else, each with its own co_await"
            elif text in ("&&", "||") and _awaits_next(source, at, last):
                yield line, f"`{text} co_await`: the frame's `this` is lost; await into a local first"
            elif text == "[" and at in source.introducers and source.match.get(at, at) > at + 1:
                yield line, "a lambda with captures in a statement with co_await: name it first, then std::move it"
            elif text == "{" and source.brace.get(at) == LAMBDA:
                at = source.match.get(at, last)
            elif text == "{" and source.brace.get(at) == INIT:
                yield line, "`{` in a statement with co_await: name the value first, then std::move it"
        at += 1


def _awaits_next(source, at, last):
    """Whether the operand after the token at `at` begins with co_await, behind any `!` and `(`."""
    at += 1
    while at < last and source.text(at) in ("!", "("):
        at += 1
    return source.text(at) == "co_await"


def _capturing_coroutine(source, index):
    """The lambda whose own body holds the coroutine word at index, if it captures."""
    at = index - 1
    while at >= 0:
        if source.is_close(at):
            at = source.match.get(at, at) - 1
            continue
        if source.text(at) == "{" and source.kind(at) == "punct" and source.brace.get(at) == LAMBDA:
            break
        at -= 1
    if at < 0:
        return
    introducer = _introducer_of(source, at)
    if introducer is not None and source.match[introducer] > introducer + 1:
        yield (
            source.tokens[introducer].line,
            "a coroutine lambda with captures: its closure dies first; write a named function with parameters",
        )


def _introducer_of(source, body):
    """The `[` of the lambda whose body opens at `body`: the nearest one before it at the same depth."""
    at = body - 1
    while at >= 0:
        if source.is_close(at):
            opening = source.match.get(at)
            if opening is None:
                return None
            if opening in source.introducers:
                return opening
            at = opening - 1
            continue
        if source.is_open(at) or source.text(at) == ";":
            return None
        at -= 1
    return None
