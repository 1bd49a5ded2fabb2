#!/usr/bin/env bash
# hcn.IsNotFoundError says no to every "not found" that HCN itself answers with
#
# Packages: github.com/Microsoft/hcsshim v0.15.0 and github.com/Microsoft/hnslib v0.1.3, package hcn of both.
# Expected: IsNotFoundError "returns a boolean indicating whether the error was caused by a resource not being
#           found": HCN_E_NETWORK_NOT_FOUND, HCN_E_ENDPOINT_NOT_FOUND, and 0x490, ERROR_NOT_FOUND, for which the
#           function has a branch of its own.
# Seen:     it knows only the errors that hcsshim makes when a list is empty. 0x803b0001 and 0x803b0002 it does not
#           know, and the branch for 0x490 looks for *HcsError, while HCN's errors are *HcnError, which has one
#           inside but no Unwrap. IsElementNotFoundError finds 0x490; hnslib has one function for each of the others.
# Matters:  clean-up is written `if err := endpoint.Delete(); err != nil && !hcn.IsNotFoundError(err)`. Delete and
#           Modify go by id without looking first: for an object that somebody else deleted they return what reads
#           "not found" and counts as a failure, at each retry again.
# In docs:  nothing acts on it; such requests are answered with HCN's codes here.
#
# The packages are for Windows only. Their own sources are built here without that tag; of golang.org/x/sys/windows
# there are the few names that they use.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

cat >go.mod <<'EOF'
module finding
EOF
directory() { go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'; }
{
    hcsshim=$(directory github.com/Microsoft/hcsshim@v0.15.0)
    hnslib=$(directory github.com/Microsoft/hnslib@v0.1.3)
    go get github.com/sirupsen/logrus@v1.9.3
} 2>log || { cat log; exit 2; }

linux() { # source, destination
    mkdir -p "$(dirname "$2")"
    sed '/^\/\/go:build windows$/d
        s,golang.org/x/sys/windows,finding/windows,
        s,github.com/Microsoft/\(hcsshim\|hnslib\)/internal/,finding/\1/,
        s,\*uint16,*string,' "$1" >"$2"
}
linux "$hcsshim/hcn/hcnerrors.go" hcsshim/hcn/errors.go
linux "$hcsshim/internal/hcserror/hcserror.go" hcsshim/hcserror/hcserror.go
linux "$hnslib/hcn/hcnerrors.go" hnslib/hcn/errors.go
linux "$hnslib/internal/hns/hnserrors.go" hnslib/hns/errors.go
mkdir windows hcsshim/hcs hcsshim/interop hnslib/interop
{
    echo 'package hcs; import "syscall"; const ('
    grep -m 1 '	ErrElementNotFound = ' "$hcsshim/internal/hcs/errors.go"
    echo ')'
} >hcsshim/hcs/errors.go
echo 'package interop; func ConvertAndFreeCoTaskMemString(text *string) string { return *text }' |
    tee hcsshim/interop/interop.go >hnslib/interop/interop.go
cat >windows/windows.go <<'EOF'
package windows

import "syscall"

type Errno = syscall.Errno

type DLLError struct{}

func (*DLLError) Error() string { return "" }

const (
	ERROR_GEN_FAILURE         = Errno(31)
	ERROR_NOT_FOUND           = Errno(0x490)
	E_NOTIMPL                 = 0x80004001
	HCN_E_NETWORK_NOT_FOUND   = 0x803b0001
	HCN_E_ENDPOINT_NOT_FOUND  = 0x803b0002
	HCN_E_ADAPTER_NOT_FOUND   = 0x803b0006
	HCN_E_PORT_NOT_FOUND      = 0x803b0007
	HCN_E_PORT_ALREADY_EXISTS = 0x803b0013
	HCN_E_INVALID_IP          = 0x803b001e
)
EOF
cat >hcsshim/hcn/answered.go <<'EOF'
package hcn

import "syscall"

func Answered(code uint32) error { return checkForErrors("hcnDeleteEndpoint", syscall.Errno(code), nil) }
EOF
cp hcsshim/hcn/answered.go hnslib/hcn/
cat >main.go <<'EOF'
package main

import (
	"fmt"

	hcsshim "finding/hcsshim/hcn"
	hnslib "finding/hnslib/hcn"
)

func main() {
	for _, code := range []uint32{0x490, 0x803b0001, 0x803b0002} {
		fmt.Printf("%#x hcsshim %v hnslib %v\n", code,
			hcsshim.IsNotFoundError(hcsshim.Answered(code)), hnslib.IsNotFoundError(hnslib.Answered(code)))
	}
	fmt.Println("a list without it", hcsshim.IsNotFoundError(hcsshim.EndpointNotFoundError{EndpointID: "e1"}))
	fmt.Println("IsElementNotFoundError", hcsshim.IsElementNotFoundError(hcsshim.Answered(0x490)))
	fmt.Println("hnslib, of one kind", hnslib.IsNetworkNotFoundError(hnslib.Answered(0x803b0001)),
		hnslib.IsEndpointNotFoundError(hnslib.Answered(0x803b0002)))
}
EOF
go build -mod=mod -o finding . 2>log || { cat log; exit 2; }
seen=$(./finding)
expected='0x490 hcsshim false hnslib false
0x803b0001 hcsshim false hnslib false
0x803b0002 hcsshim false hnslib false
a list without it true
IsElementNotFoundError true
hnslib, of one kind true true'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
