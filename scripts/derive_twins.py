"""Derives the blocking twins from the awaited sources, by renaming whole names.

A source is read as tokens: texts and comments stay as they are, so they are written to fit both.
What one word cannot say (a lock, a sleep, a shield) belongs into a pair of classes with the same methods.
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

# Every file of the one folder has its twin in the other.
SOURCES = "momopy/awaited"
TWINS = "momopy/blocking"

# `from momopy.awaited.driver import ...` becomes `from momopy.blocking.driver import ...`; elsewhere
# this is an ordinary word.
MODULES = {"awaited": "blocking"}

NAMES = {
    "Collection": "SyncCollection",
    "Client": "SyncClient",
    "Driver": "SyncDriver",
    "Runtime": "SyncRuntime",
    "source": "sync_source",
    "Transport": "SyncTransport",
    "AsyncByteStream": "SyncByteStream",
    "aclose": "close",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "AsyncBaseTransport": "BaseTransport",
    "handle_async_request": "handle_request",
}

DROPPED = ("async", "await")

_F_STRING_STARTS = ("FSTRING_START", "TSTRING_START")
_F_STRING_ENDS = ("FSTRING_END", "TSTRING_END")

HEADER = "# Derived from {source} by scripts/regenerate; a change made here is lost.\n"


class Rules(NamedTuple):
    """What is renamed and what is dropped."""

    modules: Mapping[str, str]
    names: Mapping[str, str]
    dropped: tuple[str, ...]

    def all(self) -> set[str]:
        """Name every rule, as `Twin.used` does."""
        return {f"module {name}" for name in self.modules} | {*self.names, *self.dropped}


RULES = Rules(MODULES, NAMES, DROPPED)


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
    _refuse_coloured_f_strings(source, name, tokens, rules)
    edits = list(_edits(list(_outside_f_strings(tokens)), rules, used))
    return Twin(HEADER.format(source=name) + _apply(source, edits), used)


def _outside_f_strings(tokens: list[tokenize.TokenInfo]) -> Iterator[tokenize.TokenInfo]:
    # Python 3.12 began to cut f-strings into tokens; the twin must not depend on who derives it.
    depth = 0
    for token in tokens:
        kind = tokenize.tok_name[token.type]
        if kind in _F_STRING_STARTS:
            depth += 1
        elif kind in _F_STRING_ENDS:
            depth -= 1
        elif depth == 0 and token.type not in (tokenize.COMMENT, tokenize.NL):
            yield token


def _f_strings(source: str, tokens: list[tokenize.TokenInfo]) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of every f-string, whichever Python reads the source."""
    starts: list[tokenize.TokenInfo] = []
    for token in tokens:
        kind = tokenize.tok_name[token.type]
        if token.type == tokenize.STRING and re.match("[A-Za-z]*[fFtT]", token.string):
            yield token.start[0], token.string
        elif kind in _F_STRING_STARTS:
            starts.append(token)
        elif kind in _F_STRING_ENDS:
            start = starts.pop().start
            yield start[0], _stretch(source, start, token.end)


def _stretch(source: str, start: tuple[int, int], end: tuple[int, int]) -> str:
    lines = source.splitlines(keepends=True)[start[0] - 1 : end[0]]
    lines[-1] = lines[-1][: end[1]]
    return "".join(lines)[start[1] :]


def _refuse_coloured_f_strings(source: str, name: str, tokens: list[tokenize.TokenInfo], rules: Rules) -> None:
    words = "|".join(map(re.escape, [*rules.names, *rules.dropped]))
    for line, text in _f_strings(source, tokens):
        if found := re.search(rf"\{{[^{{}}]*\b({words})\b", text):
            raise RegenerationError(f"{name}:{line}: {found[1]} inside an f-string; give the value a name before it")


def _edits(tokens: list[tokenize.TokenInfo], rules: Rules, used: Counter[str]) -> Iterator[Edit]:
    importing, fresh = False, True
    for index, token in enumerate(tokens):
        word = token.string
        if token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT) or word == ";":
            fresh = True
            continue
        if fresh:
            fresh, importing = False, word in ("from", "import")
        if token.type != tokenize.NAME:
            continue
        if word in rules.modules and importing and [t.string for t in tokens[index - 2 : index]] == ["momopy", "."]:
            used[f"module {word}"] += 1
            yield Edit(token.start, token.end, rules.modules[word])
        elif word in rules.dropped:
            used[word] += 1
            yield Edit(token.start, tokens[index + 1].start, "")
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
    """Return the unformatted text of every twin by its path."""
    used: Counter[str] = Counter()
    texts = {}
    for path in sorted((root / SOURCES).rglob("*.py")):
        name = path.relative_to(root).as_posix()
        texts[name.replace(SOURCES, TWINS, 1)], needed = derive(path.read_text(encoding="utf-8"), name)
        used += needed
    unused = sorted(RULES.all() - used.keys())
    if unused:
        raise RegenerationError(f"scripts/derive_twins.py: no source needs the rules {', '.join(unused)}")
    return texts
