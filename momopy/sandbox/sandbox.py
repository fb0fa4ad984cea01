"""The running sandbox as a Python program sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypedDict, Unpack

import attrs

from momopy.sandbox.clock import Clock
from momopy.sandbox.faults import Fault, FaultSettings, Name, make_fault
from momopy.sandbox.inspection import Inspection, Payment
from momopy.sandbox.outbox import CallbackMode
from momopy.sandbox.records import ApiUser, Kind
from momopy.sandbox.reqlog import Received
from momopy.sandbox.settings import Switches
from momopy.sandbox.world import World

# The host of the ready-made API user: the one that a program on the same machine listens on.
CALLBACK_HOST = "localhost"


class Credentials(NamedTuple):
    """The ready-made credentials of a sandbox."""

    subscription_key: str
    api_user: str
    api_key: str


class ClientCredentials(TypedDict):
    """The arguments with which a client is made."""

    subscription_key: str
    api_user: str
    api_key: str
    target: str
    base_url: str


class Sandbox(Inspection):
    """A local MoMo that is running. All of it may be used from any thread."""

    def __init__(self, world: World, base_url: str, credentials: Credentials) -> None:
        self._world = world
        self.base_url = base_url
        self.subscription_key = world.options.subscription_key or credentials.subscription_key
        self.api_user, self.api_key = credentials.api_user, credentials.api_key
        if self.api_user not in world.store.users:
            self._provision()

    def _provision(self) -> None:
        self._world.store.add(
            ApiUser(id=self.api_user, callback_host=CALLBACK_HOST, product="collection", api_key=self.api_key)
        )

    def __repr__(self) -> str:
        return f"<Sandbox {self.base_url}>"

    @property
    def page_url(self) -> str:
        """The address of the page: the payer's phone."""
        return f"{self.base_url}/_sandbox/"

    @property
    def target(self) -> str:
        """The target environment."""
        return self._world.options.target

    @property
    def currency(self) -> str:
        """The one currency."""
        return self._world.options.currency

    @property
    def switches(self) -> Switches:
        """The switches for what MTN leaves open; set them at any time."""
        return self._world.switches

    def set_switches(self, **values: Any) -> None:
        """Set several switches: all of them, or none when a value cannot be."""
        self._set(self._world.switches, values, "switch")

    @property
    def callback_mode(self) -> CallbackMode:
        """How callbacks are sent; set it at any time."""
        return self._world.outbox.mode

    def set_callback_mode(self, **values: Any) -> None:
        """Set several parts of how callbacks are sent: all of them, or none when a value cannot be."""
        self._set(self._world.outbox.mode, values, "part of the callback mode")

    def _set(self, target: Switches | CallbackMode, values: dict[str, Any], kind: str) -> None:
        names = [field.name for field in attrs.fields(type(target))]
        unknown = sorted(values.keys() - set(names))
        if unknown:
            raise ValueError(f"no such {kind}: {', '.join(unknown)}; there are {', '.join(names)}")
        with self._world.lock:
            attrs.evolve(target, **values)
            for name, value in values.items():
                setattr(target, name, value)
            self._world.changed("settings")

    @property
    def clock(self) -> Clock:
        """The sandbox's own time."""
        return self._world.clock

    def env(self) -> dict[str, str]:
        """The environment variables with which a program finds this sandbox."""
        return {
            "MOMO_BASE_URL": self.base_url,
            "MOMO_SUBSCRIPTION_KEY": self.subscription_key,
            "MOMO_API_USER": self.api_user,
            "MOMO_API_KEY": self.api_key,
            "MOMO_TARGET_ENVIRONMENT": self.target,
        }

    def credentials(self) -> ClientCredentials:
        """What a client is made with: `momopy.SyncCollection(**sandbox.credentials())`."""
        return {
            "subscription_key": self.subscription_key,
            "api_user": self.api_user,
            "api_key": self.api_key,
            "target": self.target,
            "base_url": self.base_url,
        }

    def advance(self, seconds: float) -> None:
        """Move the sandbox's time on, and let everything happen that falls due."""
        self._world.advance(seconds)

    def watch_requests(self, watcher: Callable[[Received], None]) -> None:
        """Call this with each request when it is over, in the server's thread."""
        with self._world.lock:
            self._world.requests.listeners.append(watcher)

    def set_speed(self, speed: float) -> None:
        """Let time run so many times faster; 0 stops it."""
        with self._world.lock:
            self._world.clock.speed = speed
            self._world.changed("clock")

    @property
    def held(self) -> list[str]:
        """The numbers whose payments wait for a person."""
        with self._world.lock:
            return sorted(self._world.held)

    def hold(self, number: str = "*") -> None:
        """Let payments of this number, or all, wait until a person or `approve` decides. A bill names no number."""
        with self._world.lock:
            self._world.held.add(number)
            self._world.changed("held")

    def release(self, number: str = "*") -> None:
        """Do not hold this number any more. What waits already goes on waiting."""
        with self._world.lock:
            self._world.held.discard(number)
            self._world.changed("held")

    def approve(self, reference_id: object, kind: Kind | None = None) -> None:
        """Let the payer approve: the payment is SUCCESSFUL now."""
        with self._settled() as world:
            world.decide(self._find(reference_id, kind), approve=True)

    def reject(self, reference_id: object, reason: str = "APPROVAL_REJECTED", kind: Kind | None = None) -> None:
        """Let the payer reject, or the payment fail for any other reason."""
        with self._settled() as world:
            world.decide(self._find(reference_id, kind), approve=False, reason=reason)

    def consent(self, auth_req_id: str, *, approve: bool = True) -> None:
        """Let the account holder answer a bc-authorize now."""
        with self._settled() as world:
            world.answer_consent(auth_req_id, approve=approve)

    def fault(self, kind: Name, **settings: Unpack[FaultSettings]) -> Fault:
        """Let a request meet a fault: `sandbox.fault("status", status=503, path="requesttopay")`.

        after: act on the request first, then let it go wrong.
        path, method: only for requests whose path holds this, or whose operation has this name.
        times, every, rate, seed: for so many requests (None: all), every nth, or some of them.
        status, code, retry_after: what `status` answers. seconds: for `delay` and `drip`.
        payload: for `wrong_json`. reset: whether `cut` resets the connection or closes it in order.
        """
        with self._world.lock:
            return self._world.faults.add(make_fault(kind, **settings))

    @property
    def faults(self) -> list[Fault]:
        """The faults that still wait for requests."""
        with self._world.lock:
            return list(self._world.faults.waiting)

    def clear_faults(self) -> None:
        """No more faults."""
        with self._world.lock:
            self._world.faults.clear()

    def reset(self) -> None:
        """Forget everything but the credentials, and set all switches back."""
        with self._world.lock:
            self._world.reset()
            self._provision()


__all__ = ["CALLBACK_HOST", "Payment", "Sandbox"]
