#!/bin/sh
# A barrier: nobody goes on before all have arrived. It can be used again and again.
#
#   barrier.sh FILE COUNT

set -eu
file=$1
count=$2

ticket=$(jsonlock apply "$file" '.arrived += 1' --print=.arrived)
# The last ticket of this round.
all=$(((ticket + count - 1) / count * count))
jsonlock wait "$file" '.arrived >= $all' --argjson all "$all"
