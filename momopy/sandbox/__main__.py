"""`python -m momopy.sandbox`."""

from momopy.sandbox.command import sandbox

sandbox(prog_name="python -m momopy.sandbox")
