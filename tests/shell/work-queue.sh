#!/bin/sh
# A worker: takes one job after the other from a queue and runs a command with it, until the queue is
# closed and empty. Each job is taken by one worker only.
#
#   work-queue.sh FILE COMMAND [ARGUMENT...]
#
# Jobs are put in by `jsonlock set FILE todo[]=JOB`, and `jsonlock set FILE closed:=true` says that no more
# will come. The member `doing` shows who does what, and keeps the job of a worker that dies.

set -eu
queue=$1
shift
me=$(uname -n)-$$

while :; do
    waiting=$(jsonlock wait "$queue" '.closed or (.todo | length) > 0' --print='.todo | length')
    if [ "$waiting" -eq 0 ]; then
        exit
    fi
    job=$(jsonlock apply "$queue" --arg me "$me" --print='.doing[$me] // empty' '
        if (.todo | length) > 0 then .doing[$me] = .todo[0] | .todo |= .[1:] else . end')
    # Where another worker was faster, there is none.
    if [ -n "$job" ]; then
        "$@" "$job"
        jsonlock apply "$queue" --arg me "$me" '.done += [.doing[$me]] | del(.doing[$me])'
    fi
done
