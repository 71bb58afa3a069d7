# shellcheck shell=bash
# The first virtual machine, made and started through the API as any client would.

TEMPLATE="Built-in Linux"
FIRST_VM=hello-linux

# first_vm DIR: makes sure that there is a first virtual machine and that its Linux is up.
first_vm() {
  local vm uuid state log started=$SECONDS template
  vm=$(vm_named "$FIRST_VM")
  if [ -z "$vm" ]; then
    template=$(vm_named "$TEMPLATE")
    [ -n "$template" ] || fail "the server has no template \"$TEMPLATE\""
    vm=$(rpc VM.clone "$SESSION" "$(json "$template")" "$(json "$FIRST_VM")") || fail "cannot clone \"$TEMPLATE\""
    rpc VM.provision "$SESSION" "$(json "$vm")" >/dev/null || fail "cannot provision $FIRST_VM"
    say "$FIRST_VM is made from the template \"$TEMPLATE\""
  fi
  uuid=$(rpc VM.get_uuid "$SESSION" "$(json "$vm")")
  state=$(rpc VM.get_power_state "$SESSION" "$(json "$vm")")
  log=$1/run/domains/$uuid/serial.log
  case "$state" in
    Running) say "$FIRST_VM is running already" && return ;;
    Halted) rpc VM.start "$SESSION" "$(json "$vm")" false false >/dev/null || fail "cannot start $FIRST_VM" ;;
    *) say "$FIRST_VM is $state and stays so" && return ;;
  esac
  while ! grep -aq 'keelson guest ready' "$log" 2>/dev/null; do
    [ $((SECONDS - started)) -lt 120 ] || fail "$FIRST_VM is running but its Linux is not up; its console is in $log"
    [ ! -t 2 ] || printf '\r\033[K%s boots ... %d s' "$FIRST_VM" $((SECONDS - started)) >&2
    sleep 0.1
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
  say "$FIRST_VM is up; its console says: $(grep -a 'keelson guest ready' "$log" | tail -n 1 | tr -d '\r')"
}

where_next() {
  local data=$1 password=$1/root-password option='' variable=''
  [ -e "$password" ] || password="the one you gave in KEELSON_ROOT_PASSWORD"
  [ "$data" = "$(default_data)" ] || { option=" --data $data" && variable="KEELSON_DATA=$data "; }
  cat <<END

XenAPI     $(endpoint "$data" api)  $(endpoint "$data" tls)
log-in     root, password in $password
data       $data (log/server.log says what the server does)

Go on with:
  ${variable}${SELF%keelson}xe vm-list          # XenServer's command line; ${SELF%keelson}xe help
  $SELF status$option         # what runs
  $SELF console$option        # the serial console of $FIRST_VM; Ctrl-] leaves it
  $SELF down$option           # stop the server; virtual machines run on
END
}
