"""The awaited half of the client. `momopy.blocking` is derived from it by `./scripts/regenerate`."""
