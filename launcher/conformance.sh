# shellcheck shell=bash
# Measures a server against the model of the API: one that is named, or one of its own.

command_conformance() {
  local words=("$@") named=no
  while [ $# -gt 0 ]; do
    case "$1" in
      --yes | --any-certificate | --expendable | --everything) ;;
      -*)
        option_value "$@" >/dev/null
        shift
        ;;
      *) named=yes ;;
    esac
    shift
  done
  build
  if [ "$named" = yes ]; then conformance "${words[@]}"; else conformance_own ${words[@]+"${words[@]}"}; fi
}

conformance() {
  "$JAVA_HOME/bin/java" -Xmx512m -XX:+UseSerialGC -cp "$RUN/conformance/*:$RUN/lib/*" \
    io.keelson.conformance.Main "$@"
}

# Everything that can be measured: three simulated hosts, of which the last has crashed and has no
# Open vSwitch, and a server of another pool. The suite ends the first as its last case.
conformance_own() {
  local data pid second status=0
  data=$(mktemp -d)
  KEELSON_ROOT_PASSWORD=$(head -c 18 /dev/urandom | base64)
  KEELSON_PASSWORD=$KEELSON_ROOT_PASSWORD
  export KEELSON_ROOT_PASSWORD KEELSON_PASSWORD
  mkdir -p "$data"/{pool,second} "$data/crash/202602030405" "$data/guest"
  echo memory >"$data/crash/202602030405/dump.202602030405"
  echo none | tee "$data/guest/vmlinuz" >"$data/guest/initrd" # nothing boots on simulated hosts
  start_command
  KEELSON_CRASH_FOLDER=$data/crash KEELSON_AGENT_PAUSE=1 KEELSON_SIM_PLAIN_HOSTS=1 KEELSON_GUEST=$data/guest \
    "${SERVER[@]}" serve --data "$data/pool" --listen 127.0.0.1:0 --tls-listen 127.0.0.1:0 --driver sim --hosts 3 \
    >"$data/pool.log" 2>&1 </dev/null &
  pid=$!
  "${SERVER[@]}" serve --data "$data/second" --listen 127.0.0.1:0 --tls-listen none --driver sim \
    >"$data/second.log" 2>&1 </dev/null &
  second=$!
  # shellcheck disable=SC2064 # these very processes
  trap "kill $pid $second 2>/dev/null || true" EXIT
  wait_until_ready "$data/pool" "$pid" 60 || fail "the server did not come up; its log is $data/pool.log"
  wait_until_ready "$data/second" "$second" 60 || fail "the second server did not come up; its log is $data/second.log"
  conformance --any-certificate --expendable --data "$data/pool" --second "$(endpoint "$data/second" api)" "$@" \
    "$(endpoint "$data/pool" tls)" || status=$?
  kill "$pid" "$second" 2>/dev/null || true
  wait "$pid" "$second" || true
  if [ $status = 0 ]; then rm -rf "$data"; else say "the servers' files are in $data"; fi
  return $status
}
