"""How sure each behaviour of the sandbox is, in one table, so that it can be corrected.

documented: MTN's portal says so. measured: seen on the real service. open: neither, or the sources
disagree; the sandbox then does what a careful program survives, and often has a switch for it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class Behaviour(NamedTuple):
    """One thing that the sandbox does as MTN does it."""

    subject: str
    what: str
    known: Literal["documented", "measured", "open"]
    where: str
    """The file that decides it, and the switch if there is one."""


D, M, O = "documented", "measured", "open"  # noqa: E741
BEHAVIOURS = tuple(
    Behaviour(*row)  # type: ignore[arg-type]
    for row in (
        ("provisioning", "201 empty, 409 on a used id, the key shown once", D, "provisioning.py"),
        ("provisioning", "an API user is scoped to the product whose key made it", M, "service.py"),
        ("provisioning", "GET shows the callback host and the target environment, never the key", D, "provisioning.py"),
        (
            "provisioning",
            "a callback host has no scheme, no port, no path and is no address",
            D,
            "shapes.py, ip_callback_hosts",
        ),
        ("token", "Basic authorization, no body, 200 with token_type access_token", D, "access.py"),
        ("token", "lives 3600 seconds", D, "access.py, token_lifetime"),
        ("token", "401 with {error: login_failed}", D, "errors.py"),
        ("token", "the same for an API user of another product", O, "service.py"),
        ("token", "400 for a body; clients in use send one all the same", D, "service.py, token_body"),
        ("token", "a token is shaped like a JWT", M, "credentials.py"),
        ("token", "a new API key ends older tokens", O, "provisioning.py, new_key_ends_tokens"),
        ("token", "X-Target-Environment is not looked at on /token/", O, "routes.py"),
        ("token", "a token that ended: 401 in the gateway's shape", O, "errors.py"),
        ("order", "web server (411), gateway (path, key), then the platform", D, "service.py"),
        ("order", "token, target, id, body, callback URL, currency, duplicate, payer", O, "service.py"),
        ("order", "a duplicate is looked for before the body is checked", O, "call.py, duplicates_first"),
        ("errors", "a bodyless POST without Content-Length: 411 with HTML", M, "service.py"),
        ("errors", "400 has no body", M, "errors.py"),
        ("errors", "409 and 404 of the platform are {code, message}", M, "errors.py"),
        ("errors", "401 for the subscription key, and 404 for a path, are {statusCode, message}", D, "errors.py"),
        ("errors", "500 INVALID_CURRENCY for a currency that is not the environment's", M, "call.py"),
        ("errors", "500 NOT_ALLOWED_TARGET_ENVIRONMENT for another environment", M, "service.py"),
        ("errors", "500 INVALID_CALLBACK_URL_HOST, and no payment is made", M, "service.py"),
        ("errors", "400 for a missing X-Target-Environment or a wrong X-Reference-Id", D, "service.py"),
        ("errors", "400 for a body that is none, lacks what must be there, or has another type", O, "service.py"),
        ("errors", "unknown keys in a body are let through", O, "shapes.py"),
        ("errors", "400 for an amount that is 0, below it, or has more than 18 digits and 6 decimals", O, "shapes.py"),
        ("errors", "400 for a currency that is not three capital letters", O, "shapes.py"),
        ("errors", "400 for an apostrophe anywhere in a body", D, "shapes.py"),
        ("errors", "400 for an ampersand in a message", M, "shapes.py"),
        ("errors", "400 for more than 160 characters; another page says 128", D, "shapes.py, message_limit"),
        ("errors", "400 for an empty message, in production", O, "shapes.py, refuse_empty_messages"),
        ("errors", "400 for /// in the path", D, "service.py"),
        ("errors", "400 for a JSON number or null where a string belongs", O, "shapes.py"),
        ("errors", "400 for an MSISDN with + or anything but 3 to 15 digits", O, "shapes.py"),
        ("errors", "404 of the gateway for a wrong method", O, "routes.py"),
        ("errors", "one slash at the end of a path is no matter; documented for the tokens", O, "routes.py"),
        ("errors", "413 for a body over 1 MiB", O, "app.py"),
        ("errors", "429 beyond 10 status GETs a second; off unless it is set", D, "service.py, status_cap"),
        ("ids", "the same id again: 409, whatever the body says", M, "call.py"),
        ("ids", "the duplicate check is atomic", O, "call.py, atomic_duplicates, duplicate_window"),
        ("ids", "a 500 does not use the id up", O, "service.py, burn_on_500"),
        ("ids", "an id is never forgotten", O, "call.py, id_memory"),
        ("ids", "a GET agrees with a 202 at once", O, "call.py, get_lag"),
        ("ids", "each operation has ids of its own; withdraw V1 and V2 share theirs", O, "store.py"),
        ("ids", "an id in capital letters is the same id", O, "shapes.py"),
        ("ids", "every API user of the product sees a transaction", O, "call.py"),
        ("payments", "202 with an empty body, also for payments that are doomed", M, "call.py"),
        ("payments", "any number that is not listed succeeds at once", M, "outcomes.py"),
        ("payments", "46733123450 FAILED / INTERNAL_PROCESSING_ERROR at once", M, "outcomes.py"),
        ("payments", "46733123451 FAILED / APPROVAL_REJECTED at once", M, "outcomes.py"),
        ("payments", "46733123452 FAILED / EXPIRED at once", M, "outcomes.py"),
        ("payments", "46733123453 PENDING for minutes, then FAILED / EXPIRED", M, "outcomes.py"),
        ("payments", "46733123454 CREATED, SUCCESSFUL after 4 to 45 seconds", M, "outcomes.py, delayed_after"),
        ("payments", "56733123453 SUCCESSFUL within 10 seconds", M, "outcomes.py"),
        ("payments", "46733123455 to 464: named only; refused with their code", O, "outcomes.py, doomed"),
        ("payments", "the payer has five minutes to approve", D, "outcomes.py"),
        ("payments", "a payer is an MSISDN, an e-mail address or a party code", D, "shapes.py"),
        ("payments", "financialTransactionId comes with SUCCESSFUL", M, "world.py"),
        ("payments", "a withdraw has no 503, and no number for an unknown transfer type", D, "outcomes.py"),
        ("payments", "fields that do not apply are left out", M, "results.py"),
        ("payments", "reason is a bare string", M, "results.py, reason_shape"),
        ("payments", "12.50 comes back as 12.5", M, "shapes.py"),
        ("balance", "it begins with 1000 and grows with what is collected", O, "world.py"),
        ("holders", "numbers and e-mail addresses that are not found, not active, not allowed", D, "outcomes.py"),
        ("holders", "any other is active; type msisdn, email or party_code", D, "accounts.py"),
        ("holders", "type in capital letters is taken too", O, "accounts.py"),
        ("holders", "basic user info: Sand Box, 1976-08-13, sv_SE, MALE", D, "accounts.py"),
        ("holders", "user info with consent has 24 fields", D, "accounts.py"),
        ("notifications", "for a payment that succeeded; else 500 NOT_ALLOWED", O, "payments.py"),
        ("notifications", "the header notificationMessage has the limit of the body", O, "payments.py"),
        ("invoices", "waits to be paid, expires after validityDuration", D, "invoices.py"),
        ("invoices", "its payer's test number means what it means for a payment", O, "outcomes.py"),
        ("invoices", "a cancelled one is FAILED / TRANSACTION_CANCELED", O, "invoices.py"),
        ("invoices", "a second cancellation, or one of a paid invoice: 404", O, "invoices.py"),
        ("invoices", "a cancellation with another externalId: 400", O, "invoices.py"),
        ("invoices", "the payee is Sand Box", O, "results.py"),
        ("bills", "go by their amount: 1000 to 7000", D, "outcomes.py"),
        ("pre-approvals", "numbers 450 to 461, and 469 with an empty list", D, "outcomes.py"),
        ("pre-approvals", "preApprovalId is another id than the reference id", O, "preapprovals.py"),
        ("pre-approvals", "end with their validityTime", D, "preapprovals.py"),
        ("pre-approvals", "a second cancellation, or one of a pre-approval that ended: 404", O, "preapprovals.py"),
        ("consent", "is given at once, or as told", O, "access.py, consent_after"),
        ("consent", "authorization_pending, access_denied, expired_token, invalid_grant with 400", O, "access.py"),
        ("consent", "the login hint is ID:number/MSISDN", O, "access.py"),
        ("consent", "an auth_req_id lives an hour, and is good for one token", O, "access.py"),
        ("consent", "offline access brings a refresh token, good for one use within 30 days", O, "access.py"),
        ("consent", "its token is good for userinfo, and for nothing else", O, "service.py"),
        ("consent", "X-Callback-Url on bc-authorize is checked, and nothing is sent to it", O, "access.py"),
        ("holders", "basic user info: type msisdn, email, alias or id", O, "accounts.py"),
        ("callbacks", "only when X-Callback-Url was given", M, "outbox.py"),
        ("callbacks", "the URL names a host, no address, and has no query string", D, "shapes.py, ip_callback_hosts"),
        ("callbacks", "400 for a URL that has a query string or is none", O, "shapes.py"),
        (
            "callbacks",
            "the URL begins with https, in production; 400 when it must and does not",
            D,
            "shapes.py, https_callbacks",
        ),
        ("callbacks", "POST; PUT on one page", M, "outbox.py, CallbackMode.method"),
        ("callbacks", "application/json; charset=utf-8", M, "sender.py"),
        ("callbacks", "the status answer without any reference id, no credential", M, "results.py"),
        ("callbacks", "two seconds to answer", D, "sender.py"),
        ("callbacks", "a redirect is not followed", O, "sender.py"),
        ("callbacks", "at once; or late, and perhaps before a GET agrees", M, "outbox.py, CallbackMode.delay, early"),
        ("callbacks", "none, one or several, in any order", M, "outbox.py, CallbackMode.send, lost, copies, order"),
        ("callbacks", "a cancellation may name another URL for its invoice", O, "invoices.py"),
        ("callbacks", "sent once; a schedule of retries on another page", O, "outbox.py, CallbackMode.repeat"),
        ("callbacks", "one that was answered 200 came again 3 minutes later", M, "outbox.py, CallbackMode.repeat"),
    )
)
