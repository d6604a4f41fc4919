#!/bin/busybox sh
# The first process of a guest. The root of the machine that starts it becomes its own, so that what is installed there
# is at hand here; what it writes goes to memory and is gone at its end. Then the agent runs, until nobody listens.
busybox=/bin/busybox
$busybox mount -t proc proc /proc
$busybox mount -t sysfs sys /sys
$busybox mount -t devtmpfs dev /dev
while read -r module; do
  $busybox insmod "/modules/$module" 2>/dev/null
done < /modules/order

for word in $($busybox cat /proc/cmdline); do
  case $word in
    agent.python=*) python=${word#*=} ;;
    agent.file=*) agent=${word#*=} ;;
    agent.name=*) name=${word#*=} ;;
  esac
done

$busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,ro,cache=loose host /host
$busybox mount -t tmpfs tmp /tmp
$busybox mkdir /tmp/upper /tmp/work
$busybox mount -t overlay -o lowerdir=/host,upperdir=/tmp/upper,workdir=/tmp/work root /new
$busybox mount -t proc proc /new/proc
$busybox mount -t sysfs sys /new/sys
$busybox mount --bind /dev /new/dev
$busybox mkdir -p /new/dev/shm /new/dev/pts
$busybox mount -t tmpfs shm /new/dev/shm
$busybox mount -t devpts pts /new/dev/pts
$busybox mount -t tmpfs run /new/run
$busybox hostname "$name"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
$busybox chroot /new "$python" -S -B "$agent"
$busybox poweroff -f
