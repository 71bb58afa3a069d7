# shellcheck shell=bash
# Writes the API reference.

command_reference() {
  local folder=${1:-$WORK/reference}
  if [ $# -gt 1 ] || [ "${folder#-}" != "$folder" ]; then
    wrong_usage "reference takes a folder and nothing else"
  fi
  build
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -cp "$RUN/reference/*:$RUN/conformance/*:$RUN/lib/*" io.keelson.reference.Main "$folder"
  say "the API reference is in $folder: html/index.html for browsers, markdown/README.md for the rest"
}
