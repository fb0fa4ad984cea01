"""Credentials, ids, targets and other header values: what is taken, and that nothing else can reach a header."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from momopy import errors, values
from momopy.secret import Secret

REFERENCE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"

# Each with a value that it takes and the error that it raises.
HEADERS: dict[str, tuple[Callable[[Any], str], str, type[Exception]]] = {
    "bearer_token": (values.bearer_token, "Bearer eyJ0eXAi.eyJzdWIi.c2ln", errors.InvalidBearerToken),
    "basic_token": (values.basic_token, "Basic dXNlcjpzZWNyZXRrZXk=", errors.InvalidBasicToken),
    "subscription_key": (
        values.subscription_key,
        "0123456789abcdef0123456789abcdef",
        errors.InvalidSubscriptionKey,
    ),
    "api_key": (values.api_key, "f1db798c98df4bcf83b538175893bbf0", errors.InvalidArgument),
    "reference_id": (values.reference_id, REFERENCE, errors.InvalidUniqueIDVersion),
    "target": (values.target, "mtnghana", errors.InvalidTarget),
    "callback_url": (
        lambda value: values.callback_url(value, local=False),
        "https://shop.example.com/momo/hook",
        errors.InvalidCallback,
    ),
    "callback_host": (values.callback_host, "shop.example.com", errors.InvalidCallback),
    "language": (lambda value: values.language(value, "language"), "sw-KE", values.ValueRefused),
}
CONTROLS = [
    "\r",
    "\n",
    "\r\nX-Injected: 1",
    "\0",
    "\t",
    "\x0b",
    "\x0c",
    "\x1b",
    "\x7f",
    "\x85",
    "\u00e9",
    "\u2028",
    "\ud800",
]


@pytest.mark.parametrize("injected", CONTROLS, ids=ascii)
@pytest.mark.parametrize("name", HEADERS)
def test_a_character_that_ends_or_breaks_a_header_is_refused(name: str, injected: str) -> None:
    check, good, error = HEADERS[name]
    assert check(good) == good
    middle = len(good) - 1
    with pytest.raises(error) as caught:
        check(good[:middle] + injected + good[middle:])
    assert good[:middle] not in str(caught.value)


@pytest.mark.parametrize("injected", CONTROLS, ids=ascii)
@pytest.mark.parametrize("name", HEADERS)
def test_no_such_character_gets_through_at_an_end(name: str, injected: str) -> None:
    check, good, error = HEADERS[name]
    for value in (injected + good, good + injected):
        try:
            passed = check(value)
        except error:
            continue
        assert passed == good, "only blanks around a credential are taken away"


@pytest.mark.parametrize("name", [name for name in HEADERS if name != "language"])
@pytest.mark.parametrize(
    "wrong", [None, 7, 1.5, True, b"Bearer abc", ["x"], {"x": 1}, object()], ids=lambda value: type(value).__name__
)
def test_a_wrong_type_is_misuse_and_a_type_error(name: str, wrong: object) -> None:
    check, _, error = HEADERS[name]
    with pytest.raises(error) as caught:
        check(wrong)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, errors.MomoException)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("bearer_token", "authorization"),
        ("basic_token", "authorization"),
        ("subscription_key", "subscription_key"),
        ("api_key", "api_key"),
        ("reference_id", "uuid"),
        ("target", "target"),
        ("callback_url", "callback"),
        ("callback_host", "url_callback"),
    ],
)
def test_misuse_names_the_parameter_and_the_rule(name: str, parameter: str) -> None:
    check, _, error = HEADERS[name]
    with pytest.raises(error) as caught:
        check("")
    assert isinstance(caught.value, errors.Misuse)
    assert caught.value.parameter == parameter
    assert str(caught.value) == f"{parameter}: {caught.value.rule}"
    assert "must" in caught.value.rule


@pytest.mark.parametrize(
    ("given", "emitted"),
    [
        ("Bearer abc", "Bearer abc"),
        ("bearer abc", "Bearer abc"),
        ("BEARER   abc", "Bearer abc"),
        ("  Bearer abc\n", "Bearer abc"),
        ("Bearer " + "a" * 4096, "Bearer " + "a" * 4096),
        ("Bearer a.b-c_d~e+f/g==", "Bearer a.b-c_d~e+f/g=="),
    ],
    ids=range(6),
)
def test_a_bearer_token_is_emitted_in_one_form(given: str, emitted: str) -> None:
    assert values.bearer_token(given) == emitted
    assert values.bearer_token(Secret(given)) == emitted


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearerabc",
        "abcdefgh",
        "Token abcdefgh",
        "Bearer abcdefgh ijklmnop",
        "Bearer Bearer abcdefgh",
        "Basic dXNlcjprZXk=",
        "Bearer " + "a" * 4097,
        "Bearer\tabcdefgh",
        "Bearer: abcdefgh",
        "Bearer\u00a0abcdefgh",
    ],
    ids=range(13),
)
def test_what_is_no_bearer_token_is_refused(bad: str) -> None:
    with pytest.raises(errors.InvalidBearerToken) as caught:
        values.bearer_token(bad)
    assert "abcdefgh" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "emitted"),
    [
        ("Basic dXNlcjprZXk=", "Basic dXNlcjprZXk="),
        ("basic dXNlcjprZXk=", "Basic dXNlcjprZXk="),
        (" BASIC  dXNlcjprZXk= ", "Basic dXNlcjprZXk="),
        ("Basic dXNlcjprZXk", "Basic dXNlcjprZXk"),
        ("Basic YWJjOj4_Pz8_", "Basic YWJjOj4_Pz8_"),
        ("Basic YWJjOj4/Pz8/", "Basic YWJjOj4/Pz8/"),
    ],
    ids=range(6),
)
def test_a_basic_token_is_emitted_in_one_form(given: str, emitted: str) -> None:
    assert values.basic_token(given) == emitted
    assert values.basic_token(Secret(given)) == emitted


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "Basic",
        "Basic ",
        "BasicdXNlcjprZXk=",
        "dXNlcjprZXk=",
        "Bearer dXNlcjprZXk=",
        "Basic dXNlcjprZXk= more",
        "Basic user:secretkey",
        "Basic dXNl=cjprZXk=",
        "Basic dXNlcjprZXk===",
        "Basic %%%%",
        "Basic dXNl*jprZXk=",
    ],
    ids=range(12),
)
def test_what_is_no_basic_token_is_refused(bad: str) -> None:
    with pytest.raises(errors.InvalidBasicToken) as caught:
        values.basic_token(bad)
    assert "dXNlcjprZXk" not in str(caught.value)
    assert "secretkey" not in str(caught.value)


@pytest.mark.parametrize(
    ("check", "bad", "sentence"),
    [
        (values.bearer_token, "Basic dXNlcjprZXk=", "Basic token, where a Bearer one"),
        (values.basic_token, "Bearer abcdefgh", "Bearer token, where a Basic one"),
    ],
)
def test_tokens_taken_for_one_another_are_told_so(check: Callable[[str], str], bad: str, sentence: str) -> None:
    with pytest.raises(errors.Misuse, match=sentence):
        check(bad)


def test_a_key_loses_only_the_blanks_around_it() -> None:
    assert values.subscription_key("\t0123abcd\r\n") == "0123abcd"
    assert values.subscription_key(Secret("0123abcd\n")) == "0123abcd"
    assert values.api_key(" k:e!y~ ") == "k:e!y~"
    for refused in ("0123 abcd", "0123abcd\x0b", "\x0c0123abcd", "0123abcd\x1c", "\u00a00123abcd", "0123abcd\x85"):
        with pytest.raises(errors.InvalidSubscriptionKey):
            values.subscription_key(refused)


@pytest.mark.parametrize(
    "given",
    [
        REFERENCE,
        REFERENCE.upper(),
        REFERENCE.replace("-", ""),
        REFERENCE.replace("-", "").upper(),
        uuid.UUID(REFERENCE),
        REFERENCE[:4].upper() + REFERENCE[4:],
    ],
    ids=range(6),
)
def test_a_reference_id_is_returned_in_one_form(given: str | uuid.UUID) -> None:
    assert values.reference_id(given) == REFERENCE


@pytest.mark.parametrize("variant", "89abAB")
def test_every_variant_of_the_standard_is_a_reference_id(variant: str) -> None:
    given = f"3f2504e0-4f89-41d3-{variant}a0c-0305e82c3301"
    assert values.reference_id(given) == given.lower()


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "x",
        REFERENCE[:-1],
        REFERENCE + "0",
        " " + REFERENCE,
        REFERENCE + " ",
        REFERENCE + "\n",
        "{" + REFERENCE + "}",
        "urn:uuid:" + REFERENCE,
        REFERENCE.replace("-", "_"),
        REFERENCE.replace("3f25", "3g25"),
        REFERENCE.replace("3f25", "\uff13f25"),
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "3f2504e0-4f89-31d3-9a0c-0305e82c3301",
        "3f2504e0-4f89-51d3-9a0c-0305e82c3301",
        "3f2504e0-4f89-71d3-9a0c-0305e82c3301",
        "3f2504e0-4f89-41d3-0a0c-0305e82c3301",
        "3f2504e0-4f89-41d3-ca0c-0305e82c3301",
        "3f2504e0-4f89-41d3-fa0c-0305e82c3301",
        "00000000-0000-0000-0000-000000000000",
        "3f2504e04f89-41d3-9a0c-0305e82c3301",
        "3f2504e04f8911d39a0c0305e82c3301",
        "../../v1_0/apiuser",
        uuid.uuid1(),
        uuid.UUID(int=0),
        uuid.uuid5(uuid.NAMESPACE_DNS, "example.com"),
        uuid.UUID("3f2504e0-4f89-41d3-ca0c-0305e82c3301"),
    ],
    ids=range(27),
)
def test_what_is_no_uuid_version_4_is_refused(bad: str | uuid.UUID) -> None:
    with pytest.raises(errors.InvalidUniqueIDVersion, match="uuid: must be a UUID version 4"):
        values.reference_id(bad)


def test_every_new_uuid_is_a_reference_id() -> None:
    for _ in range(200):
        new = uuid.uuid4()
        assert values.reference_id(new) == values.reference_id(str(new).upper()) == str(new)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a" * 33,
        "MTNUganda",
        "mtn-uganda",
        "mtn_uganda",
        "mtn uganda",
        " sandbox",
        "sandbox\n",
        "../x",
        "mtn.x",
        "sandböx",
        "١٢",
        "sandbox,mtnuganda",
        "sandbox;x=1",
        "sand%62ox",
    ],
    ids=range(16),
)
def test_what_cannot_be_a_target_is_refused(bad: str) -> None:
    with pytest.raises(errors.InvalidTarget, match=r"^target: must be 2 to 32 lower-case"):
        values.target(bad)


@pytest.mark.parametrize("good", ["sandbox", "mtnivorycoast", "mtnsomewhere2027", "ab", "a" * 32])
def test_a_target_that_is_not_in_the_table_is_taken(good: str) -> None:
    assert values.target(good) == good


@pytest.mark.parametrize("good", ["fr", "EN", "en-GB", "pt_BR", "swa", "zh-Hant-TW"])
def test_a_language_tag_is_taken(good: str) -> None:
    assert values.language(good, "language") == good


@pytest.mark.parametrize("bad", ["", "f", "french", "fr-", "-fr", "fr;q=1", "fr,en", "fr FR", "*", "fr/..", 3, None])
def test_what_is_no_language_tag_is_refused(bad: object) -> None:
    with pytest.raises(values.ValueRefused) as caught:
        values.language(bad, "language")
    assert caught.value.field == "language"


def test_the_parameter_of_the_caller_is_the_one_that_is_named() -> None:
    with pytest.raises(errors.InvalidUniqueIDVersion, match=re.escape("api_user: must")):
        values.reference_id("x", "api_user")
