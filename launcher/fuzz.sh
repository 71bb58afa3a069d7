# shellcheck shell=bash
# Sends a server requests of all kinds, right and wrong: one that is named, or one of its own.

command_fuzz() {
  local words=() named=no
  while [ $# -gt 0 ]; do
    case "$1" in
      --requests | --seed | --tls | --corpus | --only | --threads | --user | --pid | --log)
        words+=("$1" "$(option_value "$@")")
        shift
        ;;
      -*) wrong_usage "fuzz does not know $1" ;;
      *) words+=("$1") named=yes ;;
    esac
    shift
  done
  build
  if [ "$named" = yes ]; then fuzz "${words[@]}"; else fuzz_own ${words[@]+"${words[@]}"}; fi
}

fuzz() {
  "$JAVA_HOME/bin/java" -Xmx512m -XX:+UseSerialGC -cp "$RUN/conformance/*:$RUN/lib/*" \
    io.keelson.conformance.fuzz.Main "$@"
}

# A server with three simulated hosts, which is looked through by fsck when it has ended. What is
# left of it stays when something was found.
fuzz_own() {
  local data pid good=yes
  data=$(mktemp -d)
  KEELSON_ROOT_PASSWORD=$(head -c 18 /dev/urandom | base64)
  KEELSON_PASSWORD=$KEELSON_ROOT_PASSWORD
  export KEELSON_ROOT_PASSWORD KEELSON_PASSWORD
  start_command
  "${SERVER[@]}" serve --data "$data" --listen 127.0.0.1:0 --tls-listen 127.0.0.1:0 --driver sim --hosts 3 \
    >"$data/server.log" 2>&1 </dev/null &
  pid=$!
  # shellcheck disable=SC2064 # this very process
  trap "kill $pid 2>/dev/null || true" EXIT
  wait_until_ready "$data" "$pid" 60 || fail "the server did not come up; its log is $data/server.log"
  fuzz "$(endpoint "$data" api)" --tls "$(endpoint "$data" tls)" --pid "$pid" --log "$data/server.log" "$@" || good=no
  kill "$pid" || good=no
  wait "$pid" || true
  "${SERVER[@]}" fsck --data "$data" || good=no
  [ "$good" = yes ] || fail "something was found; the server's files are in $data"
  rm -rf "$data"
}
