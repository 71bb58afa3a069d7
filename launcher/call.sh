# shellcheck shell=bash
# Calls of the API from the shell.

# value TEXT: a parameter as JSON. What looks like JSON (a struct, a list, a quoted string, a number,
# true, false) is taken as it is; anything else, a reference or a name, is a string.
value() {
  case "$1" in
    '{'* | '['* | '"'* | true | false) printf '%s' "$1" ;;
    *) if [[ $1 =~ ^-?(0|[1-9][0-9]*)(\.[0-9]+)?$ ]]; then printf '%s' "$1"; else json "$1"; fi ;;
  esac
}

command_call() {
  local data='' method parameters=() parameter
  if [ "${1:-}" = --data ]; then
    data=$(option_value "$@")
    shift 2
  fi
  [ $# -gt 0 ] || wrong_usage "call needs the name of a message, such as VM.get_all"
  method=$1
  shift
  [[ $method =~ ^[A-Za-z_.]+$ ]] || wrong_usage "not the name of a message: $method"
  for parameter in "$@"; do parameters+=("$(value "$parameter")"); done
  [ -n "$data" ] || data=$(default_data)
  server_pid "$data" >/dev/null || fail "no server is running on $data"
  log_in "$data"
  trap log_out EXIT
  rpc "$method" "$SESSION" "${parameters[@]}"
}

command_audit() {
  local data='' known=()
  [ "${1:-}" = verify ] || wrong_usage "audit knows verify"
  shift
  while [ $# -gt 0 ]; do
    case "$1" in
      --data) data=$(option_value "$@") ;;
      --known) known=(--known "$(option_value "$@")") ;;
      *) wrong_usage "audit verify does not know $1" ;;
    esac
    shift 2
  done
  [ -n "$data" ] || data=$(default_data)
  build
  start_command
  exec "${SERVER[@]}" audit verify --data "$data" "${known[@]}"
}
