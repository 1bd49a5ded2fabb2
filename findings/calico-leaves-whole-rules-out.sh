#!/usr/bin/env bash
# Calico on Windows leaves out a whole rule for one part of it, and applies the rest of the policy
#
# Package:  github.com/projectcalico/calico at a0db560f0520 of August 2025 (felix/dataplane/windows/policysets, with
#           the HNS of its own tests: all features of ACLs are there).
# Expected: `except` of a NetworkPolicy, a port by its name, an ICMP type become several ACLs, or the policy is refused
#           as a whole and its pods are isolated, as long as HNS cannot have it.
# Seen:     the one rule is missing, the others are there, and what it says is a line in Felix's log. HNS could have
#           `except`, as a Block of higher priority. A Pass is missing like the rest: the deny behind it now meets
#           what was to go on to the next tier.
# Matters:  the same policy that lets pods in on Linux nodes keeps them out on Windows nodes, and a policy that begins
#           with what it denies lets it in. `kubectl describe` shows one policy for both.
# In docs:  docs/testing.md: nodes made of manifests leave out the same rules and say so; `--policies kubernetes`
#           makes the ACLs of the whole policy.
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
	"io"

	"github.com/projectcalico/calico/felix/dataplane/windows/hns"
	"github.com/projectcalico/calico/felix/dataplane/windows/policysets"
	"github.com/projectcalico/calico/felix/proto"
	"github.com/sirupsen/logrus"
)

type newHNS struct{}

func (newHNS) GetHNSSupportedFeatures() hns.HNSSupportedFeatures {
	return hns.HNSSupportedFeatures{Acl: hns.HNSAclFeatures{
		AclAddressLists: true, AclNoHostRulePriority: true, AclPortRanges: true, AclRuleId: true}}
}

type noStaticRules struct{}

func (noStaticRules) ReadData() ([]byte, error) { return nil, policysets.ErrNoRuleSpecified }

func main() {
	logrus.SetOutput(io.Discard)
	tcp := &proto.Protocol{NumberOrName: &proto.Protocol_Name{Name: "tcp"}}
	icmp := &proto.Protocol{NumberOrName: &proto.Protocol_Name{Name: "icmp"}}
	for _, policy := range []struct {
		name  string
		rules []*proto.Rule
	}{
		{"allow 10.0.0.0/8, port 80", []*proto.Rule{{Action: "allow", Protocol: tcp, SrcNet: []string{"10.0.0.0/8"},
			DstPorts: []*proto.PortRange{{First: 80, Last: 80}}}}},
		{"allow 10.0.0.0/8 except 10.1.0.0/16", []*proto.Rule{
			{Action: "allow", SrcNet: []string{"10.0.0.0/8"}, NotSrcNet: []string{"10.1.0.0/16"}}}},
		{"allow port http", []*proto.Rule{{Action: "allow", Protocol: tcp, DstNamedPortIpSetIds: []string{"http"}}}},
		{"allow ICMP type 8", []*proto.Rule{{Action: "allow", Protocol: icmp, Icmp: &proto.Rule_IcmpType{IcmpType: 8}}}},
		{"deny 10.0.0.0/8 except 10.1.0.0/16, allow", []*proto.Rule{
			{Action: "deny", SrcNet: []string{"10.0.0.0/8"}, NotSrcNet: []string{"10.1.0.0/16"}}, {Action: "allow"}}},
		{"pass 10.2.0.0/16, deny, allow", []*proto.Rule{
			{Action: "pass", SrcNet: []string{"10.2.0.0/16"}}, {Action: "deny", SrcNet: []string{"10.0.0.0/8"}},
			{Action: "allow"}}},
	} {
		sets := policysets.NewPolicySets(newHNS{}, nil, noStaticRules{})
		sets.AddOrReplacePolicySet("policy", &proto.Policy{InboundRules: policy.rules})
		fmt.Println(policy.name)
		for _, acl := range sets.GetPolicySetRules([]string{"policy"}, true) {
			if acl.RuleType == hns.Switch {
				fmt.Println(" ", acl.Priority, acl.Action, acl.Protocol, acl.RemoteAddresses, acl.LocalPorts)
			}
		}
	}
}
EOF
go get github.com/projectcalico/calico/felix/dataplane/windows/policysets@v1.11.0-cni-plugin.0.20250813170300-a0db560f0520 \
    2>log || { cat log; exit 2; }
seen=$(go run . 2>log | sed 's/ *$//') || { cat log; exit 2; }
expected='allow 10.0.0.0/8, port 80
  1000 Allow 6 10.0.0.0/8 80
  1001 Block 256
allow 10.0.0.0/8 except 10.1.0.0/16
  1001 Block 256
allow port http
  1001 Block 256
allow ICMP type 8
  1001 Block 256
deny 10.0.0.0/8 except 10.1.0.0/16, allow
  1000 Allow 256
  1001 Block 256
pass 10.2.0.0/16, deny, allow
  1000 Block 256 10.0.0.0/8
  1001 Allow 256
  1002 Block 256'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
