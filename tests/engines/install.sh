#!/usr/bin/env bash
# install.sh DIRECTORY: gets the servers that the tests of remote documents start, on Debian, and prints the
# line that puts them on the path. What is there already is left alone.
set -euo pipefail
mkdir -p "$1"
directory=$(cd "$1" && pwd)
as_root=()
((EUID == 0)) || as_root=(sudo)

packages=()
command -v etcd >/dev/null || packages+=(etcd-server etcd-client)
command -v radosgw >/dev/null || packages+=(ceph-mon ceph-osd radosgw ceph-common)
command -v node >/dev/null || packages+=(nodejs npm)
command -v curl >/dev/null || packages+=(curl)
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3 python3-venv)
if ((${#packages[@]})); then
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

if [[ ! -x $directory/moto/bin/moto_server ]]; then
  python3 -m venv "$directory/moto"
  "$directory/moto/bin/pip" install --quiet 'moto[server]==5.2.5'
fi
[[ -x $directory/node_modules/.bin/azurite-blob ]] ||
  npm install --silent --no-save --prefix "$directory" azurite@3.35.0 >/dev/null
[[ -x $directory/bin/s3s-fs ]] ||
  cargo install --quiet --root "$directory" s3s-fs --version 0.14.1 --features binary

echo "export PATH=$directory/moto/bin:$directory/node_modules/.bin:$directory/bin:\$PATH"
