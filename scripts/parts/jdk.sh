#!/usr/bin/env bash
# The Java compiler, for the software of bin/faults*.parts.test.ts that misbehaves on purpose.
set -euo pipefail

if ! command -v javac >/dev/null || ! command -v jar >/dev/null; then
  bash "$(dirname "$0")/../install.sh" openjdk-17-jdk-headless
fi
