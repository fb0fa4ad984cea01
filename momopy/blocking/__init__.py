# Derived from momopy/awaited/__init__.py by scripts/regenerate; a change made here is lost.
"""The awaited half of the client. `momopy.blocking` is derived from it by `./scripts/regenerate`."""
