# Derived from momopy/awaited/__init__.py by scripts/regenerate; a change made here is lost.
"""One half of the client; `./scripts/regenerate` derives `momopy.blocking` from `momopy.awaited`."""
