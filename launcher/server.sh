# shellcheck shell=bash
# The server's life: up, down, status, serve.
#
# A server that is ready has written DIR/run/server.pid and DIR/run/server.endpoints (lines
# "api=http://..." and "tls=https://..."); it removes both when it ends cleanly.

SERVICE_DATA=/var/lib/keelson # of the service that a package installs

default_data() {
  [ -n "${KEELSON_DATA:-}" ] || [ -n "${HOME:-}" ] || fail "neither --data, KEELSON_DATA nor HOME says where to keep data"
  if [ -z "${KEELSON_DATA:-}" ] && [ "$INSTALLED" = yes ] && [ -r "$SERVICE_DATA/run" ]; then
    printf '%s' "$SERVICE_DATA"
  else
    printf '%s' "${KEELSON_DATA:-$HOME/.local/share/keelson}"
  fi
}

# server_pid DIR: the pid of the server that runs on that data folder; status 1 when none does. A
# pid alone proves nothing after a crash or a restart of the machine, so the process is looked at.
server_pid() {
  local pid words i data
  pid=$(cat "$1/run/server.pid" 2>/dev/null) || return 1
  mapfile -d '' -t words 2>/dev/null <"/proc/$pid/cmdline" || return 1
  [[ " ${words[*]} " == *" io.keelson.server.Main serve "* ]] || return 1
  for ((i = 1; i < ${#words[@]}; i++)); do
    [ "${words[i - 1]}" = --data ] || continue
    data=${words[i]}
    [ "${data:0:1}" = / ] || data=/proc/$pid/cwd/$data
    [ "$data" -ef "$1" ] && printf '%s' "$pid" && return
  done
  return 1
}

# endpoint DIR NAME: the address that the server of that folder serves under.
endpoint() { sed -n "s/^$2=//p" "$1/run/server.endpoints" 2>/dev/null; }

# wait_until_ready DIR PID SECONDS: status 1 when the process ended or the time is over.
wait_until_ready() {
  local until=$((SECONDS + $3))
  while [ "$(cat "$1/run/server.pid" 2>/dev/null)" != "$2" ] || [ ! -s "$1/run/server.endpoints" ]; do
    kill -0 "$2" 2>/dev/null || return 1
    [ $SECONDS -lt $until ] || return 1
    sleep 0.05
  done
}

command_serve() {
  local data='' driver=qemu arguments=("$@")
  while [ $# -gt 0 ]; do
    case "$1" in
      --data) data=$(option_value "$@") ;;
      --driver) driver=$(option_value "$@") ;;
      --listen | --tls-listen | --socket | --socket-group | --hosts | --metrics-login | --uplinks | --reboot-command | --shutdown-command | --hostname-command)
        option_value "$@" >/dev/null ;;
      *) wrong_usage "serve does not know $1" ;;
    esac
    shift 2
  done
  [ -n "$data" ] || wrong_usage "serve needs --data DIR"
  case "$driver" in
    qemu) need "${TO_RUN[@]}" ;;
    sim) ;;
    *) wrong_usage "no such driver: $driver" ;;
  esac
  build
  [ "$driver" = sim ] || place_guest "$data"
  start_command
  [ -z "${NOTIFY_SOCKET:-}" ] || notify_when_ready "$data" $$ &
  exec "${SERVER[@]}" serve "${arguments[@]}"
}

# notify_when_ready DIR PID: tells systemd that the service serves.
notify_when_ready() {
  wait_until_ready "$1" "$2" 120 && systemd-notify --ready --pid="$2"
}

# start_command: the server's command line for real use, with the AOT cache if there is one.
start_command() {
  local cache
  cache=$(aot_cache)
  if [ -e "$cache" ]; then server_command "-XX:AOTCache=$cache"; else server_command; fi
}

# The guest's files live beside the data, so that virtual machines made from them start for as long
# as the data exists, whatever happens to this folder.
place_guest() {
  local file
  build_guest
  mkdir -p "$1/guest"
  for file in vmlinuz initrd; do
    cmp -s "$GUEST/$file" "$1/guest/$file" && continue
    cp "$GUEST/$file" "$1/guest/$file.new"
    mv "$1/guest/$file.new" "$1/guest/$file"
  done
  KEELSON_GUEST=$(cd "$1/guest" && pwd)
  export KEELSON_GUEST
}

command_up() {
  local data='' port=8780 tls_port=8743 bare=no pid
  while [ $# -gt 0 ]; do
    case "$1" in
      --data) data=$(option_value "$@"); shift ;;
      --port) port=$(option_value "$@"); shift ;;
      --tls-port) tls_port=$(option_value "$@"); shift ;;
      --bare) bare=yes ;;
      *) wrong_usage "up does not know $1" ;;
    esac
    shift
  done
  [ -n "$data" ] || data=$(default_data)
  (umask 077 && mkdir -p "$data/run" "$data/log") || fail "cannot make the data folder $data"
  data=$(cd "$data" && pwd)
  if pid=$(server_pid "$data"); then
    say "the server is running already (pid $pid)"
    [ "$INSTALLED" = yes ] || ! sources_changed || say "the sources have changed since; \"./keelson down\" and \"up\" again run the new ones"
  else
    need "${TO_RUN[@]}"
    build
    place_guest "$data"
    start "$data" "$port" "$tls_port"
  fi
  log_in "$data"
  [ "$bare" = yes ] || first_vm "$data"
  log_out
  where_next "$data"
}

# start DIR PORT TLS-PORT: starts the server in the background and waits until it serves.
start() {
  local data=$1 port started=${EPOCHREALTIME//[.,]/} pid
  for port in "$2" "$3"; do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      fail "port $port is taken by another program; choose others with --port N and --tls-port N"
    fi
  done
  start_command
  rm -f "$data/run/server.pid" "$data/run/server.endpoints"
  setsid nohup "${SERVER[@]}" serve --data "$data" --listen "127.0.0.1:$2" --tls-listen "127.0.0.1:$3" \
    >>"$data/log/server.log" 2>&1 </dev/null &
  pid=$!
  disown
  if ! wait_until_ready "$data" "$pid" 60; then
    tail -n 15 "$data/log/server.log" >&2
    fail "the server did not come up; its log is $data/log/server.log"
  fi
  say "the server is up (pid $pid) after $(((${EPOCHREALTIME//[.,]/} - started) / 1000)) ms"
}

command_down() {
  local data='' with_vms=no pid vm waited
  while [ $# -gt 0 ]; do
    case "$1" in
      --data) data=$(option_value "$@"); shift ;;
      --with-vms) with_vms=yes ;;
      *) wrong_usage "down does not know $1" ;;
    esac
    shift
  done
  [ -n "$data" ] || data=$(default_data)
  pid=$(server_pid "$data") || { say "no server is running on $data" && return; }
  if [ "$with_vms" = yes ]; then
    log_in "$data"
    for vm in $(running_vms); do
      rpc VM.hard_shutdown "$SESSION" "$(json "$vm")" >/dev/null || say "cannot end the virtual machine $vm"
    done
    log_out
  fi
  kill "$pid"
  for ((waited = 0; waited < 300; waited++)); do
    kill -0 "$pid" 2>/dev/null || { say "the server is down" && return; }
    sleep 0.1
  done
  fail "the server (pid $pid) has not ended within 30 s; its log is $data/log/server.log"
}

command_status() {
  local data='' pid vm
  while [ $# -gt 0 ]; do
    case "$1" in
      --data) data=$(option_value "$@"); shift ;;
      *) wrong_usage "status does not know $1" ;;
    esac
    shift
  done
  [ -n "$data" ] || data=$(default_data)
  pid=$(server_pid "$data") || { echo "no server is running on $data" && exit 3; }
  echo "server     running, pid $pid, data in $data"
  echo "XenAPI     $(endpoint "$data" api)  $(endpoint "$data" tls)"
  log_in "$data"
  for vm in $(running_vms); do
    echo "VM         $(rpc VM.get_name_label "$SESSION" "$(json "$vm")"):" \
      "$(rpc VM.get_power_state "$SESSION" "$(json "$vm")"), $(rpc VM.get_uuid "$SESSION" "$(json "$vm")")"
  done
  log_out
}

command_console() {
  local data='' vm=$FIRST_VM reference console tries
  while [ $# -gt 0 ]; do
    case "$1" in
      --data) data=$(option_value "$@"); shift ;;
      -*) wrong_usage "console does not know $1" ;;
      *) vm=$1 ;;
    esac
    shift
  done
  [ -n "$data" ] || data=$(default_data)
  server_pid "$data" >/dev/null || fail "no server is running on $data"
  need socat:socat
  log_in "$data"
  trap log_out EXIT # the console ends with its session
  reference=$(vm_named "$vm")
  [ -n "$reference" ] || fail "there is no virtual machine named $vm"
  console=$(serial_console "$reference")
  [ -n "$console" ] || fail "$vm has no serial console now; is it running?"
  for tries in 1 2 3 4 5; do # the server may not have heard yet that the one before has left
    ! call_console "$console" || break
    if [ "$STATUS" != "$ENGAGED" ] || [ "$tries" = 5 ]; then
      fail "the server does not connect to the console of $vm: $STATUS"
    fi
    sleep 0.2
  done
  say "this is the serial console of $vm; Enter shows its prompt, Ctrl-] leaves it"
  if [ -t 0 ]; then
    socat STDIO,raw,echo=0,escape=0x1d FD:3
  else
    # QEMU hangs up when the other end will say no more, with what it was told last unread.
    socat -t 2 STDIO FD:3,shut-none
  fi
}

# serial_console VM: the reference of its serial console, or nothing.
serial_console() {
  local console
  for console in $(rpc VM.get_consoles "$SESSION" "$(json "$1")" | refs); do
    [ "$(rpc console.get_protocol "$SESSION" "$(json "$console")")" != vt100 ] || echo "$console"
  done | head -n 1
}

ENGAGED='somebody else is at it'

# call_console CONSOLE: has the server connect descriptor 3 to the console. STATUS is its answer.
call_console() {
  local authority=${API#*://} line
  STATUS='no connection'
  authority=${authority%%/*}
  line=${authority%:*} line=${line#[}
  exec 3<>"/dev/tcp/${line%]}/${authority##*:}" || return 1
  # The session goes in a header, where it is in no list of processes.
  printf 'CONNECT /console?ref=%s HTTP/1.0\r\nCookie: session_id=%s\r\n\r\n' "$1" "${SESSION//\"/}" >&3
  IFS= read -r -t 30 -u 3 STATUS || STATUS='no answer'
  STATUS=${STATUS%$'\r'}
  while IFS= read -r -t 30 -u 3 line && [ "$line" != $'\r' ]; do :; done
  case "$STATUS" in
    *' 200 '*) ;;
    *' 503 '*) STATUS=$ENGAGED && return 1 ;;
    *) return 1 ;;
  esac
}
