#!/bin/sh
# What the tests of the page need beside Python: Chromium, and Node.js with npm. Those that are
# missing are installed where that is possible without asking; otherwise it says what to do.
set -eu

has() {
  command -v "$1" >/dev/null
}

has_chromium() {
  has chromium || has chromium-browser || has google-chrome
}

missing=''
has_chromium || missing="$missing chromium"
has node || missing="$missing nodejs"
has npm || missing="$missing npm"
[ -n "$missing" ] || exit 0

if ! has apt-get || [ "$(id -u)" -ne 0 ]; then
  echo "error: the tests of the page need$missing: on Debian or Ubuntu run" >&2
  echo "  sudo apt-get update && sudo apt-get install$missing" >&2
  echo "or leave them out: make test BROWSER=no" >&2
  exit 1
fi

echo "installing$missing"
apt-get update -qq
# shellcheck disable=SC2086  # one word each
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
