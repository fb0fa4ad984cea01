"""Derives the blocking twins from the awaited sources, by renaming whole names.

A source is read as tokens: texts and comments stay as they are, so they are written to fit both.
What one word cannot say (a lock, a sleep, a shield) belongs into a pair of small modules with the same
names in both, listed in MODULES.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from generate_clients import RegenerationError

# source -> derived
PAIRS = {
    "momopy/collection.py": "momopy/sync_collection.py",
    "momopy/client.py": "momopy/sync_client.py",
    "momopy/driver.py": "momopy/sync_driver.py",
}

# `from momopy.driver import ...` becomes `from momopy.sync_driver import ...`; elsewhere these are
# ordinary words.
MODULES = {
    "collection": "sync_collection",
    "client": "sync_client",
    "driver": "sync_driver",
}

NAMES = {
    "Collection": "SyncCollection",
    "Client": "SyncClient",
    "Driver": "SyncDriver",
    "aclose": "close",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "aiter_raw": "iter_raw",
    "AsyncBaseTransport": "BaseTransport",
    "AsyncHTTPTransport": "HTTPTransport",
    "handle_async_request": "handle_request",
}

DROPPED = ("async", "await")

# `Awaitable[X]` becomes `X`.
UNWRAPPED = ("Awaitable",)

HEADER = "# Derived from {source} by scripts/regenerate; a change made here is lost.\n"


class Rules(NamedTuple):
    """What is renamed, dropped and unwrapped."""

    modules: Mapping[str, str]
    names: Mapping[str, str]
    dropped: tuple[str, ...]
    unwrapped: tuple[str, ...]

    def all(self) -> set[str]:
        """Name every rule, as `Twin.used` does."""
        return {f"module {name}" for name in self.modules} | {*self.names, *self.dropped, *self.unwrapped}


RULES = Rules(MODULES, NAMES, DROPPED, UNWRAPPED)


class Twin(NamedTuple):
    """A derived text before formatting, and how often it needed each rule."""

    text: str
    used: Counter[str]


class Edit(NamedTuple):
    """A stretch of the source, and what stands there in the twin."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def derive(source: str, name: str, rules: Rules = RULES) -> Twin:
    """Return the blocking twin of a source text."""
    used: Counter[str] = Counter()
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    _refuse_coloured_f_strings(tokens, name, rules)
    edits = list(_edits(list(_outside_f_strings(tokens)), rules, used))
    return Twin(HEADER.format(source=name) + _apply(source, edits), used)


def _outside_f_strings(tokens: list[tokenize.TokenInfo]) -> Iterator[tokenize.TokenInfo]:
    # Python 3.12 began to cut f-strings into tokens; the twin must not depend on who derives it.
    depth = 0
    for token in tokens:
        kind = tokenize.tok_name[token.type]
        if kind in ("FSTRING_START", "TSTRING_START"):
            depth += 1
        elif kind in ("FSTRING_END", "TSTRING_END"):
            depth -= 1
        elif depth == 0 and token.type not in (tokenize.COMMENT, tokenize.NL):
            yield token


def _refuse_coloured_f_strings(tokens: list[tokenize.TokenInfo], name: str, rules: Rules) -> None:
    words = [*rules.names, *rules.dropped, *rules.unwrapped]
    coloured = re.compile(r"\{[^{}]*\b(" + "|".join(map(re.escape, words)) + r")\b") if words else None
    starts: list[tokenize.TokenInfo] = []
    for token in tokens:
        kind = tokenize.tok_name[token.type]
        if kind in ("FSTRING_START", "TSTRING_START"):
            starts.append(token)
        whole = ""
        if kind == "STRING" and "f" in token.string[: token.string.index(token.string[-1])].lower():
            whole = token.string
        elif kind in ("FSTRING_END", "TSTRING_END"):
            whole = _between(token.line if token.start[0] == starts[-1].start[0] else "", starts.pop(), token, tokens)
        if whole and coloured and (found := coloured.search(whole)):
            raise RegenerationError(
                f"{name}:{token.start[0]}: {found[1]} inside an f-string is not renamed; give it a name before"
            )


def _between(line: str, start: tokenize.TokenInfo, end: tokenize.TokenInfo, tokens: list[tokenize.TokenInfo]) -> str:
    if line:
        return line[start.start[1] : end.end[1]]
    return " ".join(token.string for token in tokens if start.start <= token.start <= end.start)


def _edits(tokens: list[tokenize.TokenInfo], rules: Rules, used: Counter[str]) -> Iterator[Edit]:
    brackets: list[bool] = []
    importing = False
    fresh = True
    for index, token in enumerate(tokens):
        if token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT) or token.string == ";":
            fresh, importing = True, False
            continue
        if fresh:
            fresh, importing = False, token.string in ("from", "import")
        word = token.string
        if word == "[":
            opened = tokens[index - 1].string in rules.unwrapped
            brackets.append(opened)
            if opened:
                yield Edit(token.start, token.end, "")
        elif word == "]":
            if brackets.pop():
                yield Edit(token.start, token.end, "")
        if token.type != tokenize.NAME:
            continue
        before = [earlier.string for earlier in tokens[max(0, index - 2) : index]]
        if importing and before == ["momopy", "."]:
            if word in rules.modules:
                used[f"module {word}"] += 1
                yield Edit(token.start, token.end, rules.modules[word])
        elif word in rules.dropped:
            used[word] += 1
            yield Edit(token.start, tokens[index + 1].start, "")
        elif word in rules.unwrapped and tokens[index + 1].string == "[":
            used[word] += 1
            yield Edit(token.start, token.end, "")
        elif word in rules.names:
            used[word] += 1
            yield Edit(token.start, token.end, rules.names[word])


def _apply(source: str, edits: list[Edit]) -> str:
    lines = source.splitlines(keepends=True)
    for start, end, text in reversed(edits):
        first, last = lines[start[0] - 1], lines[end[0] - 1]
        lines[start[0] - 1 : end[0]] = [first[: start[1]] + text + last[end[1] :]]
    return "".join(lines)


def derive_twins(root: Path) -> dict[str, str]:
    """Return the unformatted text of every twin by its path, for the sources that are there."""
    used: Counter[str] = Counter()
    texts = {}
    for source, target in PAIRS.items():
        if (root / source).exists():
            texts[target], needed = derive((root / source).read_text(encoding="utf-8"), source)
            used += needed
    unused = sorted(RULES.all() - used.keys())
    if unused and len(texts) == len(PAIRS):
        raise RegenerationError(f"scripts/derive_twins.py: no source needs the rules {', '.join(unused)}")
    return texts
