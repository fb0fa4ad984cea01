"""Clients from environment variables and .env files."""

from __future__ import annotations

import builtins
import os
import pickle
import traceback
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from momopy import Collection, InvalidArgument, InvalidTarget, MissingCredentials, Misuse, SyncCollection

KEY, API_KEY, API_USER = "5" * 31 + "e", "6" * 31 + "f", str(uuid4())
FULL = {"MOMO_SUBSCRIPTION_KEY": KEY, "MOMO_API_USER": API_USER, "MOMO_API_KEY": API_KEY}

TWINS = pytest.mark.parametrize("kind", [Collection, SyncCollection])


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the machine's own, and a folder without a .env file."""
    for name in list(os.environ):
        if name.startswith("MOMO_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def use(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def profile(client: Any) -> Any:
    return client._profile


@TWINS
def test_all_that_is_missing_is_named_at_once(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingCredentials) as caught:
        kind.from_env()
    assert str(caught.value) == "MOMO_SUBSCRIPTION_KEY, MOMO_API_USER, MOMO_API_KEY: are not set"
    use(monkeypatch, MOMO_SUBSCRIPTION_KEY=KEY, MOMO_API_KEY="  ")
    with pytest.raises(MissingCredentials) as caught:
        kind.from_env()
    assert str(caught.value) == "MOMO_API_USER, MOMO_API_KEY: are not set"
    use(monkeypatch, MOMO_API_KEY=API_KEY)
    with pytest.raises(MissingCredentials, match=r"^MOMO_API_USER: is not set in the environment$"):
        kind.from_env()


@TWINS
def test_the_defaults_are_the_sandbox(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, **FULL)
    found = profile(kind.from_env())
    assert (found.target, found.base_url, found.live, found.callback) == (
        "sandbox",
        "https://sandbox.momodeveloper.mtn.com",
        False,
        None,
    )
    assert (found.subscription_key.reveal(), found.api_key.reveal(), found.api_user) == (KEY, API_KEY, API_USER)


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    use(
        monkeypatch,
        **{name: f" {value}\n" for name, value in FULL.items()},
        MOMO_TARGET_ENVIRONMENT="mtnuganda",
        MOMO_BASE_URL="https://proxy.momoapi.mtn.com",
        MOMO_CALLBACK_URL="https://shop.example/hook",
    )
    found = profile(SyncCollection.from_env())
    assert (found.target, found.base_url, found.live, found.callback.reveal()) == (
        "mtnuganda",
        "https://proxy.momoapi.mtn.com",
        True,
        "https://shop.example/hook",
    )
    assert found.subscription_key.reveal() == KEY


def test_what_is_given_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, **FULL, MOMO_TARGET_ENVIRONMENT="mtnuganda")
    other = str(uuid4())
    found = profile(SyncCollection.from_env(api_user=other, target="sandbox", subscription_key="given"))
    assert (found.api_user, found.target, found.subscription_key.reveal()) == (other, "sandbox", "given")
    assert not found.live


def test_consent_to_real_money_comes_from_where_the_target_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, **FULL)
    with pytest.raises(InvalidTarget, match="live=True"):
        SyncCollection.from_env(target="mtnuganda")
    use(monkeypatch, MOMO_TARGET_ENVIRONMENT="mtnuganda")
    assert profile(SyncCollection.from_env()).live
    with pytest.raises(InvalidTarget, match="live=True"):
        SyncCollection.from_env(live=False)


def env_file(folder: Path, **variables: str) -> Path:
    path = folder / ".env"
    path.write_text("".join(f"export {name}='{value}'\n" for name, value in variables.items()))
    return path


@TWINS
def test_a_file_is_read_when_asked_and_only_then(kind: Any, tmp_path: Path) -> None:
    path = env_file(tmp_path, **FULL)
    with pytest.raises(MissingCredentials):
        kind.from_env()
    assert profile(kind.from_env(dotenv=True)).subscription_key.reveal() == KEY
    assert profile(kind.from_env(dotenv=str(path))).api_key.reveal() == API_KEY
    assert profile(kind.from_env(dotenv=path)).api_user == API_USER
    assert "MOMO_API_KEY" not in os.environ


def test_the_nearest_file_above_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file(tmp_path, **FULL)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert profile(SyncCollection.from_env(dotenv=True)).api_user == API_USER


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file(tmp_path, **FULL)
    other = str(uuid4())
    use(monkeypatch, MOMO_API_USER=other)
    found = profile(SyncCollection.from_env(dotenv=True))
    assert (found.api_user, found.api_key.reveal()) == (other, API_KEY)


@pytest.mark.parametrize("blank", ["", " ", "\t\n"], ids=repr)
def test_a_blank_variable_hides_nothing(blank: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file(tmp_path, **FULL, MOMO_CALLBACK_URL="https://shop.example/hook")
    use(monkeypatch, MOMO_API_KEY=blank, MOMO_SUBSCRIPTION_KEY=blank, MOMO_CALLBACK_URL=blank, MOMO_BASE_URL=blank)
    found = profile(SyncCollection.from_env(dotenv=True))
    assert (found.api_key.reveal(), found.subscription_key.reveal()) == (API_KEY, KEY)
    assert found.callback.reveal() == "https://shop.example/hook"
    assert found.base_url == "https://sandbox.momodeveloper.mtn.com"


BROKEN = [
    ("api_user", "MOMO_API_USER", "no-uuid"),
    ("api_key", "MOMO_API_KEY", "two words"),
    ("subscription_key", "MOMO_SUBSCRIPTION_KEY", "two words"),
    ("target", "MOMO_TARGET_ENVIRONMENT", "Uganda"),
    ("base_url", "MOMO_BASE_URL", "http://shop.example"),
    ("callback", "MOMO_CALLBACK_URL", "nowhere"),
]


@TWINS
@pytest.mark.parametrize("from_file", [False, True])
@pytest.mark.parametrize(("parameter", "variable", "value"), BROKEN, ids=[variable for _, variable, _ in BROKEN])
def test_a_bad_value_is_told_by_where_it_came_from(
    kind: Any,
    parameter: str,
    variable: str,
    value: str,
    from_file: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    if from_file:
        env_file(tmp_path, **{**FULL, variable: value})
    else:
        use(monkeypatch, **{**FULL, variable: value})
    with pytest.raises(Misuse, match=f"^{variable}: ") as caught:
        kind.from_env(dotenv=from_file)
    assert caught.value.parameter == variable
    same = pickle.loads(pickle.dumps(caught.value))
    assert (type(same), str(same)) == (type(caught.value), str(caught.value))
    with pytest.raises(Misuse, match=f"^{parameter}: ") as given:
        kind.from_env(dotenv=from_file, **{parameter: value})
    assert type(given.value) is type(caught.value)


@TWINS
def test_a_host_that_does_not_fit_is_told_by_its_variable(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, **FULL, MOMO_BASE_URL="https://proxy.momoapi.mtn.com")
    with pytest.raises(InvalidTarget, match=r"^MOMO_TARGET_ENVIRONMENT: sandbox is not served by "):
        kind.from_env()


def test_what_the_file_lacks_is_named(tmp_path: Path) -> None:
    env_file(tmp_path, MOMO_API_USER=API_USER)
    with pytest.raises(MissingCredentials, match=r"^MOMO_SUBSCRIPTION_KEY, MOMO_API_KEY: are not set$"):
        SyncCollection.from_env(dotenv=True)
    with pytest.raises(MissingCredentials):
        SyncCollection.from_env(dotenv=True, api_key=None)


def test_a_dollar_sign_is_no_variable(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"MOMO_SUBSCRIPTION_KEY=a${{HOME}}b\nMOMO_API_USER={API_USER}\nMOMO_API_KEY={API_KEY}\n")
    assert profile(SyncCollection.from_env(dotenv=True)).subscription_key.reveal() == "a${HOME}b"


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="dotenv: is no file"):
        SyncCollection.from_env(dotenv=tmp_path / "absent")
    path = tmp_path / "latin"
    path.write_bytes(f"MOMO_API_KEY={API_KEY}\nMOMO_X=\xe9\n".encode("latin-1"))
    with pytest.raises(InvalidArgument, match="cannot be read") as caught:
        SyncCollection.from_env(dotenv=path)
    assert API_KEY not in shown(caught.value)


def test_without_the_extra_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file(tmp_path, **FULL)
    real = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name == "dotenv":
            raise ImportError(name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InvalidArgument, match=r"momopy-collection\[env\]"):
        SyncCollection.from_env(dotenv=True)


def shown(exc: BaseException) -> str:
    """A traceback with local variables, as error trackers send it."""
    return "".join(traceback.TracebackException.from_exception(exc, capture_locals=True).format())


@TWINS
@pytest.mark.parametrize("from_file", [False, True])
@pytest.mark.parametrize(
    "broken",
    [
        {"MOMO_API_USER": ""},
        {"MOMO_API_USER": "no-uuid"},
        {"MOMO_API_KEY": API_KEY + " x"},
        {"MOMO_SUBSCRIPTION_KEY": KEY + "\u00e9"},
        {"MOMO_TARGET_ENVIRONMENT": "Uganda"},
        {"MOMO_BASE_URL": "http://example.com"},
        {"MOMO_CALLBACK_URL": "nowhere"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_no_traceback_shows_a_key(
    kind: Any, from_file: bool, broken: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variables = {**FULL, **broken}
    if from_file:
        env_file(tmp_path, **variables)
    else:
        use(monkeypatch, **variables)
    with pytest.raises(ValueError, match=r".") as caught:
        kind.from_env(dotenv=from_file)
    # This frame is the test's own, and holds what a program would never hold.
    text = shown(caught.value.with_traceback(caught.value.__traceback__.tb_next))
    assert "in from_env" in text
    assert KEY not in text
    assert API_KEY not in text
