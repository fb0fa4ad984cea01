"""The commands that steer a sandbox, and what they and the served sandbox say when something is wrong."""

from __future__ import annotations

import http.server
import json
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from momopy.cli.commands import momopy
from momopy.sandbox import Sandbox, Switches, run
from momopy.sandbox.behaviours import BEHAVIOURS
from momopy.sandbox.control import control_routes
from tests.sandbox.serving import served
from tests.sandbox.shop import ANYBODY, Shop


def momopy_sandbox(*arguments: str) -> Result:
    return CliRunner().invoke(momopy, ["sandbox", *arguments])


def in_its_own_process(*arguments: str) -> tuple[int, str]:
    """The exit code and the output of what must not begin to serve."""
    command = [sys.executable, "-m", "momopy.sandbox", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout + done.stderr


def told(sandbox: Sandbox, *arguments: str) -> Any:
    """What a command prints, the sandbox named after it."""
    result = momopy_sandbox(*arguments, "--port", sandbox.base_url.rpartition(":")[2])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_sandbox_is_named_before_or_after_the_command(sandbox: Sandbox) -> None:
    port = sandbox.base_url.rpartition(":")[2]
    before = sandbox.clock.now()
    for place in (["--port", port, "advance", "300"], ["advance", "300", "--port", port, "--host", "127.0.0.1"]):
        assert momopy_sandbox(*place).exit_code == 0
    # What stands after the command is nearer to it.
    assert momopy_sandbox("--port", "1", "--host", "192.0.2.1", *place[:0], *place).exit_code == 0
    assert sandbox.clock.now() == pytest.approx(before + 900)


def test_every_control_call_has_a_command(sandbox: Sandbox, shop: Shop) -> None:
    asked: set[tuple[str, str]] = set()
    routes = {route.path: route.methods or set() for route in control_routes(sandbox)}

    def note(result: Any, method: str, path: str) -> Any:
        assert method in routes[f"/_sandbox/api/{path}"]
        asked.add((method, path))
        return result

    sandbox.switches.consent_after = None
    note(told(sandbox, "hold", ANYBODY), "POST", "held")
    first, second = shop.pay(), shop.pay()
    assert note(told(sandbox, "approve", first), "POST", "payments/{reference_id}/approve")["status"] == "SUCCESSFUL"
    assert note(told(sandbox, "reject", second), "POST", "payments/{reference_id}/reject")["status"] == "FAILED"
    assert note(told(sandbox, "release", ANYBODY), "DELETE", "held") == []
    assert note(told(sandbox, "show", "payments", second), "GET", "payments/{reference_id}")["status"] == "FAILED"
    for answer, status in (("approve", "APPROVED"), ("reject", "REJECTED")):
        form = {"login_hint": f"ID:{ANYBODY}/MSISDN", "scope": "profile"}
        asked_for = shop.http.post("/collection/v1_0/bc-authorize", data=form, headers=shop.bearer).json()
        note(told(sandbox, "consent", answer, asked_for["auth_req_id"]), "POST", "consents/{auth_req_id}/{answer}")
        assert sandbox.consents()[-1].status == status
    assert note(told(sandbox, "speed", "60"), "POST", "clock")["speed"] == 60
    told(sandbox, "speed", "0")
    assert note(told(sandbox, "set", "get_lag=2"), "PATCH", "switches")["get_lag"] == 2
    assert note(told(sandbox, "set", "--callbacks", "copies=2"), "PATCH", "callback-mode")["copies"] == 2
    assert note(told(sandbox, "fault", "cut", "--no-reset"), "POST", "faults")["reset"] is False
    assert told(sandbox, "fault", "cut", "--reset")["reset"] is True
    assert len(note(told(sandbox, "show", "faults"), "GET", "faults")) == 2
    assert note(told(sandbox, "clear-faults"), "DELETE", "faults") == []
    for what in ("state", "payments", "requests", "callbacks", "tokens", "notifications", "consents"):
        note(told(sandbox, "show", what), "GET", what)
    assert note(told(sandbox, "show", "switches"), "GET", "switches")["get_lag"] == 2
    assert note(told(sandbox, "show", "callback-mode"), "GET", "callback-mode")["copies"] == 2
    note(told(sandbox, "show", "behaviours"), "GET", "behaviours")
    assert note(told(sandbox, "reset"), "POST", "reset") == {}
    assert (sandbox.payments(), sandbox.switches) == ([], Switches())
    every = {(method, path.removeprefix("/_sandbox/api/")) for path, methods in routes.items() for method in methods}
    assert {call for call in every if call[0] != "HEAD"} == asked


def test_behaviours_are_shown_without_a_sandbox() -> None:
    shown = momopy_sandbox("--port", "1", "show", "behaviours")
    assert shown.exit_code == 0
    assert len(json.loads(shown.output)) == len(BEHAVIOURS)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--port", "99999"], 2, "99999 is not in the range"),
        (["--port", "0", "--currency", "euro"], 1, "currency is three capital letters, such as EUR"),
        (["--port", "0", "--speed", "-1"], 1, "the speed of a sandbox lies between 0 and 1,000,000"),
        (["--port", "0", "--speed", "nan"], 1, "the speed of a sandbox lies between 0 and 1,000,000"),
        (["--port", "0", "--state", "/nonexistent/x.db"], 1, "Error: /nonexistent/x.db: No such file"),
        (["advance", "300", "--port", "99999"], 2, "99999 is not in the range"),
        (["show", "state", "--port", "1"], 1, "no sandbox answers at http://127.0.0.1:1"),
        (["show", "state", "--host", "a b"], 1, "no sandbox answers at http://a b:8765"),
        (["show", "state", "--host", "a" * 300], 1, "no sandbox answers at http://aaa"),
        (["set", "get_lag"], 2, "'get_lag' sets nothing: write NAME=VALUE"),
        (["set", "=2"], 2, "'=2' sets nothing: write NAME=VALUE"),
        (["show", "state", "7"], 2, "only payments have a REFERENCE_ID"),
    ],
)
def test_what_cannot_be_is_one_clear_line(arguments: list[str], code: int, sentence: str) -> None:
    exit_code, output = in_its_own_process(*arguments)
    assert (exit_code, sentence in output) == (code, True), output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["advance", "-5"], "a sandbox's clock is moved forward"),
        (["advance", "1e12"], "not beyond the year 9000"),
        (["advance", "1e300"], "not beyond the year 9000"),
        (["advance", "nan"], "a sandbox's clock is moved forward"),
        (["speed", "inf"], "lies between 0 and 1,000,000"),
        (["speed", "-1"], "lies between 0 and 1,000,000"),
        (["set", "get_lag=null"], "get_lag is a number of seconds from 0 to"),
        (["set", "nonsense=1"], "no such switch: nonsense; there are atomic_duplicates, "),
        (["set", "--callbacks", "nonsense=1"], "no such part of the callback mode: nonsense; there are send, "),
        (["approve", "b?c"], "no transaction with the id b?c"),
        (["consent", "approve", "7"], "no consent with this auth_req_id waits"),
        (["fault", "cut", "--every", "0"], "every is a whole number from 1 to"),
        (["fault", "cut", "--times", "-1"], "times is a whole number from 1 to"),
    ],
)
def test_what_the_sandbox_refuses_is_one_clear_line(sandbox: Sandbox, arguments: list[str], sentence: str) -> None:
    before = sandbox.clock.now()
    result = momopy_sandbox(*arguments, "--port", sandbox.base_url.rpartition(":")[2])
    assert (result.exit_code, sentence in result.output) == (1, True), result.output
    assert len(result.output.splitlines()) == 1
    assert (sandbox.clock.now(), sandbox.switches, sandbox.faults) == (before, Switches(), [])


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    answer = (200, b"<h1>It works!</h1>")

    def do_GET(self) -> None:
        status, content = self.answer
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The port of a web server that is no sandbox."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield str(server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "answer", [(200, b"<h1>It works!</h1>"), (404, b'{"detail": "Not Found"}'), (500, b"[]"), (404, b"")]
)
def test_a_web_server_that_is_no_sandbox(
    elsewhere: str, answer: tuple[int, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Elsewhere, "answer", answer)
    result = momopy_sandbox("show", "state", "--port", elsewhere)
    assert result.exit_code == 1
    assert result.output == f"Error: what answers at http://127.0.0.1:{elsewhere} is no sandbox\n"


def test_a_state_file_that_is_in_use(tmp_path: Path) -> None:
    file = str(tmp_path / "momo.db")
    with run(state=file):
        exit_code, output = in_its_own_process("--port", "0", "--state", file)
    assert (exit_code, "another sandbox that is running" in output) == (1, True)


@pytest.mark.parametrize(
    ("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]")]
)
def test_the_printed_address_can_be_used(host: str, shown: str) -> None:
    try:
        running = run(host=host)
        sandbox = running.__enter__()
    except OSError:
        pytest.skip("this machine has no IPv6")
    try:
        assert sandbox.base_url.rpartition(":")[0] == f"http://{shown}"
        assert httpx.get(f"{sandbox.base_url}/_sandbox/api/state", trust_env=False).status_code == 200
    finally:
        running.__exit__(None, None, None)


def ask_for_tokens(env: dict[str, str], count: int) -> list[int]:
    with httpx.Client(base_url=env["MOMO_BASE_URL"], trust_env=False) as client:
        user, key = (env["MOMO_API_USER"], env["MOMO_API_KEY"]), {"Ocp-Apim-Subscription-Key": "k"}
        return [client.post("/collection/token/", auth=user, headers=key).status_code for _ in range(count)]


def test_a_sandbox_whose_output_nobody_reads_goes_on() -> None:
    with served() as running:
        assert running.process.stdout is not None
        running.process.stdout.close()
        assert ask_for_tokens(running.env, 5) == [200] * 5
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0


def test_a_sandbox_that_could_not_even_print_its_address_goes_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-u", "-m", "momopy.sandbox", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        api = f"http://127.0.0.1:{port}/_sandbox/api/state"
        with httpx.Client(transport=httpx.HTTPTransport(retries=12), trust_env=False) as client:
            env = client.get(api).json()["env"]
        assert ask_for_tokens(env, 3) == [200] * 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_a_watcher_that_fails_harms_no_request(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    def broken(_: object) -> None:
        raise RuntimeError("the watcher's own")

    shop.sandbox.watch_requests(broken)
    shop.sandbox.watch_requests(lambda entry: seen.append(entry.method))
    reference = shop.pay()
    assert shop.status(reference)["status"] == "SUCCESSFUL"
    assert seen == ["POST", "GET"]
    assert [record.message for record in caplog.records] == ["a watcher of the requests failed"]


def test_the_control_api_says_no_in_json(sandbox: Sandbox) -> None:
    with httpx.Client(base_url=f"{sandbox.base_url}/_sandbox/", trust_env=False) as client:
        for method, path, status in (("GET", "api/nowhere", 404), ("PUT", "api/clock", 405), ("GET", "nowhere", 404)):
            answer = client.request(method, path)
            assert (answer.status_code, list(answer.json())) == (status, ["error"])
        assert client.put("api/clock").headers["allow"] == "POST"


def test_a_person_at_the_bare_address_finds_the_page_and_a_program_the_gateways_404(sandbox: Sandbox) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
    with httpx.Client(base_url=sandbox.base_url, trust_env=False) as client:
        person = client.get("/", headers=browser)
        assert (person.status_code, 'href="/_sandbox/"' in person.text) == (404, True)
        for headers in ({}, {"Accept": "text/html"}, {"Accept": "*/*", "Sec-Fetch-Mode": "cors"}):
            assert client.get("/", headers=headers).json() == {"statusCode": 404, "message": "Resource not found"}
        assert client.get("/collection/", headers=browser).json()["statusCode"] == 404


def test_an_unknown_payment_is_named(sandbox: Sandbox) -> None:
    unknown = str(uuid.uuid4())
    result = momopy_sandbox("show", "payments", unknown, "--port", sandbox.base_url.rpartition(":")[2])
    assert (result.exit_code, f"no transaction with the id {unknown}" in result.output) == (1, True)
