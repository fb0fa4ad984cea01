"""A shop with Flask.

flask --app examples/shop_flask run

POST /orders/7 with number=46733123499 asks for the money, GET /orders/7 tells how it stands.
"""

from functools import cache
from typing import Any
from uuid import uuid4

from flask import Flask, request

import momopy

app = Flask(__name__)
# A real shop keeps these in its database, and writes them down before it asks for money.
orders: dict[int, dict[str, Any]] = {}


@cache
def collection() -> momopy.SyncCollection:
    """One client for the whole process: its threads share the connections and the token."""
    return momopy.SyncCollection.from_env()


@app.post("/orders/<int:number>")
def pay(number: int) -> tuple[dict[str, str], int]:
    """Ask for the money. A second click is about the payment of the first one, and does not pay twice."""
    body = {
        "amount": "5",
        "currency": "EUR",
        "externalId": f"order-{number}",
        "payer": {"partyIdType": "MSISDN", "partyId": request.form["number"]},
    }
    new = {"reference": str(uuid4()), "body": body, "unknown": False}
    order = orders.setdefault(number, new)
    pending = {"reference": order["reference"], "status": "PENDING"}, 202
    if order is new:
        asked = collection().request_to_pay(uuid=order["reference"], body=order["body"])
    elif order["unknown"]:
        # The same payment again, under its own id: the money moves once.
        asked = collection().resume(order["reference"], order["body"])
    else:
        return pending
    if not asked.ok and asked.data["outcome"] == "not_created":
        # Nothing was made: the next click is a new payment.
        if orders.get(number) is order:
            del orders[number]
        return {"error": asked.data["message"]}, 400 if asked.data["code"] == "VALIDATION" else 502
    # Any other failure means that money may have moved: how it stands is asked for later.
    order["unknown"] = not asked.ok
    return pending


@app.get("/orders/<int:number>")
def status(number: int) -> tuple[dict[str, str], int]:
    """Tell how the payment stands."""
    if number not in orders:
        return {"error": "no such order"}, 404
    read = collection().get_payment_status(orders[number]["reference"])
    if not read.ok:
        # Not knowing is no failure of the payment.
        return {"status": "PENDING", "message": read.data["message"]}, 200
    return {"status": read.data["status"]}, 200
