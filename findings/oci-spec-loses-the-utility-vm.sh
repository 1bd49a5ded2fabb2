#!/usr/bin/env bash
# A Windows container's spec that went through Rust has forgotten its utility VM and its processors
#
# Packages: oci-spec 0.10.0 (crates.io) and github.com/opencontainers/runtime-spec v1.3.0.
# Expected: what the OCI runtime specification calls hyperv.utilityVMPath and resources.cpu.affinity
#           is read and written back; the names of the network settings, such as DNSSearchList and
#           allowUnqualifiedDNSQuery, do come back right.
# Seen:     the crate turns utility_vm_path into utilityVmPath by rule, so it does not know the member of
#           the specification, and affinity it has not. Both are dropped without an error: hyperv becomes
#           {}. What a Rust program sets is written as utilityVmPath. Go's encoding/json does not mind the
#           case, so Go reads what Rust wrote and Rust not what Go wrote.
# Matters:  a shim or a test in Rust that reads a bundle's config.json, adds HNS endpoints and writes it back
#           starts the container in the default utility VM, on any processor. Its network is right, so
#           nobody looks there.
# In docs:  nothing acts on it; documents here keep members that they do not know.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOMODCACHE=$work/mod GOFLAGS="-modcacherw -p=1" GOWORK=off
export CARGO_HOME=$work/cargo CARGO_BUILD_JOBS=1

cat >spec.json <<'EOF'
{"ociVersion": "1.3.0", "windows": {"layerFolders": ["C:\\layer"],
 "resources": {"cpu": {"count": 2, "affinity": [{"mask": 3, "group": 1}]}},
 "hyperv": {"utilityVMPath": "C:\\uvm"},
 "network": {"allowUnqualifiedDNSQuery": true, "DNSSearchList": ["example.com"]}}}
EOF
cat >Cargo.toml <<'EOF'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
oci-spec = { version = "=0.10.0", default-features = false, features = ["runtime"] }
serde_json = "1"
EOF
mkdir src
cat >src/main.rs <<'EOF'
use oci_spec::runtime::{Spec, WindowsHyperV};

fn main() {
    let text = std::fs::read_to_string("spec.json").unwrap();
    let spec: Spec = serde_json::from_str(&text).unwrap();
    let windows = serde_json::to_value(spec.windows()).unwrap();
    println!("Rust {} {} {}", windows["resources"], windows["hyperv"], windows["network"]);
    let mut made = WindowsHyperV::default();
    made.set_utility_vm_path(Some("made".into()));
    println!("{}", serde_json::to_string(&made).unwrap());
}
EOF
cat >go.mod <<'EOF'
module finding
EOF
cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/opencontainers/runtime-spec/specs-go"
)

func main() {
	text, _ := os.ReadFile("spec.json")
	var spec specs.Spec
	if err := json.Unmarshal(text, &spec); err != nil {
		panic(err)
	}
	cpu, _ := json.Marshal(spec.Windows.Resources)
	machine, _ := json.Marshal(spec.Windows.HyperV)
	network, _ := json.Marshal(spec.Windows.Network)
	fmt.Printf("Go %s %s %s\n", cpu, machine, network)
	var fromRust specs.WindowsHyperV
	err := json.Unmarshal([]byte(`{"utilityVmPath":"made"}`), &fromRust)
	fmt.Println("Go reads Rust's:", fromRust.UtilityVMPath, err)
}
EOF
go get github.com/opencontainers/runtime-spec@v1.3.0 2>log || { cat log; exit 2; }
cargo build --quiet 2>log || { cat log; exit 2; }
go build -o go-types . 2>log || { cat log; exit 2; }
seen=$(target/debug/finding && ./go-types)
expected='Rust {"cpu":{"count":2}} {} {"DNSSearchList":["example.com"],"allowUnqualifiedDNSQuery":true}
{"utilityVmPath":"made"}
Go {"cpu":{"count":2,"affinity":[{"mask":3,"group":1}]}} {"utilityVMPath":"C:\\uvm"} {"allowUnqualifiedDNSQuery":true,"DNSSearchList":["example.com"]}
Go reads Rust'"'"'s: made <nil>'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
