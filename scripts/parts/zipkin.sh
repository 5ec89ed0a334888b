#!/usr/bin/env bash
# Two releases of Zipkin, a layered Spring Boot JAR, by Maven's own client: what lib/builder/zipkin.parts.test.ts inspects and builds.
# 3.4.4 is the predecessor: Maven Central answered "not found" for 3.5.0, POM and JAR both.
set -euo pipefail

folder="${HOME}/.cache/caisson-test/maven"
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1
mkdir -p "$folder"

for version in 3.4.4 3.5.1; do
  jar="$folder/zipkin-server-$version-exec.jar"
  [ -s "$jar" ] && continue
  if ! command -v mvn >/dev/null; then
    bash "$(dirname "$0")/../install.sh" maven
  fi
  # -U: Maven remembers a download that failed, and would not try it again for a day.
  mvn -q -B -U "$plugin:get" -Dtransitive=false -Dartifact="io.zipkin:zipkin-server:$version:jar:exec"
  # Copied elsewhere first: an interrupted run leaves no half of a JAR under the name that is looked for.
  mvn -q -B "$plugin:copy" -Dartifact="io.zipkin:zipkin-server:$version:jar:exec" -DoutputDirectory="$folder/arriving"
  mv "$folder/arriving/zipkin-server-$version-exec.jar" "$jar"
done
rm -rf "$folder/arriving"
