# shellcheck shell=bash
# Talks to a running server as any client does: JSON-RPC over curl.

# json TEXT: the text as a JSON string.
json() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# rpc METHOD PARAMETER...: the call's result. Parameters are JSON; a string result comes without
# its quotes. An error is one line on stderr and status 1. API is the server's address, VIA what else curl is told.
rpc() {
  local method=$1 parameters='' reply
  shift
  for reply in "$@"; do parameters=$parameters,$reply; done
  reply=$(printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":[%s]}' "$method" "${parameters#,}" |
    curl -sS ${VIA[@]+"${VIA[@]}"} --max-time 120 -H 'Content-Type: application/json' --data-binary @- "$API/jsonrpc") || return 1
  case "$reply" in
    *'"error":{'*)
      if [[ $reply =~ '"message":"'([^\"]*)'","data":['(.*)']}' ]]; then reply="${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"; fi
      say "$method: $reply"
      return 1
      ;;
  esac
  sed 's/^{"jsonrpc":"2.0",//; s/"id":1,\{0,1\}//; s/^{\{0,1\}"result"://; s/,\{0,1\}}$//; s/^"\(.*\)"$/\1/' <<<"$reply"
}

# refs: the references that are in a result, one a line; none is no error.
refs() { { grep -o 'OpaqueRef:[0-9A-Za-z-]*' || true; } | sort -u; }

# log_in DIR: sets API, VIA (how curl gets there) and SESSION (a JSON string) for the server of that data folder. Through
# its own socket the server sees who asks, and its user and root need no password.
log_in() {
  local password=${KEELSON_ROOT_PASSWORD:-} socket
  API=$(endpoint "$1" api)
  VIA=()
  socket=$(endpoint "$1" socket)
  [ -z "$socket" ] || [ ! -w "$socket" ] || VIA=(--unix-socket "$socket")
  [ ! -r "$1/root-password" ] || password=$(cat "$1/root-password")
  SESSION=$(rpc session.login_with_password '"root"' "$(json "$password")" '"1.0"' '"keelson"') ||
    fail "cannot log in; the root password is looked for in $1/root-password and in KEELSON_ROOT_PASSWORD"
  SESSION=$(json "$SESSION")
}

log_out() { rpc session.logout "$SESSION" >/dev/null; }

# running_vms: the references of the virtual machines that are not halted, control domains aside.
running_vms() {
  rpc VM.get_all_records_where "$SESSION" \
    "$(json '(field "power_state" = "Running" or field "power_state" = "Paused") and field "is_control_domain" = "false"')" |
    { grep -o '"OpaqueRef:[^"]*":{' || true; } | refs
}

# vm_named NAME: the reference of a virtual machine or template, or nothing.
vm_named() { rpc VM.get_by_name_label "$SESSION" "$(json "$1")" | refs | head -n 1; }

# exercise DIR: uses the API a little, so that a training run sees what a server does most.
exercise() {
  local class url
  log_in "$1"
  for class in VM host pool SR VDI VBD VIF network PIF task session; do
    for url in "$API/jsonrpc" "$API/jsonrpc" "$(endpoint "$1" tls)/jsonrpc"; do
      printf 'next\nurl=%s\ninsecure\nsilent\noutput=/dev/null\n' "$url"
      printf 'data="{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"method\\":\\"%s.get_all_records\\",\\"params\\":[%s]}"\n' \
        "$class" "${SESSION//\"/\\\"}"
    done
    printf 'next\nurl=%s\nsilent\noutput=/dev/null\n' "$API/"
    printf 'data="<methodCall><methodName>%s.get_all_records</methodName><params><param><value>%s</value></param></params></methodCall>"\n' \
      "$class" "${SESSION//\"/}"
  done | sed 1d | curl -K -
  rpc event.from "$SESSION" '["*"]' '""' 1 >/dev/null
  log_out
}
