# shellcheck shell=bash
# Builds a Debian package: the server, a Java runtime with no more modules than it uses, the built-in
# guest, a service and its settings. What it holds lies in /usr/lib/keelson as in the staging folder;
# the AOT cache, made with that very runtime, is good for both.

# Modules that no class names: languages of certificates and directories, and tools for a look inside.
EXTRA_MODULES=jdk.charsets,jdk.naming.dns,java.security.jgss,jdk.security.jgss,jdk.crypto.cryptoki,jdk.net,jdk.jcmd

command_package() {
  local out=${1:-$WORK/package} stage home deb
  if [ $# -gt 1 ] || [ "${out#-}" != "$out" ]; then
    wrong_usage "package takes a folder and nothing else"
  fi
  type -P dpkg-deb >/dev/null || fail "there is no dpkg-deb here, so no Debian package can be built"
  need_jdk
  lock_build
  build_jars
  exec 9>&-
  build_guest
  mkdir -p "$out"
  stage=$(mktemp -d)
  home=$stage/usr/lib/keelson
  mkdir -p "$home"
  step "choosing the modules of Java" "$WORK/log/package.log" "" make_runtime "$home/jre"
  stage_files "$stage" "$home"
  find "$stage" -exec touch -h -d "@$(build_time)" {} +
  step "preparing quick starts" "$WORK/log/train.log" "" train_package "$home"
  find "$home"/*.aot "$home"/client/*.aot -exec touch -d "@$(build_time)" {} +
  deb=$out/keelson_$(package_version)_$(dpkg --print-architecture).deb
  describe "$stage"
  step "packing" "$WORK/log/package.log" "" dpkg-deb --root-owner-group -Zzstd -z9 --build "$stage" "$deb"
  rm -rf "$stage"
  printf '%s\n' "$deb"
}

# make_runtime DIR: a Java runtime with the modules that the jars use.
make_runtime() {
  local jar classpath= modules
  for jar in "$RUN"/lib/*.jar; do classpath=$classpath:$jar; done
  modules=$("$JAVA_HOME/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
    --class-path "${classpath#:}" "$RUN"/lib/*.jar | tail -n 1) &&
    "$JAVA_HOME/bin/jlink" --add-modules "$modules,$EXTRA_MODULES" --strip-java-debug-attributes --no-header-files \
      --no-man-pages --generate-cds-archive --output "$1"
}

# stage_files ROOT HOME: everything but the runtime, where the package has it.
stage_files() {
  local root=$1 home=$2 page
  cp -R "$RUN/lib" "$home/lib"
  install -D -m 755 "$HERE/keelson" "$home/keelson"
  install -d "$home/launcher" "$home/guest" "$root/usr/bin" "$root/var/lib"
  install -m 644 "$HERE"/launcher/*.sh "$home/launcher/"
  install -m 644 "$GUEST/vmlinuz" "$GUEST/initrd" "$home/guest/"
  ln -s ../lib/keelson/keelson "$root/usr/bin/keelson"
  install -m 755 "$HERE/xe" "$home/xe"
  ln -s ../lib/keelson/xe "$root/usr/bin/xe"
  place_client "$home" ../jre/bin/java
  install -D -m 644 "$HERE/launcher/completion/xe.bash" "$root/usr/share/bash-completion/completions/xe"
  install -D -m 644 "$HERE/launcher/completion/_xe" "$root/usr/share/zsh/vendor-completions/_xe"
  install -D -m 644 "$HERE/packaging/keelson.service" "$root/usr/lib/systemd/system/keelson.service"
  install -D -m 644 "$HERE/packaging/keelson.default" "$root/etc/default/keelson"
  install -D -m 644 "$HERE/packaging/keelson.logrotate" "$root/etc/logrotate.d/keelson"
  install -D -m 644 "$HERE/packaging/as-root.conf" "$root/usr/share/doc/keelson/examples/as-root.conf"
  install -D -m 644 "$HERE/LICENSE" "$root/usr/share/doc/keelson/copyright"
  install -m 644 "$HERE/README.md" "$root/usr/share/doc/keelson/"
  cp -R "$HERE/docs" "$root/usr/share/doc/keelson/"
  install -d "$root/usr/share/man/man1"
  for page in "$HERE"/docs/man/*.1; do gzip -9n <"$page" >"$root/usr/share/man/man1/${page##*/}.gz"; done
  rm -rf "$root/usr/share/doc/keelson/docs/man"
}

# train_package HOME: makes the AOT cache of the staged server with the staged runtime.
train_package() {
  local JAVA_HOME=$1/jre RUN=$1 status=0
  cp -R "$HERE/bench/target/dist/lib" "$1/bench"
  train_into "$(aot_cache)" || status=$?
  rm -rf "$1/bench"
  return $status
}

# describe ROOT: what dpkg wants to know, and what it runs when the package comes and goes.
describe() {
  local name
  install -d "$1/DEBIAN"
  for name in postinst prerm postrm; do install -m 755 "$HERE/packaging/$name" "$1/DEBIAN/$name"; done
  printf '%s\n' /etc/default/keelson /etc/logrotate.d/keelson >"$1/DEBIAN/conffiles"
  cat >"$1/DEBIAN/control" <<END
Package: keelson
Version: $(package_version)
Architecture: $(dpkg --print-architecture)
Maintainer: The Keelson authors <keelson@localhost>
Section: admin
Priority: optional
Installed-Size: $(du -sk "$1" | cut -f 1)
Depends: adduser, init-system-helpers, libc6, zlib1g, $(packages_of "${TO_RUN[@]}")
Recommends: logrotate, $(packages_of "${RECOMMENDED[@]}")
Suggests: openvswitch-switch
Description: XenAPI host for any Linux machine
 Keelson speaks the XenServer Management API and runs virtual machines with
 QEMU. Clients of XenServer (xe, the SDKs, automation, backup) work with it
 unchanged. This package has the server as a service, its commands, and a
 Java runtime of its own.
END
}

# packages_of ENTRY...: the names of Debian packages, for a control file.
packages_of() {
  local entry list=
  for entry in "$@"; do list="$list, ${entry%%:*}"; done
  printf '%s' "${list#, }"
}

# The version in the pom, and for what is no release the commit that it was built from.
package_version() {
  local version
  version=$(sed -n '0,/<version>/s/^ *<version>\(.*\)<\/version>$/\1/p' "$HERE/pom.xml")
  case "$version" in
    *-SNAPSHOT) printf '%s~%s.%s' "${version%-SNAPSHOT}" "$(date -u -d "@$(build_time)" +%Y%m%d%H%M)" "$(commit)" ;;
    *) printf '%s' "$version" ;;
  esac
}

# The time of the newest commit, or of the build where there is no repository.
build_time() { git -C "$HERE" log -1 --format=%ct 2>/dev/null || stat -c %Y "$RUN/built"; }

commit() { git -C "$HERE" rev-parse --short=9 HEAD 2>/dev/null || echo local; }
