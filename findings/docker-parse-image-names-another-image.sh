#!/usr/bin/env bash
# The full name that docker-parse-image gives back is another image than the one it read, or none
#
# Packages: docker-parse-image 3.0.1 (npm) and github.com/distribution/reference v0.6.0, by which Docker reads names.
# Expected: `fullname` is the name with what was left out put in: the registry, `library/`, `:latest`. Docker reads
#           it as the image that was asked for.
# Seen:     a digest is taken for a tag: `lab/iis@sha256:…` comes back as `lab/iis:sha256:…`, which is no name. An image
#           at the top of a private registry gets `library/`, which only Docker Hub has: localhost:5000/iis comes back
#           as localhost:5000/library/iis.
# Matters:  images of Windows are pinned by digest because their tags move each month, and a lab's registry is at
#           localhost. A tool that shows, compares or pulls `fullname` has another image, or none.
# In docs:  nothing acts on it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off npm_config_loglevel=error

digest=sha256:$(printf 'a%.0s' {1..64})
cat >names.txt <<EOF
mcr.microsoft.com/windows/nanoserver
lab/iis
lab/iis@$digest
lab.example/iis:v1@$digest
localhost:5000/iis
EOF
cat >read.js <<'EOF'
const parse = require("docker-parse-image");
for (const name of require("fs").readFileSync("names.txt", "utf8").trim().split("\n"))
  console.log(`${name} ${parse(name).fullname}`);
EOF
cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	_ "crypto/sha256"
	"fmt"

	"github.com/distribution/reference"
)

func meant(name string) string {
	named, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return "no name"
	}
	return reference.TagNameOnly(named).String()
}

func main() {
	for {
		var name, full string
		if _, err := fmt.Scan(&name, &full); err != nil {
			return
		}
		fmt.Printf("%s\n  fullname %s\n  the same image: %t (%s)\n", name, full, meant(name) == meant(full), meant(full))
	}
}
EOF
{
    npm install --silent --no-audit --no-fund --ignore-scripts docker-parse-image@3.0.1
    go get github.com/distribution/reference@v0.6.0
    go build -o finding .
} >log 2>&1 || { cat log; exit 2; }
seen=$(node read.js | ./finding | sed "s/a\{64\}/…/g")
expected='mcr.microsoft.com/windows/nanoserver
  fullname mcr.microsoft.com/windows/nanoserver:latest
  the same image: true (mcr.microsoft.com/windows/nanoserver:latest)
lab/iis
  fullname lab/iis:latest
  the same image: true (docker.io/lab/iis:latest)
lab/iis@sha256:…
  fullname lab/iis:sha256:…
  the same image: false (no name)
lab.example/iis:v1@sha256:…
  fullname lab.example/library/iis:v1@sha256:…
  the same image: false (lab.example/library/iis:v1@sha256:…)
localhost:5000/iis
  fullname localhost:5000/library/iis:latest
  the same image: false (localhost:5000/library/iis:latest)'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
