#!/usr/bin/env bash
# After HNS has refused an ACL, hcsshim sends it again with every later one
#
# Package:  github.com/Microsoft/hcsshim v0.15.0 (HNSEndpoint.ApplyACLPolicy).
# Expected: ApplyACLPolicy(rule) sends the rule. When it returns an error nothing has happened, and the
#           next call sends the next rule.
# Seen:     the rule is appended to the endpoint's Policies before the call and stays there when the call
#           fails. A retry sends the rule twice, and the call for another, good rule sends all three.
#           Only an answer that lists Policies, or an endpoint read anew, ends it.
# Matters:  one rule that HNS does not take makes all later ones fail that would be fine, and a loop of
#           retries sends one copy more each time. Read the endpoint again after an error.
# In docs:  a refused request changes nothing here; what a client keeps for itself no server sees.
#
# The package is for Windows only. Its own sources are built here without that tag; only the file that
# calls into Windows is exchanged, for one that knows no port
# ranges (hcsshim has a feature AclPortRanges for them) and takes everything else.
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

import (
	"errors"
	"fmt"
	"strings"
)

func hnsCall(method, path, request string, response any) error {
	fmt.Println(method, path, request)
	if strings.Contains(request, "8000-8010") {
		return errors.New("refused")
	}
	return nil
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
	for _, port := range []string{"8000-8010", "8000-8010", "80"} {
		rule := &hns.ACLPolicy{Type: hns.ACL, Action: hns.Allow, Direction: hns.In, LocalPorts: port}
		fmt.Println("port", port+":", endpoint.ApplyACLPolicy(rule))
	}
}
EOF
go build -mod=mod -o finding . 2>log || { cat log; exit 2; }
seen=$(./finding)
expected='POST /endpoints/e1 {"ID":"e1","Policies":[{"Type":"ACL","Action":"Allow","Direction":"In","LocalPorts":"8000-8010"}]}
port 8000-8010: refused
POST /endpoints/e1 {"ID":"e1","Policies":[{"Type":"ACL","Action":"Allow","Direction":"In","LocalPorts":"8000-8010"},{"Type":"ACL","Action":"Allow","Direction":"In","LocalPorts":"8000-8010"}]}
port 8000-8010: refused
POST /endpoints/e1 {"ID":"e1","Policies":[{"Type":"ACL","Action":"Allow","Direction":"In","LocalPorts":"8000-8010"},{"Type":"ACL","Action":"Allow","Direction":"In","LocalPorts":"8000-8010"},{"Type":"ACL","Action":"Allow","Direction":"In","LocalPorts":"80"}]}
port 80: refused'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
