# shellcheck shell=bash
# The client: the script xe in the root starts it from here.

# Of these flags those that say how memory is laid out must be the script's own.
XE_FLAGS=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m -XX:-UsePerfData -Xlog:disable)

command_xe() {
  build
  exec "$HERE/xe" "$@"
}

# prepare: has everything built that xe needs, for when it is called first of all.
command_prepare() {
  no_options prepare "$@"
  build
}

# place_client HOME JAVA: puts what the client needs into the copy HOME of the jars: one jar, and a link to Java.
place_client() {
  local jar
  mkdir "$1/client"
  for jar in "$1"/lib/cli-*.jar; do ln "$jar" "$1/client/cli.jar"; done
  ln -s "$2" "$1/client/java"
}

# train_client DIR: makes the client's AOT cache from what it does with the server of that data folder.
train_client() {
  local client
  client=$(readlink -f "$RUN")/client
  [ ! -e "$client/xe.aot" ] || return 0
  KEELSON_DATA=$1 XE_WORDS=$'vm-list\n' "$client/java" "${XE_FLAGS[@]}" -XX:AOTCacheOutput="$client/xe.aot.new" \
    -cp "$client/cli.jar" io.keelson.cli.client.Main && mv "$client/xe.aot.new" "$client/xe.aot"
}
