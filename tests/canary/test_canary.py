"""No secret is anywhere in what a program may show, whatever goes wrong."""

from __future__ import annotations

import asyncio
import inspect
import io
from hmac import compare_digest
from typing import Any

import pytest

import momopy
from momopy import Secret, Settings
from tests.canary import calls, secrets
from tests.canary.secrets import API_KEY, API_USER, CALLBACK, MSISDN, SUBSCRIPTION_KEY
from tests.canary.service import FAULTS, Service

HOST = "http://127.0.0.1:9"
# No call waits: what is looked at is what it shows.
QUICK = Settings(
    backoff=1e-4,
    backoff_limit=1e-4,
    ambiguous_wait=1e-4,
    retry_after_limit=0.0,
    read_deadline=0.4,
    write_deadline=0.4,
    token_deadline=0.4,
    read_attempts=2,
    create_attempts=2,
    cancel_attempts=2,
    token_attempts=2,
    token_spacing=0.0,
    retry_quota=1_000_000,
    status_rate=1e6,
)
OPTIONS: dict[str, Any] = {
    "api_user": API_USER,
    "api_key": API_KEY,
    "base_url": HOST,
    "callback": CALLBACK,
    "settings": QUICK,
}


class Looker:
    """Collects what leaked."""

    def __init__(self) -> None:
        self.leaks: list[str] = []
        self.looked = 0
        self.traced: set[Any] = set()

    def look(self, where: str, text: str) -> None:
        self.looked += 1
        self.leaks += [f"{where}: {name}" for name in secrets.found(text)]

    def result(self, name: str, fault: str, result: Any) -> None:
        where = f"{name}, {fault}"
        gives_secrets = name in calls.GIVES_SECRETS or fault.startswith("repeated:")
        for how, text in secrets.shown(result, with_data=not (gives_secrets and result.ok)):
            self.look(f"{where}: {how}", text)
        if not result.ok:
            try:
                result.unwrap()
            except momopy.HTTPException as exc:
                self.look(f"{where}: the exception", f"{exc!r} {exc} {vars(exc)} {secrets.pickled(exc)}")
                if (case := (name, type(exc), result.data["code"])) not in self.traced:
                    self.traced.add(case)
                    self.look(f"{where}: its traceback", secrets.trace(exc))


def work_through(twin: str, looker: Looker, names: Any, table: Any, make: Any, service: Service) -> None:
    """Every call of a table with every fault."""

    async def awaited() -> None:
        async with make() as client:
            for name in names:
                for fault, play in FAULTS.items():
                    for tokens_too in _STRUCK.get(name, (False,)):
                        service.play, service.tokens_too = play, tokens_too
                        forget_tokens()
                        result = table[name](client)
                        if inspect.isawaitable(result):
                            result = await result
                        looker.result(name, fault, result)
            for path, text in secrets.inside(client):
                looker.look(f"inside {path}", text)
            looker.look("the client's pickle", secrets.pickled(client))

    def blocking() -> None:
        with make() as client:
            for name in names:
                for fault, play in FAULTS.items():
                    for tokens_too in _STRUCK.get(name, (False,)):
                        service.play, service.tokens_too = play, tokens_too
                        forget_tokens()
                        result = table[name](client)
                        looker.result(name, fault, result)
            for path, text in secrets.inside(client):
                looker.look(f"inside {path}", text)
            looker.look("the client's pickle", secrets.pickled(client))

    asyncio.run(awaited()) if twin == "awaited" else blocking()


# The fault strikes the call itself; in some it strikes, in a second round, the token request as well.
_STRUCK = {
    **dict.fromkeys(("get_account_balance", "request_to_pay", "cancel_invoice", "notify_payer"), (False, True)),
    **dict.fromkeys(("create_access_token", "create_access_token by hand"), (True,)),
}


def forget_tokens() -> None:
    from momopy import tokens

    for cache in list(tokens._caches):
        cache._token = None
        cache._reset()


TWINS = pytest.mark.parametrize("twin", ["awaited", "blocking"])


@TWINS
@pytest.mark.parametrize("part", range(4))
def test_no_call_and_no_fault_shows_a_secret(
    part: int, twin: str, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    looker, service = Looker(), Service()
    kind = momopy.Collection if twin == "awaited" else momopy.SyncCollection
    names = list(calls.CALLS)[part::4]

    def make() -> Any:
        return kind(
            SUBSCRIPTION_KEY,
            **OPTIONS,
            transport=service,
            on_attempt=lambda told: looker.look("on_attempt", repr(told)),
            on_result=lambda told: looker.look("on_result", repr(told)),
        )

    work_through(twin, looker, names, calls.CALLS, make, service)
    finish(looker, log, capfd)
    assert looker.looked > 4 * len(names) * len(FAULTS)
    assert service.requests > len(names) * len(FAULTS)


@TWINS
def test_no_provisioning_shows_a_secret(twin: str, log: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    looker, service = Looker(), Service()
    kind = momopy.Client if twin == "awaited" else momopy.SyncClient

    def make() -> Any:
        return kind(HOST, transport=service, settings=QUICK)

    work_through(twin, looker, calls.PROVISIONING, calls.PROVISIONING, make, service)
    finish(looker, log, capfd)


def finish(looker: Looker, log: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    said = log.getvalue()
    looker.look("the log", said)
    if MSISDN in said:
        looker.leaks.append("the log: the number of the payer")
    captured = capfd.readouterr()
    looker.look("stdout", captured.out)
    looker.look("stderr", captured.err)
    assert not looker.leaks, f"{len(looker.leaks)} leaks, such as\n" + "\n".join(sorted(set(looker.leaks))[:20])
    assert "momopy" in said


@TWINS
@pytest.mark.parametrize("name", calls.CALLS)
def test_an_interrupt_leaves_no_secret_in_its_traceback(name: str, twin: str, log: io.StringIO) -> None:
    service = Service()

    def interrupt(request: Any) -> Any:
        headers = [*request.headers.raw]  # noqa: F841 - in a local variable, as a transport has them
        try:
            raise RuntimeError(secrets.ACCESS_TOKEN)
        except RuntimeError:
            raise KeyboardInterrupt from None

    service.play = interrupt
    kind = momopy.Collection if twin == "awaited" else momopy.SyncCollection
    client: Any = kind(SUBSCRIPTION_KEY, **{**OPTIONS, "api_key": Secret(API_KEY)}, transport=service)
    forget_tokens()
    service.tokens_too = name.startswith("create_access_token")
    with pytest.raises(KeyboardInterrupt) as caught:
        asyncio.run(run(client, name)) if twin == "awaited" else calls.CALLS[name](client)
    text = secrets.trace(caught.value, skip=2)
    assert "driver.py" in text
    given = {"the OAuth2 token", "the auth_req_id", "the Basic token", "the token in the callback URL"}
    leaks = secrets.found(text) - (given if name in _GIVEN else set())
    assert not leaks
    assert not secrets.found(log.getvalue())
    forget_tokens()


# The caller gave these a secret in clear, which stands in the frames that it was handed to.
_GIVEN = {
    "create_oauth2_token",
    "refresh",
    "ask_user_info",
    "create_access_token by hand",
    "request_to_pay",
    "create_invoice",
}


async def run(client: Any, name: str) -> None:
    async with client:
        await calls.CALLS[name](client)


@pytest.mark.parametrize(
    "work",
    [
        lambda c: c.get_account_balance(target="Not A Target"),
        lambda c: c.get_account_balance(Secret(f"Bearer {secrets.ACCESS_TOKEN}"), "Not A Target"),
        lambda c: c.get_account_balance(Secret(f"Bear {secrets.ACCESS_TOKEN}")),
        lambda c: c.create_access_token(Secret(f"Basic {secrets.BASIC} {secrets.BASIC}")),
        lambda c: c.get_payment_status("no-uuid"),
        lambda c: c.request_to_pay(body=["no dict"]),
        lambda c: c.request_to_pay(body=calls.BODY, callback="nowhere"),
        lambda c: type(c)(Secret(SUBSCRIPTION_KEY + " x"), **{**OPTIONS, "api_key": Secret(API_KEY), "callback": None}),
        lambda c: type(c)(Secret(SUBSCRIPTION_KEY), api_key=Secret(API_KEY)),
        lambda c: type(c)(Secret(SUBSCRIPTION_KEY), api_user="x", api_key=Secret(API_KEY)),
        lambda c: type(c)(Secret(SUBSCRIPTION_KEY), api_user=API_USER, api_key=Secret(API_KEY + "\n\x00")),
        lambda c: type(c)(Secret(SUBSCRIPTION_KEY), proxy=5),
    ],
    ids=range(12),
)
def test_misuse_shows_no_secret(work: Any) -> None:
    client = momopy.SyncCollection(
        Secret(SUBSCRIPTION_KEY), **{**OPTIONS, "api_key": Secret(API_KEY)}, transport=Service()
    )
    with pytest.raises(momopy.Misuse) as caught:
        work(client)
    text = secrets.trace(caught.value, skip=2)
    assert "momopy/" in text
    assert not secrets.found(text + repr(caught.value) + secrets.pickled(caught.value))


def test_a_proxys_password_is_not_shown() -> None:
    client = momopy.SyncCollection(SUBSCRIPTION_KEY, **OPTIONS, proxy=f"http://user:{API_KEY}@127.0.0.1:3128")
    leaks = [path for path, text in secrets.inside(client) if secrets.found(text)]
    assert not leaks
    for proxy in (f"ftp://user:{API_KEY}@host", f"http://user:{API_KEY}@host:port", "no url"):
        with pytest.raises(momopy.InvalidArgument) as caught:
            momopy.SyncCollection(SUBSCRIPTION_KEY, **OPTIONS, proxy=proxy)
        assert "proxy" in str(caught.value)
        assert not secrets.found(repr(caught.value))
        assert caught.value.__context__ is None


@pytest.mark.parametrize("kind", [repr, str, format, "{:>10}".format, "%s".__mod__, lambda s: repr([s])])
def test_a_secret_shows_itself_to_nobody(kind: Any) -> None:
    secret = Secret(API_KEY)
    assert "***" in kind(secret)
    assert not secrets.found(kind(secret))
    assert not secrets.pickled(secret)
    with pytest.raises(TypeError):
        vars(secret)
    with pytest.raises(TypeError):
        hash(secret)
    with pytest.raises(TypeError):
        secret.__getstate__()
    assert secret.reveal() == API_KEY


def test_secrets_are_compared_in_a_time_that_does_not_tell_them(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare(mine: bytes, theirs: bytes) -> bool:
        compared.append((mine, theirs))
        return compare_digest(mine, theirs)

    monkeypatch.setattr("momopy.secret.hmac.compare_digest", compare)
    others = [API_KEY, API_KEY[:-1], "x" + API_KEY[1:], "\ud800" + API_KEY, ""]
    assert [Secret(API_KEY) == Secret(other) for other in others] == [True, False, False, False, False]
    assert compared == [(API_KEY.encode(), other.encode(errors="surrogatepass")) for other in others]
    assert Secret("\ud800") == Secret("\ud800")
    assert Secret(API_KEY) != API_KEY


def test_the_look_finds_a_secret_wherever_it_is() -> None:
    """The test of the test: what it is to find, it finds."""
    for name, secret in secrets.SECRETS.items():
        for text in (secret, f"x{secret.upper()}x", repr({"a": [secret]}), secrets.pickled({"a": secret})):
            assert name in secrets.found(text)

    class Holder:
        __slots__ = ("_inner",)

        def __init__(self) -> None:
            self._inner = {"a": [calls, (API_KEY,)]}

    assert any(secrets.found(text) for _, text in secrets.inside(Holder()))
    assert not any(secrets.found(text) for _, text in secrets.inside(Secret(API_KEY)))

    def fails(held: str) -> None:
        raise ValueError(len(held))

    with pytest.raises(ValueError, match="33") as caught:
        fails(API_KEY)
    assert secrets.found(secrets.trace(caught.value))
