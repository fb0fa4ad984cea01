"""The addresses that a caller may give: MTN's host, the callback URL, the callback host."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from momopy import markets
from momopy.errors import InvalidBaseURL, InvalidCallback, Misuse, wrong_type

_URL: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?:(?P<user>[^/?#]*)@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^/?#@:\[\]]*)"
    r"(?P<port>:[^/?#]*)?"
    r"(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?(?P<fragment>#.*)?"
)
# RFC 3986: everything that may stand in a URL, and nothing besides.
_URL_CHARACTERS: Final = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
# What a resolver takes for an address, whole or in part: 2130706433, 127.1, 0x7f.0.0.1.
_NUMBER_AT_END: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)")
_URL_LIMIT: Final = 2048


class _Address(NamedTuple):
    scheme: str
    host: str
    port: int | None
    is_ip: bool
    path: str


def _read(value: str, kind: type[Misuse], parameter: str, *, extras: bool = False) -> _Address:
    if not 1 <= len(value) <= _URL_LIMIT:
        raise kind(parameter, f"must be 1 to {_URL_LIMIT} characters long")
    if _URL_CHARACTERS.fullmatch(value) is None:
        raise kind(
            parameter,
            "must hold only the ASCII characters of a URL, without a space; write an international host as xn--...",
        )
    match = _URL.fullmatch(value)
    if match is None or match["scheme"].lower() not in {"http", "https"}:
        raise kind(parameter, "must be a URL that begins with https:// and a host name")
    if match["user"] is not None:
        raise kind(parameter, "must hold no user name or password")
    if not extras and (match["query"] is not None or match["fragment"] is not None):
        raise kind(parameter, "must hold no query and no fragment")
    host, is_ip = _host(match["host"], kind, parameter)
    return _Address(match["scheme"].lower(), host, _port(match["port"], kind, parameter), is_ip, match["path"] or "")


def _host(host: str, kind: type[Misuse], parameter: str) -> tuple[str, bool]:
    if host.startswith("["):
        # Loaded only where somebody writes an IPv6 address.
        from ipaddress import AddressValueError, IPv6Address

        try:
            return f"[{IPv6Address(host[1:-1]).compressed}]", True
        except AddressValueError:
            raise kind(parameter, "must name a host; this is no IPv6 address") from None
    if _IPV4.fullmatch(host) is not None:
        return host, True
    if host.endswith("."):
        raise kind(parameter, "must name the host without a dot at its end")
    if len(host) > 253 or _HOST_NAME.fullmatch(host) is None or _NUMBER_AT_END.fullmatch(host) is not None:
        raise kind(parameter, "must name a host: letters, digits, hyphens and dots")
    return host.lower(), False


def _port(port: str | None, kind: type[Misuse], parameter: str) -> int | None:
    if port is None:
        return None
    if re.fullmatch(r":[0-9]{1,5}", port) is None or not 0 < int(port[1:]) < 65536:
        raise kind(parameter, "must have a port between 1 and 65535, or none")
    return int(port[1:])


def _is_loopback_host(host: str) -> bool:
    return host in {"localhost", "[::1]"} or (host.startswith("127.") and _IPV4.fullmatch(host) is not None)


def base_url(value: object, *, allow_custom_host: bool = False, parameter: str = "base_url") -> str:
    """Return `scheme://host[:port]` of a host that may get the credentials: MTN's, loopback, or one vouched for."""
    if not isinstance(value, str):
        raise wrong_type(InvalidBaseURL, parameter, "must be text (a str)")
    address = _read(value, InvalidBaseURL, parameter)
    if address.path.rstrip("/").lower() == "/collection":
        raise InvalidBaseURL(parameter, "must be the host alone; /collection is added to it")
    if address.path not in {"", "/"}:
        raise InvalidBaseURL(parameter, "must be the host alone, without a path")
    loopback = _is_loopback_host(address.host)
    if address.scheme == "http" and not loopback:
        raise InvalidBaseURL(parameter, "must begin with https://; http:// is for this machine's own addresses only")
    default_port = 80 if address.scheme == "http" else 443
    port = "" if address.port in {None, default_port} else f":{address.port}"
    normal = f"{address.scheme}://{address.host}{port}"
    if loopback or allow_custom_host or normal in markets.KNOWN_HOSTS:
        return normal
    if normal in markets.PORTALS:
        raise InvalidBaseURL(
            parameter,
            f"is a portal for people, no API host; the API is at {markets.SANDBOX_HOST} and {markets.PROXY_HOST}",
        )
    raise InvalidBaseURL(parameter, "is no host of MTN's API; say allow_custom_host=True if it is meant")


def is_loopback(base_url: str) -> bool:
    """Whether a base URL is an address of this very machine."""
    match = _URL.fullmatch(base_url)
    return match is not None and match["user"] is None and _is_loopback_host(match["host"].lower())


def callback_url(value: object, *, local: bool, parameter: str = "callback") -> str:
    """Return a callback URL that MTN would accept; a local MoMo accepts http and this machine's addresses too."""
    if not isinstance(value, str):
        raise wrong_type(InvalidCallback, parameter, "must be text (a str)")
    address = _read(value, InvalidCallback, parameter)
    if "///" in address.path:
        raise InvalidCallback(parameter, "must not hold ///, which MTN refuses")
    if local:
        return str(value)
    if address.scheme != "https":
        raise InvalidCallback(parameter, "must begin with https://")
    if address.is_ip:
        raise InvalidCallback(parameter, "must have a host name, not an IP address")
    if "." not in address.host or address.host.endswith(".localhost"):
        raise InvalidCallback(parameter, "must have a host name that MTN can reach, such as shop.example.com")
    return str(value)


def callback_host(value: object, parameter: str = "url_callback", *, local: bool = False) -> str:
    """Return the host of a callback URL, or a bare host as it is: what an API user is registered with.

    MTN takes names only, and keeps them for ever; a local MoMo can be told to take IPv4 addresses too.
    """
    if not isinstance(value, str):
        raise wrong_type(InvalidCallback, parameter, "must be text (a str)")
    if "://" in value:
        address = _read(value, InvalidCallback, parameter, extras=True)
    elif re.search(r"[/?#@\\]", value) is not None:
        raise InvalidCallback(parameter, "must be a host name alone, or a whole URL")
    else:
        address = _read("https://" + value, InvalidCallback, parameter)
    # The host of an API user is letters, digits, hyphens and dots: no IPv6 address can be one anywhere.
    if address.is_ip and (not local or ":" in address.host):
        raise InvalidCallback(parameter, "must be a host name, not an IP address")
    return address.host
