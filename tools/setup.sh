# SPDX-License-Identifier: Apache-2.0
# Sourced by ./demo and ./check: say(), packages from Debian, the build.

say() { printf '\n== %s\n' "$*"; }
die() { printf '\n%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

build_packages="gcc libc6-dev meson ninja-build pkg-config python3 protobuf-c-compiler
  libprotobuf-c-dev libmd-dev libopenblas-dev"

# need_packages PACKAGE...: installs those that are missing, as root or through sudo.
need_packages() {
    missing=
    for p in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] ||
            missing="$missing $p"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null ||
        die "these Debian packages (or what your system calls them) are missing:$missing"
    if [ "$(id -u)" = 0 ]; then root=; else root=sudo; fi
    say "installing packages:$missing"
    log=$(mktemp)
    { $root apt-get update &&
      DEBIAN_FRONTEND=noninteractive $root apt-get install -y --no-install-recommends $missing
    } >"$log" 2>&1 || { tail -n 20 "$log" >&2; die "apt-get failed; its log is $log"; }
    rm -f "$log"
}

# build_resc MESON-OPTION...: configures build/ once, then brings it up to date.
build_resc() {
    if [ ! -f build/build.ninja ]; then
        say "configuring build/"
        meson setup build "$@" >build.log 2>&1 || { cat build.log >&2; die "meson setup failed"; }
        rm -f build.log
    elif [ $# -gt 0 ]; then
        meson configure build "$@" >/dev/null || die "meson configure failed"
    fi
    say "building"
    ninja -C build --quiet || die "the build failed"
}
