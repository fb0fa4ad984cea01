"""Who calls, and where to: what every call of one client shares, checked once."""

from __future__ import annotations

from uuid import UUID, uuid4

from momopy import arguments, markets, values
from momopy.errors import InvalidTarget, MissingArgument, MissingCredentials, Misuse
from momopy.markets import Market
from momopy.secret import Secret, hidden
from momopy.settings import DEFAULT, Settings
from momopy.tokens import fingerprint


class Profile:
    """The subscription, credentials, host and target environment of a client."""

    __slots__ = (
        "api_key",
        "api_user",
        "base_url",
        "callback",
        "is_local",
        "live",
        "market",
        "sanitize",
        "settings",
        "subscription_key",
        "target",
        "unknown_target",
    )

    def __init__(
        self,
        subscription_key: str | Secret,
        *,
        api_user: str | UUID | None = None,
        api_key: str | Secret | None = None,
        target: str = markets.SANDBOX,
        base_url: str | None = None,
        callback: str | Secret | None = None,
        live: bool = False,
        timeout: float | None = None,
        settings: Settings = DEFAULT,
        allow_custom_host: bool = False,
        allow_unknown_target: bool = False,
        sanitize: bool = False,
    ) -> None:
        self.subscription_key = Secret(values.subscription_key(subscription_key))
        self.api_user = None if api_user is None else values.reference_id(api_user, "api_user")
        self.api_key = None if api_key is None else Secret(values.api_key(api_key))
        if (self.api_user is None) != (self.api_key is None):
            missing = "api_user" if self.api_user is None else "api_key"
            raise MissingCredentials(missing, "is missing: an API user and an API key belong together")
        self.live = arguments.flag(live, "live")
        self.settings = arguments.settings(settings, timeout)
        self.sanitize = arguments.flag(sanitize, "sanitize")
        self.unknown_target = arguments.flag(allow_unknown_target, "allow_unknown_target")
        arguments.flag(allow_custom_host, "allow_custom_host")
        target = values.target(target)
        self.base_url = values.base_url(
            markets.default_host(target) if base_url is None else base_url, allow_custom_host=allow_custom_host
        )
        self.is_local = values.is_loopback(self.base_url)
        self.target = self._checked(target)
        self.market = markets.market(self.target)
        # A path that nobody can guess makes a callback believable, so it is kept from sight as well.
        self.callback = None if callback is None else self._callback(callback)

    def __repr__(self) -> str:
        # A traceback may show one whose arguments were refused.
        return f"<Profile {getattr(self, 'target', '?')} at {getattr(self, 'base_url', '?')}>"

    def account(self) -> str:
        """The name under which a journal keeps what this client begins."""
        return fingerprint(self.base_url, "journal", self.api_user or "", "")

    def fingerprint(self) -> str:
        """The name under which tokens of these credentials are kept."""
        assert self.api_user is not None
        assert self.api_key is not None
        return fingerprint(self.base_url, "collection", self.api_user, self.api_key.reveal())

    def _checked(self, target: str) -> str:
        if not self.is_local:
            if not markets.host_fits(self.base_url, target):
                raise InvalidTarget("target", f"{_named(target)} is not served by {self.base_url}")
            if markets.is_live(target) and not self.live:
                raise InvalidTarget("target", f"{_named(target)} moves real money: say live=True when that is meant")
            if markets.market(target) is None and not self.unknown_target:
                raise InvalidTarget(
                    "target", "is not in momopy's table of markets: say allow_unknown_target=True when it is meant"
                )
        return target

    def target_for(self, target: str | None) -> str:
        """The target environment of one call."""
        if target is None or target == self.target:
            return self.target
        return self._checked(values.target(target))

    def market_for(self, target: str) -> Market | None:
        """The market of one call's target."""
        return self.market if target == self.target else markets.market(target)

    def bearer_for(self, authorization: str | Secret | None) -> Secret | None:
        """The bearer token that the caller gave; None where momopy is to see to it."""
        if authorization is not None:
            return Secret(values.bearer_token(authorization))
        if self.api_user is None:
            raise MissingCredentials("authorization", "is needed, or an api_user and api_key given to the client")
        return None

    def basic_for(self, authorization: str | Secret | None) -> Secret:
        """The Basic token that the caller gave, or the one of the client's credentials."""
        if authorization is not None:
            return Secret(values.basic_token(authorization))
        if self.api_user is None or self.api_key is None:
            raise MissingCredentials("authorization", "is needed, or an api_user and api_key given to the client")
        return basic(self.api_user, self.api_key)

    def callback_for(self, callback: str | Secret | None) -> Secret | None:
        """The callback URL of one call."""
        return self.callback if callback is None else self._callback(callback)

    def _callback(self, callback: str | Secret) -> Secret:
        callback = hidden(callback)
        plain: object = callback.reveal() if isinstance(callback, Secret) else callback
        try:
            return Secret(values.callback_url(plain, local=self.is_local))
        except Misuse as misuse:
            del plain
            # The way to it holds the URL.
            raise misuse.with_traceback(None) from None


def _named(target: str) -> str:
    # What is in no table may be a key or a number that was given in the wrong place.
    return target if markets.market(target) is not None else "this environment"


def basic(api_user: str, api_key: Secret) -> Secret:
    """Join an API user and key to a Basic token."""
    from base64 import b64encode

    return Secret("Basic " + b64encode(f"{api_user}:{api_key.reveal()}".encode()).decode())


def reference_id(uuid: object) -> str:
    """The id that the caller gave, in its canonical form, or a new one."""
    return str(uuid4()) if uuid is None else values.reference_id(uuid)


def known_id(uuid: object, parameter: str = "uuid") -> str:
    """The id of something that exists."""
    if uuid is None:
        raise MissingArgument(parameter, "is missing")
    return values.reference_id(uuid, parameter)
