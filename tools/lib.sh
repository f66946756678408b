# shellcheck shell=bash
# Shared by the scripts in tools/: where things are, how steps are shown, how problems end a script.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
TOOLS_BIN=$ROOT/.tools/bin
LOGS=$ROOT/.tools/log
# shellcheck disable=SC2034 # the scripts that source this file read it
VENV=$ROOT/.venv

# fail MESSAGE [REMEDY...]: say what is wrong and what to do, each remedy on its own line, and stop.
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '    %s\n' "$@" >&2
  exit 1
}

# A dot every ten seconds, until killed; its sleep ends with it (by `jobs`: the signal may come before a variable is set).
# A shell of its own, as bash 5.2 complains when a subshell of a function is ended in a trap.
# shellcheck disable=SC2016 # that shell expands it
TICK='trap "kill \$(jobs -p); exit 0" TERM INT HUP
while :; do sleep 10 & nap=$!; wait $nap; printf .; done'

# step LOG LABEL COMMAND...: run a command with its output in .tools/log/LOG.log. A line says that it started, a dot
# stands for ten seconds, and the time is shown at its end. A failure shows the end of the log.
step() {
  local log=$LOGS/$1.log label=$2 began=$SECONDS status=0 ticker
  shift 2
  mkdir -p "$LOGS"
  printf '%s ...' "$label"
  bash -c "$TICK" 2>/dev/null &
  ticker=$!
  # On Ctrl-C the shell leaves here: the ticker must not outlive it.
  trap 'kill "$ticker" 2>/dev/null || true' EXIT
  "$@" >"$log" 2>&1 </dev/null || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  trap - EXIT
  if [ "$status" -ne 0 ]; then
    printf ' failed after %s s\n' $((SECONDS - began))
    tail -n 30 "$log" >&2
    fail "'$*' failed with status $status" "the whole output is in ${log#"$ROOT"/}"
  fi
  printf ' %s s\n' $((SECONDS - began))
}

# digest FILE...: one SHA-256 over the files' contents.
digest() {
  if command -v sha256sum >/dev/null; then cat "$@" | sha256sum; else cat "$@" | shasum -a 256; fi | cut -d' ' -f1
}

# foreign_pulumi: the path of a pulumi on PATH that is not the one built here; status 1 when there is none.
foreign_pulumi() {
  local found
  while read -r found; do
    [ "$(dirname "$found")" = "$TOOLS_BIN" ] || { printf '%s\n' "$found"; return 0; }
  done < <(type -aP pulumi || true)
  return 1
}
