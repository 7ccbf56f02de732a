#!/bin/sh
# enter.sh TREE WORKING [READ-ONLY…] -- COMMAND…
# Runs a command inside a Debian tree. WORKING, and the READ-ONLY files and folders, are there under the same paths
# as outside. All mounts are in a mount namespace of their own: they end with the last process in it.
set -eu
if [ "${PHOTOCHROM_ENTERED:-}" != "$1" ]; then
    PHOTOCHROM_ENTERED=$1 exec unshare --mount --propagation private "$0" "$@"
fi
unset PHOTOCHROM_ENTERED
tree=$1
shift

place() { # makes the mount point of $1
    if [ -d "$1" ]; then
        mkdir -p "$tree$1"
    else
        mkdir -p "$tree$(dirname "$1")"
        [ -e "$tree$1" ] || : >"$tree$1"
    fi
}

mount -t proc proc "$tree/proc"
mount --rbind /dev "$tree/dev"
access=rw
while [ "$1" != -- ]; do
    place "$1"
    mount --bind "$1" "$tree$1"
    [ $access = rw ] || mount -o remount,bind,ro "$tree$1"
    access=ro
    shift
done
shift
exec chroot "$tree" "$@"
