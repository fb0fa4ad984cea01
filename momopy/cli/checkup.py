"""The checks of `momopy doctor`. Each gives one finding; what hangs on a failed one is passed over."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from momopy import Attempt, SyncClient, SyncCollection, transports
from momopy.cli.words import SEE_LOCAL, authorities, in_options, said, wait
from momopy.environment import naming, read
from momopy.errors import MissingCredentials, Misuse
from momopy.markets import KNOWN_HOSTS, MARKETS, SANDBOX_HOST, market
from momopy.profile import Profile
from momopy.reasons import is_business
from momopy.result import Refused

State: TypeAlias = Literal["ok", "note", "fail", "skip"]


class Finding(NamedTuple):
    """What one check came to."""

    subject: str
    state: State
    text: str
    advice: tuple[str, ...] = ()


SUBJECTS: Final = (
    "variables",
    "name of the host",
    "connection, TLS",
    "subscription key",
    "token",
    "target environment",
    "callback host",
    "balance",
)
_PATIENCE: Final = 5.0
_CALL_PATIENCE: Final = 15.0

_PROFILE: Final = "your profile on momodeveloper.mtn.com"


def examine(
    dotenv: str | bool = False, *, allow_custom_host: bool = False, allow_unknown_target: bool = False
) -> Iterator[Finding]:
    """Check everything in turn; every subject gets exactly one finding."""
    consents = {"allow_custom_host": allow_custom_host, "allow_unknown_target": allow_unknown_target}
    try:
        arguments = read(dotenv, consents)
        with naming(consents):
            client = SyncCollection(**arguments, timeout=_CALL_PATIENCE)
    except Misuse as error:
        yield _misuse(error)
        yield from _passed_over(1, "needs the variables")
        return
    with client:
        checkup = _Checkup(client._profile, arguments)
        yield checkup.variables()
        for number, check in ((1, checkup.name), (2, checkup.connection)):
            finding = check()
            yield finding
            if finding.state == "fail":
                yield from _passed_over(number + 1, "needs the connection")
                return
        yield from checkup.service()


def _passed_over(first: int, why: str) -> Iterator[Finding]:
    return (Finding(subject, "skip", f"not checked: {why}") for subject in SUBJECTS[first:])


def _misuse(error: Misuse) -> Finding:
    if isinstance(error, MissingCredentials) and "MOMO_" in error.parameter:
        to_do = [f"Set {error.parameter}."]
        if "MOMO_SUBSCRIPTION_KEY" in error.parameter:
            to_do.append(f"The subscription key is shown in {_PROFILE}.")
        if "MOMO_API" in error.parameter:
            to_do.append(
                "For a sandbox, the API user and key are made by: momopy provision. For a live host, in MTN's "
                "partner portal."
            )
        return Finding("variables", "fail", f"{error.parameter} {error.rule}", tuple(to_do))
    name = error.parameter
    if "allow_custom_host" in error.rule:
        hosts = ", ".join(sorted(host for host in KNOWN_HOSTS if host != SANDBOX_HOST))
        advice = (
            f"The sandbox is {SANDBOX_HOST}; live hosts are {hosts}.",
            "If another host is meant: momopy doctor --allow-custom-host",
        )
        return Finding("variables", "fail", f"{name}: is no host of MTN's API", advice)
    if "allow_unknown_target" in error.rule:
        # What is in no table is not repeated: it may be a key that was put into the wrong variable.
        advice = (
            f"momopy knows {', '.join(MARKETS)}.",
            "If it is a new one of MTN's: momopy doctor --allow-unknown-target",
        )
        return Finding("variables", "fail", f"{name}: is not in momopy's table of countries", advice)
    return Finding("variables", "fail", f"{name}: {in_options(error.rule)}", (f"Set {name} anew.",))


class _Checkup:
    def __init__(self, profile: Profile, arguments: dict[str, Any]) -> None:
        self._profile = profile
        self._arguments = arguments
        parts = urlsplit(profile.base_url)
        self._host = parts.hostname or ""
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)

    @property
    def _is_sandbox(self) -> bool:
        return self._profile.is_local or self._profile.base_url == SANDBOX_HOST

    def variables(self) -> Finding:
        where = f"all are set: target {self._profile.target} at {self._profile.base_url}"
        if self._profile.live and not self._profile.is_local:
            where += ", where money is real"
        return Finding("variables", "ok", where)

    def name(self) -> Finding:
        subject = SUBJECTS[1]
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return Finding(
                subject,
                "fail",
                f"nobody knows {self._host}",
                ("Is this machine online, and does its name server answer?", "Is MOMO_BASE_URL spelled right?"),
            )
        addresses = sorted({str(entry[4][0]) for entry in found})
        if addresses == [self._host]:
            return Finding(subject, "ok", f"{self._host} is an address already")
        return Finding(subject, "ok", f"{self._host} is {', '.join(addresses[:3])}")

    def connection(self) -> Finding:
        subject = SUBJECTS[2]
        place = f"{self._host}:{self._port}"
        advice = (
            SEE_LOCAL
            if self._profile.is_local
            else "Does a firewall let this machine out to it? momopy uses a proxy only where the program names one."
        )
        try:
            context = transports.default_context() if self._tls else None
        except OSError as error:
            return _no_authorities(error)
        try:
            with socket.create_connection((self._host, self._port), _PATIENCE) as connection:
                if context is None:
                    return Finding(subject, "ok", f"{place} answers; http on this machine needs no TLS")
                return self._shake(connection, context)
        except TimeoutError:
            return Finding(subject, "fail", f"{place} does not answer within {_PATIENCE:g} seconds", (advice,))
        except ssl.SSLCertVerificationError as error:
            return Finding(
                subject,
                "fail",
                f"the certificate of {place} is refused: {error.verify_message}",
                (
                    f"Is the clock of this machine right? It says {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
                    f"{variable} is set: only the authorities that it names are trusted."
                    if (variable := authorities())
                    else "A proxy that reads along has a certificate of its own: name its authority in SSL_CERT_FILE.",
                ),
            )
        except ssl.SSLError as error:
            return Finding(
                subject,
                "fail",
                f"{place} does not speak TLS as it should ({error.reason or 'no handshake'})",
                ("Is MOMO_BASE_URL the API's host? Something in between may cut the connection.",),
            )
        except OSError as error:
            return Finding(subject, "fail", f"{place} cannot be reached: {error.strerror or 'no route'}", (advice,))

    def _shake(self, connection: socket.socket, context: ssl.SSLContext) -> Finding:
        with context.wrap_socket(connection, server_hostname=self._host) as shaken:
            certificate: dict[str, Any] = shaken.getpeercert() or {}
            until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
            return Finding(SUBJECTS[2], "ok", f"{shaken.version()}; the certificate is good until {until:%Y-%m-%d}")

    def service(self) -> Iterator[Finding]:
        """What only the service can tell."""
        heard: list[Attempt] = []
        with SyncCollection(**self._arguments, timeout=_CALL_PATIENCE, on_attempt=heard.append) as client:
            token = client.create_access_token()
            yield from _keys(token, heard)
            if isinstance(token, Refused):
                yield from _passed_over(5, "needs a token")
                return
            balance = client.get_account_balance(f"Bearer {token.data['access_token']}")
        user = self._api_user() if self._is_sandbox else {}
        yield self._target(balance, heard[-1].code, user)
        yield self._callback(user)
        yield self._balance(balance)

    def _api_user(self) -> dict[str, Any]:
        with SyncClient(self._profile.base_url) as client:
            found = client.get_api_user(self._profile.api_user or "", self._profile.subscription_key)
        return dict(found.data) if found.ok else {}

    def _target(self, balance: Any, code: str | None, user: dict[str, Any]) -> Finding:
        subject, target = SUBJECTS[5], self._profile.target
        actual = said(user, "targetEnvironment") or target
        if actual != target or code == "NOT_ALLOWED_TARGET_ENVIRONMENT":
            right = actual if actual != target else "the one that the API user was made for"
            return Finding(
                subject, "fail", f"this API user may not use {target}", (f"Set MOMO_TARGET_ENVIRONMENT to {right}.",)
            )
        # The state of an account is looked at where the target is known. Everything else that is no success may
        # come from the gateway, from a proxy, or from a service that did not get as far.
        if balance.ok or is_business(code):
            return Finding(subject, "ok", f"{target} is taken")
        return Finding(subject, "skip", f"could not be seen: no answer tells whether {target} is taken")

    def _callback(self, user: dict[str, Any]) -> Finding:
        subject, url = SUBJECTS[6], self._profile.callback
        registered = said(user, "providerCallbackHost")
        if url is None:
            return Finding(subject, "ok", "no MOMO_CALLBACK_URL: what became of a payment is learnt by asking")
        # The path may hold a secret of the program's.
        host = urlsplit(url.reveal()).hostname or ""
        if registered is not None and registered.lower() != host.lower():
            return Finding(
                subject,
                "fail",
                f"callbacks are to go to {host}, but the API user was made for {registered}",
                (
                    f"Use a MOMO_CALLBACK_URL at {registered}.",
                    f"Or make another API user: momopy provision --callback-host {host}",
                ),
            )
        if registered is not None:
            return Finding(subject, "ok", f"{host} is the one that the API user was made for")
        return Finding(
            subject,
            "note",
            f"callbacks are to go to {host}; whether the API user was made for it cannot be asked here",
            ("A wrong one shows as INVALID_CALLBACK_URL_HOST at the first payment.",),
        )

    def _balance(self, balance: Any) -> Finding:
        subject = SUBJECTS[7]
        if not balance.ok:
            if balance.data["code"] == "NOT_ALLOWED_TARGET_ENVIRONMENT":
                return Finding(subject, "skip", "not checked: needs the target environment")
            return Finding(subject, "fail", *_failure(balance))
        currency = said(balance.data, "currency")
        if currency is None:
            return Finding(subject, "ok", "the account answers, and names no currency")
        known = market(self._profile.target)
        if known is not None and not self._profile.is_local and currency not in known.currencies:
            return Finding(
                subject,
                "note",
                f"the account is in {currency}, where {known.country} has {' or '.join(known.currencies)}",
                ("Payments in another currency than the account's are refused.",),
            )
        return Finding(subject, "ok", f"the account answers, in {currency}")


def _no_authorities(error: OSError) -> Finding:
    reason = error.reason.replace("_", " ") if isinstance(error, ssl.SSLError) and error.reason else error.strerror
    variable = authorities()
    if variable is None:
        text, advice = "the authorities of the package certifi cannot be read", "Install certifi anew."
    else:
        text = f"the authorities that {variable} names cannot be read"
        advice = f"Unset {variable}, or let it name certificates in PEM form. Without it, momopy has its own."
    return Finding(SUBJECTS[2], "fail", f"{text}: {(reason or 'no reason given').lower()}", (advice,))


def _keys(token: Any, heard: list[Attempt]) -> Iterator[Finding]:
    """Tell from one token request about the subscription key and the API user."""
    key, subject = SUBJECTS[3], SUBJECTS[4]
    if token.ok:
        yield Finding(key, "ok", "the gateway takes it")
        minutes = int(token.data["expires_in"] // 60)
        yield Finding(subject, "ok", f"the API user and key get one, good for {minutes} minutes")
        return
    last = heard[-1] if heard else None
    if last is None or last.http_status is None:
        yield Finding(key, "skip", "not checked: the service did not answer")
        yield Finding(subject, "fail", *_failure(token))
    elif last.http_status == 401 and last.code is None:
        # The gateway in front of the API has no codes, the token endpoint has.
        yield Finding(
            key,
            "fail",
            "the gateway refuses it",
            (
                f"Copy the primary key of the Collection subscription from {_PROFILE} to MOMO_SUBSCRIPTION_KEY.",
                "The keys of other products do not open this one, nor does a sandbox's key a live host.",
            ),
        )
        yield Finding(subject, "skip", "not checked: needs the subscription key")
    elif last.http_status == 401:
        yield Finding(key, "ok", "the gateway takes it")
        yield Finding(
            subject,
            "fail",
            "the API user or its key is refused",
            (
                "MOMO_API_USER and MOMO_API_KEY belong together, to this host and to this subscription.",
                "A newer key may have ended this one.",
                "For a sandbox, new ones are made by: momopy provision",
            ),
        )
    else:
        yield Finding(key, "skip", "not checked: the service did not say")
        yield Finding(subject, "fail", *_failure(token))


def _failure(refused: Refused) -> tuple[str, tuple[str, ...]]:
    failure = refused.data
    status = f" (HTTP {failure['http_status']})" if failure["http_status"] else ""
    advice = {
        "AUTH": "The token is not taken here: was the API user made with the key of another product?",
        "RATE_LIMITED": wait(failure),
        "FORBIDDEN": "Is this machine's address one that MTN was told of, and the subscription active?",
        "REDIRECT": "MOMO_BASE_URL answers with another address: it is not the API's host.",
        "BAD_RESPONSE": "What answered may be a proxy's page and not the API. Is MOMO_BASE_URL the API's host?",
    }.get(failure["code"], "Try again in a few minutes; if it stays, tell MTN the code and the time.")
    return f"{failure['code']}{status}: {failure['message']}", (advice,)
