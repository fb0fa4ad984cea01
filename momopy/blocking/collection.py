# Derived from momopy/awaited/collection.py by scripts/regenerate; a change made here is lost.
"""The Collection product, whole."""

from __future__ import annotations

from momopy.blocking.accounts import Accounts
from momopy.blocking.billing import Billing
from momopy.blocking.consent import Consent
from momopy.blocking.payments import Payments
from momopy.blocking.pre_approvals import PreApprovals


class SyncCollection(Accounts, Payments, Billing, PreApprovals, Consent):
    """A client of the Collection product.

    Every method returns a tuple `(ok, data)`: `(True, data)` with the service's JSON, or `(False, failure)`
    with `outcome`, `code`, `message` and more. Whatever the network or the service does ends in such a tuple;
    only a mistake of the program raises, before anything is sent.

    Args:
        subscription_key: The primary or secondary key of the Collection subscription.
        api_user: The API user, a UUID version 4. With it and `api_key`, `authorization` may be left out
            of every call: the token is fetched, kept and renewed.
        api_key: The API user's key.
        target: The target environment, such as `"sandbox"` or `"mtnuganda"`.
        base_url: The host, `https://...`; by default the one that serves the target. A local MoMo is `http://127.0.0.1:...`.
        callback: The callback URL of calls that name none.
        live: Real money may be moved; demanded of every target but the sandbox.
        timeout: Seconds that one call may take, its repeats included; by default that of its kind in `settings`.
        settings: All other limits.
        transport: An httpx transport to send with; whoever made it closes it.
        proxy: The URL of a proxy. None of the environment's is ever used.
        verify: An `ssl.SSLContext` or the path of a file of authorities; certificates are always checked.
        store: Where workers share the token (`momopy.stores`).
        journal: Where what is begun is kept, for `reconcile_open` after a crash (`momopy.journal`).
        sanitize: Replace characters in messages that MTN refuses, rather than refuse them.
        allow_custom_host: The `base_url` is meant, though it is no host of MTN's.
        allow_unknown_target: The `target` is meant, though momopy's table does not have it.
        on_attempt: Called after each request, with what may be logged of it.
        on_result: Called after each call, with what may be logged of it.
    """
