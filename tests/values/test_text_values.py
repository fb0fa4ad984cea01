"""Messages, descriptions and the caller's own ids."""

from __future__ import annotations

import pytest

from momopy import values
from momopy.values import ValueRefused

GOOD = [
    "Pay for product a",
    "x",
    "a" * 160,
    "\u00e9" * 160,
    "Paiement de la facture n\u00b0 5 \u2013 for\u00eat, ma\u00efs, c\u0153ur",
    "Pagamento: maçã, pão, ação",
    "\u1eccd\u1ee5n \u025b\u0254 \u1e62\u00e8",
    '!"#$%()*+,-./:;<=>?@[]^_`{|}~',
    "l\u2019eau",
    "\u0627\u0644\u062f\u0641\u0639",
    "\U0001f4b0 paid",
]
# A character that MTN refuses, in a message; where it stands; and what takes its place.
REFUSED = [
    ("it's", 3, "it s"),
    ("'", 1, None),
    ("A & B", 3, "A + B"),
    ("&", 1, "+"),
    ("a'b&c", 2, "a b+c"),
    ("line\nline", 5, "line line"),
    ("line\r\nline", 5, "line  line"),
    ("tab\tbed", 4, "tab bed"),
    ("nul\0", 4, "nul "),
    ("\x1b[31mred", 1, " [31mred"),
    ("del\x7f", 4, "del "),
    ("c1\x85", 3, "c1 "),
    ("ls\u2028", 3, "ls "),
    ("ps\u2029", 3, "ps "),
    ("half\ud800", 5, "half "),
    ("\r\n", 1, None),
]


@pytest.mark.parametrize("good", GOOD, ids=range(len(GOOD)))
@pytest.mark.parametrize("sanitize", [False, True])
def test_a_message_passes_as_it_is(good: str, sanitize: bool) -> None:
    assert values.note(good, "payerMessage", sanitize) == good


@pytest.mark.parametrize(("bad", "place", "mended"), REFUSED, ids=range(len(REFUSED)))
def test_a_character_that_mtn_refuses_is_named_with_its_place_or_replaced(
    bad: str, place: int, mended: str | None
) -> None:
    with pytest.raises(ValueRefused) as caught:
        values.note(bad, "payeeNote")
    assert caught.value.field == "payeeNote"
    assert f"at place {place}," in caught.value.rule
    if mended is None:
        with pytest.raises(ValueRefused, match="must not be empty"):
            values.note(bad, "payeeNote", sanitize=True)
    else:
        assert values.note(bad, "payeeNote", sanitize=True) == mended


@pytest.mark.parametrize("sanitize", [False, True])
@pytest.mark.parametrize("empty", ["", " ", "   ", "\u00a0", "\u3000"], ids=ascii)
def test_an_empty_message_is_refused(empty: str, sanitize: bool) -> None:
    with pytest.raises(ValueRefused, match="payerMessage must not be empty"):
        values.note(empty, "payerMessage", sanitize)


@pytest.mark.parametrize("sanitize", [False, True])
@pytest.mark.parametrize("length", [161, 1000])
def test_a_long_message_is_refused_and_never_cut(length: int, sanitize: bool) -> None:
    with pytest.raises(ValueRefused, match=f"is {length} characters long, and MTN takes 160"):
        values.note("a" * length, "payerMessage", sanitize)


def test_mending_keeps_the_length() -> None:
    assert len(values.note("&'" * 80, "payerMessage", sanitize=True)) == 160


@pytest.mark.parametrize(
    "good", ["1", "order-5", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "2026/11/24 #5", "Jo\u00e3o & Co", "a" * 255]
)
def test_an_external_id_passes(good: str) -> None:
    assert values.external_id(good) == good


@pytest.mark.parametrize(
    "bad", ["", " ", "a" * 256, "o'clock", "a\nb", "a\0b", "a\x7fb", "a\ud800", 5, None, b"x", True]
)
def test_what_is_no_external_id_is_refused(bad: object) -> None:
    with pytest.raises(ValueRefused) as caught:
        values.external_id(bad)
    assert caught.value.field == "externalId"


def test_a_text_has_the_limit_that_it_is_given() -> None:
    assert values.text("abcde", "field", 5) == "abcde"
    with pytest.raises(ValueRefused, match="field must be 1 to 5 characters long"):
        values.text("abcdef", "field", 5)
