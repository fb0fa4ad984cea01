"""What OpenTelemetry is told: by the semantic conventions, and nothing that is a secret or a number."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from momopy import otel
from momopy.sandbox import Sandbox
from tests.client.twins import Both, Twin, payment

pytestmark = pytest.mark.anyio


class Telemetry(NamedTuple):
    """Where spans and metrics of one test go."""

    spans: InMemorySpanExporter
    reader: InMemoryMetricReader
    tracers: TracerProvider
    meters: MeterProvider

    def client(self, twin: Twin, sandbox: Sandbox, **options: Any) -> Both:
        return twin.managed(sandbox, **otel.instrument(self.tracers, self.meters), **options)

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans.get_finished_spans() if span.name == name]

    def points(self, name: str) -> list[Any]:
        data = self.reader.get_metrics_data()
        metrics = [metric for part in data.resource_metrics for scope in part.scope_metrics for metric in scope.metrics]
        return [point for metric in metrics if metric.name == name for point in metric.data.data_points]


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers, meters = TracerProvider(), MeterProvider([reader])
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    yield Telemetry(spans, reader, tracers, meters)
    tracers.shutdown()
    meters.shutdown()


CREATE, STATUS = "POST /collection/v1_0/requesttopay", "GET /collection/v1_0/requesttopay/{referenceId}"


async def test_each_request_is_a_span_below_the_callers(twin: Twin, sandbox: Sandbox, telemetry: Telemetry) -> None:
    client = telemetry.client(twin, sandbox)
    with telemetry.tracers.get_tracer("shop").start_as_current_span("order") as order:
        result = await client.request_to_pay(body=payment())
        await client.get_payment_status(result.data["reference_id"])
    (create,), (status,) = telemetry.named(CREATE), telemetry.named(STATUS)
    port = int(sandbox.base_url.rpartition(":")[2])
    assert {key: value for key, value in create.attributes.items() if not key.startswith("momopy.")} == {
        "http.request.method": "POST",
        "url.template": "/collection/v1_0/requesttopay",
        "server.address": "127.0.0.1",
        "server.port": port,
        "http.response.status_code": 202,
        "http.response.body.size": 0,
    }
    assert create.attributes["momopy.operation"] == "RequesttoPay"
    assert status.attributes["momopy.reference_id"] == result.data["reference_id"]
    for span in (create, status):
        assert span.kind is SpanKind.CLIENT
        assert span.parent.span_id == order.get_span_context().span_id
        assert span.status.status_code is StatusCode.UNSET
        assert order.start_time <= span.start_time <= span.end_time <= order.end_time
        assert span.instrumentation_scope.name == "momopy"
    events = [event for event in order.events if event.attributes["momopy.operation"] == "RequesttoPay"]
    assert [event.attributes["momopy.outcome"] for event in events] == ["ok"]


async def test_errors_are_named(twin: Twin, sandbox: Sandbox, telemetry: Telemetry) -> None:
    client = telemetry.client(twin, sandbox)
    sandbox.fault("status", status=403, path="requesttopay")
    await client.request_to_pay(body=payment())
    sandbox.fault("cut", path="requesttopay")
    await client.request_to_pay(body=payment())
    refused, lost, _ = telemetry.named(CREATE)
    assert refused.attributes["error.type"] == "403"
    assert lost.attributes["error.type"] in ("RemoteProtocolError", "ReadError")
    assert "http.response.status_code" not in lost.attributes
    assert {refused.status.status_code, lost.status.status_code} == {StatusCode.ERROR}
    counted = {
        point.attributes["momopy.outcome"]: point
        for point in telemetry.points("momopy.client.results")
        if point.attributes["momopy.operation"] == "RequesttoPay"
    }
    assert {name: point.value for name, point in counted.items()} == {"not_created": 1, "ok": 1}
    assert counted["not_created"].attributes["error.type"] == "FORBIDDEN"


async def test_durations_are_seconds_in_the_buckets_of_the_conventions(
    twin: Twin, sandbox: Sandbox, telemetry: Telemetry
) -> None:
    client = telemetry.client(twin, sandbox)
    for _ in range(3):
        await client.get_account_balance()
    points = telemetry.points("http.client.request.duration")
    (point,) = [each for each in points if each.attributes["url.template"] == "/collection/v1_0/account/balance"]
    assert point.count == 3
    assert 0 < point.sum < 30
    assert point.explicit_bounds == (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
    allowed = {"http.request.method", "http.response.status_code", "url.template", "server.address", "server.port"}
    assert set(point.attributes) == allowed, "each further one would multiply the series"


async def test_nothing_secret_is_told(twin: Twin, sandbox: Sandbox, telemetry: Telemetry) -> None:
    client = telemetry.client(twin, sandbox)
    number = "46733123499"
    with telemetry.tracers.get_tracer("shop").start_as_current_span("order"):
        await client.is_active(number)
        await client.get_basic_user_info(number)
        await client.request_to_pay(body=payment(number, payerMessage="a private word"))
        await client.request_to_pay(body=payment(number, amount="-1"))
    told = "".join(span.to_json() for span in telemetry.spans.get_finished_spans())
    told += telemetry.reader.get_metrics_data().to_json()
    token = sandbox.tokens()[0]
    assert len(telemetry.spans.get_finished_spans()) > 4
    assert json.loads(telemetry.spans.get_finished_spans()[0].to_json())["name"]
    for secret in (number, "private", sandbox.api_key, sandbox.subscription_key, sandbox.api_user, token.value):
        assert secret not in told


def test_who_wants_none_loads_none() -> None:
    code = "import sys, momopy; print('opentelemetry' in sys.modules, 'momopy.otel' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "False False\n"
