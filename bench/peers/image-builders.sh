#!/usr/bin/env bash
# umoci from Debian, jib-core from Maven Central with the harness that drives it, and the registry that it pushes to: peers of bench/a-image.ts.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
jib="${HOME}/.cache/caisson-test/jib-core-0.27.3"
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1

bash "$here/registry.sh"
bash "$here/../../scripts/parts/zipkin.sh"
command -v umoci >/dev/null || bash "$here/../../scripts/install.sh" umoci
command -v javac >/dev/null || bash "$here/../../scripts/install.sh" openjdk-17-jdk-headless
if [ ! -e "$jib/.complete" ]; then
  command -v mvn >/dev/null || bash "$here/../../scripts/install.sh" maven
  mkdir -p "$jib"
  cat >"$jib/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>bench</groupId><artifactId>jib</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.google.cloud.tools</groupId><artifactId>jib-core</artifactId><version>0.27.3</version></dependency>
  </dependencies>
</project>
POM
  mvn -q -B -f "$jib/pom.xml" "$plugin:copy-dependencies" -DoutputDirectory="$jib/lib" -DincludeScope=runtime
  touch "$jib/.complete"
fi
javac -d "$jib/classes" -cp "$jib/lib/*" "$here/JibPeer.java"
