"""A local MoMo: provisioning, the whole Collection product, callbacks, faults, and a clock of its own.

with momopy.sandbox.run() as sandbox:
    ...  # a real server at sandbox.base_url
"""

from __future__ import annotations

try:
    import starlette as _starlette
    import uvicorn as _uvicorn
except ImportError as missing:
    raise ImportError("momopy.sandbox needs the extra `sandbox`: install momopy-collection[sandbox]") from missing

from momopy.sandbox.faults import Fault
from momopy.sandbox.inspection import Payment
from momopy.sandbox.outbox import CallbackMode, Delivery
from momopy.sandbox.reqlog import Received
from momopy.sandbox.running import run
from momopy.sandbox.sandbox import Sandbox
from momopy.sandbox.settings import Options, Switches

del _starlette, _uvicorn

__all__ = ["CallbackMode", "Delivery", "Fault", "Options", "Payment", "Received", "Sandbox", "Switches", "run"]
