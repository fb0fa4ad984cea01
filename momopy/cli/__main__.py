"""`python -m momopy.cli`."""

from momopy.cli import main

main()
