#!/usr/bin/env bash
# ogen turns {"type": "object"} into a struct without fields: what the server says is lost
#
# Package:  github.com/ogen-go/ogen v1.24.0.
# Expected: in OpenAPI a schema {"type": "object"} allows any members (additionalProperties is true
#           unless said otherwise), so a map of anything comes out of it.
# Seen:     ogen makes `struct{}`. The answer decodes without an error and every member of Settings is
#           gone; encoding it again sends {}. With "additionalProperties": true it becomes a map.
# Matters:  the Settings of HCN policies are such an object. A client that reads an endpoint's
#           policies and sends them back with one more has emptied all of the others.
# In docs:  openapi/openapi.json writes additionalProperties out wherever members are free.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/client"
cd "$work/client"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
cat >tools.go <<'EOF'
//go:build tools

package main

import _ "github.com/ogen-go/ogen/cmd/ogen"
EOF
cat >api.json <<'EOF'
{"openapi": "3.0.3", "info": {"title": "policies", "version": "1"},
 "paths": {"/policy": {"get": {"operationId": "getPolicy", "responses": {"200": {
   "description": "A policy.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Policy"}}}}}}}},
 "components": {"schemas": {"Policy": {"type": "object", "required": ["Settings", "Written"], "properties": {
   "Settings": {"type": "object"},
   "Written": {"type": "object", "additionalProperties": true}}}}}}
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"finding/api"
)

func main() {
	var policy api.Policy
	received := `{"Settings":{"Action":"Block","Priority":100},"Written":{"Action":"Block"}}`
	if err := policy.UnmarshalJSON([]byte(received)); err != nil {
		panic(err)
	}
	sent, err := policy.MarshalJSON()
	fmt.Println("received", received)
	fmt.Println("sent    ", string(sent), err)
}
EOF
go get github.com/ogen-go/ogen/cmd/ogen@v1.24.0 2>log || { cat log; exit 2; }
go run github.com/ogen-go/ogen/cmd/ogen --target api --clean api.json >log 2>&1 || { cat log; exit 2; }
go mod tidy >log 2>&1 || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='received {"Settings":{"Action":"Block","Priority":100},"Written":{"Action":"Block"}}
sent     {"Settings":{},"Written":{"Action":"Block"}} <nil>'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
