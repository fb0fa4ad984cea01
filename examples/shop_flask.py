"""A shop with Flask.

flask --app examples/shop_flask run

POST /orders/7 with number=46733123499 asks for the money, GET /orders/7 tells how it stands.
"""

from functools import cache
from uuid import uuid4

from flask import Flask, request

import momopy

app = Flask(__name__)
# A real shop keeps these in its database, and writes them down before it asks for money.
references: dict[int, str] = {}


@cache
def collection() -> momopy.SyncCollection:
    """One client for the whole process: its threads share the connections and the token."""
    return momopy.SyncCollection.from_env()


@app.post("/orders/<int:order>")
def pay(order: int) -> tuple[dict[str, str], int]:
    """Ask for the money. A second click finds the id of the first one, and does not pay twice."""
    reference = references.setdefault(order, str(uuid4()))
    asked = collection().request_to_pay(
        uuid=reference,
        body={
            "amount": "5",
            "currency": "EUR",
            "externalId": f"order-{order}",
            "payer": {"partyIdType": "MSISDN", "partyId": request.form["number"]},
        },
    )
    if asked.ok or asked.data["outcome"] == "unknown":
        # Unknown is not refused: how it stands is asked for later.
        return {"reference": reference, "status": "PENDING"}, 202
    if asked.data["outcome"] == "not_created":
        # Nothing was made: the next click is a new payment.
        del references[order]
    return {"error": asked.data["message"]}, 400 if asked.data["code"] == "VALIDATION" else 502


@app.get("/orders/<int:order>")
def status(order: int) -> tuple[dict[str, str], int]:
    """Tell how the payment stands."""
    if order not in references:
        return {"error": "no such order"}, 404
    read = collection().get_payment_status(references[order])
    if not read.ok:
        # Not knowing is no failure of the payment.
        return {"status": "PENDING", "message": read.data["message"]}, 200
    return {"status": read.data["status"]}, 200
