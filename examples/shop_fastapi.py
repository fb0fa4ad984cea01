"""A shop with FastAPI.

uvicorn --app-dir examples shop_fastapi:app

POST /orders/7?number=46733123499 asks for the money, GET /orders/7 tells how it stands.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, HTTPException, Request

import momopy


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One client for the whole application: it keeps its connections and its token."""
    async with momopy.Collection.from_env() as collection:
        app.state.collection = collection
        yield


app = FastAPI(lifespan=lifespan)
# A real shop keeps these in its database, and writes them down before it asks for money.
references: dict[int, str] = {}


def body(order: int, number: str) -> dict[str, Any]:
    """The payment that belongs to an order."""
    payer = {"partyIdType": "MSISDN", "partyId": number}
    return {"amount": "5", "currency": "EUR", "externalId": f"order-{order}", "payer": payer}


@app.post("/orders/{order}", status_code=202)
async def pay(request: Request, order: int, number: str) -> dict[str, str]:
    """Ask for the money. A second click finds the id of the first one, and does not pay twice."""
    reference = references.setdefault(order, str(uuid4()))
    ok, data = await request.app.state.collection.request_to_pay(uuid=reference, body=body(order, number))
    if ok or data["outcome"] == "unknown":
        # Unknown is not refused: how it stands is asked for later.
        return {"reference": reference, "status": "PENDING"}
    if data["outcome"] == "not_created":
        # Nothing was made: the next click is a new payment.
        del references[order]
    raise HTTPException(400 if data["code"] == "VALIDATION" else 502, data["message"])


@app.get("/orders/{order}")
async def status(request: Request, order: int) -> dict[str, str]:
    """Tell how the payment stands."""
    if order not in references:
        raise HTTPException(404, "no such order")
    ok, data = await request.app.state.collection.get_payment_status(references[order])
    if not ok:
        # Not knowing is no failure of the payment.
        return {"status": "PENDING", "message": data["message"]}
    reason = data.get("reason")
    return {"status": data["status"]} | ({"message": momopy.explain(reason["code"]).sentence} if reason else {})
