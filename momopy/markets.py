"""The countries of MTN's Collection API, their hosts and their money: a new market changes this file only."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

SANDBOX: Final = "sandbox"

SANDBOX_HOST: Final = "https://sandbox.momodeveloper.mtn.com"
PROXY_HOST: Final = "https://proxy.momoapi.mtn.com"
RWANDA_HOST: Final = "https://proxy.momoapi.mtn.co.rw"
# The platform that MTN began to move its markets to in 2026.
NEW_PLATFORM_HOST: Final = "https://momoapi.momo.africa"

LIVE_HOSTS: Final = frozenset({PROXY_HOST, RWANDA_HOST, NEW_PLATFORM_HOST})
KNOWN_HOSTS: Final = LIVE_HOSTS | {SANDBOX_HOST}
# Three other clients call these; they serve web pages, no API.
PORTALS: Final = frozenset({"https://momodeveloper.mtn.com", "https://momoapi.mtn.com"})

TargetName: TypeAlias = Literal[
    "sandbox",
    "mtnbenin",
    "mtncameroon",
    "mtncongo",
    "mtnivorycoast",
    "mtnswaziland",
    "mtnghana",
    "mtnguineaconakry",
    "mtnliberia",
    "mtnnigeria",
    "mtnrwanda",
    "mtnsouthafrica",
    "mtnsouthsudan",
    "mtnuganda",
    "mtnzambia",
]

_LIVE: Final = (PROXY_HOST, NEW_PLATFORM_HOST)


class Market(NamedTuple):
    """One country, or the sandbox."""

    country: str
    iso2: str
    """ISO 3166; empty for the sandbox."""
    target: TargetName
    """What `X-Target-Environment` is called there."""
    currencies: tuple[str, ...]
    calling_code: str
    """Empty for the sandbox, which takes numbers of any country."""
    numbers: str
    """A regular expression of what follows the calling code, without a 0 that is dialled only inside the country."""
    hosts: tuple[str, ...] = _LIVE
    """Where it is served; the first is the default."""


# The lengths that a country's numbers have, of landlines and free numbers too; not the ranges, which grow.
_NINE: Final = "[1-9][0-9]{8}"

MARKETS: Final[dict[str, Market]] = {
    market.target: market
    for market in (
        Market("Sandbox", "", "sandbox", ("EUR",), "", "(?!00[1-9])[0-9]{6,15}", (SANDBOX_HOST,)),
        # Benin's numbers had 8 digits until the end of November 2024, when 01 was put before them.
        Market("Benin", "BJ", "mtnbenin", ("XOF",), "229", "0[0-9]{9}|[2-9][0-9]{7}"),
        Market("Cameroon", "CM", "mtncameroon", ("XAF",), "237", _NINE + "|88[0-9]{6}"),
        Market("Congo", "CG", "mtncongo", ("XAF",), "242", "[0-9]{9}"),
        Market("Côte d'Ivoire", "CI", "mtnivorycoast", ("XOF",), "225", "[0-9]{10}"),
        Market("Eswatini", "SZ", "mtnswaziland", ("SZL",), "268", "[1-9][0-9]{7}|900[0-9]{6}|0800[0-9]{4}"),
        Market("Ghana", "GH", "mtnghana", ("GHS",), "233", _NINE + "|80[0-9]{6}"),
        Market("Guinea", "GN", "mtnguineaconakry", ("GNF",), "224", _NINE + "|3[0-9]{7}"),
        Market("Liberia", "LR", "mtnliberia", ("LRD", "USD"), "231", _NINE + "|2[0-9]{7}|[4-6][0-9]{6}"),
        Market("Nigeria", "NG", "mtnnigeria", ("NGN",), "234", "[1-9][0-9]{9}|[78][0-9]{10,11}"),
        Market("Rwanda", "RW", "mtnrwanda", ("RWF",), "250", _NINE + "|06[0-9]{6}", (RWANDA_HOST, NEW_PLATFORM_HOST)),
        Market("South Africa", "ZA", "mtnsouthafrica", ("ZAR",), "27", _NINE + "|8[0-9]{4,9}"),
        Market("South Sudan", "SS", "mtnsouthsudan", ("SSP",), "211", _NINE),
        Market("Uganda", "UG", "mtnuganda", ("UGX",), "256", _NINE),
        Market("Zambia", "ZM", "mtnzambia", ("ZMW",), "260", _NINE),
    )
}

# ISO 4217, the codes of money that people pay with in 2026, by minor unit: a market that is not in the table may use
# any. Not here are funds (CLF, XDR), metals, codes for tests, and what is withdrawn (BGN, HRK, SLL, ZWL).
_TWO: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
    CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
    KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
    NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
    TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_MINOR_UNITS: Final[dict[str, int]] = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}


def market(target: str | None) -> Market | None:
    """The market of a target environment, or None for one that is not in the table."""
    return MARKETS.get(target) if target is not None else None


def is_currency(code: str) -> bool:
    """Whether this is an ISO 4217 code of money that people pay with."""
    return code in _MINOR_UNITS


def minor_units(currency: str) -> int:
    """How many decimals an amount in this currency may have (ISO 4217)."""
    return _MINOR_UNITS.get(currency, 2)


def default_host(target: str) -> str:
    """The base URL that serves a target environment; MTN's general host for one that is not in the table."""
    known = MARKETS.get(target)
    return known.hosts[0] if known is not None else PROXY_HOST


def host_fits(base_url: str, target: str) -> bool:
    """Whether a normalised base URL can serve a target environment.

    A host that is none of MTN's (loopback, or one that the caller vouched for) fits every target.
    A target that is not in the table fits MTN's live hosts only.
    """
    if base_url not in KNOWN_HOSTS:
        return True
    known = MARKETS.get(target)
    return base_url in (known.hosts if known is not None else LIVE_HOSTS)


def is_live(target: str) -> bool:
    """Whether real money moves there."""
    return target != SANDBOX
