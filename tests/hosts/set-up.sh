#!/bin/sh
# Makes GIMP 3, Krita 5.2 and a virtual display available to the tests of this folder. Run as root; a second run does
# nothing. Where the machine's own packages hold GIMP 2.10 (Debian 12, Ubuntu 22.04 and 24.04), that is installed too.
#
# Where the machine's own packages hold GIMP 3 (Debian 13 and later) all are installed with apt. Anywhere else a
# Debian 13 tree is built beside the machine's own system, in ${PHOTOCHROM_CHROOT:-~/.cache/photochrom/trixie}
# (about 1.4 GB, three to five minutes); the tests enter it with enter.sh. Its packages come from the Debian mirror that
# this machine's apt is set up for, or from $PHOTOCHROM_DEBIAN_MIRROR.
#
# With PHOTOCHROM_SUITE=sid, or another of Debian's suites, the tree is of that suite, in ~/.cache/photochrom/sid, beside
# whatever else is there; with the same variable the tests of GIMP 3 and Krita enter it. A suite that changes every day
# is for trying newer editors, not for every run: a tree that is there stays as it is until its folder is removed.
# PHOTOCHROM_SUITE=bookworm, with GIMP 2.10 and Krita 5.1, is for the installers' tests (installers/README.md).
set -eu

PACKAGES="gimp krita python3-pyqt5 xvfb xauth xdotool imagemagick procps"
SUITE=${PHOTOCHROM_SUITE:-trixie}
TREE=${PHOTOCHROM_CHROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/photochrom/$SUITE}
STAMP=$TREE/.photochrom-packages

say() { echo "editors' set-up: $*"; }
stop() { say "$*" >&2; exit 1; }

step() { # step WHAT COMMAND…: says what is being done, and how long it took
    what=$1
    shift
    say "$what…"
    started=$(date +%s)
    "$@"
    say "$what: done in $(($(date +%s) - started)) s"
}

OLD_PACKAGES="gimp libgimp2.0-dev gcc pkg-config xvfb xauth xdotool imagemagick gtk2-engines-pixbuf"

old_gimp() { # GIMP 2.10, and a compiler with its headers: benchmarks compare with plug-ins in C
    { apt-get -qq update || true; } 2>/dev/null
    apt-cache policy gimp | grep -Eq '^  Candidate: (1:)?2\.10' || { say "this system has no GIMP 2.10."; return 0; }
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $OLD_PACKAGES >/dev/null
}

case $(gimp --version 2>/dev/null || true) in
*"version 3."*) ;;
*"version 2.10"*) for program in Xvfb xdotool import gimptool-2.0; do
    command -v $program >/dev/null || { step "installing $OLD_PACKAGES" old_gimp; break; }
done ;;
*) if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then step "looking for GIMP 2.10" old_gimp; fi ;;
esac
[ -n "${PHOTOCHROM_SUITE:-}" ] || case $(gimp --version 2>/dev/null || true) in
*"version 3."*)
    if command -v krita >/dev/null && command -v Xvfb >/dev/null && command -v xdotool >/dev/null &&
        command -v import >/dev/null; then
        say "GIMP 3, Krita and a virtual display are on this machine."
        exit 0
    fi ;;
esac
if [ -e "$STAMP" ] && [ "$(cat "$STAMP")" = "$PACKAGES" ]; then
    say "GIMP 3 and Krita are in $TREE."
    exit 0
fi
[ "$(id -u)" = 0 ] || stop "needs root to install the editors. Run it with sudo -E."
command -v apt-get >/dev/null || stop "needs a Debian-like machine (no apt-get here)."
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

has_gimp3() { [ -z "${PHOTOCHROM_SUITE:-}" ] && apt-cache policy gimp 2>/dev/null | grep -Eq '^  Candidate: (1:)?3\.'; }

update() { apt-get -qq update || say "apt-get update failed; going on with the lists at hand."; }

install() { apt-get -qq install -y --no-install-recommends "$@" >/dev/null; }

has_gimp3 || step "reading this machine's lists of packages" update
if has_gimp3; then
    # shellcheck disable=SC2086
    step "installing $PACKAGES" install $PACKAGES
    exit 0
fi

missing=
command -v debootstrap >/dev/null || missing="debootstrap"
command -v unshare >/dev/null || missing="$missing util-linux"
# shellcheck disable=SC2086
[ -z "$missing" ] || step "installing $missing" install $missing

# The mirror this machine already uses for Debian itself; a proxy or certificate set in apt's configuration comes along.
known_mirror() {
    apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 'Created-By: Packages' 2>/dev/null |
        awk '$2 == "Debian" && $1 ~ /^(https?|file):/ && $1 !~ /security/ { sub("/$", "", $1); print $1; exit }'
}
mirror=${PHOTOCHROM_DEBIAN_MIRROR:-$(known_mirror)}
[ -n "$mirror" ] || stop "this machine's apt is set up for no Debian mirror (apt-get indextargets names none)." \
    "Give the address of one: PHOTOCHROM_DEBIAN_MIRROR=ADDRESS tests/hosts/set-up.sh"

building=$TREE.building
log=$TREE.log
rm -rf "$building" "$TREE"
mkdir -p "$(dirname "$TREE")"

bootstrap() {
    debootstrap --variant=minbase --include=ca-certificates "$SUITE" "$building" "$mirror" >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; stop "debootstrap failed: the whole log is $log."; }
}

configure() {
    printf 'path-exclude=/usr/share/%s/*\n' doc man info locale help gtk-doc >"$building/etc/dpkg/dpkg.cfg.d/01-lean"
    printf '#!/bin/sh\nexit 101\n' >"$building/usr/sbin/policy-rc.d"
    chmod +x "$building/usr/sbin/policy-rc.d"
    {
        printf 'APT::Install-Recommends "0";\nAcquire::Languages "none";\n'
        # A suite that changes every day says until when it is valid: a mirror may be behind, or this machine's clock wrong.
        [ "$SUITE" = trixie ] || printf 'Acquire::Check-Valid-Until "0";\n'
        apt-config dump | grep -E '^Acquire::(http|https)::[^ ]*(Proxy|CA|Verify)[^ ]* ' || true
    } >"$building/etc/apt/apt.conf.d/01-lean"
}

# In a mount namespace of its own: nothing stays mounted, whatever happens.
fill() {
    unshare --mount --propagation private sh -eu -c '
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        chroot "$1" apt-get -qq update
        chroot "$1" apt-get -y install $2
        chroot "$1" apt-get clean
    ' sh "$building" "$PACKAGES" >>"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; stop "installing $PACKAGES failed: the whole log is $log."; }
    rm -rf "$building"/var/lib/apt/lists/*
}

say "a tree of Debian $SUITE is built in $TREE: three to five minutes; log: $log"
step "fetching Debian's base from $mirror" bootstrap
configure
step "installing $PACKAGES" fill
mv "$building" "$TREE"
echo "$PACKAGES" >"$STAMP"
say "done: $(chroot "$TREE" gimp --version 2>/dev/null | head -n 1), $(du -sm "$TREE" | cut -f1) MB"
