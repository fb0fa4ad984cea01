"""The requests as they were received."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

import attrs

from momopy.sandbox.exchange import Request
from momopy.sandbox.masking import masked_body, masked_headers, masked_query, masked_text

logger = logging.getLogger("momopy.sandbox")

KEPT_REQUESTS = 1000
KEPT_BODY = 4096


@attrs.define(kw_only=True)
class Received:
    """One request, its secrets masked, and the status that it got; None when it got no answer."""

    serial: int
    at: float
    method: str
    operation: str | None
    """MTN's name of the operation; None for a path that is none of MTN's."""
    path: str = attrs.field(repr=False)
    headers: dict[str, str] = attrs.field(repr=False)
    body: str = attrs.field(repr=False)
    status: int | None = None
    code: str | None = None
    fault: str | None = None
    milliseconds: float = 0.0

    @property
    def masked_path(self) -> str:
        """The path with phone numbers hidden."""
        return masked_text(self.path)


class RequestLog:
    """The latest requests, oldest first."""

    def __init__(self) -> None:
        self.entries: deque[Received] = deque(maxlen=KEPT_REQUESTS)
        self.listeners: list[Callable[[Received], None]] = []
        self.count = 0
        self._failed: list[Callable[[Received], None]] = []

    def add(self, request: Request, operation: str | None, at: float) -> Received:
        """Take in a request; its answer is not known yet."""
        self.count += 1
        entry = Received(
            serial=self.count,
            at=at,
            method=request.method,
            operation=operation,
            path=request.path + (f"?{masked_query(request.query)}" if request.query else ""),
            headers=masked_headers(request.headers),
            body=masked_body(request.body[:KEPT_BODY].decode("utf-8", "replace")),
        )
        self.entries.append(entry)
        return entry

    def answered(self, entry: Received) -> None:
        """Tell those who watch that a request is over. The first failure of each is logged; the request has none."""
        for listener in list(self.listeners):
            try:
                listener(entry)
            except Exception:
                if listener not in self._failed:
                    self._failed.append(listener)
                    logger.exception("a watcher of the requests failed")
