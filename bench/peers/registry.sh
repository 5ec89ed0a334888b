#!/usr/bin/env bash
# docker-registry, wrk and ApacheBench from Debian: the peer of bench/b-registry.ts and what ask both.
set -euo pipefail

command -v ab >/dev/null || bash "$(dirname "$0")/../../scripts/install.sh" apache2-utils
for program in docker-registry wrk; do
  command -v "$program" >/dev/null || bash "$(dirname "$0")/../../scripts/install.sh" "$program"
done
