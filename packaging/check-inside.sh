#!/bin/bash
# The part of check.sh that runs in the new system, as root.
set -euo pipefail
export HOME=/root
guide=/usr/share/doc/keelson/docs/guide/install.md

fail() { echo "package: $*" && exit 1; }

# says TEXT COMMAND...: that the command says so; all of it is read, or it would die of a broken pipe.
says() {
  local said
  said=$("${@:2}" 2>&1) || fail "${*:2}: status $?: $said"
  grep -q "$1" <<<"$said" || fail "${*:2} does not say $1 but: $said"
}

# guide TEXT: the commands of the page's block that has it.
guide() {
  awk -v text="$1" '/^```sh/ { block = ""; inside = 1; next } /^```/ { if (inside && index(block, text)) printf "%s", block; inside = 0 }
    inside { block = block $0 "\n" }' "$guide" | grep . || fail "the guide says nothing of $1"
}

runs_as() { stat -c %U "/proc/$(systemctl show -P MainPID keelson)"; }

says '^active$' systemctl is-active keelson
says '^  status ' keelson help
[ "$(stat -c %U:%G:%a /var/lib/keelson)" = keelson:keelson:750 ] || fail "the data folder is open"
says 'Active: active (running)' bash -euc "$(guide 'systemctl status')"
says '^server .*running' keelson status
[ "$(runs_as)" = keelson ] || fail "the service runs as $(runs_as)"

vm=$(xe vm-install template='Built-in Linux' new-name-label=packaged)
xe vm-start uuid="$vm"
says '^running$' xe vm-param-get uuid="$vm" param-name=power-state
systemctl restart keelson
says '^running$' xe vm-param-get uuid="$vm" param-name=power-state

bash -euc "$(guide as-root.conf)"
[ "$(runs_as)" = root ] || fail "the service runs as $(runs_as), and is to run as root"
says '^running$' xe vm-param-get uuid="$vm" param-name=power-state
rm -r /etc/systemd/system/keelson.service.d
systemctl daemon-reload
systemctl restart keelson

export DEBIAN_FRONTEND=noninteractive
says 'keelson: /var/lib/keelson stays' bash -euc "$(guide 'apt purge')" <<<y
[ ! -e /usr/lib/keelson ] || fail "the package leaves files behind: $(find /usr/lib/keelson)"
[ -d /var/lib/keelson ] || fail "the package took the data with it"
if systemctl is-active --quiet keelson; then fail "the service runs on"; fi
