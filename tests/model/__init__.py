"""The decision procedure against every sequence of faults of a bounded world, and the pure parts against any input."""
