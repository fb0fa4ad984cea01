"""The page, in a real browser: what it shows, live, and what its buttons do."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from momopy.sandbox import Sandbox, run
from tests.sandbox.chromium import PROGRAM, Browser
from tests.sandbox.shop import ANYBODY, Shop

TEXT = "document.getElementById('parts').innerText"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A headless Chromium."""
    if PROGRAM is None:
        pytest.skip("the program chromium is not installed (Debian: apt-get install chromium)")
    with Browser(tmp_path / "profile") as running:
        yield running


def click(browser: Browser, selector: str) -> None:
    browser.wait(f"document.querySelector({selector!r}) !== null")
    browser.evaluate(f"document.querySelector({selector!r}).click()")


def test_a_person_approves_and_rejects(browser: Browser, sandbox: Sandbox, shop: Shop, tmp_path: Path) -> None:
    browser.open(sandbox.page_url)
    browser.wait("document.getElementById('live').innerText === 'live'")
    browser.wait(f"{TEXT}.includes('Nothing asks for your approval')")

    click(browser, ".keys button")
    browser.wait(f"{TEXT}.includes('Every payment waits for me')")
    assert sandbox.held == ["*"]

    approved = shop.pay(amount="12.50", externalId="order-1", payerMessage="Coffee <b>and</b> cake")
    # It comes up by itself, and what a shop writes is text, never markup.
    browser.wait(f"{TEXT}.includes('Coffee <b>and</b> cake')")
    browser.wait("document.querySelector('.sum').innerText.startsWith('12.5')")
    assert shop.status(approved)["status"] == "PENDING"
    click(browser, f".ask[data-reference='{approved}'] .approve")
    browser.wait("document.querySelector('#payments .successful') !== null")
    assert shop.status(approved)["status"] == "SUCCESSFUL"

    rejected = shop.pay(externalId="order-2", callback="http://localhost:9/callback")
    click(browser, f".ask[data-reference='{rejected}'] .reject")
    browser.wait("document.querySelector('#payments .failed') !== null")
    assert shop.status(rejected)["reason"] == "APPROVAL_REJECTED"
    browser.wait("document.querySelector('#callbacks').innerText.includes('ConnectError')")
    browser.wait(f"{TEXT}.includes('Nothing asks for your approval')")

    shop.get(f"v1_0/accountholder/msisdn/{ANYBODY}/active")
    browser.wait("document.querySelector('#requests').innerText.includes('*****389/active')")
    assert ANYBODY not in browser.evaluate("document.querySelector('#requests').innerText")

    shop.pay("46733123453", amount="900", payerMessage="A long wait")
    browser.wait(f"{TEXT}.includes('A long wait')")
    keep = os.environ.get("SCREENSHOTS")
    browser.screenshot((Path(keep) if keep else tmp_path) / "page.png")
    click(browser, ".row button:nth-child(2)")
    browser.wait(f"{TEXT}.includes('EXPIRED')")
    assert browser.errors == []


def test_consent_is_given_on_the_page(browser: Browser, sandbox: Sandbox, shop: Shop) -> None:
    sandbox.switches.consent_after = None
    form = {"login_hint": f"ID:{ANYBODY}/MSISDN", "scope": "profile", "access_type": "online"}
    shop.http.post("/collection/v1_0/bc-authorize", data=form, headers=shop.bearer)
    browser.open(sandbox.page_url)
    browser.wait("document.getElementById('live').innerText === 'live'")
    click(browser, ".ask .approve")
    browser.wait(f"{TEXT}.includes('Nothing asks for your approval')")
    assert [consent.status for consent in sandbox.consents()] == ["APPROVED"]


def test_the_page_needs_nothing_from_elsewhere(sandbox: Sandbox) -> None:
    page = httpx.get(sandbox.page_url)
    assert page.status_code == 200
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    for name in ("page.css", "page.js", "parts"):
        part = httpx.get(sandbox.page_url + name)
        assert part.status_code == 200
        assert "//" not in part.text.replace("// ", "")


def test_another_sites_page_cannot_steer_it(sandbox: Sandbox, shop: Shop) -> None:
    sandbox.hold()
    reference = shop.pay()
    url = f"{sandbox.base_url}/_sandbox/api/payments/{reference}/approve"
    assert httpx.post(url, headers={"Origin": "http://evil.example"}).status_code == 403
    assert shop.status(reference)["status"] == "PENDING"
    # A name that somebody else's server resolves to this machine.
    port = sandbox.base_url.rpartition(":")[2]
    rebound = {"Origin": f"http://evil.example:{port}", "Host": f"evil.example:{port}"}
    assert httpx.post(url, headers=rebound).status_code == 403
    reading = {"Host": f"evil.example:{port}", "Sec-Fetch-Site": "same-origin"}
    assert httpx.get(sandbox.page_url, headers=reading).status_code == 403
    assert shop.status(reference)["status"] == "PENDING"
    assert httpx.post(url, headers={"Origin": sandbox.base_url}).status_code == 200
    assert shop.status(reference)["status"] == "SUCCESSFUL"


def test_an_open_page_does_not_hold_the_end_up() -> None:
    with run() as sandbox:
        stream = httpx.stream("GET", f"{sandbox.page_url}events", timeout=5)
        events = stream.__enter__()
        lines = events.iter_lines()
        assert next(lines) == "retry: 1000"
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    with pytest.raises(httpx.HTTPError):
        list(lines)
    stream.__exit__(None, None, None)


def test_events_are_told_as_they_happen(sandbox: Sandbox, shop: Shop) -> None:
    with httpx.stream("GET", f"{sandbox.page_url}events", timeout=5) as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        lines = events.iter_lines()
        assert next(lines) == "retry: 1000"
        shop.pay()
        assert "event: change" in lines
