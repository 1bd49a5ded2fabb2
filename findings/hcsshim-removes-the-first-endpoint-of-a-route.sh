#!/usr/bin/env bash
# Asked to remove an endpoint that a route does not have, hcsshim removes the route's first one
#
# Package:  github.com/Microsoft/hcsshim v0.15.0 (hcn.HostComputeRoute and hcn.HostComputeLoadBalancer).
# Expected: RemoveEndpoint of an endpoint that is not in the list changes nothing, as it does for load balancers.
# Seen:     it takes position 0 for "not found", so the first endpoint goes. The comparison minds the case of the
#           GUID: HNS writes GUIDs in capitals, guid.GUID.String() of go-winio writes small letters, and with these
#           the endpoint that was named stays and its neighbour goes. A second call, by a retry, takes one more.
# Matters:  an agent that clears a pod's SDN route takes it away from another pod, which loses the way to the other
#           nodes or to its services; both calls return success.
# In docs:  GUIDs are compared without regard to case here.
#
# The package is for Windows only. Its own sources are built here without that tag; only what calls into Windows
# is exchanged: creating a route prints the document.
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
    go get github.com/sirupsen/logrus@v1.9.3 github.com/Microsoft/go-winio/pkg/guid@v0.6.2
} 2>log || { cat log; exit 2; }
mkdir hcn interop
for file in hcnroute hcnloadbalancer hcnpolicy; do
    sed '/^\/\/go:build windows$/d; s,\*uint16$,*string,; s,github.com/Microsoft/hcsshim/internal/interop,finding/interop,' \
        "$hcsshim/hcn/$file.go" >"hcn/$file.go"
done
cat >interop/interop.go <<'EOF'
package interop

func ConvertAndFreeCoTaskMemString(text *string) string { return *text }
EOF
cat >hcn/windows.go <<'EOF'
package hcn

import (
	"errors"
	"fmt"

	"github.com/Microsoft/go-winio/pkg/guid"
)

type SchemaVersion struct{ Major, Minor int }
type HostComputeEndpoint struct{ Id string }
type HostComputeQuery struct {
	SchemaVersion SchemaVersion
	Filter        string
}
type RouteNotFoundError struct{ RouteId string }
type LoadBalancerNotFoundError struct{ LoadBalancerId string }

func (RouteNotFoundError) Error() string        { return "not found" }
func (LoadBalancerNotFoundError) Error() string { return "not found" }
func V2SchemaVersion() SchemaVersion            { return SchemaVersion{2, 0} }
func defaultQuery() HostComputeQuery            { return HostComputeQuery{} }

var errInvalidRouteID, errInvalidLoadBalancerID = errors.New("invalid"), errors.New("invalid")

func checkForErrors(string, error, *string) error { return nil }

type hcnRoute = *string
type hcnLoadBalancer = *string

func create(_ *guid.GUID, settings string, made **string, _ **string) error {
	fmt.Println("  sent", settings)
	*made = &settings
	return nil
}
func properties(made *string, _ string, found **string, _ **string) error { *found = made; return nil }
func enumerate(_ string, found **string, _ **string) error {
	none := "[]"
	*found = &none
	return nil
}
func open(*guid.GUID, **string, **string) error  { return nil }
func modify(*string, string, **string) error     { return nil }
func remove(*guid.GUID, **string) error          { return nil }
func closed(*string) error                       { return nil }

var hcnCreateRoute, hcnCreateLoadBalancer = create, create
var hcnQueryRouteProperties, hcnQueryLoadBalancerProperties = properties, properties
var hcnEnumerateRoutes, hcnEnumerateLoadBalancers = enumerate, enumerate
var hcnOpenRoute, hcnOpenLoadBalancer = open, open
var hcnModifyLoadBalancer = modify
var hcnDeleteRoute, hcnDeleteLoadBalancer = remove, remove
var hcnCloseRoute, hcnCloseLoadBalancer = closed, closed
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"finding/hcn"

	"github.com/Microsoft/go-winio/pkg/guid"
)

const (
	first  = "AAAAAAAA-0000-4000-8000-000000000001"
	second = "BBBBBBBB-0000-4000-8000-000000000002"
	other  = "CCCCCCCC-0000-4000-8000-000000000003"
)

func main() {
	small, _ := guid.FromString(second)
	for _, removed := range []string{second, other, small.String()} {
		fmt.Println("remove", removed)
		route := &hcn.HostComputeRoute{HostComputeEndpoints: []string{first, second}}
		_, err := route.RemoveEndpoint(&hcn.HostComputeEndpoint{Id: removed})
		fmt.Println("  route", err)
	}
	balancer := &hcn.HostComputeLoadBalancer{
		Id: "DDDDDDDD-0000-4000-8000-000000000004", HostComputeEndpoints: []string{first, second}}
	fmt.Println("remove", other)
	_, err := balancer.RemoveEndpoint(&hcn.HostComputeEndpoint{Id: other})
	fmt.Println("  load balancer", err)
}
EOF
go build -mod=mod -o finding . 2>log || { cat log; exit 2; }
seen=$(./finding | sed 's/,"SchemaVersion.*//; s/"ID":[^,]*,//')
expected='remove BBBBBBBB-0000-4000-8000-000000000002
  sent {"HostComputeEndpoints":["AAAAAAAA-0000-4000-8000-000000000001"]
  route <nil>
remove CCCCCCCC-0000-4000-8000-000000000003
  sent {"HostComputeEndpoints":["BBBBBBBB-0000-4000-8000-000000000002"]
  route <nil>
remove bbbbbbbb-0000-4000-8000-000000000002
  sent {"HostComputeEndpoints":["BBBBBBBB-0000-4000-8000-000000000002"]
  route <nil>
remove CCCCCCCC-0000-4000-8000-000000000003
  sent {"HostComputeEndpoints":["AAAAAAAA-0000-4000-8000-000000000001","BBBBBBBB-0000-4000-8000-000000000002"]
  load balancer <nil>'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
