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
    hosts: tuple[str, ...] = _LIVE
    """Where it is served; the first is the default."""


MARKETS: Final[dict[str, Market]] = {
    market.target: market
    for market in (
        Market("Sandbox", "", "sandbox", ("EUR",), "", (SANDBOX_HOST,)),
        Market("Benin", "BJ", "mtnbenin", ("XOF",), "229"),
        Market("Cameroon", "CM", "mtncameroon", ("XAF",), "237"),
        Market("Congo", "CG", "mtncongo", ("XAF",), "242"),
        Market("Côte d'Ivoire", "CI", "mtnivorycoast", ("XOF",), "225"),
        Market("Eswatini", "SZ", "mtnswaziland", ("SZL",), "268"),
        Market("Ghana", "GH", "mtnghana", ("GHS",), "233"),
        Market("Guinea", "GN", "mtnguineaconakry", ("GNF",), "224"),
        Market("Liberia", "LR", "mtnliberia", ("LRD", "USD"), "231"),
        Market("Nigeria", "NG", "mtnnigeria", ("NGN",), "234"),
        Market("Rwanda", "RW", "mtnrwanda", ("RWF",), "250", (RWANDA_HOST, NEW_PLATFORM_HOST)),
        Market("South Africa", "ZA", "mtnsouthafrica", ("ZAR",), "27"),
        Market("South Sudan", "SS", "mtnsouthsudan", ("SSP",), "211"),
        Market("Uganda", "UG", "mtnuganda", ("UGX",), "256"),
        Market("Zambia", "ZM", "mtnzambia", ("ZMW",), "260"),
    )
}

# ISO 4217, every currency whose minor unit is not 2: a market that is not in the table may use any.
_MINOR_UNITS: Final[dict[str, int]] = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def market(target: str | None) -> Market | None:
    """The market of a target environment, or None for one that is not in the table."""
    return MARKETS.get(target) if target is not None else None


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
