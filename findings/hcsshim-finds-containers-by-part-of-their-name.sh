#!/usr/bin/env bash
# hcsshim says that an endpoint is attached to web-1 when it is attached to web-10
#
# Package:  github.com/Microsoft/hcsshim v0.15.0 (HNSEndpoint.IsAttached, HotAttachEndpoint).
# Expected: IsAttached looks for the container among the endpoint's SharedContainers, a list of whole IDs.
# Seen:     it looks for the text anywhere in the JSON of that list, without regard to case: web-1, WEB-10,
#           b-1 and the empty ID are all "attached" to an endpoint of web-10. HotAttachEndpoint asks
#           IsAttached first and, told yes, returns its error, which is nil: web-1 is plugged into nothing.
# Matters:  containerd and test rigs take names for IDs, not only 64 hexadecimal digits. A container
#           whose ID is part of a longer one gets no network and no error, and whoever waits until it is
#           unplugged waits for the other one.
# In docs:  IDs are whole here (domain/attachments.py).
#
# The package is for Windows only. Its own sources are built here without that tag; only the file that
# calls into Windows is exchanged, for one that answers with a document.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
{
    hcsshim=$(go mod download -json github.com/Microsoft/hcsshim@v0.15.0 | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    go get github.com/sirupsen/logrus@v1.9.3
} 2>log || { cat log; exit 2; }
mkdir hns
for file in hns hnsendpoint hnsnetwork hnspolicy namespace; do
    sed '/^\/\/go:build windows$/d' "$hcsshim/internal/hns/$file.go" >"hns/$file.go"
done
cat >hns/hnsfuncs.go <<'EOF'
package hns

import "encoding/json"

func hnsCall(method, path, request string, response any) error {
	return json.Unmarshal([]byte(`{"ID":"e1","SharedContainers":["web-10"]}`), response)
}
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"finding/hns"
)

func main() {
	endpoint := &hns.HNSEndpoint{Id: "e1"}
	for _, container := range []string{"web-10", "web-1", "WEB-10", "b-1", "", "web-2"} {
		attached, err := endpoint.IsAttached(container)
		fmt.Printf("%q: %v %v\n", container, attached, err)
	}
}
EOF
go build -mod=mod -o finding . 2>log || { cat log; exit 2; }
asked=$(grep -c 'endpoint.IsAttached(containerID)' "$hcsshim/hnsendpoint.go" || true)
seen=$(./finding; echo "asked before attaching and detaching: $asked")
expected='"web-10": true <nil>
"web-1": true <nil>
"WEB-10": true <nil>
"b-1": true <nil>
"": true <nil>
"web-2": false <nil>
asked before attaching and detaching: 2'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
