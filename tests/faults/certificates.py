"""X.509 certificates for a test's TLS server, made on the spot: P-256, ECDSA, DER, and nothing else.

No package of the test environment makes certificates, and the ssl module only reads them. The arithmetic is
plain and leaks timing: it is for servers on the loopback interface that live for one test.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import ssl
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

# The curve P-256 (SEC 2, section 2.4.2).
_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_A = _P - 3
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_Point: TypeAlias = "tuple[int, int] | None"


def _add(one: _Point, two: _Point) -> _Point:
    if one is None or two is None:
        return one or two
    if one[0] == two[0]:
        if (one[1] + two[1]) % _P == 0:
            return None
        slope = (3 * one[0] * one[0] + _A) * pow(2 * one[1], -1, _P) % _P
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, _P) % _P
    x = (slope * slope - one[0] - two[0]) % _P
    return x, (slope * (one[0] - x) - one[1]) % _P


def _multiply(factor: int, point: _Point) -> tuple[int, int]:
    total: _Point = None
    while factor:
        if factor & 1:
            total = _add(total, point)
        point = _add(point, point)
        factor >>= 1
    assert total is not None
    return total


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _der(0x30, *parts)


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _bits(content: bytes, unused: int = 0) -> bytes:
    return _der(0x03, bytes([unused]), content)


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = [40 * first + second]
    for part in rest:
        digits = [part & 0x7F]
        while part := part >> 7:
            digits.append(0x80 | part & 0x7F)
        content += reversed(digits)
    return _der(0x06, bytes(content))


def _time(moment: datetime) -> bytes:
    return _der(
        0x18 if moment.year >= 2050 else 0x17,
        moment.strftime("%Y%m%d%H%M%SZ")[0 if moment.year >= 2050 else 2 :].encode(),
    )


def _name(text: str) -> bytes:
    return _sequence(_der(0x31, _sequence(_oid("2.5.4.3"), _der(0x0C, text.encode()))))


def _extension(dotted: str, value: bytes, *, critical: bool = False) -> bytes:
    return _sequence(_oid(dotted), _der(0x01, b"\xff") if critical else b"", _der(0x04, value))


_ECDSA_SHA256 = _sequence(_oid("1.2.840.10045.4.3.2"))
_CURVE = _oid("1.2.840.10045.3.1.7")


class _Key:
    def __init__(self) -> None:
        self.number = secrets.randbelow(_N - 1) + 1
        x, y = _multiply(self.number, _G)
        self.public = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
        self.identifier = hashlib.sha1(self.public, usedforsecurity=False).digest()

    @property
    def info(self) -> bytes:
        return _sequence(_sequence(_oid("1.2.840.10045.2.1"), _CURVE), _bits(self.public))

    def sign(self, data: bytes) -> bytes:
        digest = int.from_bytes(hashlib.sha256(data).digest(), "big")
        nonce = secrets.randbelow(_N - 1) + 1
        r = _multiply(nonce, _G)[0] % _N
        return _sequence(_integer(r), _integer(pow(nonce, -1, _N) * (digest + r * self.number) % _N))

    def pem(self) -> str:
        private = _der(0x04, self.number.to_bytes(32, "big"))
        return _pem(
            "EC PRIVATE KEY", _sequence(_integer(1), private, _der(0xA0, _CURVE), _der(0xA1, _bits(self.public)))
        )


def _pem(label: str, data: bytes) -> str:
    text = base64.b64encode(data).decode()
    lines = [text[place : place + 64] for place in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def _certificate(
    issuer: str, signer: _Key, subject: str, key: _Key, extensions: Sequence[bytes], start: datetime, end: datetime
) -> str:
    body = _sequence(
        _der(0xA0, _integer(2)),
        _integer(secrets.randbits(100)),
        _ECDSA_SHA256,
        _name(issuer),
        _sequence(_time(start), _time(end)),
        _name(subject),
        key.info,
        _der(0xA3, _sequence(*extensions)),
    )
    return _pem("CERTIFICATE", _sequence(body, _ECDSA_SHA256, _bits(signer.sign(body))))


def _identifiers(key: _Key, signer: _Key) -> tuple[bytes, bytes]:
    # Python 3.13 verifies strictly by default and wants both.
    return (
        _extension("2.5.29.14", _der(0x04, key.identifier)),
        _extension("2.5.29.35", _sequence(_der(0x80, signer.identifier))),
    )


class Authority:
    """A certificate authority: `pem` is what a client trusts, `server` what a server shows."""

    def __init__(self, name: str = "test authority") -> None:
        self.name = name
        self._key = _Key()
        now = datetime.now(UTC)
        extensions = [
            _extension("2.5.29.19", _sequence(_der(0x01, b"\xff")), critical=True),
            _extension("2.5.29.15", _bits(b"\x06", 1), critical=True),  # may sign certificates and lists
            *_identifiers(self._key, self._key),
        ]
        self.pem = _certificate(
            name, self._key, name, self._key, extensions, now - timedelta(days=1), now + timedelta(days=1)
        )

    def client(self) -> ssl.SSLContext:
        """A client's context that trusts this authority and no other."""
        return ssl.create_default_context(cadata=self.pem)

    def server(
        self,
        *names: str,
        starts: timedelta = timedelta(days=-1),
        ends: timedelta = timedelta(days=1),
        usage: str = "1.3.6.1.5.5.7.3.1",
        self_signed: bool = False,
    ) -> ssl.SSLContext:
        """A server's context with a certificate for these host names and IPv4 addresses, valid from `starts` to
        `ends`, counted from now; `usage` is the extended key usage (server authentication)."""
        key = _Key()
        signer, issuer = (key, names[0]) if self_signed else (self._key, self.name)
        now = datetime.now(UTC)
        extensions = [
            _extension("2.5.29.17", _sequence(*(_alternative(name) for name in names))),
            _extension("2.5.29.37", _sequence(_oid(usage))),
            *_identifiers(key, signer),
        ]
        pem = _certificate(issuer, signer, names[0], key, extensions, now + starts, now + ends)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "server.pem")
            file.write_text(key.pem() + pem)
            context.load_cert_chain(file)
        return context


def _alternative(name: str) -> bytes:
    if name.replace(".", "").isdigit():
        return _der(0x87, bytes(int(part) for part in name.split(".")))
    return _der(0x82, name.encode())
