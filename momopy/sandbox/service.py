"""How a request is answered: the checks in MTN's order, then the handler."""

from __future__ import annotations

from momopy.sandbox import errors
from momopy.sandbox.call import Call
from momopy.sandbox.credentials import read_basic, read_bearer
from momopy.sandbox.exchange import Answer, Later, Refused, Request
from momopy.sandbox.routes import Route, find_route
from momopy.sandbox.shapes import Shape, callback_url_host, read_form, read_json, uuid4
from momopy.sandbox.world import World


def answer(world: World, request: Request) -> Answer | Later:
    """Answer a request as MTN does. The caller holds the world's lock."""
    world.settle()
    found = None
    call = Call(world=world, request=request, params={})
    try:
        found = _front(request)
        route, call.params = found
        for check in _CHECKS:
            check(route, call)
        return route.handler(call)
    except Refused as refused:
        if found is not None:
            _burn(found[0], call, refused.answer)
        return refused.answer


def _burn(route: Route, call: Call, refusal: Answer) -> None:
    if refusal.status == 500 and route.creates is not None and call.reference_id and call.world.switches.burn_on_500:
        call.world.store.burn(route.creates, call.reference_id)


def _front(request: Request) -> tuple[Route, dict[str, str]]:
    """What stands before the product: the web server and the gateway's list of paths."""
    headers = request.headers
    if request.method == "POST" and "content-length" not in headers and "transfer-encoding" not in headers:
        raise Refused(errors.LENGTH_REQUIRED)
    if "//" in request.path:
        raise Refused(errors.BAD_REQUEST)
    found = find_route(request.method, request.path)
    if found is None:
        raise Refused(errors.NO_SUCH_PATH)
    return found


def _subscription_key(route: Route, call: Call) -> None:
    options = call.world.options
    key = call.request.headers.get("ocp-apim-subscription-key")
    if not key:
        raise Refused(errors.MISSING_KEY)
    other = next(
        (product for product, known in options.product_keys.items() if known == key),
        None,
    )
    if other is not None:
        # The key of another product opens nothing of Collection, but it makes API users.
        if route.credentials != "key":
            raise Refused(errors.WRONG_KEY)
        call.product = other
    elif options.subscription_key is not None and key != options.subscription_key:
        raise Refused(errors.WRONG_KEY)


def _credentials(route: Route, call: Call) -> None:
    authorization = call.request.headers.get("authorization")
    if route.credentials == "basic":
        given = read_basic(authorization)
        user = call.world.store.users.get(given[0]) if given is not None else None
        if given is None or user is None or user.api_key != given[1] or user.product != call.product:
            raise Refused(errors.LOGIN_FAILED)
        call.api_user = user.id
    elif route.credentials in ("bearer", "consent"):
        token = call.world.store.tokens.get(read_bearer(authorization) or "")
        if token is None or token.expires_at <= call.world.clock.now() or token.product != call.product:
            raise Refused(errors.WRONG_TOKEN)
        # A token that an account holder consented to is good for userinfo, and for nothing else.
        if (token.account_holder is not None) != (route.credentials == "consent"):
            raise Refused(errors.WRONG_TOKEN)
        call.api_user, call.token = token.api_user, token


def _rate(route: Route, call: Call) -> None:
    asks_for_a_status = route.method == "GET" and route.credentials == "bearer" and "{reference_id}" in route.path
    if asks_for_a_status and call.world.over_the_cap():
        raise Refused(errors.gateway(429, "Rate limit is exceeded. Try again in 1 seconds.", 1))


def _target(route: Route, call: Call) -> None:
    if not route.target:
        return
    target = call.request.headers.get("x-target-environment")
    if not target:
        raise Refused(errors.BAD_REQUEST)
    if target != call.world.options.target:
        raise Refused(errors.platform(500, "NOT_ALLOWED_TARGET_ENVIRONMENT"))


def _reference(route: Route, call: Call) -> None:
    if route.reference:
        reference_id = uuid4(call.request.headers.get("x-reference-id"))
        if reference_id is None:
            raise Refused(errors.BAD_REQUEST)
        call.reference_id = reference_id
    if "reference_id" in call.params:
        named = uuid4(call.params["reference_id"])
        if named is None:
            raise Refused(errors.BAD_REQUEST)
        call.params["reference_id"] = named


def _early_duplicate(route: Route, call: Call) -> None:
    if route.creates is not None and call.world.switches.duplicates_first:
        call.refuse_duplicate(route.creates)


def _body(route: Route, call: Call) -> None:
    shape, request = route.body, call.request
    if shape is None:
        return
    if shape == "none":
        if request.body and call.world.switches.token_body == "refuse":  # noqa: S105 - no secret
            raise Refused(errors.BAD_REQUEST)
        return
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if isinstance(shape, Shape):
            call.body = read_json(request.body)
            fits = media_type == "application/json" and shape.fits(call.body, call.world.switches)
        else:
            call.form = read_form(request.body)
            fits = media_type == "application/x-www-form-urlencoded"
    except ValueError:
        raise Refused(errors.BAD_REQUEST) from None
    if not fits:
        raise Refused(errors.BAD_REQUEST)


def _callback(route: Route, call: Call) -> None:
    url = call.request.headers.get("x-callback-url")
    if url is None or route.credentials == "key":
        return
    host = callback_url_host(url, call.world.switches)
    if host is None:
        raise Refused(errors.BAD_REQUEST)
    user = call.world.store.users.get(call.api_user)
    if user is None or host.lower() != user.callback_host.lower():
        raise Refused(errors.platform(500, "INVALID_CALLBACK_URL_HOST"))
    call.callback_url = url


# The order in which a request is checked; the currency, the duplicate and the fate come after it,
# in the handlers.
_CHECKS = (
    _subscription_key,
    _rate,
    _credentials,
    _target,
    _reference,
    _early_duplicate,
    _body,
    _callback,
)
