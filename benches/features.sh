#!/bin/bash
# features.sh [DIRECTORY]: what each set of features costs, as Markdown: the build, the program's size, and its
# start, once as cargo builds without being told and once as releases are built. DIRECTORY gets the builds,
# each in a directory of its own that is removed behind it; by default a temporary one.
#
# ROUNDS says how often each program is started to be measured, by default 1000 times.
set -euo pipefail
cd "$(dirname "$0")/.."
# Of these, the first would link statically built programs dynamically, and the second remembers builds.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER CARGO_BUILD_RUSTC_WRAPPER

rounds=${ROUNDS:-1000}
sets=("" etcd object-store remote)
[[ -z ${1:-} ]] || mkdir -p "$1"
work=$(mktemp -d "${1:-${TMPDIR:-/tmp}}/features.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/programs"

# The processors' seconds are those of all processes together.
TIMEFORMAT='%R %U %S'

crates() { # FEATURES: how many are built, jsonlock among them
  # What was shown before is marked, and would count twice.
  cargo tree --locked -e normal,build --prefix none --features "$1" | sed 's/ (\*)$//' | sort -u | wc -l
}

build() { # KIND FEATURES [OPTION...]: prints a row, and keeps the program
  local kind=$1 features=$2 target=$work/target program wall user system
  local name=${features:-local only}
  shift 2
  echo "$kind, $name …" >&2
  { time cargo build --locked --release --quiet --bin jsonlock --features "$features" \
    --target-dir "$target" "$@" 2>"$work/errors"; } 2>"$work/times" ||
    { cat "$work/errors" >&2 && exit 1; }
  read -r wall user system <"$work/times"
  program=$work/programs/$kind-${features:-local}
  # Where a target is named, its directory lies between.
  cp "$(find "$target" -path '*/release/jsonlock' -type f)" "$program"
  rm -rf "$target"
  programs+=("$name, $kind=$program")
  awk -v wall="$wall" -v cpu="$user $system" -v size="$(stat -c %s "$program")" \
    -v row="| $name | $kind | $(crates "$features")" 'BEGIN {
      split(cpu, part, " ")
      printf "%s | %.0f s | %.0f s | %.2f MB |\n", row, wall, part[1] + part[2], size / 1e6
    }'
}

startup() { # [OPTION...] NAME=PROGRAM...
  cargo bench --locked --quiet --bench startup --target-dir "$work/bench" -- --rounds "$rounds" "$@"
}

# Downloads are no part of a build's time.
cargo fetch --locked --quiet
echo "| features | linked | crates | build | processors | program |"
echo "|---|---|---|---|---|---|"
declare -a programs dynamic
for features in "${sets[@]}"; do build dynamic "$features"; done
dynamic=("${programs[@]}") programs=()
for features in "${sets[@]}"; do build static "$features" --config .cargo/static.toml; done
echo
startup "${dynamic[@]}"
echo
startup --goal 1.05 "${programs[@]}"
