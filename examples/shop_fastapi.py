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
orders: dict[int, dict[str, Any]] = {}


def make(order: int, number: str) -> dict[str, Any]:
    """The payment that belongs to an order."""
    payer = {"partyIdType": "MSISDN", "partyId": number}
    body = {"amount": "5", "currency": "EUR", "externalId": f"order-{order}", "payer": payer}
    return {"reference": str(uuid4()), "body": body, "unknown": False}


@app.post("/orders/{order}", status_code=202)
async def pay(request: Request, order: int, number: str) -> dict[str, str]:
    """Ask for the money. A second click is about the payment of the first one, and does not pay twice."""
    collection: momopy.Collection = request.app.state.collection
    new = make(order, number)
    payment = orders.setdefault(order, new)
    pending = {"reference": payment["reference"], "status": "PENDING"}
    if payment is new:
        asked = await collection.request_to_pay(uuid=payment["reference"], body=payment["body"])
    elif payment["unknown"]:
        # The same payment again, under its own id: the money moves once.
        asked = await collection.resume(payment["reference"], payment["body"])
    else:
        return pending
    if not asked.ok and asked.data["outcome"] == "not_created":
        # Nothing was made: the next click is a new payment.
        if orders.get(order) is payment:
            del orders[order]
        raise HTTPException(400 if asked.data["code"] == "VALIDATION" else 502, asked.data["message"])
    # Any other failure means that money may have moved: how it stands is asked for later.
    payment["unknown"] = not asked.ok
    return pending


@app.get("/orders/{order}")
async def status(request: Request, order: int) -> dict[str, str]:
    """Tell how the payment stands."""
    if order not in orders:
        raise HTTPException(404, "no such order")
    ok, data = await request.app.state.collection.get_payment_status(orders[order]["reference"])
    if not ok:
        # Not knowing is no failure of the payment.
        return {"status": "PENDING", "message": data["message"]}
    reason = data.get("reason")
    return {"status": data["status"]} | ({"message": momopy.explain(reason["code"]).sentence} if reason else {})
