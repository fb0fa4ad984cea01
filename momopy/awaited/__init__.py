"""One half of the client; `./scripts/regenerate` derives `momopy.blocking` from `momopy.awaited`."""
