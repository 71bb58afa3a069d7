# shellcheck shell=bash
# Talks to a running server as any client does: JSON-RPC over curl.

# json TEXT: the text as a JSON string.
json() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# rpc METHOD PARAMETER...: the call's result. Parameters are JSON; a string result comes without
# its quotes. An error is one line on stderr and status 1. API is the server's address.
rpc() {
  local method=$1 parameters='' reply
  shift
  for reply in "$@"; do parameters=$parameters,$reply; done
  reply=$(printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":[%s]}' "$method" "${parameters#,}" |
    curl -sS --max-time 120 -H 'Content-Type: application/json' --data-binary @- "$API/jsonrpc") || return 1
  case "$reply" in
    *'"error":{'*)
      reply=${reply#*'"error":{'}
      say "$method: ${reply%\}*}"
      return 1
      ;;
  esac
  sed 's/^{"jsonrpc":"2.0",//; s/"id":1,\{0,1\}//; s/^{\{0,1\}"result"://; s/,\{0,1\}}$//; s/^"\(.*\)"$/\1/' <<<"$reply"
}

# refs: the references that are in a result, one a line.
refs() { grep -o 'OpaqueRef:[0-9A-Za-z-]*' | sort -u; }

# log_in DIR: sets API and SESSION (a JSON string) for the server of that data folder.
log_in() {
  local password=${KEELSON_ROOT_PASSWORD:-}
  API=$(endpoint "$1" api)
  [ ! -r "$1/root-password" ] || password=$(cat "$1/root-password")
  [ -n "$password" ] || fail "the root password is neither in $1/root-password nor in KEELSON_ROOT_PASSWORD"
  SESSION=$(rpc session.login_with_password '"root"' "$(json "$password")" '"1.0"' '"keelson"') ||
    fail "cannot log in at $API"
  SESSION=$(json "$SESSION")
}

log_out() { rpc session.logout "$SESSION" >/dev/null; }

# running_vms: the references of the virtual machines that are not halted, control domains aside.
running_vms() {
  rpc VM.get_all_records_where "$SESSION" \
    "$(json '(field "power_state" = "Running" or field "power_state" = "Paused") and field "is_control_domain" = "false"')" |
    grep -o '"OpaqueRef:[^"]*":{' | refs
}

# vm_named NAME: the reference of a virtual machine or template, or nothing.
vm_named() { rpc VM.get_by_name_label "$SESSION" "$(json "$1")" | refs | head -n 1; }

# Uses the API a little, so that a training run sees what a server does most.
exercise() {
  local class
  log_in "$1"
  for _ in 1 2 3; do
    for class in VM host pool SR VDI VBD VIF network PIF task session; do
      rpc "$class.get_all_records" "$SESSION" >/dev/null || true
    done
    rpc event.from "$SESSION" '["*"]' '""' 1 >/dev/null || true
    curl -sS -H 'Content-Type: text/xml' "$API/" --data-binary \
      '<?xml version="1.0"?><methodCall><methodName>system.listMethods</methodName><params/></methodCall>' >/dev/null
    curl -sSk "$(endpoint "$1" tls)/" >/dev/null || true
  done
  log_out
}
