#!/bin/sh
# guard.sh COMMAND…: runs a server until standard input ends, so that none outlives the tests that started
# it, however these end.
"$@" </dev/null &
server=$!
trap 'kill "$server" 2>/dev/null' EXIT TERM INT HUP
cat >/dev/null
kill "$server" 2>/dev/null
wait "$server"
