#!/usr/bin/env bash
# Compose reads a driver option as a number before it hands it to the driver as text
#
# Package:  github.com/compose-spec/compose-go/v2 v2.16.2, what docker compose reads files with.
# Expected: driver_opts are text for the driver; what is written in the file is what it gets.
# Seen:     unquoted values go through YAML numbers and come out respelled. `0010` is octal and becomes
#           8, though `0008` stays decimal 8; 4_096 becomes 4096, 1e3 becomes 1000. `yes` stays text,
#           and `true` is refused. Quoted values arrive as written.
# Matters:  com.docker.network.windowsshim.vlanid and vsid are such options: a VLAN that is padded to
#           four digits, as switch configurations print it, is a different VLAN, without a word.
# In docs:  nothing acts on it yet; quote every driver option.
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
	"context"
	"fmt"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

func main() {
	for _, written := range []string{"0010", "0008", "4_096", "1e3", "yes", "true", `"0010"`} {
		file := "networks: {pods: {driver_opts: {com.docker.network.windowsshim.vlanid: " + written + "}}}"
		project, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{
			WorkingDir:  ".",
			ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: []byte(file)}},
		}, func(options *loader.Options) { options.SetProjectName("finding", true) })
		if err != nil {
			fmt.Println(written, "=> refused")
			continue
		}
		fmt.Printf("%s => %q\n", written, project.Networks["pods"].DriverOpts["com.docker.network.windowsshim.vlanid"])
	}
}
EOF
go get github.com/compose-spec/compose-go/v2/loader@v2.16.2 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='0010 => "8"
0008 => "8"
4_096 => "4096"
1e3 => "1000"
yes => "yes"
true => refused
"0010" => "0010"'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
