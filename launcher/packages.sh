# shellcheck shell=bash
# What the machine must have: Debian's packages and a JDK 25.

# A package, with the program that stands for it if another way of installing it will do.
TO_BUILD=(maven:mvn procps:pgrep curl:curl)
TO_RUN=(qemu-system-x86:qemu-system-x86_64 qemu-utils:qemu-img iproute2:ip curl:curl)
TO_MAKE_GUESTS=(xz-utils:xz)
TO_TEST=(shellcheck:shellcheck nodejs:node npm:npm openvswitch-switch:ovs-vsctl nftables:nft dnsmasq-base:dnsmasq busybox:busybox
  tgt:tgtd nfs-ganesha:ganesha.nfsd nfs-ganesha-vfs rpcbind:rpcbind qemu-block-extra libiscsi-bin:iscsi-ls open-iscsi:iscsiadm lvm2:lvm swtpm:swtpm swtpm-tools ethtool:ethtool slapd:slapd samba:smbd openssl:openssl bzip2:bzip2 mmdebstrap:mmdebstrap zsh:zsh mandoc:mandoc)
RECOMMENDED=(bzip2:bzip2 socat:socat nftables:nft dnsmasq-base:dnsmasq ovmf ethtool:ethtool qemu-block-extra libiscsi-bin:iscsi-ls open-iscsi:iscsiadm lvm2:lvm cifs-utils:mount.cifs swtpm:swtpm pci.ids)
TO_COMPARE=(libvirt-daemon-system libvirt-daemon-driver-qemu)
JDK_PACKAGES=(temurin-25-jdk openjdk-25-jdk-headless)

missing_packages() {
  local entry package program
  for entry in "$@"; do
    package=${entry%%:*} program=${entry#*:}
    if [ "$program" != "$entry" ] && [ -n "$(type -P "$program")" ]; then continue; fi
    if dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then continue; fi
    printf '%s\n' "$package"
  done
}

# Installs what is missing of the named packages; does nothing, and asks no network, when nothing is.
need() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  type -P apt-get >/dev/null || fail "these programs are missing and there is no apt-get here: ${missing[*]}"
  as_root "apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
  step "installing ${missing[*]}" "$WORK/log/apt.log" 's/^\(Get\|Unpacking\|Setting up\)[: ]\([^ ]*\).*/\1 \2/p' \
    install_packages "${missing[@]}"
}

# Sets AS_ROOT to what makes a command run as root, or says which command to run by hand.
as_root() {
  AS_ROOT=()
  [ "$(id -u)" -ne 0 ] || return 0
  type -P sudo >/dev/null || fail "not root and no sudo here; have an administrator run: $1"
  say "sudo is used for: $1"
  sudo -v || fail "sudo was refused; have an administrator run: $1"
  AS_ROOT=(sudo)
}

install_packages() {
  "${AS_ROOT[@]}" apt-get -q -o DPkg::Lock::Timeout=300 update &&
    "${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
      install --no-install-recommends "$@"
}

# The folder of a JDK 25, or nothing.
find_jdk() {
  local home java
  java=$(type -P javac || true)
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/*25* "${java:+$(dirname "$(dirname "$(readlink -f "$java")")")}"; do
    [ -x "$home/bin/javac" ] || continue
    grep -qE '^JAVA_VERSION="25([."]|$)' "$home/release" 2>/dev/null || continue
    printf '%s\n' "$home"
    return
  done
}

# Sets and exports JAVA_HOME to a JDK 25, installing one if apt has it.
need_jdk() {
  local found package
  if [ "$INSTALLED" = yes ]; then
    export JAVA_HOME=$HERE/jre
    return
  fi
  found=$(find_jdk)
  if [ -z "$found" ] && type -P apt-cache >/dev/null; then
    for package in "${JDK_PACKAGES[@]}"; do
      apt-cache policy "$package" 2>/dev/null | grep -qE 'Candidate: [0-9]' || continue
      need "$package"
      found=$(find_jdk)
      [ -z "$found" ] || break
    done
  fi
  [ -n "$found" ] || fail "no JDK 25 found (JAVA_HOME, /usr/lib/jvm, /opt, PATH), and apt has none;" \
    "get one from https://adoptium.net/temurin/releases/?version=25, unpack it under /opt, and run this again"
  export JAVA_HOME=$found
}
