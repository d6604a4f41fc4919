#!/usr/bin/env bash
# setup.sh: prepares what the tests of shares need, on Debian: its packages, its kernel, and an initial RAM disk that
# boots it. They go to target/shares, or to the directory that JSONLOCK_SHARES names. What is there already is left
# alone, but for the RAM disk, which takes seconds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${JSONLOCK_SHARES:-$here/../../target/shares}
mkdir -p "$work"
cd "$work"

# The program, then the package that brings it.
tools=(qemu-system-x86_64:qemu-system-x86 /usr/lib/qemu/virtiofsd:qemu-system-common busybox:busybox-static cpio:cpio
  depmod:kmod rpc.nfsd:nfs-kernel-server mount.nfs4:nfs-common rpcbind:rpcbind tc:iproute2 inotifywait:inotify-tools
  sshfs:sshfs /usr/sbin/sshd:openssh-server ssh-keygen:openssh-client mkfs.ext4:e2fsprogs python3:python3)
PATH=$PATH:/usr/sbin:/sbin
packages=()
for tool in "${tools[@]}"; do
  command -v "${tool%%:*}" >/dev/null || packages+=("${tool#*:}")
done
if ((${#packages[@]})); then
  as_root=()
  ((EUID == 0)) || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

if [[ ! -d kernel ]]; then
  package=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -n 1)
  ls "$package"_*.deb >/dev/null 2>&1 || apt-get download -q "$package"
  dpkg -x "$package"_*.deb kernel.new
  mv kernel.new kernel
fi
release=$(ls kernel/lib/modules)
depmod -b kernel "$release"

# What the guests' kernel must know, each behind what it depends on.
modules=(virtio_pci virtio_blk virtio_net virtio_rng virtio_console 9pnet_virtio 9p overlay ext4 nfsd nfs nfsv4
  fuse virtiofs sch_netem)
rm -rf ramdisk
mkdir -p ramdisk/{bin,proc,sys,dev,host,tmp,new,modules}
cp "$(command -v busybox)" ramdisk/bin/busybox
cp "$here/guest/init.sh" ramdisk/init
chmod +x ramdisk/init
for module in "${modules[@]}"; do
  modprobe -d "$PWD/kernel" -S "$release" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' > modules.list
while read -r file; do
  cp "$file" ramdisk/modules/
  basename "$file"
done < modules.list > ramdisk/modules/order
(cd ramdisk && find . | cpio -o -H newc --quiet | gzip -1) > ramdisk.gz.new
mv ramdisk.gz.new ramdisk.gz
rm -rf ramdisk modules.list
echo "$PWD is ready: Linux $release"
