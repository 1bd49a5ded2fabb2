#!/usr/bin/env bash
# The number of a nat.Port that is a range is 0, and with 0 HNS chooses a port itself
#
# Package:  github.com/docker/go-connections v0.8.2 (nat), which most Go tools read -p with.
# Expected: NewPort checks what it is given, so Int is the port; for the ranges that it takes, the first
#           one, or NewPort refuses them.
# Seen:     NewPort("tcp", "8000-8010") is fine and Range says 8000 to 8010, but Int says 0, what it
#           says for a Port that is not valid. A host range, for its part, stays one binding whose port
#           is the text "8000-8010".
# Matters:  0 is no error to HNS: as the outer port of a NAT mapping it asks for any free port, as a
#           port of a load balancer it means all of them. A tool that fills policies with Int gets
#           something else than the range, and success.
# In docs:  docs/fidelity.md: with ExternalPort 0 HNS chooses one and shows it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"github.com/docker/go-connections/nat"
)

func main() {
	for _, written := range []string{"80", "8000-8010"} {
		port, err := nat.NewPort("tcp", written)
		if err != nil {
			panic(err)
		}
		first, last, err := port.Range()
		fmt.Println(port, "Int", port.Int(), "Range", first, last, err)
	}
	mappings, err := nat.ParsePortSpec("8000-8010:80")
	fmt.Println("-p 8000-8010:80", mappings, err)
}
EOF
go get github.com/docker/go-connections/nat@v0.8.2 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='80/tcp Int 80 Range 80 80 <nil>
8000-8010/tcp Int 0 Range 8000 8010 <nil>
-p 8000-8010:80 [{80/tcp { 8000-8010}}] <nil>'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
