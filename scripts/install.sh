#!/usr/bin/env bash
# Installs Debian packages that tests need: as root, or by a sudo that asks for nothing. Else it says what a person would type.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "The tests need what Debian calls $*: install it in the way of this machine." >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  become=()
elif sudo -n true 2>/dev/null; then
  become=(sudo -n)
else
  echo "The tests need $*, and this account may not install it. Run: sudo apt-get install --no-install-recommends $*" >&2
  exit 1
fi
echo "Installing $*."
"${become[@]}" apt-get update -qq
"${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
