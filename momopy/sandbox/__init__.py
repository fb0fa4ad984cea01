"""A local MoMo: provisioning, the whole Collection product, callbacks, faults, and a clock of its own.

with momopy.sandbox.run() as sandbox:
    ...  # a real server at sandbox.base_url
"""

from __future__ import annotations

try:
    from momopy.sandbox.running import run
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] in ("jinja2", "starlette", "uvicorn"):
        raise ImportError("momopy.sandbox needs the extra `sandbox`: momopy-collection[sandbox]") from missing
    raise

from momopy.sandbox.faults import Fault
from momopy.sandbox.inspection import Payment
from momopy.sandbox.outbox import CallbackMode
from momopy.sandbox.records import Delivery
from momopy.sandbox.reqlog import Received
from momopy.sandbox.sandbox import Sandbox
from momopy.sandbox.settings import Options, Switches

__all__ = ["CallbackMode", "Delivery", "Fault", "Options", "Payment", "Received", "Sandbox", "Switches", "run"]
