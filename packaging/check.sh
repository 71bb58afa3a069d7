#!/usr/bin/env bash
# Installs the package into a new Debian that has nothing else but systemd, boots that as a container, and has the
# service run a virtual machine there as the guide says, until the package is removed again. Needs root, for the new
# system only.
#
#   packaging/check.sh PACKAGE.deb
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
package=$(readlink -f "${1:?usage: packaging/check.sh PACKAGE.deb}")
work=$(mktemp -d)
root=$work/root
trap 'rm -rf --one-file-system "$work"' EXIT

fail() { echo "package: $*" >&2 && exit 1; }

# shellcheck source=/dev/null
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
sources=(/etc/apt/sources.list.d/debian.sources /etc/apt/sources.list)
for list in "${sources[@]}"; do [ ! -s "$list" ] || break; done
[ -s "$list" ] || fail "this Debian names no place to get packages from"

# shellcheck disable=SC2016 # $1 is mmdebstrap's
mmdebstrap --quiet --variant=minbase --mode=root --aptopt='APT::Install-Recommends "false"' --include=systemd-sysv \
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
install -m 644 "$here/check.service" "$root/etc/systemd/system/check.service"
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -sf ../check.service "$root/etc/systemd/system/multi-user.target.wants/"
ln -sf /dev/null "$root/etc/systemd/system/console-getty.service" # there is no console

# A group of its own for the container's processes, in the one hierarchy that new systems have.
cgroups=$work/cgroups
mkdir "$cgroups"
mount -t cgroup2 cgroup2 "$cgroups" 2>/dev/null || {
  echo "package: this kernel has no cgroup2 for systemd, so it is not tried" >&2
  exit 0
}
group=$cgroups/keelson-check-$$
mkdir "$group"
clean_up() {
  find "$group" -depth -type d -exec rmdir {} + || true
  umount "$cgroups" || true
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT

# shellcheck disable=SC2016 # $1 is the inner shell's
timeout --kill-after=10 400 bash -euc '
  echo $$ >"$2/cgroup.procs"
  exec unshare --cgroup --mount --pid --uts --ipc --net --fork --kill-child bash -euc "
    mount --make-rprivate /
    mount --bind \"\$1\" \"\$1\"
    cd \"\$1\"
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount --rbind /dev dev
    mount --bind /dev/null dev/console
    mount -t tmpfs tmpfs run
    mount -t tmpfs tmpfs tmp
    ip link set lo up
    hostname packaged
    mount --move . /
    exec chroot . /usr/bin/env -i container=keelson-check PATH=/usr/sbin:/usr/bin /lib/systemd/systemd
  " - "$1"
' - "$root" "$group" </dev/null || boot=$?
cat "$root/var/log/check" >&2 || true
[ "${boot:-0}" = 0 ] || fail "it does not work where it was installed (status $boot)"
