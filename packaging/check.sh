#!/usr/bin/env bash
# Installs the package into a new Debian that has nothing else, runs the server there as its unit does, with a
# virtual machine, and removes it again. Needs root, for the new system only.
#
#   packaging/check.sh PACKAGE.deb
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
package=$(readlink -f "${1:?usage: packaging/check.sh PACKAGE.deb}")
work=$(mktemp -d)
root=$work/root
trap 'rm -rf "$work"' EXIT

fail() { echo "package: $*" >&2 && exit 1; }

# shellcheck source=/dev/null
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
sources=(/etc/apt/sources.list.d/debian.sources /etc/apt/sources.list)
for list in "${sources[@]}"; do [ ! -s "$list" ] || break; done
[ -s "$list" ] || fail "this Debian names no place to get packages from"

# shellcheck disable=SC2016 # $1 is mmdebstrap's
mmdebstrap --quiet --variant=minbase --mode=root --aptopt='APT::Install-Recommends "false"' \
  --customize-hook="touch '$work/made'" \
  --customize-hook="copy-in '$package' /var/cache" \
  --customize-hook='chroot "$1" sh -c "apt-get -q -y install /var/cache/*.deb"' \
  "$codename" "$root" "$list" >"$work/log" 2>&1 || {
  tail -n 30 "$work/log" >&2
  [ -e "$work/made" ] && fail "it cannot be installed"
  echo "package: no new Debian can be made here, so it is not tried" >&2
  exit 0
}

install -m 755 "$here/check-inside.sh" "$root/check-inside.sh"
# shellcheck disable=SC2016 # $1 is the inner shell's
timeout 300 unshare --mount --pid --fork --kill-child --net bash -euc '
  mount --make-rprivate /
  mount --bind "$1" "$1" # a file system of its own, as its programs expect
  mount -t proc proc "$1/proc"
  mount -t sysfs -o ro sysfs "$1/sys"
  mount --rbind /dev "$1/dev"
  ip link set lo up
  exec chroot "$1" /check-inside.sh
' - "$root" </dev/null || fail "it does not work where it was installed"
