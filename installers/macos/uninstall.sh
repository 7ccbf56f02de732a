#!/bin/sh
# Removes what the package has installed: the plug-ins of the user who runs it, then the application.
#
#     sh uninstall.sh [--purge]      --purge: settings, history, logs and caches go too; models stay even then
set -eu
case ${1:-} in
"" | --purge) ;;
*) echo "Usage: sh uninstall.sh [--purge]" >&2; exit 2 ;;
esac
app=/Applications/Photochrom.app
[ -d "$app" ] || { echo "uninstall.sh: $app is not there." >&2; exit 1; }
"$app/Contents/MacOS/photochrom" plugin remove ${1:+"$1"}
sudo rm -rf "$app"
sudo pkgutil --forget app.photochrom.engine
