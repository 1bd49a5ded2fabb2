//go:build windows

// Package felix lets Calico Felix compute the rules of policies and give them to HNS, and traces packets
// to the endpoint that has them.
package felix

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/projectcalico/calico/felix/dataplane/windows/hns"
	"github.com/projectcalico/calico/felix/dataplane/windows/policysets"
	"github.com/projectcalico/calico/felix/proto"
)

type object = map[string]any

// ask calls the service; it ends the test when the call is refused.
func ask(t *testing.T, method, path string, document object) object {
	t.Helper()
	body, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, os.Getenv("HNSEMU_URL")+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	value := object{}
	if err != nil || answer.StatusCode >= http.StatusBadRequest || (len(text) > 0 && json.Unmarshal(text, &value) != nil) {
		t.Fatalf("%s %s: %s %v", method, path, text, err)
	}
	return value
}

// node is a network "Calico" with two pods; Felix looks at the endpoints in which a container is.
type node struct{ network, pod, peer string }

// network returns the document of the node's network, as Calico's CNI plugin creates it.
func network(kind string) object {
	subnet := object{
		"IpAddressPrefix": "10.244.7.0/24",
		"Routes":          []object{{"NextHop": "10.244.7.1", "DestinationPrefix": "0.0.0.0/0"}},
	}
	document := object{
		"SchemaVersion": object{"Major": 2}, "Name": "Calico", "Type": kind,
		"Ipams": []object{{"Type": "Static", "Subnets": []object{subnet}}},
	}
	if kind == "Overlay" {
		subnet["Policies"] = []object{{"Type": "VSID", "Settings": object{"IsolationId": 4096}}}
		document["Policies"] = []object{{"Type": "HostRoute", "Settings": object{}}}
	}
	return document
}

// newNode creates the node with a network of a type, until the test ends.
func newNode(t *testing.T, kind string) node {
	t.Helper()
	made := node{network: ask(t, "POST", "/v2/networks", network(kind))["ID"].(string)}
	t.Cleanup(func() { ask(t, "DELETE", "/v2/networks/"+made.network, nil) })
	made.pod, made.peer = made.newPod(t, "10.244.7.20"), made.newPod(t, "10.244.7.21")
	return made
}

// newPod creates an endpoint with a container and returns its id.
func (n node) newPod(t *testing.T, address string) string {
	t.Helper()
	id := ask(t, "POST", "/v2/endpoints", object{
		"SchemaVersion": object{"Major": 2}, "Name": address, "HostComputeNetwork": n.network,
		"IpConfigurations": []object{{"IpAddress": address, "PrefixLength": 24}},
	})["ID"].(string)
	namespace := "/v2/namespaces/" + ask(t, "POST", "/v2/namespaces", object{})["ID"].(string)
	change := func(request, resource string, settings object) {
		ask(t, "PATCH", namespace, object{
			"ResourceType": resource, "RequestType": request, "Settings": settings,
		})
	}
	container := object{"ContainerId": "c-" + address}
	change("Add", "Endpoint", object{"EndpointId": id})
	change("Add", "Container", container)
	t.Cleanup(func() {
		change("Remove", "Container", container)
		ask(t, "DELETE", namespace, nil)
	})
	return id
}

// trace returns how a TCP packet of the sender fares, to a port of an address.
func trace(t *testing.T, sender object, address string, port int) object {
	t.Helper()
	return ask(t, "POST", "/host/trace", object{
		"From":   sender,
		"Packet": object{"Protocol": "TCP", "Destination": address, "DestinationPort": port},
	})
}

// arrives tells whether a TCP connection from the peer reaches a port of the pod.
func (n node) arrives(t *testing.T, port int) bool {
	t.Helper()
	return trace(t, object{"Endpoint": n.peer}, "10.244.7.20", port)["Verdict"] == "Delivered"
}

type noStaticRules struct{}

func (noStaticRules) ReadData() ([]byte, error) { return nil, policysets.ErrNoRuleSpecified }

// members is Felix' view of its IP sets.
type members map[string][]string

func (m members) GetIPSetMembers(id string) []string { return m[id] }

// allow is a rule of a policy: TCP to a port, from an IP set.
func allow(port int32, sets ...string) *proto.Rule {
	return &proto.Rule{
		Action:      "allow",
		Protocol:    &proto.Protocol{NumberOrName: &proto.Protocol_Name{Name: "tcp"}},
		DstPorts:    []*proto.PortRange{{First: port, Last: port}},
		SrcIpSetIds: sets,
	}
}

func TestPolicies(t *testing.T) {
	n := newNode(t, "L2Bridge")
	sets := members{"frontends": {"10.244.7.99/32"}}
	rules := policysets.NewPolicySets(hns.API{}, []policysets.IPSetCache{sets}, noStaticRules{})
	apply := func(t *testing.T, ids ...string) {
		t.Helper()
		endpoint := hns.HNSEndpoint{Id: n.pod} // a new one each time, as Felix has it
		list := append(rules.GetPolicySetRules(ids, true), rules.GetPolicySetRules(nil, false)...)
		if err := endpoint.ApplyACLPolicy(list...); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("Felix finds the pod by its container", func(t *testing.T) {
		endpoints, err := hns.API{}.HNSListEndpointRequest()
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range endpoints {
			if strings.EqualFold(found.Id, n.pod) && len(found.SharedContainers) == 1 && found.VirtualNetworkName == "Calico" {
				return
			}
		}
		t.Fatalf("%+v", endpoints)
	})
	t.Run("the release has what Felix asks for", func(t *testing.T) {
		if found := (hns.API{}).GetHNSSupportedFeatures().Acl; !found.AclAddressLists || !found.AclPortRanges || !found.AclRuleId {
			t.Fatalf("%+v", found)
		}
	})
	t.Run("a policy lets in what it allows, and nothing else", func(t *testing.T) {
		rules.AddOrReplacePolicySet("policy-web", &proto.Policy{InboundRules: []*proto.Rule{allow(80)}})
		apply(t, "policy-web")
		if !n.arrives(t, 80) || n.arrives(t, 81) {
			t.Fatal("80 must arrive, 81 must not")
		}
	})
	t.Run("a rule for an IP set lets in its members only", func(t *testing.T) {
		rules.AddOrReplacePolicySet("policy-web", &proto.Policy{InboundRules: []*proto.Rule{allow(80, "frontends")}})
		apply(t, "policy-web")
		if n.arrives(t, 80) {
			t.Fatal("the peer is no member")
		}
		sets["frontends"] = append(sets["frontends"], "10.244.7.21/32")
		rules.ProcessIpSetUpdate("frontends")
		apply(t, "policy-web")
		if !n.arrives(t, 80) {
			t.Fatal("the peer is a member now")
		}
	})
	t.Run("a policy that is gone lets nothing in", func(t *testing.T) {
		rules.RemovePolicySet("policy-web")
		apply(t, "policy-web")
		if n.arrives(t, 80) {
			t.Fatal("80 arrives")
		}
	})
}
