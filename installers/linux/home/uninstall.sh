#!/bin/sh
# Removes what install.sh has installed for this user, by the list that it wrote, and the plug-ins from the editors.
set -eu

usage() {
    cat <<END
Usage: uninstall.sh [--purge]

Remove Photochrom, installed by install.sh, from your home: the plug-ins from
the editors, and each file that was installed. Other files stay.

  --purge  remove settings, history, logs and caches too; models stay even then
  --help   show this text
END
}

say() { printf '%s\n' "$*"; }
stop() { say "uninstall.sh: $*" >&2; exit 1; }

purge=
replace=no
for word; do
    case $word in
    --purge) purge=--purge ;;
    --replace) replace=yes ;; # by install.sh, when it has the next version ready: the plug-ins stay
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
done

: "${HOME:?is not set: there is no home to remove from}"
root=$HOME/.local
place=$root/lib/photochrom
list=$place/installed-files.txt
[ -f "$list" ] || stop "nothing to remove: there is no $list, which install.sh writes."
cd "$HOME"

if [ $replace = no ]; then
    if ! "$place/photochrom" plugin remove $purge; then
        stop "the plug-ins could not be removed; see above. Nothing else was changed."
    fi
fi

link=.local/bin/photochrom
own=no
if [ -L $link ] && [ "$(readlink $link)" = ../lib/photochrom/photochrom ]; then
    own=yes
fi
paths=$(cat "$list") # it is one of the files that go
files() { printf '%s\n' "$paths" | grep -v '/$' | if [ $own = yes ]; then cat; else grep -v -x /bin/photochrom; fi; }
folders() { printf '%s\n' "$paths" | grep '/$' | LC_ALL=C sort -r; }
files | sed 's|^|.local|' | tr '\n' '\0' | xargs -0 rm -f --
rm -f -- "$list"
# Those with files of others in them stay.
folders | sed 's|^|.local|' | tr '\n' '\0' | xargs -0 rmdir -- 2>/dev/null || true

[ $replace = yes ] && exit 0
[ ! -d "$place" ] || say "Files that install.sh did not install stay in $place."
say "Photochrom is removed."
