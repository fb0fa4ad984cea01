"""`momopy.types` says what goes into the calls and what comes out of them."""

from __future__ import annotations

import importlib
import pkgutil
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import yaml

from momopy import operations, provisioning, types
from momopy.calls import Operation

ROOT = Path(__file__).resolve().parents[2]
SPECS = {
    name: yaml.safe_load((ROOT / "openapi" / f"{name}.yaml").read_text(encoding="utf-8"))
    for name in ("collection", "provisioning")
}
SCHEMAS = SPECS["provisioning"]["components"]["schemas"] | SPECS["collection"]["components"]["schemas"]
OWN = {"Accepted", "Empty"}
DERIVED = sorted(set(types.__all__) - OWN)


def answers() -> dict[str, str]:
    """The schema of each operation's answer, for those that answer with one object."""
    found = {}
    for spec in SPECS.values():
        for item in spec["paths"].values():
            for operation in item.values():
                for status, response in operation["responses"].items():
                    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
                    if status.startswith("2") and "$ref" in schema:
                        found[operation["operationId"]] = schema["$ref"].rsplit("/", 1)[1]
    return found


ANSWERS = answers()
OPERATIONS = [
    value
    for module in (operations, provisioning)
    for value in vars(module).values()
    if isinstance(value, Operation) and value.name in ANSWERS
]


def test_every_body_and_every_answer_has_its_type() -> None:
    bodies = {
        content["schema"]["$ref"].rsplit("/", 1)[1]
        for spec in SPECS.values()
        for item in spec["paths"].values()
        for operation in item.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
    }
    assert bodies | set(ANSWERS.values()) | {"PreApprovalDetails", "ErrorReason", "Party"} | OWN <= set(types.__all__)
    assert not {"GatewayError", "TokenError"} & set(types.__all__)


@pytest.mark.parametrize("name", DERIVED)
def test_a_type_has_the_keys_of_its_schema(name: str) -> None:
    kind = getattr(types, name)
    assert set(get_type_hints(kind)) == set(SCHEMAS[name]["properties"])
    assert kind.__required_keys__ >= set(SCHEMAS[name].get("required", ()))
    assert " ".join(kind.__doc__.split()) == SCHEMAS[name]["description"]


def test_a_body_may_leave_out_what_mtn_does_not_need() -> None:
    assert types.RequestToPay.__required_keys__ == {"amount", "currency", "payer"}
    assert types.RequestToPay.__optional_keys__ == {"externalId", "payerMessage", "payeeNote"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_keys_that_are_always_there_are_those_that_momopy_insists_on(operation: Operation) -> None:
    name = ANSWERS[operation.name]
    promised = getattr(types, name).__required_keys__ - set(SCHEMAS[name].get("required", ()))
    if operation.shape == "boolean":
        assert promised == {"result"}
    elif operation.shape == "object":
        assert promised == set(operation.needs) - set(SCHEMAS[name].get("required", ()))
    else:
        assert promised == set()


def test_amounts_go_in_as_numbers_and_come_out_as_text() -> None:
    assert get_type_hints(types.RequestToPay)["amount"] == str | int | Decimal
    assert get_type_hints(types.Money)["amount"] == str | int | Decimal
    assert get_type_hints(types.RequestToPayResult)["amount"] is str


def test_reasons_have_one_shape() -> None:
    for kind in (types.RequestToPayResult, types.PaymentResult, types.PreApprovalResult):
        assert get_type_hints(kind)["reason"] is types.ErrorReason
    assert types.ErrorReason.__required_keys__ == {"code", "message"}


def test_what_is_declared_in_two_ways_has_both_types() -> None:
    assert get_type_hints(types.PreApprovalResult)["expirationDateTime"] == int | str
    assert get_type_hints(types.BooleanResult)["result"] is bool


def modules(package: str) -> list[str]:
    found: Any = importlib.import_module(package)
    return [package, *(module.name for module in pkgutil.walk_packages(found.__path__, f"{package}."))]


@pytest.mark.parametrize("package", ["momo_collection_api", "momo_provisioning_api"])
def test_a_generated_package_can_be_imported_and_has_types(package: str) -> None:
    for module in modules(package):
        importlib.import_module(module)
    assert files(package).joinpath("py.typed").is_file()
    assert importlib.import_module(package).Client(base_url="http://127.0.0.1").get_httpx_client()
