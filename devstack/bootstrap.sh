#!/bin/sh
# Makes .venv from requirements-dev.lock: all that a fresh machine needs besides Python and make.
# Run by the Makefile when the lock or pyproject.toml is newer than .venv/.installed.
set -eu
cd "$(dirname "$0")/.."

started=$(date +%s)
say() { printf '[%3d s] %s\n' "$(($(date +%s) - started))" "$1" >&2; }
fail() { printf '\n%s\n' "$1" >&2; exit 1; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# A line every 15 seconds while a long step runs: silence looks like a hang.
with_progress() {
  what=$1; shift
  say "$what"
  "$@" >var/bootstrap.log 2>&1 &
  job=$!
  quiet=0
  while kill -0 "$job" 2>/dev/null; do
    sleep 1
    quiet=$((quiet + 1))
    [ $((quiet % 15)) -ne 0 ] || say "  still at it: $what"
  done
  wait "$job" || { tail -n 25 var/bootstrap.log >&2; return 1; }
}

find_python() {
  for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if is_new_enough "$candidate"; then echo "$candidate"; return; fi
  done
  fail "Python 3.11 or newer is needed; 'python3' is $(python3 --version 2>&1 || echo missing).
Install one (Debian and Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.13),
or name yours: make up PYTHON=/path/to/python3.11"
}

mkdir -p var
if ! { [ -x .venv/bin/python ] && is_new_enough .venv/bin/python \
       && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
  python=$(find_python)
  rm -rf .venv
  with_progress "making .venv with $($python --version)" "$python" -m venv .venv || fail \
    "'$python -m venv' does not work here. Debian and Ubuntu: apt install python3-venv; then again."
fi
with_progress "installing Python packages (requirements-dev.lock, about a minute)" \
  .venv/bin/python -m pip install --disable-pip-version-check --require-hashes \
  -r requirements-dev.lock \
  || fail "pip could not install the packages; the reason is above (and in var/bootstrap.log)."
with_progress "installing this project" \
  .venv/bin/python -m pip install --disable-pip-version-check --no-deps -e . \
  || fail "pip could not install the project itself; the reason is above."
touch .venv/.installed
say "Python is ready"
