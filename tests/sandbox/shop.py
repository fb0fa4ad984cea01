"""What a merchant's program does, over raw HTTP."""

from __future__ import annotations

import uuid
from typing import Any, Self

import httpx

from momopy.sandbox import Sandbox

ANYBODY = "87937389"


def body(payer: str = ANYBODY, **changes: Any) -> dict[str, Any]:
    """The body of a request to pay."""
    return {
        "amount": "5",
        "currency": "EUR",
        "externalId": "45464546454",
        "payer": {"partyIdType": "MSISDN", "partyId": payer},
        "payerMessage": "BUY THING",
        "payeeNote": "THANKS",
        **changes,
    }


class Shop:
    """A merchant's program with credentials and a token."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.http = httpx.Client(
            base_url=sandbox.base_url,
            headers={"Ocp-Apim-Subscription-Key": sandbox.subscription_key},
            trust_env=False,
            timeout=10,
        )
        self.login()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def login(self) -> httpx.Response:
        """Get a token and use it from now on."""
        answer = self.http.post("/collection/token/", auth=(self.sandbox.api_user, self.sandbox.api_key))
        self.bearer = {
            "Authorization": f"Bearer {answer.json()['access_token']}",
            "X-Target-Environment": self.sandbox.target,
        }
        return answer

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A GET below /collection."""
        return self.http.get(f"/collection/{path}", headers=self.bearer | headers)

    def post(self, path: str, json: Any, reference: str | None = None, **headers: str) -> httpx.Response:
        """A POST below /collection."""
        own = {} if reference is None else {"X-Reference-Id": reference}
        return self.http.post(f"/collection/{path}", json=json, headers=self.bearer | own | headers)

    def delete(self, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """A DELETE below /collection."""
        return self.http.request("DELETE", f"/collection/{path}", json=json, headers=self.bearer | headers)

    def pay(self, payer: str = ANYBODY, callback: str | None = None, **changes: Any) -> str:
        """Ask for a payment that is accepted; the id is returned."""
        reference = str(uuid.uuid4())
        headers = {} if callback is None else {"X-Callback-Url": callback}
        answer = self.post("v1_0/requesttopay", body(payer, **changes), reference, **headers)
        assert (answer.status_code, answer.content) == (202, b""), answer.text
        return reference

    def status(self, reference: str) -> dict[str, Any]:
        """The status document of a payment."""
        answer = self.get(f"v1_0/requesttopay/{reference}")
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document
