"""The page while things happen: clicks, focus and scroll positions of a person stay; it fits every window."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from momopy.sandbox import Sandbox, run
from tests.sandbox.chromium import Browser
from tests.sandbox.shop import ANYBODY, Shop
from tests.sandbox.test_page import TEXT, browser

__all__ = ["browser"]
LIVE = "document.getElementById('live').innerText === 'live'"


@contextmanager
def polling(sandbox: Sandbox, reference: str, period: float) -> Iterator[None]:
    """A program that asks for a status again and again, as long as this lasts."""
    ended = threading.Event()

    def poll() -> None:
        with Shop(sandbox) as shop:
            while not ended.wait(period):
                shop.status(reference)

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture
def page(browser: Browser, sandbox: Sandbox) -> Browser:
    """A browser that shows the page."""
    browser.open(sandbox.page_url)
    browser.wait(LIVE)
    return browser


def appears(page: Browser, selector: str) -> None:
    page.wait(f"document.querySelector({selector!r}) !== null")


def test_no_click_is_lost_while_a_program_polls(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    sandbox.hold()
    with polling(sandbox, shop.pay(), 0.03):
        for _ in range(5):
            reference = shop.pay()
            button = f".ask[data-reference='{reference}'] .approve"
            appears(page, button)
            page.press(button, 0.4)
            page.wait(f"document.querySelector({button!r}) === null")
            assert sandbox.payment(reference).status == "SUCCESSFUL"
    assert page.errors == []


def test_what_is_under_a_pressed_mouse_does_not_move_away(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    sandbox.hold()
    first = shop.pay()
    button = f".ask[data-reference='{first}'] .approve"
    appears(page, button)
    place = page.place(button)
    page.mouse("mouseMoved", place)
    page.mouse("mousePressed", place)
    # It would come up above the first one, and take its place under the pointer.
    second = shop.pay()
    time.sleep(0.5)
    assert page.place(button) == place
    page.mouse("mouseReleased", place)
    appears(page, f".ask[data-reference='{second}']")
    page.wait(f"document.querySelector({button!r}) === null")
    assert [payment.status for payment in sandbox.payments()] == ["SUCCESSFUL", "PENDING"]


def test_a_press_that_ends_elsewhere_does_not_stop_the_page(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    sandbox.hold()
    page.mouse("mousePressed", (600, 300))
    reference = shop.pay()
    # Let go outside of the window: the page hears of it when the mouse is back.
    page.evaluate("dispatchEvent(new PointerEvent('pointermove', {buttons: 0}))")
    appears(page, f".ask[data-reference='{reference}']")


def test_focus_scroll_and_what_is_typed_stay(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    for _ in range(30):
        shop.pay()
    page.wait("document.querySelectorAll('#payments tbody tr').length === 30")
    row = "document.elementFromPoint(600, document.getElementById('payments').getBoundingClientRect().top + 60)"
    page.evaluate("document.getElementById('payments').scrollTop = 200")
    page.wait("document.getElementById('payments').scrollTop === 200")
    shown = page.evaluate(f"{row}.closest('tr').title")
    page.evaluate("document.querySelector('.row button:nth-child(2)').focus()")
    last = shop.pay()
    page.wait(f"document.querySelector('#payments tbody tr').title === '{last}'")
    assert page.evaluate("document.activeElement.innerText") == "+5 min"
    assert page.evaluate(f"{row}.closest('tr').title") == shown

    page.evaluate("document.querySelector('.hold input').focus()")
    page.type("467331")
    sandbox.hold()
    page.wait(f"{TEXT}.includes('Every payment waits for me')")
    assert page.evaluate("[document.activeElement.name, document.activeElement.value]") == ["number", "467331"]


def test_the_keyboard_stays_in_the_phone(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    sandbox.hold()
    left, pressed = shop.pay(), shop.pay()
    button = f".ask[data-reference='{pressed}'] .approve"
    appears(page, button)
    page.evaluate(f"document.querySelector({button!r}).focus()")
    page.key("Enter", 13, "\r")
    page.wait(f"document.querySelector({button!r}) === null")
    # What had the focus is gone. The next payment is a Tab away, and not approved by a second Enter.
    assert page.evaluate("document.activeElement.id") == "asks"
    page.key("Enter", 13, "\r")
    page.key("Tab", 9)
    assert page.evaluate("document.activeElement.closest('.ask').dataset.reference") == left
    assert sandbox.payment(left).status == "PENDING"


def test_a_number_is_held_and_released(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    page.press(".hold input")
    page.type("+46 733 123-499")
    page.press(".hold button")
    page.wait("document.querySelector('#held').innerText.includes('46733123499')")
    assert sandbox.held == ["46733123499"]
    reference = shop.pay("46733123499")
    shop.pay()
    appears(page, f".ask[data-reference='{reference}']")
    assert page.evaluate("document.querySelectorAll('.ask').length") == 1

    # One that a program holds is shown as well.
    sandbox.hold('"><b>x')
    page.wait("document.querySelectorAll('#held li').length === 2")
    page.press("#held li[data-key='46733123499'] button")
    page.wait("document.querySelectorAll('#held li').length === 1")
    page.press("#held button")
    page.wait("document.querySelectorAll('#held li').length === 0")
    assert sandbox.held == []


def test_a_refusal_is_said(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    sandbox.hold()
    reference = shop.pay()
    button = f".ask[data-reference='{reference}'] .approve"
    appears(page, button)
    page.evaluate(f"document.querySelector({button!r}).dataset.post = 'api/payments/{ANYBODY}/approve'")
    page.press(button)
    page.wait("document.getElementById('said').innerText.includes('no transaction')")


def test_who_asks(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    other = {"X-Reference-Id": "2d2f5a1c-9d35-4c4e-a5b7-1f5c1ffbd001"}
    shop.http.post("/v1_0/apiuser", json={"providerCallbackHost": "fruit.example"}, headers=other)
    key = shop.http.post(f"/v1_0/apiuser/{other['X-Reference-Id']}/apikey", content=b"").json()["apiKey"]
    sandbox.hold()
    shop.pay()
    page.wait(f"{TEXT}.includes('localhost asks you to pay')")
    token = shop.http.post("/collection/token/", auth=(other["X-Reference-Id"], key)).json()["access_token"]
    shop.bearer["Authorization"] = f"Bearer {token}"
    shop.pay()
    page.wait(f"{TEXT}.includes('fruit.example asks you to pay')")


def test_a_consent_is_shown_as_it_stands(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    form = {"login_hint": f"ID:{ANYBODY}/MSISDN", "scope": "profile", "access_type": "online"}
    shop.http.post("/collection/v1_0/bc-authorize", data=form, headers=shop.bearer)
    page.wait("document.querySelector('#consents')?.innerText.includes('APPROVED')")
    assert page.evaluate("document.querySelectorAll('.ask').length") == 0
    sandbox.switches.consent_after = None
    shop.http.post("/collection/v1_0/bc-authorize", data=form, headers=shop.bearer)
    appears(page, ".ask")
    page.press(".ask .reject")
    page.wait("document.querySelector('#consents').innerText.includes('REJECTED')")
    assert page.evaluate("document.querySelectorAll('.ask').length") == 0


def test_the_clock_goes_on_between_the_changes(browser: Browser) -> None:
    with run(speed=60) as sandbox:
        browser.open(sandbox.page_url)
        browser.wait(LIVE)
        # No request, no change: what moves the clock is the page's own script.
        browser.evaluate("window.refresh = () => {}")
        began = browser.evaluate("document.getElementById('clock').innerText")
        read = browser.evaluate("document.getElementById('clock').dataset.now")
        browser.wait(f"document.getElementById('clock').innerText > '{began}'")
        browser.wait("document.getElementById('clock').innerText.slice(3, 5) !== '" + began[3:5] + "'")
        assert browser.evaluate("document.getElementById('clock').dataset.now") == read
        shown = seconds(browser.evaluate("document.getElementById('clock').innerText"))
        assert abs((sandbox.clock.now() - shown + 43200) % 86400 - 43200) < 600
        sandbox.set_speed(0)
        browser.wait(f"{TEXT}.includes('time stands still')")
        stands = browser.evaluate("document.getElementById('clock').innerText")
        time.sleep(0.6)
        assert browser.evaluate("document.getElementById('clock').innerText") == stands


def seconds(clock: str) -> int:
    """The seconds of a day that a clock shows."""
    hours, minutes, rest = (int(part) for part in clock.split(":"))
    return hours * 3600 + minutes * 60 + rest


def test_many_that_wait_scroll_inside_the_phone(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    sandbox.hold()
    for _ in range(42):
        shop.pay()
    page.wait("document.querySelectorAll('.ask').length === 40")
    page.wait(f"{TEXT}.includes('and 2 more')")
    for width, height in ((1280, 800), (820, 1100), (390, 844)):
        page.resize(width, height)
        assert page.evaluate("document.querySelector('.phone').offsetHeight") <= height
        assert page.evaluate(
            "(({scrollHeight, clientHeight}) => scrollHeight > clientHeight)(document.querySelector('.asks'))"
        )
        assert page.evaluate("document.querySelector('.keys').offsetHeight") > 100


VISIBLE = """
(selector => [...document.querySelectorAll(selector)].every(node => {
  const box = node.getBoundingClientRect(), list = node.closest('.scroll');
  return box.width > 0 && box.left >= 0 && box.right <= innerWidth && list.scrollWidth <= list.clientWidth;
}))
"""


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_nothing_is_off_the_side(browser: Browser, sandbox: Sandbox, shop: Shop, width: int) -> None:
    browser.resize(width, 900)
    browser.open(sandbox.page_url)
    browser.wait(LIVE)
    # Without entries: the one row is as wide as its list.
    assert browser.evaluate(
        "[...document.querySelectorAll('.empty')].map(row => row.offsetWidth - row.closest('.scroll').clientWidth)"
    ) == [0, 0]
    sandbox.hold("256772123456")
    shop.pay("256772123456", amount="12500000.50", externalId="order-1001", callback="http://localhost:9/momo/callback")
    shop.pay("46733123451", externalId="order-1002", callback="http://localhost:9/momo/a/rather/long/way/to/callback")
    shop.pay("46733123450")
    shop.get(f"v1_0/accountholder/msisdn/{ANYBODY}/basicuserinfo")
    browser.wait("document.querySelectorAll('#payments .status').length === 3")
    browser.wait("document.querySelector('#callbacks .fault') !== null")
    for shown in (".amount", ".status", ".payer", "#requests .code", "#callbacks .fault"):
        assert browser.evaluate(f"{VISIBLE}({shown!r})"), shown
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert browser.evaluate("document.querySelector('.phone').offsetWidth") <= 400


def test_dark_is_dark_and_legible(page: Browser, sandbox: Sandbox, shop: Shop) -> None:
    sandbox.hold("46733123499")
    shop.pay("46733123499")
    shop.pay("46733123450")
    shop.pay()
    page.wait("document.querySelectorAll('#payments .status').length === 3")
    for scheme in ("light", "dark"):
        page.prefer(scheme)
        ground = luminance(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert (ground < 0.2) == (scheme == "dark")
        for selector in (
            "body",
            ".sum",
            ".who",
            ".message",
            ".approve",
            ".successful",
            ".failed",
            ".pending",
            "td.at",
            "h2",
        ):
            ink, paper = page.evaluate(
                f"(node => {{ let under = node; const colour = () => getComputedStyle(under).backgroundColor;"
                " while (colour() === 'rgba(0, 0, 0, 0)') under = under.parentElement;"
                f" return [getComputedStyle(node).color, colour()] }})(document.querySelector({selector!r}))"
            )
            light, deep = sorted((luminance(ink), luminance(paper)), reverse=True)
            assert (light + 0.05) / (deep + 0.05) >= 4.5, (scheme, selector)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG defines it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
