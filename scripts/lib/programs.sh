# Sourced by scripts/test. Some tests speak to programs that PyPI does not have: on Debian, root gets them here.
# The tests that need one of them are skipped where it is missing, and say so.

ensure_programs() {
    missing=""
    command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
    command -v initdb >/dev/null 2>&1 || [ -n "$(echo /usr/lib/postgresql/*/bin/initdb | grep -v '\*')" ] ||
        missing="$missing postgresql"
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="$missing chromium"
    if [ -z "$missing" ]; then
        return 0
    fi
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "Not on this machine, so that the tests which need them are skipped:$missing" >&2
        return 0
    fi
    echo "Installing$missing ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # the names are words
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1; then
        echo "They could not be installed; the tests that need them are skipped." >&2
    fi
}

# The Python of this version, such as 3.12, from PATH or from pyenv.
find_version() {
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
        if "$candidate" -c "import sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    echo "There is no Python $1 on this machine." >&2
    return 1
}
