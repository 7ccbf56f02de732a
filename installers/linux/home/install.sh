#!/bin/sh
# Installs Photochrom for the user who runs it: the engine into ~/.local/lib/photochrom, the command photochrom into
# ~/.local/bin, and the plug-in into every GIMP and Krita found. Needs no rights and no network.
# A second run, also of another version, replaces what the first has installed. Models and settings stay.
set -eu

usage() {
    cat <<END
Usage: ./install.sh [--no-plugins]

Install Photochrom into your home: the engine in ~/.local/lib/photochrom, the
command photochrom in ~/.local/bin, and the plug-in in every GIMP and Krita
found. An installed version, older or newer, is replaced; models and settings
stay as they are.

  --no-plugins  leave the editors alone; later: photochrom plugin install
  --help        show this text

To remove it: ~/.local/lib/photochrom/uninstall.sh
END
}

say() { printf '%s\n' "$*"; }
stop() { say "install.sh: $*" >&2; exit 1; }

plugins=yes
for word; do
    case $word in
    --no-plugins) plugins=no ;;
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
done

source=$(cd "$(dirname "$0")" && pwd)
: "${HOME:?is not set: there is no home to install into}"
root=$HOME/.local
place=$root/lib/photochrom
fresh=$root/lib/.photochrom-new
list=installed-files.txt
command=$root/bin/photochrom

if [ ! -x "$source/photochrom/photochrom" ] || [ ! -f "$source/version.txt" ]; then
    stop "the engine is not beside this script. Unpack the whole archive, and run install.sh from there."
fi
version=$(cat "$source/version.txt")
if [ -e "$place" ] && [ ! -f "$place/$list" ]; then
    stop "$place is there, and this script did not install it. Move it away, then run install.sh again."
fi

# What this machine cannot run is not installed.
"$source/photochrom/photochrom" --version >/dev/null ||
    stop "the engine does not start on this computer; see above. Nothing was changed."

if [ -f "$place/$list" ]; then
    before=$(cat "$place/version.txt")
    oldest=$(printf '%s\n' "$before" "$version" | sort -V | head -n 1)
    if [ "$before" = "$version" ]; then
        say "Photochrom $version is installed already, and is installed anew."
    elif [ "$oldest" = "$before" ]; then
        say "Upgrading Photochrom $before to $version. Models and settings stay as they are."
    else
        say "Going back from Photochrom $before to the older $version. Models and settings stay as they are, also those"
        say "that only the newer version understands. To have $before again, run its install.sh."
    fi
else
    say "Installing Photochrom $version…"
fi

made=
for folder in "$root" "$root/bin" "$root/lib"; do # in the list those that were not there, so that they go again
    [ -d "$folder" ] || { mkdir "$folder"; made="$made ${folder#"$root"}/"; }
done
if [ -f "$place/$list" ]; then
    made="$made $(grep -x -e '/' -e '/bin/' -e '/lib/' "$place/$list" || true)"
fi

# The engine is copied as a whole before the old one goes: a full disk leaves what is there.
rm -rf "$fresh"
trap 'rm -rf "$fresh"' EXIT
cp -R "$source/photochrom" "$fresh"
cp "$source/version.txt" "$source/uninstall.sh" "$fresh/"
chmod -R u+w "$fresh"
(
    cd "$fresh"
    : >"$list"
    for folder in $made; do say "$folder"; done
    say /bin/photochrom
    find . -type d | sed 's|^\.|/lib/photochrom|; s|$|/|'
    find . ! -type d | sed 's|^\.|/lib/photochrom|'
) >"$root/lib/.photochrom-list"
mv "$root/lib/.photochrom-list" "$fresh/$list"

if [ -f "$place/$list" ]; then
    "$place/photochrom" stop || say "An engine may still run with the version before: photochrom stop"
    sh "$source/uninstall.sh" --replace
fi
if [ -d "$place" ]; then # with files that are not ours
    cp -R "$fresh/." "$place/"
else
    mv "$fresh" "$place"
fi

if [ -e "$command" ] || [ -L "$command" ]; then
    say "$command is another program, and stays. This one is $place/photochrom."
    grep -v -x /bin/photochrom "$place/$list" >"$place/$list.fresh"
    mv "$place/$list.fresh" "$place/$list"
else
    mkdir -p "$root/bin" # gone with the version before, if it held nothing else
    ln -s ../lib/photochrom/photochrom "$command"
    case :$PATH: in
    *":$root/bin:"*) ;;
    *) say "The command photochrom is in $root/bin, which is not in your PATH yet; many systems add it at the next login." ;;
    esac
fi

if [ $plugins = yes ]; then
    "$place/photochrom" plugin install ||
        say "The engine is installed, the plug-ins are not. Later: $place/photochrom plugin install"
fi
say "Photochrom $version is installed. To remove it: $place/uninstall.sh"
