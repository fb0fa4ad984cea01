"""API keys, tokens and the Basic authorization that buys them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import random
from uuid import UUID

from momopy.sandbox.clock import iso


def new_uuid(rng: random.Random) -> str:
    """A UUID of version 4."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def new_api_key(rng: random.Random) -> str:
    """An API key: 32 hexadecimal digits."""
    return f"{rng.getrandbits(128):032x}"


def _segment(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def new_token(rng: random.Random, api_user: str, expires_at: float) -> str:
    """A token shaped like a JWT, as MTN's are. Its signature is no signature: nobody outside can check it."""
    header = _segment(b'{"typ":"JWT","alg":"R256"}')
    claims = {
        "clientId": api_user,
        "expires": iso(expires_at),
        "sessionId": new_uuid(rng),
    }
    payload = _segment(json.dumps(claims, separators=(",", ":")).encode())
    return f"{header}.{payload}.{_segment(hashlib.sha512(rng.randbytes(32)).digest())}"


def read_basic(authorization: str | None) -> tuple[str, str] | None:
    """User and password of a Basic authorization, or None."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return (user.lower(), password) if colon else None


def read_bearer(authorization: str | None) -> str | None:
    """The token of a Bearer authorization, or None."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
