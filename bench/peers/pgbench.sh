#!/usr/bin/env bash
# pgbench from Debian: the peer of bench/e-audit.ts.
set -euo pipefail

command -v pgbench >/dev/null && exit
# Debian would make a cluster and start it, which nobody asked for.
if [ "$(id -u)" = 0 ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
fi
bash "$(dirname "$0")/../../scripts/install.sh" postgresql postgresql-contrib
