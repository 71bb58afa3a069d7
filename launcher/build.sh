# shellcheck shell=bash
# From sources to what runs: the server's jars with their AOT cache, and the built-in guest.
#
# The server runs from a copy of the jars, .keelson/dist/N, never from Maven's target folders, so
# that a build does not pull the jars from under a running server.

MAVEN=(mvn -B -ntp -f "$HERE/pom.xml")
RUN=$WORK/dist/current # a link to the newest copy; its file "built" is as old as the sources it has
GUEST=$WORK/guest
if [ "$INSTALLED" = yes ]; then
  RUN=$HERE
  GUEST=$HERE/guest
fi

# Inlining less makes compiled code hardly slower and compiling much cheaper: on two processors the
# first minutes of a server belong to the compiler.
SERVER_FLAGS=(-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xlog:disable -Xlog:all=error:stderr
  -XX:MaxInlineLevel=6 -XX:InlineSmallCode=1200 -XX:FreqInlineSize=200
  --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED)

# changed_since FILE PATH...: whether any of the paths, or a folder's contents, is newer than FILE.
changed_since() {
  local stamp=$1
  shift
  [ ! -e "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" -print -quit)" ]
}

sources_changed() {
  changed_since "$RUN/built" "$HERE/pom.xml" "$HERE/.mvn" "$HERE"/*/pom.xml "$HERE"/*/src/main
}

# Makes what runs if it is missing or older than its sources. One at a time.
build() {
  need_jdk
  [ "$INSTALLED" = no ] || return 0
  lock_build
  build_jars
  train
  exec 9>&-
}

lock_build() {
  mkdir -p "$WORK"
  exec 9>"$WORK/lock"
  flock -n 9 || { say "waiting for another build here to end" && flock 9; }
}

build_jars() {
  sources_changed || return 0
  [ "${KEELSON_BUILD:-yes}" != no ] || fail "there is something to build, and KEELSON_BUILD=no forbids it"
  need "${TO_BUILD[@]}"
  touch "$WORK/started"
  rm -rf "$HERE"/{server,bench,conformance,reference}/target/dist # or jars of old versions would stay
  step "building Keelson" "$WORK/log/build.log" 's/^\[INFO\] Building \(Keelson [^ ]*\).*\(\[.*\]\)$/\1 \2/p' \
    "${MAVEN[@]}" -DskipTests -Dspotless.check.skip package
  keep_built "$WORK/started"
}

build_guest() {
  [ "$INSTALLED" = no ] && changed_since "$GUEST/initrd" "$HERE/guest" || return 0
  type -P apt-get >/dev/null || fail "the built-in guest is made from Debian packages and there is no apt-get here"
  need "${TO_MAKE_GUESTS[@]}"
  if [ -z "$(apt-cache depends linux-image-cloud-amd64 2>/dev/null)" ]; then
    as_root "apt-get update"
    step "reading the list of packages" "$WORK/log/apt.log" "" "${AS_ROOT[@]}" apt-get -q update
  fi
  step "building the Linux guest" "$WORK/log/guest.log" "" "$HERE/guest/build.sh" "$GUEST"
}

# keep_built STAMP: copies what Maven packaged, marks it as old as STAMP, and makes it current.
keep_built() {
  local built=$HERE/server/target/dist/lib next old jar part
  [ -n "$(ls "$built" 2>/dev/null)" ] || fail "the build left no jars in $built"
  next=$WORK/dist/$(date +%s)-$$
  mkdir -p "$next"
  cp -R "$built" "$next/lib"
  for part in bench conformance reference; do # what these need beyond the server
    mkdir "$next/$part"
    for jar in "$HERE/$part"/target/dist/lib/*.jar; do
      [ -e "$next/lib/${jar##*/}" ] || cp "$jar" "$next/$part/"
    done
  done
  cp -R "$HERE/reference/target/dist/pages" "$next/pages" # the API reference
  place_client "$next" "$JAVA_HOME/bin/java"
  touch -r "$1" "$next/built"
  ln -sfn "$(basename "$next")" "$RUN.new"
  mv -T "$RUN.new" "$RUN"
  for old in "$WORK"/dist/[0-9]*; do
    [ "$old" = "$next" ] || pgrep -f -- "$old/lib" >/dev/null || rm -rf "$old"
  done
}

# server_command [FLAG...]: sets SERVER to the server's command line, up to its own arguments.
server_command() {
  local home jar classpath=
  home=$(readlink -f "$RUN")
  for jar in "$home"/lib/*.jar; do classpath=$classpath:$jar; done
  SERVER=("$JAVA_HOME/bin/java" "-Xmx${KEELSON_HEAP:-1g}" "${SERVER_FLAGS[@]}" "$@"
    -cp "${classpath#:}" io.keelson.server.Main)
}

# The file that holds what the JVM learnt in a training run of these jars with these flags on this
# very JDK.
aot_cache() {
  local sum
  sum=$({ cat "$JAVA_HOME/release" && printf '%s' "${SERVER_FLAGS[*]}"; } | cksum)
  printf '%s/lib-%s.aot' "$(readlink -f "$RUN")" "${sum%% *}"
}

# Makes the AOT cache (classes loaded and linked, profiles of hot methods), with which the server
# starts in a fraction of the time. Where that fails the server starts without, once and for all.
train() {
  local cache
  cache=$(aot_cache)
  [ ! -e "$cache" ] && [ ! -e "$cache.failed" ] || return 0
  if ! (step "preparing quick starts" "$WORK/log/train.log" "" train_into "$cache"); then
    say "the server will start more slowly; nothing else changes"
    touch "$cache.failed"
  fi
}

# The first run fills a store, the second, which is recorded, starts on it as any later one does.
# Machines are real ones where QEMU is there.
train_into() {
  local cache=$1 data run flags driver=sim done=yes
  data=$(mktemp -d)
  ! command -v qemu-system-x86_64 >/dev/null || driver=qemu
  for run in fill rehearse; do
    [ "$run" = fill ] && flags=() || flags=("-XX:AOTCacheOutput=$cache.new")
    server_command ${flags[@]+"${flags[@]}"}
    "${SERVER[@]}" serve --data "$data" --listen 127.0.0.1:0 --tls-listen 127.0.0.1:0 --driver "$driver" 9>&- &
    wait_until_ready "$data" $! 60 && (exercise "$data" && workload "$run" "$data") || done=no
    [ "$run" = fill ] || train_client "$data" || say "xe will start more slowly; nothing else changes"
    kill "$!" || true
    wait "$!" || true
    [ "$done" = yes ] || break
  done
  rm -rf "$data"
  [ "$done" = yes ] && mv "$cache.new" "$cache"
}

workload() {
  "$JAVA_HOME/bin/java" -Xmx256m -XX:TieredStopAtLevel=1 -cp "$RUN/bench/*:$RUN/lib/*" \
    io.keelson.bench.Main "$@"
}
