"""Data that ships: JSON and TOML parse, no key stands twice, the three languages say the same things."""

import json
import re
import tomllib

LANGUAGES = ("nb", "nn", "en")
MEMBERS = {"title", "detail", "action"}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDER_NAME = re.compile(r"[a-z][a-zA-Z0-9_]*")


class DuplicateKey(ValueError):
    pass


def _no_duplicates(pairs):
    members = {}
    for key, value in pairs:
        if key in members:
            raise DuplicateKey(f'the key "{key}" stands twice in one object')
        members[key] = value
    return members


def _no_constants(name):
    raise ValueError(f"{name} is not JSON")


def load_json(data):
    return json.loads(data.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constants)


def problems(path, data):
    """(line, what is wrong) for one JSON or TOML file."""
    try:
        if path.endswith(".toml"):
            tomllib.loads(data.decode("utf-8"))
        else:
            load_json(data)
    except json.JSONDecodeError as error:
        return [(error.lineno, error.msg)]
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError, TOMLDecodeError and DuplicateKey are ValueErrors
        return [(1, str(error))]
    return []


def may_be_malformed(path):
    """Bad examples prove that bad input is refused; only they may break the rules."""
    return "/invalid/" in path or "/malformed/" in path


def text_problems(languages):
    """What differs between the texts of the languages; `languages` maps nb, nn, en to code -> {title, detail, action}."""
    found = []
    every_code = set().union(*(texts.keys() for texts in languages.values()))
    for code in sorted(every_code):
        per_language = {}
        for language, texts in languages.items():
            entry = texts.get(code)
            if entry is None:
                found.append(f'{language}: the code "{code}" is missing')
                continue
            complaint, names = _entry(entry)
            if complaint:
                found.append(f"{language}: {code}: {complaint}")
            per_language[language] = names
        if len({frozenset(names) for names in per_language.values()}) > 1:
            shown = "; ".join(f"{language} {sorted(names)}" for language, names in per_language.items())
            found.append(f"{code}: the placeholders differ: {shown}")
    return found


def _entry(entry):
    if not isinstance(entry, dict) or not set(entry) <= MEMBERS or "title" not in entry:
        return "expected an object with title, detail and action", set()
    names = set()
    for member, text in entry.items():
        if not isinstance(text, str) or not text.strip():
            return f"{member} is not a text", names
        for name in PLACEHOLDER.findall(text):
            if not PLACEHOLDER_NAME.fullmatch(name):
                return f"{member}: {{{name}}} is not a placeholder's name", names
            names.add(name)
        if PLACEHOLDER.sub("", text).count("{") or PLACEHOLDER.sub("", text).count("}"):
            return f"{member}: a brace without its twin", names
    return None, names


PRESSES = {"retry", "retry_later", "mend", "ask", "correct", "other_way", "look_first", "release", "nothing"}
# Where a code that a person may find on a message comes from: each of these is a cause, or reports no failure.
COMPONENTS = ("altinn", "altinn_broker", "altinn_forms", "archive", "brreg", "connection", "delivery", "digital_post",
              "document", "fiks", "fiks_io", "freg", "krr", "letter", "maskinporten", "schema", "seal", "service",
              "svarinn", "svarut", "system_user", "upstream")


def cause_problems(causes, codes, texts):
    """What is wrong with the catalogue of causes; that each is reached is another check."""
    seen, found = {}, []
    for cause, about in causes["causes"].items():
        if about.get("press") not in PRESSES or not set(about) <= {"press", "also"}:
            found.append(f"{cause}: expected press and also")
        if not texts.get(cause, {}).get("action"):
            found.append(f"{cause}: its text does not say what to do")
        for code in (cause, *about.get("also", ())):
            found += [f"{code}: stands twice"] if code in seen else []
            found += [f"{code}: has no text"] if code not in codes else []
            seen[code] = cause
            if codes.get(code, {}).get("owner") != codes.get(cause, {}).get("owner"):
                found.append(f"{code}: has another owner than {cause}")
    for code in causes["no_causes"]:
        found += [f"{code}: stands twice"] if code in seen else []
        found += [f"{code}: has no text"] if code not in codes else []
        seen[code] = None
    for code in codes:
        if code.split(".")[0] in COMPONENTS and "." in code and code not in seen:
            found.append(f"{code}: is neither a cause nor none")
    return found
