#!/usr/bin/env bash
# containerd hands plugins a HostPort where CNI's conventions say hostPort, and only Go does not notice
#
# Packages: github.com/containerd/go-cni v1.1.14, github.com/containernetworking/cni v1.3.0 with its portMappings,
#           ipRanges, bandwidth and dns; a plugin with cni-plugin 0.2.1 (crates.io) and one in Python.
# Expected: what the conventions name hostPort, containerPort, rangeStart, ingressRate, servers and searches stands in
#           runtimeConfig under these names, whichever runtime calls.
# Seen:     go-cni's types have no JSON names, so a plugin gets HostPort, ContainerPort, RangeStart, IngressRate,
#           Servers and Searches. Go's decoder does not mind case, so plugins in Go read all of it. The Rust crate
#           refuses the whole configuration for its port mappings; without them it reads a bandwidth without limits,
#           with success. Python finds no member of that name.
# Matters:  a plugin in another language that was tested with another runtime, or by hand with the documents of the
#           conventions, starts pods under containerd without a port, a limit or a name server.
# In docs:  nothing acts on it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off CARGO_HOME=$work/cargo CARGO_PROFILE_DEV_DEBUG=0

mkdir bin conf go rust rust/src
cat >bin/stand-in <<EOF
#!/bin/sh
cat >"$work/config"
echo '{"cniVersion": "1.0.0", "ips": [{"address": "10.244.1.5/24"}]}'
EOF
chmod +x bin/stand-in
cat >conf/10-pods.conflist <<'EOF'
{"cniVersion": "1.0.0", "name": "pods", "plugins": [{"type": "stand-in",
 "capabilities": {"portMappings": true, "ipRanges": true, "bandwidth": true, "dns": true}}]}
EOF
cat >go/go.mod <<'EOF'
module finding
EOF
cat >go/main.go <<'EOF'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	gocni "github.com/containerd/go-cni"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// The names that the conventions give, as the plugins in Go write them.
type config struct {
	RuntimeConfig struct {
		PortMappings []struct {
			HostPort int `json:"hostPort"`
		} `json:"portMappings"`
		DNS struct {
			Servers []string `json:"servers"`
		} `json:"dns"`
	} `json:"runtimeConfig"`
}

func main() {
	network, err := gocni.New(
		gocni.WithPluginDir([]string{"bin"}), gocni.WithPluginConfDir("conf"), gocni.WithDefaultConf)
	check(err)
	_, err = network.Setup(context.Background(), "web", "/proc/self/ns/net",
		gocni.WithCapabilityPortMap([]gocni.PortMapping{{HostPort: 8080, ContainerPort: 80, Protocol: "tcp"}}),
		gocni.WithCapabilityIPRanges([]gocni.IPRanges{{Subnet: "10.244.1.0/24", RangeStart: "10.244.1.5"}}),
		gocni.WithCapabilityBandWidth(gocni.BandWidth{IngressRate: 1000000, IngressBurst: 2000000}),
		gocni.WithCapabilityDNS(gocni.DNS{Servers: []string{"10.96.0.10"}, Searches: []string{"svc.local"}}))
	check(err)
	text, err := os.ReadFile("config")
	check(err)
	var read config
	check(json.Unmarshal(text, &read))
	fmt.Println("Go reads", read.RuntimeConfig.PortMappings[0].HostPort, read.RuntimeConfig.DNS.Servers)
}
EOF
(cd go && go get github.com/containerd/go-cni@v1.1.14 github.com/containernetworking/cni@v1.3.0 && go build -o ../setup .) \
    2>log || { cat log; exit 2; }

cat >rust/Cargo.toml <<'EOF'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
cni-plugin = { version = "=0.2.1", default-features = false }
serde_json = "1"
EOF
cat >rust/src/main.rs <<'EOF'
use cni_plugin::config::NetworkConfig;

fn main() {
    let mut config: serde_json::Value = serde_json::from_reader(std::fs::File::open("config").unwrap()).unwrap();
    let whole = serde_json::from_value::<NetworkConfig>(config.clone());
    println!("Rust reads {}", whole.unwrap_err());
    config["runtimeConfig"].as_object_mut().unwrap().remove("portMappings");
    let rest = serde_json::from_value::<NetworkConfig>(config).unwrap().runtime.unwrap();
    println!("and without port mappings {:?}", rest.bandwidth.unwrap());
}
EOF
(cd rust && cargo build --quiet) >log 2>&1 || { cat log; exit 2; }
cat >read.py <<'EOF'
import json

given = json.load(open("config"))["runtimeConfig"]
for name in sorted(given):
    print(name, json.dumps(given[name]))
print("Python reads", given["portMappings"][0].get("hostPort"))
EOF
seen=$(./setup && rust/target/debug/finding && python3 read.py)
expected='Go reads 8080 [10.96.0.10]
Rust reads missing field `hostPort`
and without port mappings BandwidthLimits { ingress_rate: None, ingress_burst: None, egress_rate: None, egress_burst: None }
bandwidth {"IngressRate": 1000000, "IngressBurst": 2000000, "EgressRate": 0, "EgressBurst": 0}
dns {"Servers": ["10.96.0.10"], "Searches": ["svc.local"], "Options": null}
ipRanges [{"Subnet": "10.244.1.0/24", "RangeStart": "10.244.1.5", "RangeEnd": "", "Gateway": ""}]
portMappings [{"HostPort": 8080, "ContainerPort": 80, "Protocol": "tcp", "HostIP": ""}]
Python reads None'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
