# shellcheck shell=bash
# What people read: one line a step, one clear line for an error. Everything but answers goes to stderr.

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf 'keelson: %s\n' "$*" >&2
  exit 1
}

wrong_usage() {
  printf 'keelson: %s; "%s help" lists what there is\n' "$*" "$SELF" >&2
  exit 2
}

# The value of an option, or an error that names it: value=$(option_value --data "$@")
option_value() {
  [ -n "${2:-}" ] || wrong_usage "$1 needs a value"
  printf '%s' "$2"
}

# step WHAT LOG HINT COMMAND...: runs the command with its output in LOG and shows how far it is.
# HINT is a sed script that turns the log into short words; the last one is shown. On failure the
# log's telling lines follow.
step() {
  local what=$1 log=$2 hint=$3 started=$SECONDS shown=0 now pid
  shift 3
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    now=$(sed -n "$hint" "$log" 2>/dev/null | tail -n 1)
    if [ -t 2 ]; then
      printf '\r\033[K%s ... %d s  %s' "$what" $((SECONDS - started)) "${now:0:60}" >&2
    elif [ $((SECONDS - started)) -ge $((shown + 10)) ]; then
      shown=$((SECONDS - started))
      say "$what ... $shown s  $now"
    fi
    sleep 0.2
  done
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
  if wait "$pid"; then
    say "$what: done in $((SECONDS - started)) s"
  else
    { grep -E '^\[(ERROR|WARNING)\] .*[^ ]|^E:|[Ee]rror:' "$log" || tail -n 15 "$log"; } |
      grep -vE '^\[ERROR\] (To see|Re-run|For more|\[Help|After correcting|  mvn)' | head -n 20 >&2
    fail "$what: failed; all of it is in $log"
  fi
}
