# shellcheck shell=bash
# Looks at everything that a server keeps, and changes nothing.

command_fsck() {
  local data='' disks=() answer
  while [ $# -gt 0 ]; do
    case "$1" in
      --disks)
        disks=(--disks)
        shift
        continue
        ;;
      --data) data=$(option_value "$@") ;;
      *) wrong_usage "fsck does not know $1" ;;
    esac
    shift 2
  done
  [ -n "$data" ] || data=$(default_data)
  if ! server_pid "$data" >/dev/null; then
    build
    start_command
    exec "${SERVER[@]}" fsck --data "$data" "${disks[@]}"
  fi
  log_in "$data"
  trap log_out EXIT
  # The session goes in a header, where it is in no list of processes.
  answer=$(printf 'header = "Cookie: session_id=%s"\n' "${SESSION//\"/}" |
    curl -sS ${VIA[@]+"${VIA[@]}"} --max-time 600 -K - -w '%{http_code}' "$API/consistency${disks:+?disks=true}") || fail "the server does not answer"
  case "$answer" in
    *200) printf '%s' "${answer%200}" ;;
    *409) printf '%s' "${answer%409}" && exit 1 ;;
    *) fail "the server cannot tell: ${answer//$'\n'/ }" ;;
  esac
}
