"""The table of markets, and that nothing good is refused in any of them."""

from __future__ import annotations

import itertools
import string
from collections import Counter
from decimal import Decimal
from typing import get_args

import pytest

from momopy import bodies, markets, values
from momopy.markets import MARKETS, Market

# country, target, currencies, calling code, decimals of the first currency: written apart from the table it checks.
EXPECTED = [
    ("Benin", "mtnbenin", "XOF", "229", 0),
    ("Cameroon", "mtncameroon", "XAF", "237", 0),
    ("Congo", "mtncongo", "XAF", "242", 0),
    ("Côte d'Ivoire", "mtnivorycoast", "XOF", "225", 0),
    ("Eswatini", "mtnswaziland", "SZL", "268", 2),
    ("Ghana", "mtnghana", "GHS", "233", 2),
    ("Guinea", "mtnguineaconakry", "GNF", "224", 0),
    ("Liberia", "mtnliberia", "LRD USD", "231", 2),
    ("Nigeria", "mtnnigeria", "NGN", "234", 2),
    ("Rwanda", "mtnrwanda", "RWF", "250", 0),
    ("South Africa", "mtnsouthafrica", "ZAR", "27", 2),
    ("South Sudan", "mtnsouthsudan", "SSP", "211", 2),
    ("Uganda", "mtnuganda", "UGX", "256", 0),
    ("Zambia", "mtnzambia", "ZMW", "260", 2),
]
LIVE = [market for market in MARKETS.values() if market.target != "sandbox"]


@pytest.mark.parametrize(("country", "target", "currencies", "code", "decimals"), EXPECTED)
def test_a_market_is_what_mtn_says(country: str, target: str, currencies: str, code: str, decimals: int) -> None:
    market = markets.market(target)
    assert market is not None
    assert (market.country, market.target, market.calling_code) == (country, target, code)
    assert market.currencies == tuple(currencies.split())
    assert markets.minor_units(market.currencies[0]) == decimals


def test_the_table_has_the_fourteen_countries_and_the_sandbox() -> None:
    assert set(MARKETS) == {target for _, target, *_ in EXPECTED} | {"sandbox"}
    assert set(MARKETS) == set(get_args(markets.TargetName))
    assert all(target == market.target for target, market in MARKETS.items())
    assert MARKETS["sandbox"].currencies == ("EUR",)
    assert markets.market("mtnsomewhere") is None
    assert markets.market(None) is None


@pytest.mark.parametrize("market", LIVE, ids=lambda market: market.target)
def test_the_calling_code_is_the_countrys(market: Market) -> None:
    phonenumbers = pytest.importorskip("phonenumbers")
    assert str(phonenumbers.country_code_for_region(market.iso2)) == market.calling_code


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("EUR", 2), ("USD", 2), ("UGX", 0), ("XOF", 0), ("JPY", 0), ("TND", 3), ("KWD", 3), ("KES", 2)],
)
def test_minor_units_are_those_of_iso_4217(currency: str, decimals: int) -> None:
    assert markets.is_currency(currency)
    assert markets.minor_units(currency) == decimals


def test_the_list_of_currencies_is_that_of_iso_4217() -> None:
    letters = string.ascii_uppercase
    listed = [code for code in map("".join, itertools.product(letters, repeat=3)) if markets.is_currency(code)]
    units = Counter(markets.minor_units(code) for code in listed)
    # 2026, without funds, metals and what is no money.
    assert units == {2: 132, 0: 16, 3: 7}
    assert {currency for market in MARKETS.values() for currency in market.currencies} <= set(listed)


def test_each_target_has_its_host() -> None:
    assert markets.default_host("sandbox") == "https://sandbox.momodeveloper.mtn.com"
    assert markets.default_host("mtnrwanda") == "https://proxy.momoapi.mtn.co.rw"
    for market in LIVE:
        if market.target != "mtnrwanda":
            assert markets.default_host(market.target) == "https://proxy.momoapi.mtn.com"
    assert markets.default_host("mtnsomewhere") == "https://proxy.momoapi.mtn.com"


@pytest.mark.parametrize("target", [*MARKETS, "mtnsomewhere"])
def test_a_target_fits_its_own_hosts_and_no_other(target: str) -> None:
    fitting = {host for host in markets.KNOWN_HOSTS if markets.host_fits(host, target)}
    expected = {
        "sandbox": {markets.SANDBOX_HOST},
        "mtnrwanda": {markets.RWANDA_HOST, markets.NEW_PLATFORM_HOST},
        "mtnsomewhere": set(markets.LIVE_HOSTS),
    }.get(target, {markets.PROXY_HOST, markets.NEW_PLATFORM_HOST})
    assert fitting == expected
    assert markets.default_host(target) in fitting
    for other in ("http://127.0.0.1:8765", "http://localhost:1", "https://gateway.example"):
        assert markets.host_fits(other, target)


def test_every_known_host_is_a_base_url_in_its_one_form() -> None:
    for host in markets.KNOWN_HOSTS | markets.PORTALS:
        assert values.base_url(host, allow_custom_host=True) == host
    assert not markets.KNOWN_HOSTS & markets.PORTALS


def test_money_is_real_everywhere_but_in_the_sandbox() -> None:
    assert not markets.is_live("sandbox")
    assert all(markets.is_live(market.target) for market in LIVE)
    assert markets.is_live("mtnsomewhere")


SANDBOX_PAYERS = [str(number) for number in (*range(46733123450, 46733123470), 56733123453)]
SANDBOX_EMAILS = [
    f"{name}@email.com"
    for name in (
        "notfound notactive notallowed notallowedtargetenvironment internalprocessingerror serviceunavailable".split()
    )
]


@pytest.mark.parametrize("payer", SANDBOX_PAYERS)
def test_no_payer_of_the_sandbox_is_refused(payer: str) -> None:
    market = MARKETS["sandbox"]
    party = {"partyIdType": "MSISDN", "partyId": payer}
    body = {"amount": "5", "currency": "EUR", "externalId": "1", "payer": party}
    assert bodies.request_to_pay(body, market) == body
    pre_approval = {"payer": party, "payerCurrency": "EUR", "payerMessage": "x", "validityTime": 60}
    assert bodies.pre_approval(pre_approval, market) == pre_approval
    assert values.account(payer, "msisdn", "account", market) == payer


@pytest.mark.parametrize("email", SANDBOX_EMAILS)
def test_no_email_holder_of_the_sandbox_is_refused(email: str) -> None:
    assert values.account(email, "email", "account", MARKETS["sandbox"]) == email


@pytest.mark.parametrize("amount", ["1000", "2000", "3000", "4000", "5000", "6000", "7000"])
def test_no_amount_of_the_sandbox_is_refused(amount: str) -> None:
    body = {"externalTransactionId": "1", "money": {"amount": amount, "currency": "EUR"}}
    assert bodies.payment(body, MARKETS["sandbox"]) == body


# What follows the calling code where that is not nine digits.
NUMBERS = {
    "mtnbenin": "0197123456",
    "mtnivorycoast": "0707123456",
    "mtnnigeria": "8031234567",
    "mtnswaziland": "76123456",
}


@pytest.mark.parametrize("market", MARKETS.values(), ids=MARKETS)
def test_no_good_payment_of_any_market_is_refused(market: Market) -> None:
    for currency in market.currencies:
        smallest = Decimal(1).scaleb(-markets.minor_units(currency))
        for amount in (1, 100, "5000", "999999999", Decimal(12), smallest, str(smallest), 1000 * smallest):
            body = {
                "amount": amount,
                "currency": currency,
                "externalId": "order-1",
                "payer": {
                    "partyIdType": "MSISDN",
                    "partyId": (market.calling_code or "46") + NUMBERS.get(market.target, "733123450"),
                },
                "payerMessage": "Merci, \u00e0 bient\u00f4t!",
                "payeeNote": "Obrigado, at\u00e9 j\u00e1 (5%)",
            }
            out = bodies.request_to_pay(body, market)
            assert out == {**body, "amount": out["amount"]}
            assert values.same_amount(out["amount"], amount)
