"""Every script of examples/ runs against a local MoMo, and says what a reader expects of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import momopy
from momopy.sandbox import Sandbox
from momopy.types import PreApproval

EXAMPLES = Path(__file__).parents[2] / "examples"

# script, arguments, exit code, what it prints
RUNS = [
    ("pay.py", [], 0, ["SUCCESSFUL", "Paid: 5 EUR"]),
    ("pay.py", ["46733123451", "7"], 1, ["FAILED", "Not paid: The payer said no on the phone."]),
    ("pay.py", ["46733123499", "free"], 1, ["Not asked for: amount"]),
    ("pay_blocking.py", [], 0, ["SUCCESSFUL", "Paid: 5 EUR"]),
    ("pay_blocking.py", ["46733123452"], 1, ["FAILED", "Not paid: The payer did not approve in time"]),
    ("withdraw.py", [], 0, ["Withdrawn: 20 EUR"]),
    ("withdraw.py", ["46733123451"], 1, ["Not withdrawn: The payer said no on the phone."]),
    ("withdraw.py", ["46733123455"], 1, ["Not asked for: The payer has no wallet under this number."]),
    ("invoice.py", ["46733123499", "0.1"], 1, ["Taken back."]),
    ("invoice.py", ["56733123453"], 0, ["Paid: 25 EUR"]),
    ("invoice.py", ["46733123451"], 1, ["Not paid: The payer said no on the phone."]),
    ("invoice.py", ["0772-none"], 1, ["Not sent: intendedPayer.partyId"]),
    ("pre_approval.py", [], 0, [": APPROVED", "Ended: "]),
    ("pre_approval.py", ["46733123451"], 1, ["failed: The payer said no on the phone. Reference "]),
    ("pre_approval.py", ["46733123469"], 1, ["Approved, but not on the list. Reference "]),
    ("balance.py", [], 0, [" account  1000 EUR", "     EUR  1000 EUR"]),
    ("balance.py", ["EUR", "XXX"], 1, ["     EUR  1000 EUR", "     XXX  "]),
    ("user_info.py", [], 0, ["given_name ", "family_name ", "birthdate "]),
]


def run(sandbox: Sandbox, script: str, arguments: list[str]) -> tuple[int, str]:
    """The exit code of an example and what it prints; nothing goes to stderr."""
    sandbox.set_speed(100)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOMO_")}
    ended = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / script), *arguments],
        env=kept | sandbox.env(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


@pytest.mark.parametrize(("script", "arguments", "code", "says"), RUNS)
def test_script_runs_and_prints(momo_sandbox: Sandbox, script: str, arguments: list[str], code: int, says: list[str]):
    """A script ends with the exit code that its outcome deserves."""
    ended, printed = run(momo_sandbox, script, arguments)
    assert ended == code, printed
    for text in says:
        assert text in printed


# What begins something, what of it, and how it tells that it went well.
BEGINNING = [
    ("pay.py", [], "requesttopay", "Paid: 5 EUR"),
    ("pay_blocking.py", [], "requesttopay", "Paid: 5 EUR"),
    ("withdraw.py", [], "requesttowithdraw", "Withdrawn: 20 EUR"),
    ("invoice.py", ["56733123453"], "v2_0/invoice", "Paid: 25 EUR"),
    ("pre_approval.py", [], "v2_0/preapproval", "Ended: "),
]


def lose(sandbox: Sandbox, path: str, looks: int | None) -> None:
    """Have the answer to a first request lost, its repeats refused, and so many questions about it."""
    sandbox.fault("lost_answer", path=path)
    sandbox.fault("status", status=403, method="POST", path=path, times=None)
    sandbox.fault("status", status=403, method="GET", path=path, times=looks)
    sandbox.fault("status", status=403, method="DELETE", path=path, times=None)


@pytest.mark.parametrize(("script", "arguments", "path", "says"), BEGINNING)
def test_an_unknown_outcome_is_asked_after(
    momo_sandbox: Sandbox, script: str, arguments: list[str], path: str, says: str
):
    """Nothing is begun a second time, and what comes of the first is told."""
    lose(momo_sandbox, path, looks=1)
    code, printed = run(momo_sandbox, script, arguments)
    assert code == 0
    assert says in printed
    assert len(momo_sandbox.payments()) == 1
    assert not any(fault.method == "GET" for fault in momo_sandbox.faults), "the library itself did not ask"


@pytest.mark.parametrize(("script", "arguments", "path", "says"), BEGINNING)
def test_an_outcome_that_stays_unknown_is_told_with_its_reference(
    momo_sandbox: Sandbox, script: str, arguments: list[str], path: str, says: str
):
    """Whoever ran it can ask again, since the reference id is printed; and it has not gone well."""
    lose(momo_sandbox, path, looks=None)
    code, printed = run(momo_sandbox, script, arguments)
    assert code == 1
    assert says not in printed
    (made,) = momo_sandbox.payments()
    assert made.reference_id in printed


def test_the_pre_approval_that_was_asked_for_is_the_one_that_is_ended(momo_sandbox: Sandbox):
    """Another one of the same customer's stays as it is."""
    body: PreApproval = {
        "payer": {"partyIdType": "MSISDN", "partyId": "46733123499"},
        "payerCurrency": "EUR",
        "payerMessage": "Monthly milk",
    }
    with momopy.SyncCollection(**momo_sandbox.credentials()) as collection:
        assert collection.request_pre_approval(body=body).ok
        before = collection.get_approved_pre_approvals("46733123499").unwrap()
        code, printed = run(momo_sandbox, "pre_approval.py", [])
        assert code == 0
        assert printed.count(": APPROVED") == 2
        assert collection.get_approved_pre_approvals("46733123499").unwrap() == before
        assert [entry["message"] for entry in before] == ["Monthly milk"]


def test_every_example_is_run():
    """A new example has a row above, or a test in test_shops.py."""
    shops = {path.name for path in EXAMPLES.glob("shop_*.py")}
    tested = (Path(__file__).parent / "test_shops.py").read_text()
    assert {path.name for path in EXAMPLES.glob("*.py")} == {script for script, *_ in RUNS} | shops
    assert all(f'"{Path(name).stem}"' in tested for name in shops)


def test_the_page_of_examples_names_each():
    """A reader of examples/README.md finds all of them."""
    page = (EXAMPLES / "README.md").read_text()
    assert all(f"`{path.name}`" in page for path in EXAMPLES.glob("*.py"))
