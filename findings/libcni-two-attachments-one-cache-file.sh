#!/usr/bin/env bash
# Two attachments of libcni can share one cache file: the later one replaces the earlier one
#
# Package:  github.com/containernetworking/cni v1.3.1 (libcni).
# Expected: network `nat` with container `web-1` and network `nat-web` with container `1` are two
#           attachments; each is deleted with its own configuration and result.
# Seen:     the file is named <network>-<container>-<interface>, and a hyphen is legal in all three:
#           both are nat-web-1-eth0. The second ADD overwrites the first; GetCachedAttachments lists
#           one; the DEL of the first one hands its plugin the address of the second.
# Matters:  clean-up after a restart goes by this cache. An HNS endpoint whose record was overwritten
#           stays on the host, and the plugin is told to free an address that is in use.
# In docs:  nothing acts on it; endpoints here are found by id.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off

mkdir bin
cat >bin/stand-in <<EOF
#!/bin/sh
configuration=\$(cat)
address=10.0.0.\$((\$(wc -l <"$work/calls") + 1))
echo "\$CNI_COMMAND \$configuration" >>"$work/calls"
[ "\$CNI_COMMAND" = DEL ] || echo "{\"cniVersion\": \"1.0.0\", \"ips\": [{\"address\": \"\$address/24\"}]}"
EOF
chmod +x bin/stand-in
touch calls
cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"os"
	"regexp"

	"github.com/containernetworking/cni/libcni"
)

func main() {
	ctx := context.Background()
	plugins := libcni.NewCNIConfigWithCacheDir([]string{"bin"}, "cache", nil)
	attach := func(network, container string) (*libcni.NetworkConfigList, *libcni.RuntimeConf) {
		list, err := libcni.ConfListFromBytes([]byte(fmt.Sprintf(
			`{"cniVersion": "1.0.0", "name": %q, "plugins": [{"type": "stand-in"}]}`, network)))
		if err != nil {
			panic(err)
		}
		runtime := &libcni.RuntimeConf{ContainerID: container, NetNS: "any", IfName: "eth0"}
		result, err := plugins.AddNetworkList(ctx, list, runtime)
		if err != nil {
			panic(err)
		}
		fmt.Println("ADD", network, container, regexp.MustCompile(`10\.0\.0\.\d`).FindString(fmt.Sprint(result)))
		return list, runtime
	}
	first, runtime := attach("nat", "web-1")
	attach("nat-web", "1")
	attachments, err := plugins.GetCachedAttachments("")
	if err != nil {
		panic(err)
	}
	for _, attachment := range attachments {
		fmt.Println("cached", attachment.Network, attachment.ContainerID)
	}
	if err := plugins.DelNetworkList(ctx, first, runtime); err != nil {
		panic(err)
	}
	calls, _ := os.ReadFile("calls")
	told := regexp.MustCompile(`DEL .*?(10\.0\.0\.\d)`).FindStringSubmatch(string(calls))
	fmt.Println("DEL nat web-1 is told", told[1])
}
EOF
go get github.com/containernetworking/cni/libcni@v1.3.1 2>log || { cat log; exit 2; }
seen=$(go run . 2>log) || { cat log; exit 2; }
expected='ADD nat web-1 10.0.0.1
ADD nat-web 1 10.0.0.2
cached nat-web 1
DEL nat web-1 is told 10.0.0.2'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
