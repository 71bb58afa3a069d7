# shellcheck shell=bash
# What developers do: set up, test, measure, format.

no_options() {
  local name=$1
  [ $# -eq 1 ] || wrong_usage "$name takes no options"
}

command_setup() {
  no_options setup "$@"
  need_jdk
  need "${TO_BUILD[@]}" "${TO_RUN[@]}" "${TO_TEST[@]}" "${RECOMMENDED[@]}"
  build
  build_guest
  say "everything is there; \"./keelson up\" starts the server"
}

command_test() {
  local log=$WORK/log/test.log
  no_options test "$@"
  need_jdk
  need "${TO_BUILD[@]}" "${TO_RUN[@]}" "${TO_TEST[@]}"
  build_guest
  KEELSON_GUEST=$GUEST
  export KEELSON_GUEST
  check_scripts || fail "shellcheck has objections to the scripts"
  mkdir -p "$WORK/log"
  touch "$WORK/started"
  rm -rf "$HERE"/{server,bench,conformance,reference}/target/dist
  # A test that fails is run once more, so that a busy machine alone does not decide; the summary
  # names those that passed only then, and each of them is a defect to mend.
  if "${MAVEN[@]}" --fail-at-end -Dsurefire.rerunFailingTestsCount=1 verify </dev/null 2>&1 | tee "$log" | telling_lines; then
    summary passed
    [ ! -d "$HERE/server/target/dist/lib" ] || keep_built "$WORK/started"
    check_package
  else
    summary failed
    fail "tests failed; all of it is in $log"
  fi
}

# check_package: builds the package and tries it in a new system, which only root can make.
check_package() {
  local package
  if [ "$(id -u)" -ne 0 ]; then
    say "the package is not tried: that needs root"
    return
  fi
  package=$(command_package "$WORK/package-of-tests") || fail "the package cannot be built"
  step "trying the package in a new Debian" "$WORK/log/package-test.log" "" "$HERE/packaging/check.sh" "$package"
  grep 'it is not tried' "$WORK/log/package-test.log" >&2 || true
  rm -r "$WORK/package-of-tests"
}

check_scripts() (
  cd "$HERE" && shellcheck -x -a keelson && shellcheck xe && shellcheck .ci/run guest/build.sh packaging/*.sh packaging/{postinst,prerm,postrm} && cd guest/root &&
    shellcheck -s dash ../machine/init etc/rc sbin/nic sbin/stop sbin/shutdown usr/share/udhcpc/lease
)

# Of Maven's output: which module, each test class, errors and how it ended.
telling_lines() {
  grep --line-buffered -E '^\[INFO\] (Building Keelson |Tests run:|BUILD|Total time)|^\[(ERROR|WARNING)\]' |
    grep --line-buffered -vE 'JAR will be empty|Overwriting ' || true
}

# Adds up what Surefire reports of each module; names the tests that passed only when run again.
summary() {
  sed -n 's/^\[\(INFO\|WARNING\|ERROR\)\] Tests run: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\), Skipped: \([0-9]*\)\(, Flakes: \([0-9]*\)\)\?$/\2 \3 \4 \5 \7/p' \
    "$WORK/log/test.log" |
    awk '{ run += $1; bad += $2 + $3; skipped += $4; again += $5 }
      END {
        printf "tests: %d passed, %d failed, %d skipped", run - bad - skipped, bad, skipped
        if (again) printf "; %d of them passed only when run again", again
        print ""
      }'
  sed -n '/^\[WARNING\] Flakes: *$/,/^\[\(INFO\|ERROR\)\] Tests run:/s/^\[WARNING\] \(io\.keelson\..*\)$/  \1/p' "$WORK/log/test.log"
}

command_format() {
  no_options format "$@"
  need_jdk
  need "${TO_BUILD[@]}"
  step "formatting" "$WORK/log/format.log" 's/^\[INFO\] Building \([^ ]* [^ ]*\).*/\1/p' "${MAVEN[@]}" spotless:apply
}

command_coverage() {
  build
  start_command
  exec "${SERVER[@]}" coverage "$@"
}

command_bench() {
  need "${TO_RUN[@]}"
  if [[ " $* " == *" --against libvirt "* ]]; then
    [ "$(id -u)" -eq 0 ] || fail "bench --against libvirt starts a libvirtd of its own and needs root"
    need "${TO_COMPARE[@]}"
  fi
  build
  if [ "${1:-}" = xe ]; then need hyperfine:hyperfine; else build_guest; fi
  KEELSON_GUEST=$GUEST KEELSON_LAUNCHER=$HERE/keelson
  export KEELSON_GUEST KEELSON_LAUNCHER
  exec "$JAVA_HOME/bin/java" "${SERVER_FLAGS[@]}" -cp "$RUN/bench/*:$RUN/lib/*" io.keelson.bench.Main "$@"
}
