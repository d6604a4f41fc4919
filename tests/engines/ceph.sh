#!/bin/bash
# ceph.sh PORT MONITOR_PORT: the S3 of Ceph on this machine, in the current directory: one monitor, one disk in
# memory and one gateway, which answers at PORT. The user has the keys testkey and testsecret.
set -euo pipefail
port=$1 monitor_port=$2 here=$PWD
export CEPH_CONF=$here/ceph.conf
mkdir -p mon osd rgw

cat >"$CEPH_CONF" <<X
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon_host = v2:127.0.0.1:$monitor_port/0
public_network = 127.0.0.0/8
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
keyring = $here/keyring
run_dir = $here
admin_socket =
log_file = $here/\$name.log
pid_file =
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 1073741824
mon_data_avail_crit = 1
[mon.a]
mon_data = $here/mon
[osd.0]
osd_data = $here/osd
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw_data = $here/rgw
keyring = $here/keyring
X

ceph-authtool keyring --create-keyring --gen-key -n mon. --cap mon 'allow *' >/dev/null
for name in client.admin client.rgw; do
  ceph-authtool keyring --gen-key -n $name --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
done
monmaptool --create --addv a "[v2:127.0.0.1:$monitor_port/0]" monmap >/dev/null
ceph-mon --mkfs -i a --monmap monmap --keyring keyring

servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true' EXIT
trap 'exit 0' TERM INT HUP

ceph-mon -f -i a &
servers+=($!)
disk=$(cat /proc/sys/kernel/random/uuid)
ceph --connect-timeout 20 osd new "$disk" >/dev/null
ceph-authtool keyring -n osd.0 --add-key "$(ceph-authtool --gen-print-key)" \
  --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
ceph auth import -i keyring
ceph-osd -i 0 --mkfs --osd-uuid "$disk"
ceph-osd -f -i 0 &
servers+=($!)
# Before the gateway, so that whoever can reach it can use it.
radosgw-admin user create --uid=test --display-name=test --access-key=testkey \
  --secret=testsecret >/dev/null
radosgw -f -n client.rgw &
servers+=($!)
wait
