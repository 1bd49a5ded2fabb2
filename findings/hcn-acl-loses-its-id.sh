#!/usr/bin/env bash
# hcsshim's HCN 2 type for an ACL has no Id, its HNS 1 type has one
#
# Package:  github.com/Microsoft/hcsshim v0.15.0 (hcn.AclPolicySetting and hcsshim.ACLPolicy).
# Expected: the newer API keeps what the older one knew: Id is how clients find their rules again.
# Seen:     hcn.AclPolicySetting has no Id (hcn.TierAclRule has one). Whoever reads the ACLs of an
#           endpoint into it, changes one and sends all of them back has removed every Id, and the
#           ServiceName too; the HNS 1 type keeps both.
# Matters:  network policy agents recognise their own ACLs by Id. They must keep types of their own,
#           and a test double that is built on hcsshim's types cannot show this loss.
# In docs:  docs/adr/0005-opaque-settings.md: settings stay as sent, so an Id survives here.
#
# The package is for Windows only: its types are type-checked for it, rebuilt with reflection, and
# encoding/json runs on them here.
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
	"encoding/json"
	"fmt"
	"go/types"
	"os"
	"reflect"

	"golang.org/x/tools/go/packages"
)

// rebuilt returns a struct with the fields and JSON tags of the named one; its fields are scalars.
func rebuilt(path, name string) reflect.Type {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps |
			packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedFiles,
		Env: append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0"),
	}, path)
	if err != nil || len(loaded) != 1 || len(loaded[0].Errors) > 0 {
		panic(fmt.Sprint(err, loaded[0].Errors))
	}
	original := loaded[0].Types.Scope().Lookup(name).Type().Underlying().(*types.Struct)
	scalars := map[types.BasicKind]reflect.Type{
		types.String: reflect.TypeOf(""), types.Uint16: reflect.TypeOf(uint16(0)),
		types.Uint32: reflect.TypeOf(uint32(0)),
	}
	var fields []reflect.StructField
	for index := range original.NumFields() {
		field := original.Field(index)
		fields = append(fields, reflect.StructField{
			Name: field.Name(), Tag: reflect.StructTag(original.Tag(index)),
			Type: scalars[field.Type().Underlying().(*types.Basic).Kind()],
		})
	}
	return reflect.StructOf(fields)
}

func main() {
	document := `{"Id":"allow-web","ServiceName":"web","Protocols":"6","Action":"Allow","Direction":"In","LocalPorts":"80","Priority":200}`
	for _, one := range [][2]string{
		{"github.com/Microsoft/hcsshim", "ACLPolicy"}, {"github.com/Microsoft/hcsshim/hcn", "AclPolicySetting"},
	} {
		policy := reflect.New(rebuilt(one[0], one[1]))
		if err := json.Unmarshal([]byte(document), policy.Interface()); err != nil {
			panic(err)
		}
		again, _ := json.Marshal(policy.Interface())
		fmt.Printf("%s: %s\n", one[1], again)
	}
}
EOF
cat >uses.go <<'EOF'
//go:build windows

package main

import (
	_ "github.com/Microsoft/hcsshim"
	_ "github.com/Microsoft/hcsshim/hcn"
)
EOF
{
    GOOS=windows go get github.com/Microsoft/hcsshim@v0.15.0
    go get golang.org/x/tools/go/packages@v0.48.0
} 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='ACLPolicy: {"Type":"","Id":"allow-web","Protocols":"6","Action":"Allow","Direction":"In","LocalPorts":"80","Priority":200,"ServiceName":"web"}
AclPolicySetting: {"Protocols":"6","Action":"Allow","Direction":"In","LocalPorts":"80","Priority":200}'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
