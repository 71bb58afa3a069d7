#!/bin/bash
# The part of check.sh that runs in the new system, as root.
set -euo pipefail

fail() { echo "package: $*" >&2 && exit 1; }

unit() { sed -n "s/^$1=//p" /usr/lib/systemd/system/keelson.service; }

# start: what the unit says, for systemd is not here.
start() {
  local capabilities options command
  capabilities=$(unit AmbientCapabilities | tr 'A-Z ' 'a-z,' | sed 's/cap_/+/g')
  # shellcheck source=/dev/null
  options=$(. /etc/default/keelson && echo "$KEELSON_OPTIONS")
  command=$(unit ExecStart)
  # shellcheck disable=SC2086 # words, as systemd parts them
  setpriv --reuid "$(unit User)" --regid "$(unit Group)" --init-groups --inh-caps "$capabilities" \
    --ambient-caps "$capabilities" --bounding-set="-all,$capabilities" --no-new-privs \
    env -i PATH="$PATH" HOME=/var/lib/keelson ${command/\$KEELSON_OPTIONS/$options} >>/var/lib/keelson/log/server.log 2>&1 &
  server=$!
  for _ in $(seq 600); do
    [ ! -s /var/lib/keelson/run/server.endpoints ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 /var/lib/keelson/log/server.log >&2
  fail "the server does not start"
}

stop() {
  kill "$server"
  wait "$server" || true
}

# says TEXT COMMAND...: that the command says so; all of it is read, or it would die of a broken pipe.
says() {
  local said
  said=$("${@:2}") || fail "${*:2}: status $?"
  grep -q "$1" <<<"$said" || fail "${*:2} does not say $1 but: $said"
}

says '^  status ' keelson help
[ "$(stat -c %U:%G:%a /var/lib/keelson)" = keelson:keelson:750 ] || fail "the data folder is open"
start
says '^server .*running' keelson status
vm=$(xe vm-install template='Built-in Linux' new-name-label=packaged)
xe vm-start uuid="$vm"
says '^running$' xe vm-param-get uuid="$vm" param-name=power-state
stop
start
says '^running$' xe vm-param-get uuid="$vm" param-name=power-state
xe vm-shutdown uuid="$vm" --force
stop
dpkg --purge keelson
[ ! -e /usr/lib/keelson ] || fail "the package leaves files behind: $(find /usr/lib/keelson)"
[ -d /var/lib/keelson ] || fail "the package took the data with it"
