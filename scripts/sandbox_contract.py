"""Lets schemathesis compare the local MoMo with openapi/, and fails on anything undocumented.

scripts/sandbox-contract [--cases N]      about N cases for each operation, in all phases
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
from sandbox_contract_hooks import KNOWN

from momopy.sandbox import Sandbox, run

ROOT = Path(__file__).resolve().parent.parent

# What is not checked as schemathesis would by itself, each with its reason:
#   not_a_server_error      MTN answers 500 to mistakes of the client. Those the file declares pass,
#                           any other 5xx fails; so does a 500 whose body is not one of the declared.
#   positive_data_acceptance  MTN's rules go beyond what a schema can say (a phone number that fits
#                           partyIdType, the one currency, the callback host): 400 is no surprise.
#   negative_data_rejection 411, 413 are refusals too.
#   unsupported_method      The gateway answers 404, not 405, to a method that a path does not have.
CONFIG = """
headers = {{ "Ocp-Apim-Subscription-Key" = "{key}" }}
request-timeout = 10

[parameters]
"header.X-Target-Environment" = "sandbox"

[checks]
not_a_server_error.expected-statuses = ["2xx", "4xx", "500", "503"]
positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "404", "409", "500", "503"]
negative_data_rejection.expected-statuses = ["400", "401", "404", "409", "411", "413", "500", "503"]
missing_required_header.expected-statuses = ["400", "401"]
unsupported_method.enabled = false

[[operations]]
include-path-regex = "token/$"
headers = {{ Authorization = "Basic {basic}", "Ocp-Apim-Subscription-Key" = "{key}" }}

[[operations]]
include-path = "/oauth2/v1_0/userinfo"
headers = {{ Authorization = "Bearer {consented}", "Ocp-Apim-Subscription-Key" = "{key}" }}

[[operations]]
exclude-path-regex = "(token/|/userinfo)$"
headers = {{ Authorization = "Bearer {bearer}", "Ocp-Apim-Subscription-Key" = "{key}" }}
"""


# One body that every create accepts: keys that it does not know are let through.
EVERYTHING = {
    "amount": "5",
    "currency": "EUR",
    "payer": {"partyIdType": "MSISDN", "partyId": "46733123499"},
    "payerCurrency": "EUR",
    "money": {"amount": "5", "currency": "EUR"},
    "externalId": "1",
}


def login(sandbox: Sandbox) -> dict[str, str]:
    """The credentials of all three kinds."""
    target = {"X-Target-Environment": sandbox.target}
    own = (sandbox.api_user, sandbox.api_key)
    with httpx.Client(
        base_url=f"{sandbox.base_url}/collection",
        headers={"Ocp-Apim-Subscription-Key": sandbox.subscription_key, **target},
        trust_env=False,
    ) as client:
        bearer = client.post("/token/", auth=own).json()["access_token"]
        form = {"login_hint": "ID:46733123499/MSISDN", "scope": "profile"}
        asked = client.post("/v1_0/bc-authorize", data=form, headers={"Authorization": f"Bearer {bearer}"}).json()
        form = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": asked["auth_req_id"]}
        consented = client.post("/oauth2/token/", auth=own, data=form).json()["access_token"]
        for path in ("v1_0/requesttopay", "v2_0/requesttowithdraw", "v2_0/invoice", "v2_0/payment", "v2_0/preapproval"):
            headers = {"Authorization": f"Bearer {bearer}", "X-Reference-Id": KNOWN}
            client.post(path, json=EVERYTHING, headers=headers).raise_for_status()
    basic = httpx.BasicAuth(*own)._auth_header.removeprefix("Basic ")
    return {"key": sandbox.subscription_key, "basic": basic, "bearer": bearer, "consented": consented}


def check(spec: str, base_path: str, cases: int, seed: int) -> tuple[int, int]:
    """Run schemathesis on one file; its exit status and how many cases it made."""
    with run(keep=5000) as sandbox, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "schemathesis.toml"
        config.write_text(CONFIG.format(**login(sandbox)))
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "--no-color"),
            *("run", str(ROOT / "openapi" / spec), "--url", sandbox.base_url + base_path),
            *("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(cases)),
            *("--seed", str(seed), "--continue-on-failure", "--generation-database", "none"),
        ]
        environment = os.environ | {"SCHEMATHESIS_HOOKS": "sandbox_contract_hooks", "PYTHONPATH": str(ROOT / "scripts")}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        made = re.search(r"(\d[\d,]*) generated", done.stdout)
        print(done.stdout, done.stderr, sep="\n")
        crashed = [entry for entry in sandbox.requests() if entry.status is None]
        if crashed:
            print(f"{len(crashed)} requests got no answer")
        return done.returncode or len(crashed), int(made[1].replace(",", "")) if made else 0


def main() -> int:
    """Check both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=120, help="cases for each operation and phase")
    parser.add_argument("--least", type=int, default=3000, help="fail when fewer cases than this were made")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed, made = 0, 0
    for spec, base_path in (("collection.yaml", "/collection"), ("provisioning.yaml", "")):
        status, cases = check(spec, base_path, options.cases, options.seed)
        failed, made = failed or status, made + cases
    print(f"{made} cases, {'nothing undocumented' if not failed else 'something undocumented'}")
    if made < options.least:
        print(f"that is fewer than {options.least}")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
