# shellcheck shell=bash
# Puts a backup of a host into a data folder, for the next start.

command_restore() {
  local data='' file
  if [ "${1:-}" = --data ]; then
    data=$(option_value "$@")
    shift 2
  fi
  [ $# -eq 1 ] || wrong_usage "restore needs the file of a backup"
  file=$1
  [ -r "$file" ] || fail "cannot read $file"
  [ -n "$data" ] || data=$(default_data)
  build
  start_command
  "${SERVER[@]}" restore --data "$data" "$file"
  # The server may run as another user than the one at the shell.
  [ "$(id -u)" -ne 0 ] || chown -R --reference="$data" "$data/restore"
}
