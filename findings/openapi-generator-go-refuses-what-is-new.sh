#!/usr/bin/env bash
# openapi-generator's Go client refuses an unknown member exactly where a schema has a required one
#
# Package:  org.openapitools:openapi-generator-cli 7.25.0, generator go; JDK 17, Maven, Go.
# Expected: additionalProperties is true unless said otherwise, so a client reads an answer in which a newer
#           server says more; if it were strict, it would be so everywhere.
# Seen:     of two schemas that differ only in "required": ["Name"], the one without reads
#           {"Name":"pod","AddedLater":1}, the one with fails: json: unknown field "AddedLater".
#           With disallowAdditionalPropertiesIfNotPresent=false both read it.
# Matters:  marking a member as required, which tightens nothing for readers, makes all later additions to
#           that schema break Go clients that are deployed already.
# In docs:  docs/sdks.md and docs/api.md (what later versions change) name the option.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-p=1 GOWORK=off

cat >api.json <<'EOF'
{"openapi": "3.0.3", "info": {"title": "endpoints", "version": "1"},
 "paths": {"/endpoint": {"get": {"operationId": "getEndpoint", "responses": {"200": {
   "description": "An endpoint.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Required"}}}}}}}},
 "components": {"schemas": {
   "Plain": {"type": "object", "properties": {"Name": {"type": "string"}}},
   "Required": {"type": "object", "required": ["Name"], "properties": {"Name": {"type": "string"}}}}}}
EOF
cat >go.mod <<'EOF'
module finding

go 1.21
EOF
cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"

	"finding/client"
)

func main() {
	answer := []byte(`{"Name":"pod","AddedLater":1}`)
	fmt.Println("plain:   ", json.Unmarshal(answer, &client.Plain{}))
	fmt.Println("required:", json.Unmarshal(answer, &client.Required{}))
}
EOF
mvn -q -B dependency:copy -Dartifact=org.openapitools:openapi-generator-cli:7.25.0 -DoutputDirectory=. >log 2>&1 ||
    { cat log; exit 2; }

# show OPTIONS: generate and run
show() {
    rm -rf client
    java -jar openapi-generator-cli-7.25.0.jar generate -i api.json -o client -g go --global-property apiTests=false \
        --additional-properties "packageName=client,$1" >log 2>&1 || { cat log >&2; exit 2; }
    rm -rf client/go.mod client/go.sum client/test
    go run . 2>log || { cat log >&2; exit 2; }
}
seen=$(show enumClassPrefix=false && echo "with the option" && show disallowAdditionalPropertiesIfNotPresent=false)
expected='plain:    <nil>
required: json: unknown field "AddedLater"
with the option
plain:    <nil>
required: <nil>'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
