# Sourced by the scripts beside this folder, from the project's root: makes .venv with what the project's
# own pinned files say, and leaves it alone while they say the same. PYTHON names another Python, VENV
# another folder.

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.13 python3.12 python3.11
    fi
    for candidate in "$@"; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    echo "Python 3.11 or newer is needed; PYTHON=/path/to/python names one." >&2
    return 1
}

ensure_environment() {
    venv=${VENV:-.venv}
    stamp="$venv/installed"
    if [ ! -x "$venv/bin/python" ]; then
        python=$(find_python) || return 1
        echo "Making $venv ..." >&2
        "$python" -m venv "$venv" || return 1
    fi
    wanted=$("$venv/bin/python" -c '
import hashlib, sys
print(hashlib.sha256(b"".join(open(name, "rb").read() for name in sys.argv[1:])).hexdigest())
' requirements/dev.txt pyproject.toml) || return 1
    if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    echo "Installing what requirements/dev.txt names into $venv ..." >&2
    rm -f "$stamp"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt >&2 || return 1
    # hatchling is pinned among them; an isolated build would fetch another one.
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >&2 ||
        return 1
    echo "$wanted" >"$stamp"
}
