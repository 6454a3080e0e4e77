#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# disk.sh RESC WRITE_MODEL: what real disks, limits, users, pipes and closed files do
# to resc: status 1 and a message, the old files or none, nothing left behind.
set -u
resc=$(realpath "$1") write_model=$(realpath "$2")
passed=0 failed=0 skipped=0
dir=$(mktemp -d) || exit 1
trap 'umount "$dir/small" 2>/dev/null; rm -rf "$dir"' EXIT
cd "$dir" || exit 1
chmod 755 .
mkdir out
"$write_model" winograd in.onnx || exit 1
compile="$resc compile $dir/in.onnx --bundle"

# outcome NAME STATUS WANTED-STATUS TEXT: of the last run, which said `said`.
outcome() {
    if [ "$2" = "$3" ] && { [ -z "$4" ] || grep -q "$4" said; } && [ "$(ls -A out)" = "$files" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s: status %s, wanted %s; said: ' "$1" "$2" "$3"
        head -n 3 said
        ls -A out
    fi
}

skip() {
    skipped=$((skipped + 1))
    echo "skipped: $1"
}

# Twice: with nothing there, and with old files.
for files in '' 'net.c
net.h'; do
    rm -f out/*
    [ -z "$files" ] || { echo old >out/net.c; echo old >out/net.h; }

    # In blocks of 512 bytes: the second file is too large.
    (ulimit -f 8; exec $compile -o out/net.c) 2>said
    outcome "limit of file size" $? 1 "cannot write 'out/net.c': File too large"

    $compile -o - >/dev/full 2>said
    outcome "standard output full" $? 1 "cannot write to standard output: No space left"
    $compile --weights=out/net.bin -o - >/dev/full 2>said
    outcome "standard output full, and a file" $? 1 "cannot write to standard output: No space"
    $compile -o - 2>said >&-
    outcome "standard output closed" $? 1 "cannot write to standard output"
    # Of half a megabyte a pipe takes less than is written.
    { $compile -o - --weights=out/net.bin 2>said; echo $? >status; } | head -c 1 >/dev/null
    outcome "nobody reads standard output" "$(cat status)" 141 ""

    if [ "$(id -u)" = 0 ]; then
        cp "$resc" resc
        chmod 755 out
        setpriv --reuid=65534 --regid=65534 --clear-groups ./resc compile in.onnx \
            -o out/net.c 2>said
        outcome "folder that is not ours" $? 1 "cannot write 'out/net.[ch]': Permission denied"
    else
        chmod 555 out
        $compile -o out/net.c 2>said
        outcome "folder that is read-only" $? 1 "cannot write 'out/net.[ch]': Permission denied"
        chmod 755 out
    fi
done

# With old files that may be read but not written to, in a folder that is ours.
chmod 444 out/net.c
$compile -o out/net.c 2>said
outcome "a read-only file is replaced" $? 0 ""
chmod 644 out/net.c
mv out whole
for closed in '<&-' '2>&-' '<&- 2>&-' '<&- >&- 2>&-'; do
    rm -rf out
    mkdir out
    eval "$compile -v -o out/net.c $closed"
    outcome "closed: $closed" $? 0 ""
    if diff -r whole out; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "closed: $closed: other files than usual"
    fi
done

mkdir small
if mount -t tmpfs -o size=64k tmpfs small 2>/dev/null; then
    head -c 20000 /dev/zero >small/net.c
    cp small/net.c before
    $compile -o small/net.c 2>said
    outcome "disk of 64 KiB" $? 1 "cannot write 'small/net.c': No space left on device"
    if cmp -s before small/net.c && [ "$(ls -A small)" = net.c ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "disk of 64 KiB: the old file has changed, or others are left"
    fi
else
    skip "no file system may be mounted here"
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
