"""The values that pass between the wire and the rules: a request, an answer, a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=us-ascii"
# The key under which the server hands its connection to the application.
TRANSPORT = "momopy.transport"


class Request(NamedTuple):
    """One request as it was received; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """One answer as it will be sent."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def code(self) -> str | None:
        """The code of a refusal, for the log."""
        if self.status < 400 or self.content_type != JSON:
            return None
        document = json.loads(self.body)
        return str(document.get("code") or document.get("error") or document.get("message"))


class Later(NamedTuple):
    """An answer that is worked out after a pause in real seconds."""

    pause: float
    finish: Callable[[], Answer]


class Refused(Exception):
    """Ends the handling of a request with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def json_answer(status: int, document: Any) -> Answer:
    """An answer with a JSON body."""
    return Answer(
        status,
        json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
        JSON,
    )
