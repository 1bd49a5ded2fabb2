#!/usr/bin/env bash
# hcsshim and hnslib disagree whether HNS 15.4 can modify a load balancer
#
# Packages: github.com/Microsoft/hcsshim v0.15.0 and github.com/Microsoft/hnslib v0.1.3, package hcn
#           of both; the second is the first one's code, cut out for kube-proxy.
# Expected: one feature has one version range.
# Seen:     ModifyLoadbalancer begins with HNS 15.4 in hcsshim, with 15.5 in hnslib. It is the only
#           feature that differs. (15.4 answered with success and kept the old backends.)
# Matters:  on one WS2025 host, kube-proxy of today replaces load balancers while a tool on hcsshim
#           modifies them. Traces of the two differ though nobody configured anything.
# In docs:  domain/releases.py follows hcsshim (15.4).
#
# The packages are for Windows only, so they are type-checked for it here and their variables read.
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
	"go/ast"
	"os"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"
)

// ranges returns the version ranges of every feature of package hcn, as text.
func ranges(path string) map[string]string {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo |
			packages.NeedImports | packages.NeedDeps | packages.NeedFiles,
		Env: append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0"),
	}, path)
	if err != nil || len(loaded) != 1 || len(loaded[0].Errors) > 0 {
		panic(fmt.Sprint(err, loaded[0].Errors))
	}
	found := map[string]string{}
	for _, file := range loaded[0].Syntax {
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 || !strings.HasSuffix(spec.Names[0].Name, "Version") {
				return true
			}
			var numbers []string
			ast.Inspect(spec.Values[0], func(inner ast.Node) bool {
				if pair, ok := inner.(*ast.KeyValueExpr); ok {
					if value := loaded[0].TypesInfo.Types[pair.Value].Value; value != nil {
						numbers = append(numbers, fmt.Sprint(pair.Key, "=", value))
					}
				}
				return true
			})
			found[spec.Names[0].Name] = strings.ReplaceAll(strings.Join(numbers, " "), "2147483647", "max")
			return true
		})
	}
	return found
}

func main() {
	hcsshim, hnslib := ranges("github.com/Microsoft/hcsshim/hcn"), ranges("github.com/Microsoft/hnslib/hcn")
	var names []string
	for name := range hcsshim {
		names = append(names, name)
	}
	sort.Strings(names)
	same := 0
	for _, name := range names {
		if hcsshim[name] == hnslib[name] {
			same++
			continue
		}
		fmt.Printf("%s\n  hcsshim: %s\n  hnslib:  %s\n", name, hcsshim[name], hnslib[name])
	}
	fmt.Println("equal:", same > 15)
}
EOF
cat >uses.go <<'EOF'
//go:build windows

package main

import (
	_ "github.com/Microsoft/hcsshim/hcn"
	_ "github.com/Microsoft/hnslib/hcn"
)
EOF
{
    GOOS=windows go get github.com/Microsoft/hcsshim/hcn@v0.15.0 github.com/Microsoft/hnslib/hcn@v0.1.3
    go get golang.org/x/tools/go/packages@v0.48.0
} 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='ModifyLoadbalancerVersion
  hcsshim: Major=15 Minor=4 Major=max Minor=max
  hnslib:  Major=15 Minor=5 Major=15 Minor=max Major=16 Minor=0 Major=max Minor=max
equal: true'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
