"""Tells OpenTelemetry of requests and results (extra `otel`), by the semantic conventions for HTTP clients.

    Collection(subscription_key, ..., **momopy.otel.instrument())

Neither spans nor metrics hold a URL, a body, a header, a name or a number of a wallet: `url.full`, which the
conventions ask of a span, is left out on purpose.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypedDict

from momopy.observe import Attempt, Ending
from momopy.version import __version__

try:
    from opentelemetry import metrics, trace
    from opentelemetry.trace import SpanKind, Status, StatusCode
except ImportError:
    raise ImportError("momopy.otel needs the extra otel: pip install 'momopy-collection[otel]'") from None

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

# Those of the conventions: the default ones are made for milliseconds.
_BOUNDARIES: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)


class Hooks(TypedDict):
    """The two arguments of a client."""

    on_attempt: Callable[[Attempt], None]
    on_result: Callable[[Ending], None]


def instrument(tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None) -> Hooks:
    """Make the hooks of a client: `Collection(..., **instrument())`.

    Each request becomes a span of kind CLIENT, named by its method and template, below the span that is current where
    the client is called, and a point of `http.client.request.duration`. Each result becomes an event `momopy.result`
    of the current span and counts in `momopy.client.results`.

    Args:
        tracer_provider: Where spans go; by default the program's.
        meter_provider: Where metrics go; by default the program's.
    """
    tracer = trace.get_tracer("momopy", __version__, tracer_provider)
    meter = metrics.get_meter("momopy", __version__, meter_provider)
    duration = meter.create_histogram(
        "http.client.request.duration",
        unit="s",
        description="Duration of HTTP client requests.",
        explicit_bucket_boundaries_advisory=_BOUNDARIES,
    )
    results = meter.create_counter(
        "momopy.client.results", unit="{result}", description="Calls that came to their end, by outcome."
    )

    def on_attempt(attempt: Attempt) -> None:
        end = time.time_ns()
        attributes = _of_attempt(attempt)
        duration.record(attempt.elapsed, attributes)
        span = tracer.start_span(
            f"{attempt.method} {attempt.route}",
            kind=SpanKind.CLIENT,
            attributes={**attributes, **_of_span(attempt)},
            start_time=end - round(attempt.elapsed * 1e9),
        )
        if "error.type" in attributes:
            span.set_status(Status(StatusCode.ERROR))
        span.end(end)

    def on_result(ending: Ending) -> None:
        attributes = _of_ending(ending)
        results.add(1, attributes)
        if ending.reference_id is not None:
            attributes["momopy.reference_id"] = ending.reference_id
        trace.get_current_span().add_event("momopy.result", attributes)

    return {"on_attempt": on_attempt, "on_result": on_result}


def _of_attempt(attempt: Attempt) -> dict[str, str | int]:
    """What has few values, and may become a series of a metric."""
    attributes: dict[str, str | int] = {
        "http.request.method": attempt.method,
        "url.template": attempt.route,
        "server.address": attempt.host,
    }
    if attempt.port is not None:
        attributes["server.port"] = attempt.port
    if attempt.http_status is not None:
        attributes["http.response.status_code"] = attempt.http_status
        if attempt.http_status >= 400:
            attributes["error.type"] = str(attempt.http_status)
    else:
        attributes["error.type"] = attempt.fault or "_OTHER"
    return attributes


def _of_span(attempt: Attempt) -> dict[str, str | int]:
    attributes: dict[str, str | int] = {
        "momopy.operation": attempt.operation,
        # Not http.request.resend_count: the status calls of one wait, and those between two tries, are counted too.
        "momopy.attempt": attempt.attempt,
        "http.response.body.size": attempt.size,
    }
    if attempt.reference_id is not None:
        attributes["momopy.reference_id"] = attempt.reference_id
    if attempt.code is not None:
        attributes["momopy.code"] = attempt.code
    return attributes


def _of_ending(ending: Ending) -> dict[str, str | int]:
    attributes: dict[str, str | int] = {
        "momopy.operation": ending.operation,
        "momopy.outcome": ending.outcome or "ok",
    }
    if ending.code is not None:
        attributes["error.type"] = ending.code
    return attributes
