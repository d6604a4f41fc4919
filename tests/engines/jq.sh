#!/usr/bin/env bash
# jq.sh DIRECTORY: unpacks jq 1.8 there, as Debian has it, with the libraries that it was built against, and
# prints the line that tells the tests where it is. It installs nothing: apt keeps its state in the directory,
# and the program runs with the dynamic linker that came with it.
set -euo pipefail
mkdir -p "$1"
directory=$(cd "$1" && pwd)
suite=sid
mirror=${JSONLOCK_DEBIAN_MIRROR:-http://deb.debian.org/debian}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

is_there() {
  [[ -x $directory/jq && $("$directory/jq" --version 2>/dev/null) == jq-1.8* ]]
}

unpack() {
  local apt=$directory/apt
  rm -rf "$apt" "$directory/root"
  mkdir -p "$apt"/lists/partial "$apt"/cache/archives/partial "$apt"/parts "$apt"/packages
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<EOF
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "$apt/parts";
Dir::Etc::preferencesparts "$apt/parts";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT::Sandbox::User "";
EOF
  APT_CONFIG=$apt/apt.conf apt-get update -qq >&2
  (cd "$apt/packages" && APT_CONFIG=$apt/apt.conf apt-get download -qq jq libjq1 libonig5 libc6 >&2)
  local package
  for package in "$apt"/packages/*.deb; do dpkg-deb -x "$package" "$directory/root"; done
  rm -rf "$apt"
}

# The file of this name among what was unpacked.
unpacked() {
  local file
  file=$(find "$directory/root" -name "$1" -print -quit)
  [[ -n $file ]] || { echo "the packages of jq have no $1" >&2; exit 1; }
  printf '%s\n' "$file"
}

if ! is_there; then
  unpack
  linker=$(unpacked 'ld-linux*.so.*') libc=$(unpacked libc.so.6) libjq=$(unpacked 'libjq.so.1')
  printf '#!/bin/sh\nexec "%s" --library-path "%s:%s" "%s" "$@"\n' \
    "$linker" "${libjq%/*}" "${libc%/*}" "$directory/root/usr/bin/jq" >"$directory/jq"
  chmod +x "$directory/jq"
  is_there || { echo "Debian's jq is not 1.8: $("$directory/jq" --version 2>&1)" >&2; exit 1; }
fi

echo "export JSONLOCK_JQ=$directory/jq"
