"""Access tokens, and OAuth2 tokens that an account holder consented to."""

from __future__ import annotations

import re

from momopy.sandbox import errors
from momopy.sandbox.call import Call
from momopy.sandbox.credentials import new_token, new_uuid
from momopy.sandbox.exchange import Answer, Refused, json_answer
from momopy.sandbox.records import Consent, Token

CIBA = "urn:openid:params:grant-type:ciba"
POLL_INTERVAL = 5
CONSENT_LIFETIME = 3600
REFRESH_LIFETIME = 30 * 24 * 3600

_LOGIN_HINT = re.compile(r"ID:([0-9]{3,15})/MSISDN")


def create_access_token(call: Call) -> Answer:
    """`POST /collection/token/`."""
    token = _make_token(call)
    return json_answer(
        200,
        {
            "access_token": token.value,
            "token_type": "access_token",
            "expires_in": call.world.switches.token_lifetime,
        },
    )


def _make_token(
    call: Call,
    scope: str | None = None,
    holder: str | None = None,
    *,
    refresh: bool = False,
) -> Token:
    world = call.world
    now = world.clock.now()
    expires_at = now + world.switches.token_lifetime
    token = Token(
        value=new_token(world.rng, call.api_user, expires_at),
        api_user=call.api_user,
        product=call.product,
        made_at=now,
        expires_at=expires_at,
        scope=scope,
        account_holder=holder,
        refresh_token=new_uuid(world.rng) if refresh else None,
    )
    world.store.add(token)
    world.changed("tokens")
    return token


def bc_authorize(call: Call) -> Answer:
    """`POST /collection/v1_0/bc-authorize`: ask an account holder for consent."""
    form, world = call.form, call.world
    hint = _LOGIN_HINT.fullmatch(form.get("login_hint", ""))
    validity = form.get("consent_valid_in", "")
    if (
        hint is None
        or not form.get("scope", "").strip()
        or form.get("access_type", "online") not in ("online", "offline")
        or (validity and not (validity.isascii() and validity.isdigit() and len(validity) < 10))
    ):
        return errors.BAD_REQUEST
    now = world.clock.now()
    wait = None if world.holds(hint[1]) else world.switches.consent_after
    consent = Consent(
        auth_req_id=new_uuid(world.rng),
        api_user=call.api_user,
        account_holder=hint[1],
        scope=form["scope"],
        access_type=form.get("access_type", "online"),
        asked_at=now,
        answers_at=None if wait is None else now + wait,
        expires_at=now + CONSENT_LIFETIME,
    )
    world.ask_consent(consent)
    return json_answer(
        200,
        {
            "auth_req_id": consent.auth_req_id,
            "interval": POLL_INTERVAL,
            "expires_in": CONSENT_LIFETIME,
        },
    )


def create_oauth2_token(call: Call) -> Answer:
    """`POST /collection/oauth2/token/`."""
    form = call.form
    match form.get("grant_type"):
        case "urn:openid:params:grant-type:ciba":
            consent = _consent(call, form.get("auth_req_id", ""))
            token = _make_token(
                call,
                consent.scope,
                consent.account_holder,
                refresh=consent.access_type == "offline",
            )
            consent.status = "USED"
            call.world.store.save(consent)
            call.world.changed("consents")
        case "refresh_token":
            older = call.world.store.refresh_tokens.get(form.get("refresh_token", ""))
            if older is None or older.api_user != call.api_user:
                return errors.oauth(400, "invalid_grant")
            if older.made_at + REFRESH_LIFETIME <= call.world.clock.now():
                return errors.oauth(400, "expired_token")
            call.world.store.end_refresh_token(older)
            token = _make_token(call, older.scope, older.account_holder, refresh=True)
        case None | "":
            return errors.oauth(400, "invalid_request")
        case _:
            return errors.oauth(400, "unsupported_grant_type")
    document: dict[str, object] = {
        "access_token": token.value,
        "token_type": "Bearer",
        "expires_in": call.world.switches.token_lifetime,
        "scope": token.scope,
    }
    if token.refresh_token is not None:
        document |= {
            "refresh_token": token.refresh_token,
            "refresh_token_expired_in": REFRESH_LIFETIME,
        }
    return json_answer(200, document)


_REFUSED_CONSENT = {
    "PENDING": "authorization_pending",
    "REJECTED": "access_denied",
    "EXPIRED": "expired_token",
    "USED": "invalid_grant",
}


def _consent(call: Call, auth_req_id: str) -> Consent:
    consent = call.world.store.consents.get(auth_req_id)
    if consent is None or consent.api_user != call.api_user:
        raise Refused(errors.oauth(400, "invalid_grant"))
    if consent.status != "APPROVED":
        raise Refused(errors.oauth(400, _REFUSED_CONSENT[consent.status]))
    return consent
