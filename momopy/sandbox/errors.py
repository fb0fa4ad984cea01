"""The four shapes of MTN's error bodies, and the texts that go with the codes."""

from __future__ import annotations

from momopy.sandbox.exchange import HTML, Answer, json_answer

TEXTS = {
    "APPROVAL_REJECTED": "Approval rejected.",
    "COULD_NOT_PERFORM_TRANSACTION": "Could not perform transaction.",
    "EXPIRED": "The transaction has expired.",
    "INTERNAL_PROCESSING_ERROR": "An internal error occurred while processing.",
    "INVALID_CALLBACK_URL_HOST": "Callback URL with different host name then configured for API user.",
    "INVALID_CURRENCY": "Currency not supported.",
    "NOT_ALLOWED": "Authorization failed. Insufficient permissions.",
    "NOT_ALLOWED_TARGET_ENVIRONMENT": "Access to target environment is forbidden.",
    "PAYEE_NOT_ALLOWED_TO_RECEIVE": "Payee is unable to receive funds.",
    "PAYER_NOT_FOUND": "Payer does not exist.",
    "RESOURCE_ALREADY_EXIST": "Duplicated reference id. Creation of resource failed.",
    "RESOURCE_NOT_FOUND": "Requested resource was not found.",
    "SERVICE_UNAVAILABLE": "Service temporarily unavailable, try again later.",
    "TRANSACTION_CANCELED": "Transaction canceled.",
    "TRANSFER_TYPE_UNKNOWN": "Transfer type unknown.",
}


def platform(status: int, code: str) -> Answer:
    """The platform's shape: `{"code", "message"}`."""
    return json_answer(status, {"code": code, "message": TEXTS.get(code, code)})


def gateway(status: int, message: str, retry_after: int | None = None) -> Answer:
    """The gateway's shape: `{"statusCode", "message"}`."""
    answer = json_answer(status, {"statusCode": status, "message": message})
    if retry_after is not None:
        answer = answer._replace(headers=(("retry-after", str(retry_after)),))
    return answer


def oauth(status: int, error: str) -> Answer:
    """The token endpoint's shape: `{"error"}`."""
    return json_answer(status, {"error": error})


def web_server(status: int, phrase: str, detail: str) -> Answer:
    """What a web server in front of the gateway says: HTML."""
    page = (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\r\n'
        f"<HTML><HEAD><TITLE>{phrase}</TITLE></HEAD>\r\n"
        f"<BODY><h2>{phrase}</h2>\r\n<hr><p>HTTP Error {status}. {detail}</p>\r\n</BODY></HTML>\r\n"
    )
    return Answer(status, page.encode(), HTML)


# 400 comes without a body (measured).
BAD_REQUEST = Answer(400)
LENGTH_REQUIRED = web_server(411, "Length Required", "The request must be chunked or have a content length.")
NO_SUCH_PATH = gateway(404, "Resource not found")
MISSING_KEY = gateway(
    401,
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API.",
)
WRONG_KEY = gateway(
    401,
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.",
)
WRONG_TOKEN = gateway(401, "Unauthorized. Access token is missing or invalid.")
LOGIN_FAILED = oauth(401, "login_failed")
NOT_FOUND = platform(404, "RESOURCE_NOT_FOUND")
DUPLICATE = platform(409, "RESOURCE_ALREADY_EXIST")
