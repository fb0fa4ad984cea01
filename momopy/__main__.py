"""`python -m momopy`: the command `momopy`."""

from momopy.cli import main

if __name__ == "__main__":
    main()
