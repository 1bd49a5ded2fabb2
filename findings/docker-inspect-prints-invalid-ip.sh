#!/usr/bin/env bash
# docker inspect -f prints "invalid IP" for an address that is empty, and spells a Windows MAC otherwise
#
# Package:  github.com/docker/cli v29.9.3 (cli/command/inspect) with github.com/moby/moby/api v1.56.1, what
#           `docker inspect` is made of since version 29.
# Expected: a template prints what the plain command shows: Gateway "", MacAddress "00-15-5D-01-02-03".
# Seen:     templates run on types in which an address is a netip.Addr: "" is printed as `invalid IP`, and
#           {{if .Gateway}} is true. A MAC is printed with colons in small letters. Without -f the daemon's text
#           comes through untouched, and `{{json …}}` has the one of them ("") and not the other.
# Matters:  transparent networks without a gateway, IPv6 members of nat and containers that stopped have empty
#           addresses. A script that waits until `docker inspect -f` prints something goes on at once with
#           "invalid IP"; one that looks for the MAC in HNS, which writes 00-15-5D-…, does not find it.
# In docs:  docs/docker.md, "When something does not arrive", has a row for it.
#
# The file of the command line that prints is built here as it is, without the rest of its package's imports: the
# error that they would give it is a type of three lines below.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
docker=$(go mod download -json github.com/docker/cli@v29.9.3+incompatible 2>log | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p') ||
    { cat log; exit 2; }
mkdir cli inspect
sed 's|"github.com/docker/cli/cli"|"finding/cli"|' "$docker/cli/command/inspect/inspector.go" >inspect/inspector.go
cat >cli/status.go <<'EOF'
package cli

type StatusError struct {
	Status     string
	StatusCode int
}

func (status StatusError) Error() string { return status.Status }
EOF
cat >main.go <<'EOF'
package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"finding/inspect"
	"github.com/moby/moby/api/types/container"
)

const answer = `{"Id": "1", "NetworkSettings": {"Networks": {"lan": {"Gateway": "", "IPAddress": "10.127.130.5",
 "IPPrefixLen": 24, "GlobalIPv6Address": "", "MacAddress": "00-15-5D-01-02-03"}}}}`

func main() {
	for _, member := range []string{
		".IPAddress", ".Gateway", "json .Gateway", "if .Gateway}}yes{{else}}no{{end", ".MacAddress", "json .MacAddress",
	} {
		var printed bytes.Buffer
		template := "{{with .NetworkSettings.Networks.lan}}{{" + member + "}}{{end}}"
		inspector, err := inspect.NewTemplateInspectorFromString(&printed, template)
		if err != nil {
			panic(err)
		}
		var found container.InspectResponse
		if err := json.Unmarshal([]byte(answer), &found); err != nil {
			panic(err)
		}
		if err := inspector.Inspect(&found, []byte(answer)); err != nil {
			panic(err)
		}
		_ = inspector.Flush()
		fmt.Printf("{{%s}} => %s\n", member, bytes.TrimSpace(printed.Bytes()))
	}
	var printed bytes.Buffer
	plain := inspect.NewIndentedInspector(&printed)
	_ = plain.Inspect(nil, []byte(answer))
	_ = plain.Flush()
	fmt.Println("without -f:", bytes.Contains(printed.Bytes(), []byte(`"MacAddress": "00-15-5D-01-02-03"`)))
}
EOF
go get github.com/docker/cli/templates@v29.9.3+incompatible github.com/moby/moby/api/types/container@v1.56.1 \
    github.com/sirupsen/logrus@v1.10.2 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='{{.IPAddress}} => 10.127.130.5
{{.Gateway}} => invalid IP
{{json .Gateway}} => ""
{{if .Gateway}}yes{{else}}no{{end}} => yes
{{.MacAddress}} => 00:15:5d:01:02:03
{{json .MacAddress}} => "00:15:5d:01:02:03"
without -f: true'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
