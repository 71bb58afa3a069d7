# shellcheck shell=bash
# Measures a server, ours or another, against the model of the API.

command_conformance() {
  build
  exec "$JAVA_HOME/bin/java" -Xmx512m -XX:+UseSerialGC -cp "$RUN/conformance/*:$RUN/lib/*" \
    io.keelson.conformance.Main "$@"
}
