"""Makes the httpx transports: verified TLS, no redirects, no environment, one kept connection each."""

from __future__ import annotations

import os
import ssl
from functools import cache, partial
from importlib.util import find_spec
from typing import Any, Literal, TypeAlias

import httpx

from momopy.errors import InvalidArgument, wrong_type
from momopy.runtime import Source
from momopy.secret import Secret
from momopy.settings import Settings

Verify: TypeAlias = ssl.SSLContext | str | os.PathLike[str] | None
Transport: TypeAlias = httpx.AsyncBaseTransport | Literal["fast"]
SyncTransport: TypeAlias = httpx.BaseTransport


@cache
def default_context() -> ssl.SSLContext:
    """What an ordinary client checks certificates with; reading the list of authorities takes 15 ms, once."""
    return _hardened(httpx.create_ssl_context())


@cache
def _no_context() -> ssl.SSLContext:
    # For http:// on loopback. Reading the list of authorities takes 15 ms that nobody would use.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _hardened(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    return context


def tls_context(base_url: str, verify: Verify) -> ssl.SSLContext:
    """Make what checks the certificate of a host, with the authorities of `verify` or the usual ones."""
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is None and base_url.startswith("http://"):
        return _no_context()
    try:
        if verify is None:
            return default_context()
        return _hardened(ssl.create_default_context(cafile=os.fspath(verify)))
    except OSError as exc:  # ssl.SSLError too
        parameter = "verify" if verify is not None else "SSL_CERT_FILE"
        raise InvalidArgument(parameter, "must name a file of CA certificates that can be read") from exc


def checked_verify(verify: object) -> Verify:
    """Take a context or the path of a CA file. There is no way to turn the check off."""
    if isinstance(verify, bool) or not isinstance(verify, ssl.SSLContext | str | os.PathLike | None):
        raise wrong_type(InvalidArgument, "verify", "must be an ssl.SSLContext or the path of a CA file")
    if isinstance(verify, ssl.SSLContext) and (verify.verify_mode != ssl.CERT_REQUIRED or not verify.check_hostname):
        raise InvalidArgument("verify", "must be a context that checks certificates and host names")
    return verify


def checked_proxy(proxy: object) -> Secret | None:
    """Take the URL of a proxy, which may hold a password."""
    if proxy is None:
        return None
    if not isinstance(proxy, Secret):
        raise wrong_type(InvalidArgument, "proxy", "must be a URL")
    try:
        scheme = httpx.Proxy(proxy.reveal()).url.scheme
    except (ValueError, httpx.InvalidURL):
        pass
    else:
        if scheme.startswith("socks") and find_spec("socksio") is None:
            raise InvalidArgument("proxy", "needs the package socksio for socks5://")
        return proxy
    # Raised outside: the text of the error that was caught holds the URL.
    raise InvalidArgument("proxy", "must be a URL such as http://host:3128")


def _options(base_url: str, settings: Settings, proxy: Secret | None, verify: Verify) -> dict[str, Any]:
    return {
        "verify": tls_context(base_url, verify),
        "trust_env": False,
        "proxy": None if proxy is None else proxy.reveal(),
        # Each transport carries one call at a time (see Source); a bounded pool would lose its only slot to a
        # call that is cancelled at the wrong moment (httpcore 1.0.9).
        "limits": httpx.Limits(max_connections=None, max_keepalive_connections=1, keepalive_expiry=settings.keepalive),
    }


def _make(base_url: str, settings: Settings, proxy: Secret | None, verify: Verify) -> httpx.AsyncBaseTransport:
    if proxy is None:
        from momopy.network import AsyncioTransport

        return AsyncioTransport(tls_context(base_url, verify), settings.keepalive)
    return httpx.AsyncHTTPTransport(**_options(base_url, settings, proxy, verify))


def _make_sync(base_url: str, settings: Settings, proxy: Secret | None, verify: Verify) -> httpx.BaseTransport:
    if proxy is None:
        from momopy.network import BlockingTransport

        return BlockingTransport(tls_context(base_url, verify), settings.keepalive)
    return httpx.HTTPTransport(**_options(base_url, settings, proxy, verify))


def _make_fast(base_url: str, settings: Settings, proxy: Secret | None, verify: Verify) -> httpx.AsyncBaseTransport:
    from momopy.fast import make

    return make(tls_context(base_url, verify), settings, None if proxy is None else proxy.reveal())


def source(
    given: Transport | None,
    base_url: str,
    settings: Settings,
    proxy: Secret | None,
    verify: object,
) -> Source[httpx.AsyncBaseTransport]:
    """Where an awaited client has its transports from."""
    checked = checked_verify(verify)
    if given == "fast":
        if find_spec("aiohttp") is None:
            raise InvalidArgument("transport", "needs the extra fast: pip install 'momopy-collection[fast]'")
        return Source(partial(_make_fast, base_url, settings, checked_proxy(proxy), checked), shared=True)
    if given is not None and not isinstance(given, httpx.AsyncBaseTransport):
        raise wrong_type(InvalidArgument, "transport", 'must be an httpx.AsyncBaseTransport, or "fast"')
    return Source(partial(_make, base_url, settings, checked_proxy(proxy), checked), given)


def sync_source(
    given: SyncTransport | None, base_url: str, settings: Settings, proxy: Secret | None, verify: object
) -> Source[httpx.BaseTransport]:
    """Where a blocking client has its transport from."""
    checked = checked_verify(verify)
    if given is not None and not isinstance(given, httpx.BaseTransport):
        raise wrong_type(InvalidArgument, "transport", "must be an httpx.BaseTransport")
    return Source(partial(_make_sync, base_url, settings, checked_proxy(proxy), checked), given)
