#!/usr/bin/env bash
# A program that asks hcsshim for a feature before HNS is up does without it until it is started again
#
# Package:  github.com/Microsoft/hcsshim v0.15.0 (hcn.DSRSupported, RemoteSubnetSupported, V2ApiSupported and all
#           the others); hnslib v0.1.3, which kube-proxy uses, has the same code.
# Expected: DSRSupported returns an error while HNS cannot be asked, and nil as soon as it can: agents try again.
# Seen:     the first answer is the last one, an error too. HNS is asked once in the life of a process, by whichever
#           function comes first, and an RPC error of that moment is returned by all of them for ever. In the same
#           way a version is remembered from the first host.
# Matters:  at the start of a host agents and HNS start side by side. A loop that waits for a feature never ends, and
#           win-bridge's loopbackDSR is left out without a word, as is all that is done only `if err == nil`. A test
#           with two releases of HNS in one process tests the first one twice.
# In docs:  docs/windows-programs.md: a process for each release.
#
# The package is for Windows only. Its own sources are built here without that tag; what calls into Windows is
# exchanged for HNS as it starts.
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
    go get github.com/sirupsen/logrus@v1.9.3 github.com/Microsoft/go-winio/pkg/guid@v0.6.2 github.com/pkg/errors@v0.9.1
} 2>output || { cat output; exit 2; }
mkdir hcn hcserror interop log
for file in hcn hcnglobals hcnsupport; do
    sed '/^\/\/go:build windows$/d; /"syscall"$/d; s/syscall\.Handle/uintptr/; s/\*uint16$/*string/
        s,github.com/Microsoft/hcsshim/internal,finding,' "$hcsshim/hcn/$file.go" >"hcn/$file.go"
done
echo 'package interop; func ConvertAndFreeCoTaskMemString(text *string) string { return *text }' >interop/interop.go
echo 'package hcserror; func New(err error, _, _ string) error { return err }' >hcserror/hcserror.go
cat >log/log.go <<'EOF'
package log

import (
	"io"

	"github.com/sirupsen/logrus"
)

var L = logrus.NewEntry(&logrus.Logger{Out: io.Discard})
EOF
cat >hcn/windows.go <<'EOF'
package hcn

var Answers []func() (string, error)
var Asked int

func _hnsCall(_, _, _ string, response **string) error {
	answer, err := Answers[Asked]()
	Asked++
	*response = &answer
	return err
}
EOF
cat >main.go <<'EOF'
package main

import (
	"errors"
	"fmt"
	"os"

	"finding/hcn"
)

func main() {
	early := func() (string, error) { return "", errors.New("The RPC server is unavailable.") }
	old := func() (string, error) { return `{"Success":true,"Output":{"Major":9,"Minor":2}}`, nil }
	today := func() (string, error) { return `{"Success":true,"Output":{"Major":15,"Minor":5}}`, nil }
	hcn.Answers = []func() (string, error){early, today, today}
	if len(os.Args) > 1 {
		hcn.Answers[0] = old
	}
	fmt.Println("  DSR:", hcn.DSRSupported())
	globals, err := hcn.GetGlobals()
	fmt.Println("  now HNS answers:", globals.Version, err)
	fmt.Println("  DSR:", hcn.DSRSupported())
	fmt.Println("  IPv6 dual stack:", hcn.IPv6DualStackSupported())
	fmt.Println("  asked", hcn.Asked, "times, once of them by GetGlobals")
}
EOF
go build -mod=mod -o finding . 2>output || { cat output; exit 2; }
seen=$(echo "HNS starts late"; ./finding; echo "HNS 9.2 first"; ./finding old)
expected='HNS starts late
  DSR: failed to query HCN version number: this is expected on pre 1803 builds.: The RPC server is unavailable.
  now HNS answers: {15 5} <nil>
  DSR: failed to query HCN version number: this is expected on pre 1803 builds.: The RPC server is unavailable.
  IPv6 dual stack: failed to query HCN version number: this is expected on pre 1803 builds.: The RPC server is unavailable.
  asked 2 times, once of them by GetGlobals
HNS 9.2 first
  DSR: platform does not support feature Direct Server Return (DSR)
  now HNS answers: {15 5} <nil>
  DSR: platform does not support feature Direct Server Return (DSR)
  IPv6 dual stack: platform does not support feature IPv6 DualStack
  asked 2 times, once of them by GetGlobals'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
