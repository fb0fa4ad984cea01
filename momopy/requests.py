"""Makes the httpx request of a call. Headers with secrets are joined here and nowhere else."""

from __future__ import annotations

from typing import Any

import httpx

from momopy.calls import Call
from momopy.secret import Secret
from momopy.settings import Settings
from momopy.version import __version__

_NOTHING = httpx.ByteStream(b"")


class Wire:
    """What is the same for every request of a client: its host, and the headers that each of them carries."""

    __slots__ = ("_base_url", "_headers", "_parts", "_settings", "_subscription_key")

    def __init__(self, base_url: str, subscription_key: Secret | None, settings: Settings) -> None:
        self._base_url = httpx.URL(base_url)
        self._subscription_key = subscription_key
        self._headers = (
            (b"Host", self._base_url.netloc),
            (b"User-Agent", b"momopy/" + __version__.encode()),
            (b"Accept", b"application/json"),
            # A compressed body of 50 KB can be one of 50 MB.
            (b"Accept-Encoding", b"identity"),
        )
        self._settings = settings
        self._parts = self._base_url._uri_reference

    def __repr__(self) -> str:
        return f"<Wire to {self._base_url}>"

    def request(self, call: Call[Any], authorization: Secret | None, seconds: float) -> httpx.Request:
        """Build the request of one attempt that may take so many seconds."""
        headers = [*self._headers, *call.headers]
        subscription_key = call.subscription_key or self._subscription_key
        if subscription_key is not None:
            headers.append((b"Ocp-Apim-Subscription-Key", subscription_key.reveal().encode()))
        if authorization is not None:
            headers.append((b"Authorization", authorization.reveal().encode()))
        body = call.body
        if body is not None:
            # A bodyless POST without a length gets a 411 from MTN's proxy (measured).
            headers.append((b"Content-Length", b"%d" % len(body)))
        settings = self._settings
        # Less than all that is left: whoever has no connection by then is told so, and not that nobody knows.
        early = 0.9 * seconds
        timeout = {
            "connect": min(settings.connect_timeout, early),
            "read": min(settings.read_timeout, seconds),
            "write": min(settings.write_timeout, seconds),
            "pool": min(settings.pool_timeout, early),
            "total": seconds,
        }
        request = httpx.Request(
            call.method,
            self._url(call.url),
            headers=headers,
            stream=httpx.ByteStream(body) if body else _NOTHING,
            extensions={"timeout": timeout},
        )
        # httpx-aiohttp 0.2.0 takes a body that was not read for a stream, and sends a GET with an empty chunk.
        request.read()
        return request

    def _url(self, target: str) -> httpx.URL:
        path, mark, query = target.partition("?")
        url = httpx.URL(self._base_url)
        # What httpx.URL would make of host and target, which are in order: to parse them takes 12 us of a call's 170.
        url._uri_reference = self._parts._replace(path=path, query=query if mark else None)
        return url


def is_dirty(response: httpx.Response) -> bool:
    """Whether bytes lie behind an answer that has been read to its end.

    Azure's front door and others were seen to send a second answer in the same segment; the next call on the
    connection would read it as its own. h11 knows of such bytes, and httpcore (1.0) does not ask it.
    """
    stream: Any = response.stream
    connection = getattr(getattr(getattr(stream, "_httpcore_stream", None), "_stream", None), "_connection", None)
    state = getattr(connection, "_h11_state", None)
    if state is None or "network_stream" not in response.extensions:
        return False
    return bool(state.trailing_data[0])
