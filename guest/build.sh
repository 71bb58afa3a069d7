#!/usr/bin/env bash
# Builds the built-in Linux guest: Debian's cloud kernel and a small initramfs of busybox and the
# QEMU guest agent.
#
#   guest/build.sh DIR     makes DIR/vmlinuz, DIR/initrd and, for tests, DIR/machine.initrd; needs apt's
#                          lists, no root
#
# The packages are fetched and unpacked, never installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:?usage: guest/build.sh DIR}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "guest: $*" >&2 && exit 1; }

[ "$(dpkg --print-architecture)" = amd64 ] || fail "only amd64 machines are supported"
kernel_package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null |
  sed -n 's/^ *Depends: \(linux-image-[0-9].*-cloud-amd64\)$/\1/p' | head -n 1)
[ -n "$kernel_package" ] || fail "apt does not know linux-image-cloud-amd64; run apt-get update"

# The agent, and the packages of all libraries that it may need; only those it loads are packed.
mapfile -t libraries < <(apt-cache depends --recurse --important -i qemu-guest-agent |
  sed -n 's/^\(lib[a-z0-9.+-]*[0-9][a-z0-9.+-]*\|zlib1g\)$/\1/p' | grep -v perl)
packages=("$kernel_package" busybox-static qemu-guest-agent "${libraries[@]}")

cd "$work"
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  fail "cannot download ${packages[*]}: $(grep -m 1 '^E:' apt.log || tail -n 1 apt.log)"
for package in ./*.deb; do dpkg-deb -x "$package" unpacked; done
version=$(basename unpacked/boot/vmlinuz-*)
version=${version#vmlinuz-}
modules=unpacked/lib/modules
[ -d "$modules" ] || modules=unpacked/usr/lib/modules
[ -d "$modules/$version" ] || fail "$kernel_package holds no modules of $version"
busybox=unpacked/bin/busybox
[ -x "$busybox" ] || busybox=unpacked/usr/bin/busybox
[ -x "$busybox" ] || fail "busybox-static holds no busybox"

# The file system: our scripts, busybox under all its names.
mkdir -p root/dev root/proc root/sys root/tmp root/root root/mnt root/run root/var/run "root/lib/modules/$version"
cp -R "$here/root/." root/
install -D -m 755 "$busybox" root/bin/busybox
for name in $("$busybox" --list-full); do
  mkdir -p "root/$(dirname "$name")"
  [ -e "root/$name" ] || ln -s /bin/busybox "root/$name"
done
ln -sf /sbin/init root/init
find root/etc/rc root/etc/acpi root/sbin/stop root/sbin/nic root/sbin/shutdown root/usr/share/udhcpc \
  -type f -exec chmod 755 {} +

# The agent with what its loader finds for it among the packages.
agent=unpacked/usr/sbin/qemu-ga
loader=$(find unpacked -name 'ld-linux-x86-64.so.2' -type f | head -n 1)
[[ -x $agent && -x $loader ]] ||
  fail "qemu-guest-agent or libc6 holds no program"
found=$(find unpacked -name '*.so.*' -printf '%h\n' | sort -u | paste -sd :)
install -D -m 755 "$agent" root/usr/sbin/qemu-ga
install -D -m 755 "$loader" root/lib64/ld-linux-x86-64.so.2
"$loader" --library-path "$found" --list "$agent" >agent.libraries || fail "qemu-guest-agent lacks a library"
while read -r library file; do
  install -D -m 644 "$file" "root/lib/x86_64-linux-gnu/$library"
done < <(sed -n 's/^[[:space:]]*\([^ /]*\) => \(unpacked[^ ]*\) .*/\1 \2/p' agent.libraries)

# Newer kernels ship their modules compressed; ours are in plain form.
find "$modules/$version" -name '*.ko.xz' -exec xz -d {} +
find "$modules/$version" -name '*.ko.zst' -exec zstd -q -d --rm {} +
"$busybox" depmod -b "${modules%/lib/modules}" "$version"

# pack_modules LIST ROOT FILE: the modules that LIST names and those they need; FILE names those to load at once.
pack_modules() {
  local when name line file
  while read -r when name; do
    case "$when" in '#'* | '') continue ;; esac
    line=$(grep -E "(^|/)$name\.ko:" "$modules/$version/modules.dep") || {
      grep -q "/$name\.ko$" "$modules/$version/modules.builtin" || fail "$kernel_package has no module $name"
      continue
    }
    [ "$when" = now ] && echo "$name" >>"$2/etc/$3"
    for file in ${line/:/}; do
      install -D -m 644 "$modules/$version/$file" "$2/lib/modules/$version/$file"
    done
  done <"$1"
  "$busybox" depmod -b "$2" "$version"
}

# pack ROOT: one image, the same bytes for the same packages.
pack() {
  find "$1" -exec touch -h -d @0 {} +
  (cd "$1" && find . | LC_ALL=C sort | "../$busybox" cpio -o -H newc -R 0:0 --renumber-inodes --ignore-devno) 2>cpio.log ||
    fail "cannot pack the initramfs: $(tail -n 1 cpio.log)"
}

pack_modules "$here/modules" root modules-now
pack root >initrd
install -m 644 "unpacked/boot/vmlinuz-$version" "$out/vmlinuz.new"
# The same with more drivers and another beginning: a machine in which tests run programs of the host.
pack_modules "$here/machine/modules" root machine-modules-now
install -m 755 "$here/machine/init" root/sbin/machine
pack root >machine.initrd

install -m 644 initrd "$out/initrd.new"
install -m 644 machine.initrd "$out/machine.initrd"
mv "$out/vmlinuz.new" "$out/vmlinuz"
mv "$out/initrd.new" "$out/initrd"
