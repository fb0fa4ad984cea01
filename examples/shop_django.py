"""A shop with Django, in one file.

python examples/shop_django.py runserver

POST /orders/7 with number=46733123499 asks for the money, GET /orders/7 tells how it stands.
"""

import sys
from functools import cache
from typing import Any
from uuid import uuid4

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

import momopy

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1", "localhost", "testserver"], ROOT_URLCONF=__name__, SECRET_KEY=str(uuid4())
    )
    django.setup()

# A real shop keeps these in a model, and saves them before it asks for money.
orders: dict[int, dict[str, Any]] = {}


@cache
def collection() -> momopy.SyncCollection:
    """One client for the whole process: its threads share the connections and the token."""
    return momopy.SyncCollection.from_env()


@csrf_exempt
def answer(request: HttpRequest, number: int) -> JsonResponse:
    """Ask for the money of an order, or tell how its payment stands."""
    if request.method == "POST":
        return pay(number, request.POST.get("number", ""))
    if number not in orders:
        return JsonResponse({"error": "no such order"}, status=404)
    read = collection().get_payment_status(orders[number]["reference"])
    if not read.ok:
        # Not knowing is no failure of the payment.
        return JsonResponse({"status": "PENDING", "message": read.data["message"]})
    return JsonResponse({"status": read.data["status"]})


def pay(number: int, payer: str) -> JsonResponse:
    """Ask for the money. A second click is about the payment of the first one, and does not pay twice."""
    body = {
        "amount": "5",
        "currency": "EUR",
        "externalId": f"order-{number}",
        "payer": {"partyIdType": "MSISDN", "partyId": payer},
    }
    new = {"reference": str(uuid4()), "body": body, "unknown": False}
    order = orders.setdefault(number, new)
    pending = JsonResponse({"reference": order["reference"], "status": "PENDING"}, status=202)
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
        code = 400 if asked.data["code"] == "VALIDATION" else 502
        return JsonResponse({"error": asked.data["message"]}, status=code)
    # Any other failure means that money may have moved: how it stands is asked for later.
    order["unknown"] = not asked.ok
    return pending


urlpatterns = [path("orders/<int:number>", answer)]

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], *(sys.argv[1:] or ["runserver", "--noreload"])])
